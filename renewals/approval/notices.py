"""E-mail and chat notices about approvals, to the reseller's people only."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from foundation.chat.cards import Notice
from foundation.chat.queue import announce
from foundation.mail.models import OutgoingMail
from foundation.mail.operations.telling import subject_of, tell
from licensing.models import User

from ..models import ApprovalRequest
from .queries import approving_people, waiting_for, why_not
from .shown import reasons_of

ABOUT = "approval"
ASKED, ANSWERED = (f"renewals/approval/mail/{name}" for name in ("asked", "answered"))
State = ApprovalRequest.State


def tell_asked(requests: Sequence[ApprovalRequest], *, now: datetime) -> None:
    """Queue an e-mail to everybody who may approve some of what was asked in one go, in the caller's transaction."""
    first = requests[0]
    with translation.override(settings.LANGUAGE_CODE):
        _announce(first, subject_of(ASKED, {"requests": requests, "first": first}), requests, now)
        for person in approving_people(first.reseller_id):
            if theirs := [one for one in requests if not why_not(person, one)]:
                context = {
                    "requests": theirs,
                    "reasons": [(one, reasons_of(one, person)) for one in theirs],
                    "first": first,
                    "person": person,
                    "url": address_of(theirs),
                }
                about = f"{ABOUT}:asked:{first.pk}"
                subject = subject_of(ASKED, context)
                tell(person=person, template=ASKED, subject=subject, context=context, key=about, about=about, now=now)


def tell_answer(request: ApprovalRequest, *, now: datetime) -> None:
    """Queue an e-mail to whoever asked."""
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "request": request,
            "is_approved": request.state == State.APPROVED,
            "person": request.asked_by,
            "url": address_of([request]),
        }
        subject = subject_of(ANSWERED, context)
        _announce(request, subject, [request], now)
        about = f"{ABOUT}:answered:{request.pk}"
        tell(
            person=request.asked_by,
            template=ANSWERED,
            subject=subject,
            context=context,
            key=about,
            about=about,
            now=now,
        )


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


def _announce(request: ApprovalRequest, subject: str, requests: Sequence[ApprovalRequest], now: datetime) -> None:
    announce(
        kind=ABOUT,
        reseller=request.reseller_id,
        key=f"approval:{request.pk}:{request.state}",
        make=lambda: Notice(subject, [one.license_codes for one in requests], address_of(requests), gettext("Open")),
        prices=[gettext("Total with tax: %(total)s") % {"total": f"¥{one.total:,}"} for one in requests],
        now=now,
    )
