"""Approvals as tests ask for them, answer and issue them."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from licensing.models import LicenseID, Reseller, User
from licensing.operations.companies import change_thresholds
from licensing.queries import THRESHOLDS
from renewals.approval.operations import answer, ask_approval, withdraw
from renewals.drafts.operations import save_draft
from renewals.models import ApprovalRequest
from tests.cast import NOW, Cast, make_license_id
from tests.making import OF_OTHER_QUOTES, fill, holding_of, load, typed

REASON = "競合他社の見積に合わせるため"


def limit(reseller: Reseller, *, reduction: str | None = None, amount: int | None = None) -> None:
    """The reseller's thresholds, as a manager saves them."""
    values = {name: getattr(reseller, name) for name in THRESHOLDS}
    values |= {"approval_reduction": None if reduction is None else Decimal(reduction), "approval_amount": amount}
    change_thresholds(reseller=reseller, values=values, look=lambda _row: None)
    reseller.refresh_from_db()


def let(person: User, *, amount: int | None = None, reduction: str | None = None) -> User:
    """Give somebody the right."""
    person.approves, person.approves_amount = True, amount
    person.approves_reduction = None if reduction is None else Decimal(reduction)
    person.save()
    return person


def example(licenseid: LicenseID) -> dict[str, Any]:
    """E15, as somebody types it: 11.458… % less than the list."""
    return {
        f"offered-{holding_of(licenseid).pk}": "10 %",
        "reduction": "2,800",
        "offer_reason": REASON,
    }


def request_for(
    licenseid: LicenseID,
    *,
    by: User,
    changes: Mapping[str, Any] | None = None,
    key: uuid.UUID | None = None,
    drafted_by: User | None = None,
    now: datetime = NOW,
    **how: Any,
) -> ApprovalRequest:
    """Ask as the form does: with the draft that it was saved as."""
    form = fill(licenseid, example(licenseid) if changes is None else changes)
    assert form.errors == {}
    key = key or form.cleaned_data["key"]
    saved = None
    if drafted_by is not None:
        saved = save_draft(
            key=key, licenseids=[form.licenseid], pricing=None, saved_by=drafted_by, now=now, **typed(form)
        )
    return ask_approval(
        key=key,
        licenseids=[load(licenseid)],
        asked=form.to_asked(),
        acknowledged=[(licenseid.code, code) for code in OF_OTHER_QUOTES],
        seen_total=None,
        by=by,
        now=now,
        seen_version=saved.version if saved else None,
        **how,
    )


def ask_answer_and_withdraw(cast: Cast) -> None:
    """What locks while approval is asked for."""
    licenseid = make_license_id(cast.customer, "LIC-A001", ("SMP-CC", 100))
    limit(cast.aoba, reduction="5")
    let(cast.manager)
    request = request_for(licenseid, by=cast.staff, drafted_by=cast.staff)
    answer(request=request, is_approved=False, words="理由を書いてください", by=cast.manager, now=NOW)
    request = request_for(licenseid, by=cast.staff, key=request.key)
    withdraw(request=request, by=cast.staff, now=NOW)
    request = request_for(licenseid, by=cast.staff, key=request.key)
    changed = request_for(licenseid, by=cast.staff, key=request.key, changes=example(licenseid) | {"reduction": "3000"})
    answer(request=changed, is_approved=True, words="", by=cast.manager, now=NOW)
    limit(cast.aoba)
