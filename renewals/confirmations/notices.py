"""E-mail to the reseller's people about what customers answered; and what an e-mail that waits is still good for."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from foundation.chat.cards import Notice
from foundation.chat.queue import announce
from foundation.mail.models import OutgoingMail
from foundation.mail.operations.queue import queue_mail
from licensing.models import LicenseID, User
from licensing.models.roles import RESELLER_ROLES, Role

from ..models import ConfirmationAnswer, QuantityConfirmation
from .needed import from_json
from .queries import asked_license_ids, to_remind_of

logger = logging.getLogger(__name__)
REMINDER = ":reminder"
"""What the key of the e-mail that reminds ends with."""


def responsible_for(confirmation: QuantityConfirmation) -> list[User]:
    """Who is told: the customer's owner, else whoever asked, while they are there; after that the managers."""
    people = User.objects.filter(
        reseller=confirmation.customer.reseller_id, role__in=RESELLER_ROLES, is_active=True
    ).order_by("pk")
    by_number = {person.pk: person for person in people}
    customer = confirmation.customer.merged_into or confirmation.customer
    for number in (customer.owner_id, confirmation.asked_by_id):
        if number in by_number:
            return [by_number[number]]
    return [person for person in by_number.values() if person.role == Role.MANAGER]


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
        subject = " ".join(render_to_string("renewals/confirmations/mail/answered_subject.txt", context).split())
        announce(
            kind="answer",
            reseller=confirmation.asked_by.reseller_id or 0,
            key=f"answer:{answer.pk}",
            make=lambda: Notice(subject, [", ".join(codes.values())], str(context["url"]), gettext("Open")),
            now=now,
        )
        for person in responsible_for(confirmation):
            try:
                queue_mail(
                    key=f"confirmed:{answer.pk}:{person.pk}",
                    about=f"confirmed:{confirmation.key}",
                    to=person.email,
                    to_name=person.name,
                    subject=subject,
                    body=render_to_string("renewals/confirmations/mail/answered.txt", {**context, "person": person}),
                    language=settings.LANGUAGE_CODE,
                    now=now,
                )
            except ValidationError:  # its text holds the address
                logger.warning("user %s cannot be told by e-mail of the answer %s", person.pk, answer.pk)


def is_mail_wanted(mail: OutgoingMail) -> bool:
    """Whether a letter that waits still asks something: not withdrawn, quoted, or the customer handed over; a reminder
    also not where they have answered meanwhile, or it is not renewed.
    """
    key = mail.about.partition(":")[2]
    rows = QuantityConfirmation.objects.select_related("customer", "asked_by").filter(key=key, withdrawn_at=None)
    found = rows.first()
    if found is None or found.customer.reseller_id != found.asked_by.reseller_id:
        return False
    return bool(to_remind_of(found) if mail.key.endswith(REMINDER) else asked_license_ids(found))
