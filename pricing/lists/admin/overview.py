"""A whole price list as one grid: a few lines per product, a column per rank; in pages, and filtered."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin.utils import label_for_field
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.text.search import search_words
from licensing.models import Programme
from licensing.templatetags.portal import in_words

from ...check.operations import Checked
from ...check.views import SEVERITY_LABELS
from ...engine.lint import Severity
from ...engine.rank import in_code_order
from ...engine.values import RANK_COLUMNS, TABLE_COLUMNS, columns_of
from ...models import PriceList, PriceRank, PriceTable

PRODUCTS_PER_PAGE = 50


class GridFilter(forms.Form):
    """What of a list is shown."""

    q = forms.CharField(label=_("Product"), required=False, max_length=100)
    programme = forms.ModelChoiceField(
        label=_("programme"), queryset=Programme.objects.all(), required=False, empty_label=_("All")
    )
    only_found = forms.BooleanField(label=_("Only products with findings"), required=False)


@dataclass(frozen=True, slots=True)
class Line:
    """One column of a product's ranks, as texts in the order of the grid's ranks."""

    column: str
    label: Any
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Row:
    """One product's prices."""

    table: PriceTable
    once: list[Any]
    """What the product has once."""
    lines: list[Line]
    discounts: list[str]
    severity: str
    """Of its gravest finding that blocks or is to be ticked; empty: none."""
    label: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A page of a list."""

    form: GridFilter
    is_filtered: bool
    has_findings: bool
    labels: list[Any]
    """Above what a product has once."""
    codes: list[str]
    """The ranks of the products shown, as people sort them."""
    rows: list[Row]
    page: Page[Any]
    total: int
    """Products in the list, without the filter."""


def make_grid(request: HttpRequest, price_list: PriceList, checked: Checked | None) -> Grid:
    """The products that the request asks for. The number of queries does not depend on how many there are."""
    names = ("q", "programme", "only_found")
    is_filtered = any(request.GET.get(name) for name in names)
    form = GridFilter(request.GET if is_filtered else None)
    tables = price_list.tables.select_related("product__programme")
    gravest = gravest_findings(checked)
    if is_filtered and form.is_valid():
        for word in search_words(form.cleaned_data["q"]):
            tables = tables.filter(Q(product__search_key__contains=word))
        if form.cleaned_data["programme"]:
            tables = tables.filter(product__programme=form.cleaned_data["programme"])
        if form.cleaned_data["only_found"]:
            tables = tables.filter(product__code__in=gravest)
    found = tables.order_by("product__code").prefetch_related("ranks", "multi_year_discounts")
    page = Paginator(found, PRODUCTS_PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    codes = sorted({rank.rank for table in shown for rank in table.ranks.all()}, key=in_code_order)
    rows = [make_row(table, codes, gravest.get(table.product.code)) for table in shown]
    has_findings = checked is not None
    labels = [label_for_field(name, PriceTable) for name in TABLE_COLUMNS]
    return Grid(form, is_filtered, has_findings, labels, codes, rows, page, price_list.tables.count())


def gravest_findings(checked: Checked | None) -> dict[str, Severity]:
    """By product code, the gravest of its findings that blocks or is to be ticked."""
    if checked is None:
        return {}
    found = [(finding.product_code, finding.severity) for finding in (*checked.to_tick, *checked.blocking)]
    return dict(found)  # what blocks comes last and stays


def make_row(table: PriceTable, codes: list[str], severity: Severity | None) -> Row:
    ranks = {rank.rank: rank for rank in table.ranks.all()}
    discounts = [
        f"{discount.years}: {discount.percent.normalize():f}\N{NO-BREAK SPACE}%"
        for discount in table.multi_year_discounts.all()
    ]
    label = "" if severity is None else str(SEVERITY_LABELS[severity])
    once = list(columns_of(table, TABLE_COLUMNS).values())
    lines = [make_line(name, [ranks.get(code) for code in codes]) for name in RANK_COLUMNS]
    return Row(table, once, lines, discounts, severity.value if severity else "", label)


def make_line(name: str, ranks: list[PriceRank | None]) -> Line:
    """A column of a product's ranks; that it does not have a rank (None) is said where the rank would begin."""
    none = "–" if name == "from_quantity" else ""
    cells = [in_words(getattr(rank, name)) if rank else none for rank in ranks]
    return Line(name, label_for_field(name, PriceRank), cells)
