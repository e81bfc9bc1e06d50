"""What many rows of a run are priced with: read at once, a few queries for many rows as for one."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from licensing.models import Customer, Holding, LicenseID, User
from licensing.queries import present_codes, products_by_code, visible_license_ids
from pricing.costs.queries import keeps_rates, rates_on
from pricing.loader import load_prices, product_value
from quotes.models import Quote

from ..asked import Asked, from_json, product_codes, with_codes
from ..calculation.calculate import all_quoted_elsewhere
from ..calculation.own_costs import known_costs, standing_costs, with_costs
from ..confirmations.needed import NeededPart
from ..confirmations.queries import confirmed_parts
from ..issue.approved import Requests, requests_of
from ..issue.many import Common, day_of
from ..issue.thresholds import Rates, asks_for_margins, has_thresholds
from ..models import DeskEntry, QuoteDraft, QuoteRunRow


@dataclass(frozen=True, slots=True)
class Costs:
    """What the reseller pays itself."""

    rates: Rates
    """Of all products."""
    are_kept: bool
    """Whether it has entered any: else margins are nothing that it works with."""


@dataclass(frozen=True)
class Basis:
    """All that their rows need, as it is now."""

    user: User
    """Who looks: what they may not see is gone."""
    common: Common
    licenseids: dict[int, LicenseID]
    """By row number, with customer, reseller, contacts and holdings."""
    drafts: dict[uuid.UUID, QuoteDraft]
    issued: dict[uuid.UUID, int]
    """Keys that have become quotes already, with the quotes' totals."""
    asked: dict[uuid.UUID, Asked]
    """What was wanted when the row was priced last, with the products' codes of today."""
    confirmed: dict[int, NeededPart]
    """What customers answered last, by the license ID's row number; of rows that were never priced."""
    requests: Requests
    """Of rows of a reseller that has thresholds: what was asked for approval (R20)."""
    now: datetime
    declined: dict[tuple[int, date], str]
    """Why it is not renewed: what colleagues entered, by the license ID's row number and the expiry."""
    merged: dict[int, int]
    """Customers of rows that are part of another by now, and of which."""

    @cached_property
    def costs(self) -> Costs:
        """With the rates of the day. One query when it is first asked for, two where there are none."""
        reseller = next((one.customer.reseller for one in self.licenseids.values()), None)
        if reseller is None:
            return Costs({}, are_kept=False)
        rates = rates_on(reseller=reseller, codes=self.common.products.keys(), on=self.common.on)
        return Costs(rates, are_kept=bool(rates) or keeps_rates(reseller))

    @cached_property
    def standing_costs(self) -> dict[str, int]:
        """Of the reseller's standing lines. One query when it is first asked for."""
        return standing_costs(self.user.reseller_id or 0)

    def with_own_costs(self, asked: Asked, key: uuid.UUID) -> Asked:
        """What a row wants with what its own lines cost."""
        if not asked.free_lines:
            return asked
        return with_costs(asked, known_costs(self.drafts.get(key), self.standing_costs))

    @property
    def rates(self) -> Rates:
        """Cost rates of all products, where thresholds ask for them."""
        asks = any(asks_for_margins(one.customer.reseller) for one in self.licenseids.values())
        return self.costs.rates if asks else {}


def read_basis(rows: Sequence[QuoteRunRow], *, user: User, now: datetime) -> Basis:
    """However many rows there are, the same number of queries."""
    on = day_of(now)
    keys = [row.key for row in rows]
    drafts = {
        draft.key: draft
        for draft in QuoteDraft.objects.filter(key__in=keys).select_related("basis").prefetch_related("parts")
    }
    numbers = {pk for row in rows for pk in row.license_ids}
    numbers |= {part.licenseid_id for draft in drafts.values() for part in draft.parts.all()}
    licenseids = {one.pk: one for one in license_ids_of(numbers, user=user)}
    asked = {row.key: from_json(row.asked) for row in rows if row.asked is not None}
    products = {holding.product.code: holding.product for one in licenseids.values() for holding in one.holdings.all()}
    wanted = [*asked.values(), *(from_json(draft.asked) for draft in drafts.values())]
    codes = {code for one in wanted for code in product_codes(one)} - products.keys()
    if codes:
        renamed = present_codes(codes)
        asked = {key: with_codes(one, renamed) for key, one in asked.items()}
        products |= products_by_code(codes | {*renamed.values()})
    common = Common(
        on=on,
        prices=load_prices(on=on),
        products=products,
        values={code: product_value(row) for code, row in products.items()},
        elsewhere=all_quoted_elsewhere(
            codes=[one.code for one in licenseids.values()], reseller=user.reseller_id or 0, on=on
        ),
    )
    issued = dict(Quote.objects.filter(key__in=keys).order_by().values_list("key", "total"))
    new = [one for row in rows if row.asked is None for pk in row.license_ids if (one := licenseids.get(pk))]
    theirs = Customer.objects.filter(pk__in={row.customer_id for row in rows})
    return Basis(
        user=user,
        common=common,
        licenseids=licenseids,
        drafts=drafts,
        issued=issued,
        asked=asked,
        confirmed=confirmed_parts(new) if new else {},
        requests=requests_of(keys) if _are_any_approved(licenseids.values()) else {},
        now=now,
        declined=_declined(licenseids.values()),
        merged={one.pk: one.merged_into_id for one in theirs.only("merged_into") if one.merged_into_id},
    )


def _are_any_approved(licenseids: Iterable[LicenseID]) -> bool:
    return any(has_thresholds(one.customer.reseller) for one in licenseids)


def _declined(licenseids: Iterable[LicenseID]) -> dict[tuple[int, date], str]:
    """No query where nothing of it was declined, as `license_ids_of` tells; else one."""
    numbers = [one.pk for one in licenseids if one.__dict__["is_any_declined"]]
    if not numbers:
        return {}
    entries = DeskEntry.objects.filter(licenseid__in=numbers, declined_at__isnull=False)
    return {(one.licenseid_id, one.expires_on): one.declined_reason for one in entries}


def license_ids_of(numbers: set[int], *, user: User) -> QuerySet[LicenseID]:
    """Those that the user may see, with all that quoting needs; `is_any_declined`: whether anything is not renewed."""
    held = Holding.objects.select_related("product__programme").order_by("support_expires_on", "product__code", "pk")
    declined = DeskEntry.objects.filter(licenseid=OuterRef("pk"), declined_at__isnull=False)
    rows = visible_license_ids(user).filter(pk__in=numbers).annotate(is_any_declined=Exists(declined))
    return rows.select_related("customer__reseller").prefetch_related(Prefetch("holdings", held), "customer__contacts")
