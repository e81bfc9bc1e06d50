"""Golden cases: keep them, check a list against them, accept a difference for a draft.

What a case is expected to give is derived, never written over: the case's own result, as confirmed, or what was
accepted for the latest published list that takes effect before the day asked about. A list that is withdrawn takes its
accepted differences back with it; whoever confirms a case anew starts afresh.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import F
from django.utils.translation import gettext as _

from foundation.transactions import one_transaction
from licensing.models import User
from licensing.queries import former_codes

from ..engine.pricing import LineKind, RenewalPricing
from ..engine.renewal import price_renewal
from ..engine.values import PriceTables, Product
from ..events import record_event
from ..loader import asked_codes, asked_request, load_price_tables, load_prices, load_products
from ..models import (
    Asked,
    GoldenAcceptance,
    GoldenCase,
    GoldenChange,
    GoldenLine,
    GoldenResult,
    PriceList,
    PriceListEvent,
)

UNKNOWN_PRODUCT = "unknown-product"
"""Stands among a result's refusals where the case names a product that is not there any more."""


class AcceptRefused(Exception):
    """A difference cannot be accepted. The text says why to a person."""


class NoListInForce(Exception):
    """Nothing can be calculated: no price list is in force on the day."""


@dataclass(frozen=True)
class GoldenCheck:
    """One case under one list."""

    case: GoldenCase
    expected: GoldenResult
    expected_from: str
    """The name of the list whose prices the expected result stands for."""
    found: GoldenResult
    acceptance: GoldenAcceptance | None
    """The one that counts, where the difference was accepted."""

    is_stated: bool = False
    """Whether the vendor's amount, typed by hand, is what is expected."""

    @property
    def differs(self) -> bool:
        return self.expected != self.found

    @property
    def blocks(self) -> bool:
        """Whether the list cannot be published like this."""
        return self.differs and self.acceptance is None

    @cached_property
    def fingerprint(self) -> str:
        """Names the difference: whoever accepts it must have seen this one."""
        text = json.dumps([self.expected, self.found], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:20]


# --- Price -----------------------------------------------------------------------------------------------------------


def golden_result(pricing: RenewalPricing) -> GoldenResult:
    """What is compared of a priced renewal."""
    return {
        "lines": [
            {
                "product": line.product.code,
                "kind": line.kind.value,
                "quantity": line.quantity,
                "rank": line.rank.rank.rank,
                "price": (line.amount.addition_price if line.kind is LineKind.ADDITION else line.amount.renewal_price)
                or 0,
                "amount": line.amount.amount,
            }
            for line in pricing.lines
        ],
        "subtotal": pricing.subtotal,
        "tax": pricing.tax,
        "total": pricing.total,
        "refusals": sorted({problem.code for problem in pricing.refusals}),
    }


def price_case(
    *, asked: Asked, name: str, on: date, price_tables: PriceTables, products: Mapping[str, Product]
) -> GoldenResult:
    """What the case gives on a day with these prices."""
    if asked_codes(asked) - products.keys():
        return {"lines": [], "subtotal": 0, "tax": 0, "total": 0, "refusals": [UNKNOWN_PRODUCT]}
    request = asked_request(asked=asked, products=products, name=name, on=on)
    return golden_result(price_renewal(request, price_tables))


def calculate_case(*, asked: Asked, name: str, on: date) -> tuple[PriceList, GoldenResult]:
    """The list in force on the day, and what the case gives with it. Raises NoListInForce."""
    prices = load_prices(on=on)
    if prices.price_list is None:
        raise NoListInForce
    products = load_products(codes=asked_codes(asked))
    result = price_case(asked=asked, name=name, on=on, price_tables=prices.tables, products=products)
    return prices.price_list, result


# --- Keep ------------------------------------------------------------------------------------------------------------


def keep_case(
    *,
    case: GoldenCase,
    asked: Asked,
    expected: GoldenResult,
    expected_from: PriceList,
    by: User,
    now: datetime,
) -> GoldenCase:
    """Keep a case, new or changed, with the result that was confirmed. Raises ValidationError; then nothing is written.

    From now on the case is expected to give this, whatever was accepted for lists before.
    """
    case.asked, case.expected, case.expected_from = asked, expected, expected_from.name
    case.kept_by, case.kept_at = by, now
    case.full_clean()
    case.save()
    return case


# --- Check -----------------------------------------------------------------------------------------------------------


def check_golden_cases(*, price_list: PriceList) -> list[GoldenCheck]:
    """Every active case under the list, draft or published, as of its first day. A bounded number of queries."""
    cases = list(GoldenCase.objects.filter(is_active=True))
    if not cases:
        return []
    on = price_list.effective_on
    price_tables = load_price_tables(price_list=price_list, on=on)
    products = load_products(codes={code for case in cases for code in asked_codes(case.asked)})
    changes = expectations_before(on, cases)
    now_called = former_codes()
    accepted: dict[int, list[GoldenAcceptance]] = defaultdict(list)
    for acceptance in GoldenAcceptance.objects.filter(price_list=price_list, case__in=cases).order_by("-at", "-pk"):
        accepted[acceptance.case_id].append(acceptance)
    checks = []
    for case in cases:
        found = price_case(asked=case.asked, name=case.name, on=on, price_tables=price_tables, products=products)
        change = changes.get(case.pk)
        is_stated = change is None and case.vendor_amount is not None
        expected = called_now(change.found if change else stated_result(case, found), now_called)
        counting = (
            row
            for row in accepted[case.pk]
            if row.at >= case.kept_at
            and called_now(row.expected, now_called) == expected
            and called_now(row.found, now_called) == found
            and found != expected
        )
        expected_from = change.price_list_name if change else case.expected_from
        checks.append(GoldenCheck(case, expected, expected_from, found, next(counting, None), is_stated))
    return checks


def called_now(result: GoldenResult, codes: Mapping[str, str]) -> GoldenResult:
    """The same, with the codes that its products have now. `codes`: those by former codes."""
    lines: list[GoldenLine] = [
        {**line, "product": codes.get(line["product"], line["product"])} for line in result["lines"]
    ]
    return {**result, "lines": lines}


def stated_result(case: GoldenCase, found: GoldenResult) -> GoldenResult:
    """What the case is expected to give; with the vendor's amount: whatever comes to this subtotal."""
    if case.vendor_amount is None:
        expected: GoldenResult = case.expected
        return expected
    if found["refusals"]:
        return {"lines": [], "subtotal": case.vendor_amount, "tax": 0, "total": 0, "refusals": []}
    return {**found, "subtotal": case.vendor_amount}


def expectations_before(on: date, cases: Iterable[GoldenCase]) -> dict[int, GoldenAcceptance]:
    """By case: the accepted difference that went out with the latest published list that takes effect before the day.

    A case without one is expected to give its own result.
    """
    kept_at = {case.pk: case.kept_at for case in cases}
    went_out = (
        GoldenChange.objects.filter(
            acceptance__case__in=list(kept_at),
            acceptance__price_list__effective_on__lt=on,
            published_at=F("acceptance__price_list__published_at"),
        )
        .select_related("acceptance")
        .order_by("acceptance__price_list__effective_on", "pk")
    )
    return {
        change.acceptance.case_id: change.acceptance
        for change in went_out
        if change.acceptance.at >= kept_at[change.acceptance.case_id]
    }


def list_golden_problems(*, price_list: PriceList) -> list[str]:
    """One sentence where golden cases give another result and nobody has accepted it; empty: nothing blocks."""
    names = [check.case.name for check in check_golden_cases(price_list=price_list) if check.blocks]
    if not names:
        return []
    shown = _("%(first)s and %(count)d more") if len(names) > 3 else "%(first)s"
    told = shown % {"first": " / ".join(names[:3]), "count": len(names) - 3}
    return [
        _(
            "Golden cases give another result than expected: %(names)s. Correct the prices, or accept each difference "
            "with a reason on the page “Golden cases” of this list."
        )
        % {"names": told}
    ]


# --- Accept ----------------------------------------------------------------------------------------------------------


@one_transaction
def accept_differences(
    *, price_list: PriceList, seen: Mapping[int, str], reason: str, by: User, now: datetime
) -> list[GoldenAcceptance]:
    """Accept for a draft that cases give other results, all or none.

    `seen`: by the case's row number, the fingerprint of the difference that was shown.
    Raises AcceptRefused; then nothing was written.
    """
    price_list = PriceList.objects.select_for_update(no_key=True).get(pk=price_list.pk)
    if price_list.is_published:
        raise AcceptRefused(
            _("%(name)s is published already: nothing is accepted for it any more.") % {"name": price_list.name}
        )
    if not reason.strip():
        raise AcceptRefused(_("Write why the difference is right."))
    checks = {check.case.pk: check for check in check_golden_cases(price_list=price_list)}
    if not seen or seen.keys() - checks.keys():
        raise AcceptRefused(_("A golden case is not active any more. Look at the differences again."))
    accepted = [checks[number] for number in seen]
    for check in accepted:
        if not check.blocks:
            raise AcceptRefused(
                _("%(name)s has no difference that is still to be accepted.") % {"name": check.case.name}
            )
        if check.fingerprint != seen[check.case.pk]:
            raise AcceptRefused(
                _("The result of %(name)s has changed since this page was opened. Look at it again.")
                % {"name": check.case.name}
            )
    return [_accept(price_list, check, reason.strip(), by, now) for check in accepted]


def _accept(price_list: PriceList, check: GoldenCheck, reason: str, by: User, now: datetime) -> GoldenAcceptance:
    acceptance = GoldenAcceptance.objects.create(
        price_list=price_list,
        price_list_name=price_list.name,
        case=check.case,
        expected=check.expected,
        found=check.found,
        reason=reason,
        by=by,
        by_name=by.name,
        at=now,
    )
    record_event(
        price_list=price_list,
        kind=PriceListEvent.Kind.ACCEPTED,
        by=by,
        now=now,
        detail={
            "from": check.case.name,
            "reason": reason,
            "totals": [check.expected["total"], check.found["total"]],
        },
    )
    return acceptance


def note_changes(*, price_list: PriceList) -> None:
    """At publishing: what was accepted and counts is from now on expected of later lists."""
    if price_list.published_at is None:
        raise ValueError("Only a published list changes what is expected.")
    GoldenChange.objects.bulk_create(
        GoldenChange(acceptance=check.acceptance, published_at=price_list.published_at)
        for check in check_golden_cases(price_list=price_list)
        if check.acceptance is not None
    )
