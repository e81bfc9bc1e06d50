"""E-mail to the reseller's people about what customers answered; and what an e-mail that waits is still good for."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from foundation.chat.cards import Notice
from foundation.chat.queue import announce
from foundation.mail.models import OutgoingMail
from foundation.mail.operations.telling import subject_of, tell_all
from licensing.models import LicenseID, User
from licensing.queries import people_in_charge

from ..models import ConfirmationAnswer, QuantityConfirmation
from .needed import from_json
from .queries import is_any_asked, is_any_to_remind_of

ANSWERED = "renewals/confirmations/mail/answered"
REMINDER = ":reminder"
"""What the key of the e-mail that reminds ends with."""


def responsible_for(confirmation: QuantityConfirmation) -> list[User]:
    """Who is told: the customer's owner, else whoever asked, while they are there; after that the managers."""
    customer = confirmation.customer.merged_into or confirmation.customer
    return people_in_charge(confirmation.customer.reseller_id, customer.owner_id, confirmation.asked_by_id)


def tell_answer(
    answer: ConfirmationAnswer, *, licenseids: Sequence[LicenseID], is_corrected: bool, now: datetime
) -> None:
    """Queue an e-mail about an answer, in the caller's transaction. Nobody's wrong address keeps it back."""
    confirmation = answer.confirmation
    codes = {one.pk: one.code for one in licenseids}
    context = {
        "answer": answer,
        "customer": confirmation.customer.name,
        "parts": [(codes[part.licenseid], part) for part in from_json(answer.needed).parts],
        "is_corrected": is_corrected,
        "url": settings.PUBLIC_URL + reverse("renewals:confirmation", args=[confirmation.key]),
    }
    with translation.override(settings.LANGUAGE_CODE):
        subject = subject_of(ANSWERED, context)
        announce(
            kind="answer",
            reseller=confirmation.asked_by.reseller_id or 0,
            key=f"answer:{answer.pk}",
            make=lambda: Notice(subject, [", ".join(codes.values())], str(context["url"]), gettext("Open")),
            now=now,
        )
        tell_all(
            people=responsible_for(confirmation),
            template=ANSWERED,
            subject=subject,
            context=context,
            key=f"confirmed:{answer.pk}",
            about=f"confirmed:{confirmation.key}",
            now=now,
        )


def is_mail_wanted(mail: OutgoingMail) -> bool:
    """Whether a letter that waits still asks something: not withdrawn, quoted, or the customer handed over; a reminder
    also not where they have answered meanwhile, or it is not renewed.
    """
    key = mail.about.partition(":")[2]
    rows = QuantityConfirmation.objects.select_related("customer", "asked_by").filter(key=key, withdrawn_at=None)
    found = rows.first()
    if found is None or found.customer.reseller_id != found.asked_by.reseller_id:
        return False
    return is_any_to_remind_of(found) if mail.key.endswith(REMINDER) else is_any_asked(found)
