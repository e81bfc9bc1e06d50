"""By which e-mail a quote was sent, and to whom it may be."""

from django.db.models import Q, QuerySet

from foundation.mail.models import OutgoingMail
from licensing.models import User
from licensing.queries import visible_contacts, visible_customers

from ..models import Comparison, Quote, QuoteLetter, Shared
from ..record.queries import of_customer, visible_quotes

MOST_QUOTES = 100
MOST_RECIPIENTS = 8


def mails_of(quote: Quote) -> QuerySet[OutgoingMail]:
    """The e-mail by which a quote was sent, alone or with others, or its order acknowledged, the latest first; without
    texts.
    """
    alone = Q(about__in=[f"quote:{quote.key}", f"acknowledgement:{quote.key}"])
    together = Q(pk__in=QuoteLetter.objects.filter(quote=quote).values("mail"))
    return OutgoingMail.objects.filter(alone | together).defer("sealed_text", "attachment")


def mails_of_comparison(comparison: Comparison) -> QuerySet[OutgoingMail]:
    """The e-mail by which a comparison was sent, the latest first; without texts."""
    return OutgoingMail.objects.filter(about=f"comparison:{comparison.key}").defer("sealed_text", "attachment")


def known_recipients(user: User, quote: Shared) -> list[tuple[str, str]]:
    """To whom a quote or a comparison may be sent without typing, see `recipients_of`."""
    return recipients_of(user, customer=quote.customer.present_id, addressee=quote.document["addressee"]["person"])


def recipients_of(user: User, *, customer: int, addressee: str) -> list[tuple[str, str]]:
    """Address and name: the contact to whom it is addressed and those for quotes, the customer's people who log in,
    other contacts, then those who got an e-mail with one of the reseller's quotes to this customer.
    """
    entered = visible_contacts(user).filter(customer=customer, is_gone=False).exclude(email="")
    for_quotes: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    for contact in sorted(entered.order_by("kana", "name", "pk"), key=lambda one: one.name != addressee):
        is_first = contact.for_quotes or contact.name == addressee
        (for_quotes if is_first else others).append((contact.email, contact.name))
    users = User.objects.filter(customer=customer, customer__in=visible_customers(user), is_active=True).values_list(
        "email", "name"
    )
    same = visible_quotes(user).filter(of_customer(customer)).order_by("-issued_at")
    about = [f"quote:{key}" for key in same.values_list("key", flat=True)[:MOST_QUOTES]]
    earlier = OutgoingMail.objects.filter(about__in=about, state=OutgoingMail.State.SENT).order_by("-pk")
    found: dict[str, str] = {}
    mailed = earlier.values_list("to", "to_name")[:MOST_QUOTES]
    for address, name in (*for_quotes, *users.order_by("name", "pk"), *others, *mailed):
        found.setdefault(address, name)
    return list(found.items())[:MOST_RECIPIENTS]
