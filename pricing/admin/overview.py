"""A whole price list as one table: a row per product, a column per rank."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ..models import PriceList, PriceRank, PriceTable
from .tables import in_code_order


def draw_tables(price_list: PriceList) -> SafeString:
    """All price tables as one: a row per product, a column per rank code."""
    tables = list(price_list.tables.select_related("product").prefetch_related("ranks", "multi_year_discounts"))
    codes = sorted({rank.rank for table in tables for rank in table.ranks.all()}, key=in_code_order)
    head = format_html_join("", '<th scope="col">{}</th>', ([code] for code in codes))
    rows = format_html_join("", "{}", ([draw_row(table, codes)] for table in tables))
    return format_html(
        '<table><thead><tr><th scope="col">{}</th><th scope="col">{}</th>{}<th scope="col">{}</th></tr></thead>'
        "<tbody>{}</tbody></table>",
        _("product"),
        _("minimum at renewal"),
        head,
        _("multi-year discount"),
        rows,
    )


def draw_row(table: PriceTable, codes: Sequence[str]) -> SafeString:
    ranks = {rank.rank: rank for rank in table.ranks.all()}
    cells = format_html_join("", "{}", ([draw_rank(ranks.get(code))] for code in codes))
    discounts = (
        [f"{discount.years}: {discount.percent.normalize():f}\N{NO-BREAK SPACE}%"]
        for discount in table.multi_year_discounts.all()
    )
    return format_html(
        '<tr><th scope="row"><a href="{}">{}</a></th><td>{}</td>{}<td>{}</td></tr>',
        reverse("admin:pricing_pricetable_change", args=[table.pk]),
        table.product,
        table.minimum_quantity,
        cells,
        format_html_join(SafeString("<br>"), "{}", discounts) or "-",
    )


def draw_rank(rank: PriceRank | None) -> SafeString:
    if rank is None:
        return SafeString("<td>-</td>")
    addition = "-" if rank.addition_price is None else f"{rank.addition_price:,}"
    return format_html("<td>{}~<br>{}<br>{}</td>", f"{rank.from_quantity:,}", f"{rank.renewal_price:,}", addition)
