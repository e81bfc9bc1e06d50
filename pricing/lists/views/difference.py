"""What a price list, as it is now, changes of the one that it is compared with: product by product."""

from collections import Counter

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from licensing.models import Product

from ...check.operations import compared_with
from ...files import reading
from ...loader import load_tables
from ...models import ImportedTable
from ...views import find_list, show_list_page

PRODUCTS_PER_PAGE = 25
Kind = ImportedTable.Kind


def difference(request: HttpRequest, pk: int) -> HttpResponse:
    """The differences that were asked for."""
    price_list = find_list(request, pk)
    if price_list is None:
        return redirect("admin:pricing_pricelist_changelist")
    compared = compared_with(price_list)
    old = load_tables(price_list=compared) if compared else {}
    new = load_tables(price_list=price_list)
    codes = sorted({*old, *new})
    kinds = {code: reading.compare_tables(old.get(code), new.get(code)).kind for code in codes}
    counts = Counter(kinds.values())
    shown = request.GET.get("show", "")
    wanted = [code for code in codes if kinds[code] == shown or (shown not in Kind.values and kinds[code] != Kind.SAME)]
    page = Paginator(wanted, PRODUCTS_PER_PAGE).get_page(request.GET.get("page"))
    names = dict(Product.objects.filter(code__in=list(page)).values_list("code", "name"))
    products = [
        {
            "code": code,
            "name": names.get(code, ""),
            "kind": kinds[code],
            "label": Kind(kinds[code]).label,
            "change": (
                change := reading.compare_tables(old.get(code) or new.get(code), new.get(code) or old.get(code))
            ),
            "discounts": reading.short_discounts(change),
        }
        for code in page
    ]
    return show_list_page(
        request,
        "difference.html",
        _("Difference"),
        original=price_list,
        compared=compared,
        kinds=[(kind.value, kind.label, counts[kind.value]) for kind in Kind],
        change_count=sum(count for kind, count in counts.items() if kind != Kind.SAME),
        shown=shown if shown in Kind.values else "",
        page=page,
        products=products,
    )
