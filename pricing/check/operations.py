"""Look through a price list for what is wrong or strange, beside the list that it is compared with."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from licensing.models import Holding, Product
from licensing.operations.registration import changes_since

from ..engine.lint import Finding, Neighbours, Severity, lint, lint_tables
from ..engine.values import EndOfSale, PriceTable, PriceTables
from ..engine.wording import Text
from ..loader import load_ends, load_tables, load_tax_rates, product_value, published_ends, published_tables
from ..models import PriceList, PriceListEvent
from ..queries import price_lists_around


@dataclass(frozen=True, slots=True)
class Checked:
    """What the linter said of a price list."""

    findings: tuple[Finding, ...]
    compared: PriceList | None
    """The list that it was compared with; None: it is the first."""
    following: PriceList | None = None
    """The published list that takes effect next."""

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is severity)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return self.of(Severity.BLOCKS)

    @property
    def to_tick(self) -> tuple[Finding, ...]:
        return self.of(Severity.TICK)

    @property
    def information(self) -> tuple[Finding, ...]:
        return self.of(Severity.INFORMATION)

    @property
    def fingerprint(self) -> str:
        """Stands for the findings to be ticked: another one, or another figure, is another fingerprint."""
        return fingerprint_of(self.to_tick)


def check_price_list(*, price_list: PriceList, on: date) -> Checked:
    """All findings of the list as it is stored now. `on`: today; what has support on that day is held.

    The number of queries does not depend on how long the list is.
    """
    compared = compared_with(price_list)
    before, following = lists_beside(price_list)
    current = Holding.objects.filter(product=OuterRef("pk"), support_expires_on__gte=on)
    known = Product.objects.select_related("programme").annotate(is_held=Exists(current))
    rows = list(known.filter(Q(is_held=True) | Exists(price_list.tables.filter(product=OuterRef("pk")))))
    made = moment_made(compared) if compared is not None else None
    product_changes: Mapping[str, Text] = {} if made is None else changes_since(products=rows, moment=made)
    around = Neighbours(
        on=price_list.effective_on,
        before=None if before is None else as_values(before),
        before_on=None if before is None else before.effective_on,
        is_newer=before is not None and compared is not None and before.effective_on > compared.effective_on,
        following=None if following is None else as_values(following),
        following_on=None if following is None else following.effective_on,
        product_changes=product_changes,
    )
    tables, rates = load_tables(price_list=price_list), load_tax_rates(on=price_list.effective_on)
    findings = lint(
        prices=PriceTables(price_list.name, tables, rates, load_ends(price_list=price_list)),
        compared=None if compared is None else as_values(compared),
        products={row.code: product_value(row) for row in rows},
        held={row.code for row in rows if row.is_held},
        change_percent=Decimal(settings.PRICE_CHANGE_TO_TICK_PERCENT),
        around=around,
    )
    return Checked(findings, compared, following)


def count_findings(
    *,
    tables: Mapping[str, PriceTable],
    before: Mapping[str, PriceTable],
    products: Mapping[str, Product],
    ended: Mapping[str, EndOfSale],
) -> dict[str, int]:
    """By code, how often something would keep such a list from being published, or would have to be ticked.

    `tables`: those of a file, `before`: those of the list that it is compared with; `products`: rows by code;
    `ended`: what the file ends.
    """
    findings = lint_tables(
        prices=PriceTables("", tables, {}, ended),
        compared=PriceTables("", before, {}) if before else None,
        products={code: product_value(products[code]) for code in tables},
        held=(),
        change_percent=Decimal(settings.PRICE_CHANGE_TO_TICK_PERCENT),
    )
    return dict(Counter(finding.code for finding in findings if finding.severity is not Severity.INFORMATION))


def compared_with(price_list: PriceList) -> PriceList | None:
    """The list that it is based on; where it was made from nothing, the one that it takes the place of."""
    if price_list.based_on is not None:
        return price_list.based_on
    return lists_beside(price_list)[0]


def lists_beside(price_list: PriceList) -> tuple[PriceList | None, PriceList | None]:
    """The published list in force on the day before its first day, and the one that takes effect next after it."""
    before, _rest = price_lists_around(on=price_list.effective_on - timedelta(days=1))
    _in_force, following = price_lists_around(on=price_list.effective_on)
    return before, following


def as_values(price_list: PriceList) -> PriceTables:
    """A list without tax rates; a published one is read once per process."""
    if price_list.is_published:
        return PriceTables(price_list.name, published_tables(price_list), {}, published_ends(price_list))
    return PriceTables(price_list.name, load_tables(price_list=price_list), {}, load_ends(price_list=price_list))


def moment_made(price_list: PriceList) -> datetime | None:
    """When its prices were fitted to the products as they were: at publishing; of a draft, when it was begun."""
    if price_list.published_at is not None:
        return price_list.published_at
    kinds = PriceListEvent.Kind
    begun = price_list.events.filter(kind__in=[kinds.CREATED, kinds.COPIED, kinds.IMPORTED])
    moment: datetime | None = begun.order_by("at").values_list("at", flat=True).first()
    return moment


def fingerprint_of(findings: Iterable[Finding]) -> str:
    """Short and stable for the same findings, whatever the reader's language."""
    told = [(*finding.place, finding.years, repr(sorted(finding.facts.items()))) for finding in findings]
    return hashlib.sha256(json.dumps(sorted(told)).encode()).hexdigest()[:16]
