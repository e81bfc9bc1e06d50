"""Comparisons as the portal makes them, without a browser."""

import uuid
from datetime import datetime
from typing import Any

from django.utils import timezone

from licensing.models import LicenseID, User
from quotes.customers.choosing import choose_alternative
from quotes.customers.visits import Visitor
from quotes.letters.comparing import fill_comparison_letter, send_comparison
from quotes.links.operations import make_link
from quotes.models import Alternative, Comparison, Quote
from quotes.record.comparisons import withdraw_comparison
from renewals.calculation.calculate import calculate
from renewals.comparisons import issuing
from renewals.comparisons.alternatives import proposed_ticks, ticked_alternatives
from renewals.comparisons.operations import Wanted, make_comparison
from renewals.form.views.opened import price_form
from tests.cast import NOW, Cast, make_license_id
from tests.making import fill, load


def wanted_of(
    licenseid: LicenseID, *, ticks: list[str] | None = None, now: datetime = NOW, **changes: Any
) -> list[Wanted]:
    """What is ticked, or proposed, with what it costs on the day."""
    form = fill(licenseid, changes, on=timezone.localdate(now))
    calculation = price_form(form)
    ticks = proposed_ticks(form, calculation, licenseid.code) if ticks is None else ticks
    found = ticked_alternatives(form, calculation, ticks)
    return [Wanted("", asked, price_asked(form, asked)) for asked in found]


def price_asked(form: Any, asked: Any) -> int:
    return calculate(asked=asked, customer=form.licenseid.customer, on=form.on).pricing.total


def compare(
    licenseid: LicenseID,
    *,
    by: User,
    ticks: list[str] | None = None,
    labels: tuple[str, ...] = (),
    now: datetime = NOW,
    key: uuid.UUID | None = None,
    **changes: Any,
) -> Comparison:
    """A comparison of what is ticked; without ticks of what is proposed."""
    found = wanted_of(licenseid, ticks=ticks, now=now, **changes)
    named = [
        Wanted(labels[number] if number < len(labels) else "", one.asked, one.seen_total)
        for number, one in enumerate(found)
    ]
    return make_comparison(key=key or uuid.uuid4(), licenseids=[load(licenseid)], alternatives=named, by=by, now=now)


def issue_alternative(
    alternative: Alternative, *, by: User, now: datetime = NOW, revises: Quote | None = None
) -> Quote:
    """The quote of an alternative in one click."""
    found = issuing.issue_alternative(alternative=alternative, key=uuid.uuid4(), revises=revises, by=by, now=now)
    assert found.quote is not None, found
    return found.quote


def compare_choose_issue_and_withdraw(cast: Cast) -> None:
    """All that is done with comparisons, in the order of locks."""
    licenseid = make_license_id(cast.customer, "LIC-7399", ("SMP-CC", 100))
    made = compare(licenseid, by=cast.staff)
    link, _token = make_link(
        quote=made, recipient="x", expires_on=made.valid_until, max_downloads=None, seen=None, by=cast.staff, now=NOW
    )
    letter = fill_comparison_letter(comparison=made, sender=cast.staff, to_name="x")
    send_comparison(
        comparison=made, form_key="x", to="x@example.co.jp", to_name="x", cc=(), letter=letter, by=cast.staff,
        make_address=str, now=NOW,
    )  # fmt: skip
    alternative = made.alternatives.order_by("position")[0]
    visitor = Visitor(link=link)
    choose_alternative(alternative=alternative, message="", by_name="x", visitor=visitor, seen="", now=NOW)
    quote = issue_alternative(alternative, by=cast.staff)
    issue_alternative(alternative, by=cast.staff, revises=quote)
    withdraw_comparison(comparison=made, reason="x", by=cast.staff, now=NOW)
