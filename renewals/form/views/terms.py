"""What a draft that was made from a quote would print otherwise beside its lines: to whom, by whom, on which terms."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from licensing.models import User
from quotes.models import Quote
from quotes.paper.own import say_bank
from quotes.paper.wording import WORDINGS

from ...calculation.calculate import Calculation
from ...issue.document import language_of, printed_terms
from ..forms import RenewalForm

COMPANY = ("name", "postal_code", "address", "phone", "email", "registration_number")
PERSON = ("department", "job_title", "person", "person_phone", "person_email")
ADDRESSEE = ("name", "department", "person", "postal_code", "address")


@dataclass(frozen=True)
class ChangedTerm:
    """One text: as it was issued, and as it would be. Empty: nothing is printed."""

    label: str
    old: str
    new: str


def changed_terms(*, quote: Quote, form: RenewalForm, calculation: Calculation, user: User) -> list[ChangedTerm]:
    """In the order of the paper; only those that differ. `user` would issue it. The form was cleaned and priced.

    Texts are as they are printed, in the language of each paper. One query, for the quote's document.
    """
    old: Mapping[str, Any] = Quote.objects.order_by().values_list("document", flat=True).get(pk=quote.pk)
    asked, customer = form.to_asked(), form.licenseid.customer
    terms = printed_terms(customer=customer, asked=asked, contact=form.addressee, issued_by=user)
    new = {
        **asdict(terms),
        "language": language_of(customer),
        "subject": asked.subject,
        "note": asked.note,
        "valid_until": calculation.validity.until.isoformat(),
    }
    pairs = [ChangedTerm(str(label), say(old), say(new)) for label, say in _told().items()]
    return [one for one in pairs if one.old != one.new]


def _told() -> dict[str, Any]:
    """By label: what of a document is said."""
    return {
        _("To whom it is addressed"): lambda document: _join(document["addressee"], ADDRESSEE),
        _("Issuer"): lambda document: _join(document["issuer"], COMPANY),
        _("Person in charge"): lambda document: _join(document["issuer"], PERSON),
        _("Subject"): lambda document: document["subject"],
        _("Payment terms"): lambda document: document["payment_terms"],
        _("Delivery"): lambda document: document["delivery"],
        _("Valid until"): lambda document: date_format(
            date.fromisoformat(document["valid_until"]), "SHORT_DATE_FORMAT"
        ),
        _("Note to the customer"): lambda document: document["note"],
        _("Remarks"): lambda document: document.get("remarks", ""),
        _("Bank account"): _say_bank,
    }


def _join(values: Mapping[str, Any], names: Iterable[str]) -> str:
    return " / ".join(str(values[name]) for name in names if values.get(name))


def _say_bank(document: Mapping[str, Any]) -> str:
    bank = document.get("bank")
    return say_bank(bank, WORDINGS[document["language"]]) if bank else ""
