"""Comparisons that customers of the sample were given, and requests for approval of what is offered."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from licensing.models import User
from pricing.engine.rulebook import WARNING_RULES
from quotes.customers.choosing import choose_alternative
from quotes.customers.visits import Visitor, record_view
from quotes.links.operations import make_link
from quotes.models import Comparison

from ...approval.operations import answer, ask_approval
from ...calculation.calculate import calculate
from ...comparisons.operations import Wanted, make_comparison
from ...drafts.operations import save_draft
from ...form.forms import RenewalForm
from ...models import ApprovalRequest
from ._sample_quotes import fill_in

Row = Mapping[str, Any]
LINK_OPEN = timedelta(days=30)
"""How long a link outlasts the prices."""


def load_comparisons(rows: Iterable[Row], *, people: Iterable[User], now: datetime) -> None:
    """Each is shared with its customer by a link; of some an alternative was chosen."""
    staff = {user.email: user for user in people}
    for row in rows:
        made = _compare(row, by=staff[row["by"]], now=now)
        link, _token = make_link(
            quote=made,
            recipient=made.customer_name,
            expires_on=made.valid_until + LINK_OPEN,
            max_downloads=None,
            seen=None,
            by=made.made_by,
            now=now,
        )
        if chosen := row.get("chosen"):
            visitor = Visitor(link=link, ip="203.0.113.21", user_agent="Mozilla/5.0")
            record_view(quote=made, visitor=visitor, now=now)
            choose_alternative(
                alternative=made.alternatives.get(position=chosen["plan"]),
                message=chosen["message"],
                by_name=chosen["by_name"],
                visitor=visitor,
                seen="",
                now=now,
            )


def _compare(row: Row, *, by: User, now: datetime) -> Comparison:
    on = timezone.localdate(now)
    forms = [fill_in({"license_id": row["license_id"], **plan}, on=on) for plan in row["plans"]]
    wanted = [
        Wanted(plan["label"], form.to_asked(), _total(form)) for plan, form in zip(row["plans"], forms, strict=True)
    ]
    key = forms[0].cleaned_data["key"]
    return make_comparison(key=key, licenseids=[forms[0].licenseid], alternatives=wanted, by=by, now=now)


def _total(form: RenewalForm) -> int:
    """Yen with tax."""
    return calculate(asked=form.to_asked(), customer=form.licenseid.customer, on=form.on).pricing.total


def load_approvals(rows: Iterable[Row], *, people: Iterable[User], now: datetime) -> None:
    """Each with its draft. Some were sent back with words; the others wait."""
    staff = {user.email: user for user in people}
    for row in rows:
        request = _ask(row, by=staff[row["by"]], now=now)
        if sent_back := row.get("sent_back"):
            by = staff[sent_back["by"]]
            answer(request=request, is_approved=False, words=sent_back["words"], by=by, now=now)


def _ask(row: Row, *, by: User, now: datetime) -> ApprovalRequest:
    form = fill_in(row, on=timezone.localdate(now))
    key, asked = form.cleaned_data["key"], form.to_asked()
    pricing = calculate(asked=asked, customer=form.licenseid.customer, on=form.on).pricing
    draft = save_draft(
        key=key, licenseids=[form.licenseid], asked=asked, as_typed={}, pricing=pricing, saved_by=by, now=now
    )
    return ask_approval(
        key=key,
        licenseids=[form.licenseid],
        asked=asked,
        acknowledged=[(row["license_id"], code) for code in WARNING_RULES],
        seen_total=None,
        by=by,
        now=now,
        seen_version=draft.version,
        message=row["message"],
    )
