"""Look through a price list for what is wrong or strange, beside the list that it is compared with."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language

from licensing.models import Holding, Product

from ..engine.lint import Finding, Severity, lint
from ..engine.values import PriceTables
from ..engine.wording import Language
from ..loader import load_tables, product_value
from ..models import PriceList
from ..queries import price_lists_around


@dataclass(frozen=True, slots=True)
class Checked:
    """What the linter said of a price list."""

    findings: tuple[Finding, ...]
    compared: PriceList | None
    """The list that it was compared with; None: it is the first."""

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
    in_force = None if compared is None else PriceTables(compared.name, load_tables(price_list=compared), {})
    prices = PriceTables(price_list.name, load_tables(price_list=price_list), {})
    current = Holding.objects.filter(product=OuterRef("pk"), support_expires_on__gte=on)
    rows = Product.objects.select_related("programme").annotate(is_held=Exists(current))
    rows = rows.filter(Q(is_held=True) | Exists(price_list.tables.filter(product=OuterRef("pk"))))
    products, held = {}, set()
    for row in rows:
        products[row.code] = product_value(row)
        if row.is_held:
            held.add(row.code)
    findings = lint(
        prices=prices,
        compared=in_force,
        products=products,
        held=held,
        change_percent=Decimal(settings.PRICE_CHANGE_TO_TICK_PERCENT),
    )
    return Checked(findings, compared)


def compared_with(price_list: PriceList) -> PriceList | None:
    """The list that it is based on; where it was made from nothing, the one that it takes the place of."""
    if price_list.based_on is not None:
        return price_list.based_on
    before, _following = price_lists_around(on=price_list.effective_on - timedelta(days=1))
    return before


def fingerprint_of(findings: Iterable[Finding]) -> str:
    """Short and stable for the same findings, whatever the reader's language."""
    told = [(finding.code, finding.what("en")) for finding in findings]
    return hashlib.sha256(json.dumps(sorted(told)).encode()).hexdigest()[:16]


def reader_language() -> Language:
    """The language in which the engine's words are shown now."""
    return "ja" if (get_language() or "ja").startswith("ja") else "en"


def say_finding(finding: Finding) -> str:
    """What was found and what to do, in the reader's language."""
    language = reader_language()
    space = "" if language == "ja" else " "
    return f"{finding.what(language)}{space}{finding.what_to_do(language)}"
