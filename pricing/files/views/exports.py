"""Price lists as files."""

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from foundation.administration.frame import ask_permission
from foundation.spreadsheets.datasets import Csv, CsvCp932, Xlsx, find_lost

from ...loader import load_ends, load_tables
from ...models import PriceList
from ...views import show_list_page
from .. import reading
from ..operations import load_products

FORMATS: dict[str, tuple[Any, str, str]] = {
    "xlsx": (Xlsx, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (Csv, "csv", "text/csv; charset=utf-8"),
    "cp932": (CsvCp932, "csv", "text/csv; charset=Shift_JIS"),
}


def find_exported(request: HttpRequest, pk: int) -> tuple[PriceList, Any] | None:
    """The list and its rows; None where it is gone, and then the person has been told."""
    ask_permission(request, "pricing.view_pricelist")
    price_list = PriceList.objects.filter(pk=pk).first()
    if price_list is None:
        messages.warning(request, _("This price list is not there any more."))
        return None
    tables = load_tables(price_list=price_list)
    ordered = [tables[code] for code in sorted(tables)]
    products, ended = load_products(), reading.ends_of(load_ends(price_list=price_list))
    return price_list, reading.make_dataset(ordered, products, is_sample=price_list.is_sample, ended=ended)


def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The formats; and what the oldest of them cannot hold."""
    found = find_exported(request, pk)
    if found is None:
        return redirect("admin:pricing_pricelist_changelist")
    price_list, dataset = found
    return show_list_page(
        request,
        "export.html",
        _("Export a price list"),
        original=price_list,
        row_count=len(dataset),
        lost=find_lost(dataset),
    )


def export_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    if kind not in FORMATS:
        raise Http404
    found = find_exported(request, pk)
    if found is None:
        return redirect("admin:pricing_pricelist_changelist")
    price_list, dataset = found
    make, ending, content_type = FORMATS[kind]
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "_", price_list.name)
    response = HttpResponse(make().export_data(dataset), content_type=content_type)
    response.headers["Content-Disposition"] = str(
        content_disposition_header(as_attachment=True, filename=f"{name}_{price_list.effective_on:%Y%m%d}.{ending}")
    )
    return response
