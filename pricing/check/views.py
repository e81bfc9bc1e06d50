"""What the linter says of a price list, grouped for pages: each finding with the way to where it is put right."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licensing.models import Product

from ..engine.lint import SEVERITIES, Finding, Severity
from ..models import PriceImport, PriceList
from ..wording import title_of, what_to_do_about, what_was_found
from .operations import Checked

MOST_SHOWN = 10
"""Findings of one code on a page that is about something else."""

SEVERITY_LABELS = {
    Severity.BLOCKS: _("keeps it from being published"),
    Severity.TICK: _("to be ticked as read"),
    Severity.INFORMATION: _("good to know"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One finding in the reader's language."""

    product_code: str
    what: str
    what_to_do: str
    url: str
    """The product's table, or the page that adds it; empty where the finding is about the whole list."""


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one code."""

    code: str
    title: str
    severity: str
    label: str
    count: int
    new_count: int
    """Those that the compared list has not."""
    rows: list[Told]
    """The first of them."""

    @property
    def counted(self) -> str:
        """How many, and how many of them are new beside the compared list, where that says something."""
        if self.new_count in (0, self.count):
            return f"{self.count:,}"
        return f"{self.count:,}" + gettext(", %(new)s new") % {"new": f"{self.new_count:,}"}

    @property
    def more(self) -> int:
        """How many are not among the rows."""
        return self.count - len(self.rows)


def group_findings(price_list: PriceList, findings: Iterable[Finding], *, most: int = MOST_SHOWN) -> list[Group]:
    """The findings by code, in their order. `most`: how many of each are told. Two queries at most."""
    groups = [(code, list(same)) for code, same in groupby(findings, key=lambda finding: finding.code)]
    urls = urls_of(price_list, {finding.product_code for _code, same in groups for finding in same[:most]})
    return [
        Group(
            code,
            title_of(code),
            SEVERITIES[code].value,
            str(SEVERITY_LABELS[SEVERITIES[code]]),
            len(same),
            sum(finding.is_new for finding in same),
            [
                Told(
                    finding.product_code,
                    what_was_found(finding),
                    what_to_do_about(finding),
                    way_to(finding, urls),
                )
                for finding in same[:most]
            ],
        )
        for code, same in groups
    ]


def way_to(finding: Finding, urls: dict[str, str]) -> str:
    """Where it is put right; for paradox quantities, where they are drawn."""
    url = urls.get(finding.product_code, "")
    return f"{url}?years={finding.years[0]}#plot" if finding.code == "paradox" and url else url


def urls_of(price_list: PriceList, codes: set[str]) -> dict[str, str]:
    """Where each product's prices are edited, or added."""
    wanted = codes - {""}
    if not wanted:
        return {}
    tables = dict(price_list.tables.filter(product__code__in=wanted).values_list("product__code", "pk"))
    found = {code: reverse("admin:pricing_pricetable_change", args=[pk]) for code, pk in tables.items()}
    if missing := wanted - set(found):
        for code, pk in Product.objects.filter(code__in=missing).values_list("code", "pk"):
            found[code] = reverse("admin:pricing_pricetable_add", query={"price_list": price_list.pk, "product": pk})
    return found


@dataclass(frozen=True, slots=True)
class Summary:
    """The findings of a draft as its page shows them."""

    counts: list[tuple[str, str, int]]
    """Severity, what it asks, and how many."""
    groups: list[Group]
    """Of what blocks or is to be ticked."""
    information: list[Group]
    """Of what is good to know: only what is new is told, the rest counted."""
    information_count: int
    information_new: int
    compared: PriceList | None


def sum_up(price_list: PriceList, checked: Checked) -> Summary:
    """What the linter said, for the draft's own page."""
    counts = [(severity.value, str(label), len(checked.of(severity))) for severity, label in SEVERITY_LABELS.items()]
    told = [finding for finding in checked.information if finding.is_new]
    return Summary(
        counts,
        group_findings(price_list, [*checked.blocking, *checked.to_tick]),
        group_findings(price_list, told),
        len(checked.information),
        len(told),
        checked.compared,
    )


def told_of_file(upload: PriceImport) -> dict[str, Any]:
    """What the linter will ask about a list made from a checked file: its grade, heading and count by code.

    And how many products lose their discounts because the file has none at all.
    """
    result = upload.check_batch.result if upload.check_batch is not None else {}
    counts = result.get("findings", {})
    ordered = sorted(counts, key=list(SEVERITIES).index)
    return {
        "findings": [(SEVERITIES[code].value, title_of(code), counts[code]) for code in ordered],
        "lost_discounts": 0 if result.get("has_discounts", True) else counts.get("discount-lost", 0),
    }
