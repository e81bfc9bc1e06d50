"""What was quoted in the sample, and what came of it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.utils import timezone

from licensing.models import LicenseID, User
from pricing.engine.rulebook import WARNING_RULES
from quotes.links.operations import make_link
from quotes.models import Quote
from quotes.record.transitions import record_loss, record_order, withdraw

from ...calculation.calculate import calculate
from ...drafts.operations import save_draft
from ...form.forms import RenewalForm
from ...issue.operations import issue
from ...revisions.operations import begin_revision
from ._sample_days import moment

OUTCOMES = {"ordered": record_order, "lost": record_loss, "withdrawn": withdraw}


def load_quotes(data: dict[str, Any], *, people: Iterable[User], now: datetime) -> None:
    """Quotes with their outcomes and revisions, then drafts."""
    staff = {user.email: user for user in people}
    for number, row in enumerate(data["quotes"]):
        at = moment(row["days_ago"], number, now=now)
        quote = issue_quote(row, by=staff[row["by"]], now=at)
        if row.get("shared", True):
            share(quote, now=at + timedelta(minutes=30))
        if "outcome" in row:
            outcome = row["outcome"]
            take = OUTCOMES[outcome["state"]]
            take(quote=quote, reason=outcome["reason"], by=quote.issued_by, now=at + timedelta(hours=1))
        if "revised" in row:
            at += timedelta(days=1)
            draft, _is_new = begin_revision(quote=quote, by=quote.issued_by, now=at)
            share(issue_quote(row | row["revised"], by=quote.issued_by, now=at, key=draft.key), now=at)
    for number, row in enumerate(data["drafts"]):
        keep_draft(row, by=staff[row["by"]], now=moment(row["days_ago"], number, now=now))


def issue_quote(row: dict[str, Any], *, by: User, now: datetime, key: UUID | None = None) -> Quote:
    on = timezone.localdate(now)
    forms = [fill_in(row | {"license_id": code}, on=on) for code in (row["license_id"], *row.get("further", ()))]
    each = [form.to_asked() for form in forms]
    asked = replace(each[0], parts=tuple(part for one in each for part in one.parts))
    if "subject" in row:
        asked = replace(asked, subject=row["subject"])
    return issue(
        key=key or forms[0].cleaned_data["key"],
        licenseids=[form.licenseid for form in forms],
        asked=asked,
        acknowledged=[(part.license_id, code) for part in asked.parts for code in WARNING_RULES],
        seen_total=None,
        issued_by=by,
        now=now,
    )


def share(quote: Quote, *, now: datetime) -> None:
    """Give it to its customer by a link, whose address nobody keeps: then they see it with their log-in."""
    by, until = quote.issued_by, quote.valid_until
    make_link(
        quote=quote, recipient=quote.customer_name, expires_on=until, max_downloads=None, seen=None, by=by, now=now
    )


def keep_draft(row: dict[str, Any], *, by: User, now: datetime) -> None:
    form = fill_in(row, on=timezone.localdate(now))
    asked = form.to_asked()
    save_draft(
        key=form.cleaned_data["key"],
        licenseids=[form.licenseid],
        asked=asked,
        as_typed={},
        pricing=calculate(asked=asked, customer=form.licenseid.customer, on=form.on).pricing,
        saved_by=by,
        now=now,
    )


def fill_in(row: Mapping[str, Any], *, on: date) -> RenewalForm:
    """The renewal form as it opens, with the row's choices entered."""
    licenseid = LicenseID.objects.select_related("customer__reseller").get(code=row["license_id"])
    holdings = list(licenseid.holdings.select_related("product__programme"))
    entry = RenewalForm(licenseid=licenseid, holdings=holdings, on=on).data.copy()
    entry["years"] = str(row.get("years", 1))
    entry["note"] = row.get("note", "")
    if row.get("with_calculation"):
        entry["with_calculation"] = "on"
    if "reduce" in row:
        entry["is_reduced"] = "on"
        for holding in holdings:
            entry[f"quantity-{holding.pk}"] = str(row["reduce"].get(holding.product.code, holding.quantity))
    for index, (code, quantity) in enumerate(row.get("add", {}).items()):
        entry[f"addition-{index}-product"] = code
        entry[f"addition-{index}-quantity"] = str(quantity)
    for holding in holdings:
        entry[f"offered-{holding.pk}"] = row.get("offered", {}).get(holding.product.code, "")
    entry["offer_reason"] = row.get("offer_reason", "")
    form = RenewalForm(entry, licenseid=licenseid, holdings=holdings, on=on)
    if not form.is_valid():
        raise CommandError(f"sample.toml: {row['license_id']}: {form.errors.as_json()}")
    return form
