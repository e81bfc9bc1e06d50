"""E-mail and chat notices about approvals, to the reseller's people only."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

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
from licensing.models import User

from ..models import ApprovalRequest
from .queries import approving_people, waiting_for, why_not
from .shown import reasons_of

logger = logging.getLogger(__name__)
ABOUT = "approval"
State = ApprovalRequest.State


def tell_asked(requests: Sequence[ApprovalRequest], *, now: datetime) -> None:
    """Queue an e-mail to everybody who may approve some of what was asked in one go, in the caller's transaction."""
    first = requests[0]
    with translation.override(settings.LANGUAGE_CODE):
        _announce(first, _subject("asked", {"requests": requests, "first": first}), requests, now)
        for person in approving_people(first.reseller_id):
            if theirs := [one for one in requests if not why_not(person, one)]:
                context = {
                    "requests": theirs,
                    "reasons": [(one, reasons_of(one, person)) for one in theirs],
                    "first": first,
                    "person": person,
                    "url": address_of(theirs),
                }
                _mail(f"asked:{first.pk}", "asked", person, _subject("asked", context), context, first, now)


def tell_answer(request: ApprovalRequest, *, now: datetime) -> None:
    """Queue an e-mail to whoever asked."""
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "request": request,
            "is_approved": request.state == State.APPROVED,
            "person": request.asked_by,
            "url": address_of([request]),
        }
        subject = _subject("answered", context)
        _announce(request, subject, [request], now)
        _mail(f"answered:{request.pk}", "answered", request.asked_by, subject, context, request, now)


def address_of(requests: Sequence[ApprovalRequest]) -> str:
    """Of the request's page; of the list where there are several."""
    if len(requests) == 1:
        return str(settings.PUBLIC_URL + reverse("renewals:approval", args=[requests[0].key]))
    return str(settings.PUBLIC_URL + reverse("renewals:approvals"))


def is_mail_wanted(mail: OutgoingMail) -> bool:
    """Whether an e-mail that waits still says something: a question only while its reader has something to answer."""
    kind, _colon, number = mail.about.removeprefix(f"{ABOUT}:").partition(":")
    request = ApprovalRequest.objects.filter(pk=number).first() if number.isdigit() else None
    if request is None:
        return False
    person = User.objects.filter(email=mail.to, is_active=True).first()
    if kind == "answered":
        return person is not None
    return person is not None and waiting_for(person).exists()


def _subject(kind: str, context: dict[str, Any]) -> str:
    return " ".join(render_to_string(f"renewals/approval/mail/{kind}_subject.txt", context).split())


def _announce(request: ApprovalRequest, subject: str, requests: Sequence[ApprovalRequest], now: datetime) -> None:
    announce(
        kind=ABOUT,
        reseller=request.reseller_id,
        key=f"approval:{request.pk}:{request.state}",
        make=lambda: Notice(subject, [one.license_codes for one in requests], address_of(requests), gettext("Open")),
        prices=[gettext("Total with tax: %(total)s") % {"total": f"¥{one.total:,}"} for one in requests],
        now=now,
    )


def _mail(
    key: str, kind: str, person: User, subject: str, context: dict[str, Any], request: ApprovalRequest, now: datetime
) -> None:
    try:
        queue_mail(
            key=f"{ABOUT}:{key}:{person.pk}",
            about=f"{ABOUT}:{kind}:{request.pk}",
            to=person.email,
            to_name=person.name,
            subject=subject,
            body=render_to_string(f"renewals/approval/mail/{kind}.txt", context),
            language=settings.LANGUAGE_CODE,
            now=now,
        )
    except ValidationError:  # its text holds the address
        logger.warning("user %s cannot be told by e-mail of the approval %s", person.pk, request.pk)
