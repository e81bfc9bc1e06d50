"""Price files: upload, look at what they change, confirm."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Abs
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRefresh

from foundation.administration.frame import ask_permission
from foundation.held import sent
from foundation.jobs.models import Batch
from foundation.jobs.operations import RETRIED
from foundation.text.search import search_key
from licensing.models import Product, Programme

from ...check.views import told_of_file
from ...models import ImportedTable, PriceImport, PriceList
from ...queries import price_lists_around
from ...views import show_list_page
from .. import reading, tasks
from ..forms import ConfirmForm, UploadForm
from ..operations import ImportRefused, confirm_import, upload_prices
from ..reading import Change, TableChange
from ..reading.columns import LABELS, NAMES, NEEDED
from ..reading.facts import fact_fields

PRODUCTS_PER_PAGE = 25
PROBLEMS_PER_PAGE = 50
NOTICES_SHOWN = 100
UNATTENDED = timedelta(seconds=15)
"""After this time without a worker, somebody should look after the workers."""

DOING = {
    "": _("It waits for its turn."),
    "reading": _("The rows are read and checked."),
    "comparing": _("The prices are compared."),
    "keeping": _("The result is kept."),
    "preparing": _("The draft is prepared."),
    "writing": _("The draft is written."),
}


@dataclass(frozen=True)
class ShownProduct:
    """One product of the preview."""

    code: str
    name: str
    kind: str
    label: Any
    change: TableChange
    """Of a product that is added or removed: the one side that there is, as if unchanged."""
    discounts: tuple[tuple[int, Change], ...]
    """By number of years, without zeros at the end."""
    ended: reading.Ended | None
    """With the file it is not sold any more."""
    was_ended: reading.Ended | None


def upload(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Asks for the file, the list to compare with, and the draft's name and day."""
    ask_permission(request, "pricing.add_pricelist")
    form = UploadForm(sent(request), request.FILES or None, initial=first_entries(request, pk))
    if request.method == "POST" and form.is_valid():
        user: Any = request.user
        kept = upload_prices(
            content=form.content,
            file_name=form.cleaned_data["file"].name,
            based_on=form.cleaned_data["based_on"],
            name=form.cleaned_data["name"],
            effective_on=form.cleaned_data["effective_on"],
            task=tasks.check_price_file,
            by=user,
            now=timezone.now(),
        )
        return redirect("admin:pricing_pricelist_imported", kept.key)
    uploads = PriceImport.objects.defer("content").select_related("uploaded_by", "draft", "check_batch")
    return show_list_page(
        request,
        "import.html",
        _("Import a price file"),
        status=422 if request.method == "POST" else 200,
        form=form,
        columns=list(told_columns()),
        uploads=uploads[:10],
        original=PriceList.objects.filter(pk=pk).first() if pk else None,
    )


def first_entries(request: HttpRequest, pk: int | None) -> dict[str, Any]:
    """Compared with the list whose page it is, else with the one in force; or all as in an upload before."""
    again = request.GET.get("again", "")
    if re.fullmatch(r"[0-9a-f-]{36}", again):
        before = PriceImport.objects.defer("content").filter(key=again).first()
        if before is not None:
            return {"based_on": before.based_on_id, "name": before.name, "effective_on": before.effective_on}
    in_force, following = price_lists_around(on=timezone.localdate())
    base = in_force or following
    return {"based_on": pk or (base.pk if base else None)}


def find_upload(request: HttpRequest, key: Any) -> PriceImport:
    ask_permission(request, "pricing.add_pricelist")
    rows = PriceImport.objects.defer("content")
    rows = rows.select_related("based_on", "draft", "check_batch", "confirm_batch", "uploaded_by")
    upload = rows.filter(key=key).first()
    if upload is None:
        raise Http404
    return upload


def imported(request: HttpRequest, key: Any) -> HttpResponse:
    """How far the work is; then what is wrong with the file and what it changes; and the button to confirm."""
    upload = find_upload(request, key)
    first = {"name": upload.name, "effective_on": upload.effective_on}
    form, status = ConfirmForm(sent(request), upload=upload, initial=first), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            user: Any = request.user
            try:
                confirm_import(
                    upload=upload,
                    name=form.cleaned_data["name"],
                    effective_on=form.cleaned_data["effective_on"],
                    task=tasks.write_imported_draft,
                    by=user,
                    now=timezone.now(),
                    programme=form.cleaned_data.get("programme"),
                    makes_products=form.cleaned_data.get("makes_products", False),
                )
            except ImportRefused as refused:
                form.add_error(None, str(refused))
            else:
                return redirect("admin:pricing_pricelist_imported", upload.key)
    batch = current_batch(upload)
    context: dict[str, Any] = {"upload": upload, "form": form, "batch": batch}
    if status == 200 and not batch.is_finished:
        return show_list_page(
            request, "import_progress.html", _("Import a price file"), **context, **progress_of(batch)
        )
    if upload.check_batch is not None and upload.check_batch.state == Batch.State.DONE:
        context |= preview_of(request, upload)
    return show_list_page(request, "import_preview.html", upload.file_name, status=status, **context)


def progress(request: HttpRequest, key: Any) -> HttpResponse:
    """The part of the page that tells how far the work is; the whole page anew once it is finished."""
    upload = find_upload(request, key)
    batch = current_batch(upload)
    if batch.is_finished:
        return HttpResponseClientRefresh()
    context = {"upload": upload, "batch": batch, **progress_of(batch)}
    return TemplateResponse(request, "admin/pricing/pricelist/_import_progress.html", context)


def told_columns() -> Iterator[tuple[Any, bool, str]]:
    """Each column: what it is called, whether it is needed, and the names by which it is found."""
    for name, label in LABELS.items():
        yield label, name in NEEDED, " / ".join(dict.fromkeys([*NAMES[name][:5], *NAMES[name][-3:]]))


def current_batch(upload: PriceImport) -> Batch:
    """The work that is being done for the upload, or was done last."""
    batch = upload.confirm_batch or upload.check_batch
    if batch is None:
        raise Http404
    return batch


def progress_of(batch: Batch) -> dict[str, Any]:
    waits = batch.state == Batch.State.WAITING and timezone.now() - batch.enqueued_at > UNATTENDED
    return {"doing": DOING.get(batch.doing, ""), "is_unattended": waits}


def preview_of(request: HttpRequest, upload: PriceImport) -> dict[str, Any]:
    """What the page of a checked file shows: problems, and the differences that were asked for."""
    errors = upload.problems.filter(is_error=True)
    notices = upload.problems.filter(is_error=False)
    counts = dict(upload.tables.order_by().values_list("kind").annotate(Count("pk")))
    kinds = [(kind.value, kind.label, counts.get(kind.value, 0)) for kind in ImportedTable.Kind]
    shown = request.GET.get("show", "")
    query = request.GET.get("q", "").strip()
    by_percent = request.GET.get("order") == "percent"
    rows = wanted_tables(upload, shown, query)
    page = Paginator(in_order(rows, by_percent), PRODUCTS_PER_PAGE).get_page(request.GET.get("page"))
    same_file = PriceImport.objects.filter(sha256=upload.sha256, draft__isnull=False).exclude(pk=upload.pk)
    return {
        "error_page": Paginator(errors, PROBLEMS_PER_PAGE).get_page(request.GET.get("errors")),
        "notices": list(notices[:NOTICES_SHOWN]),
        "notice_count": notices.count(),
        "kinds": kinds,
        "change_count": sum(count for kind, _label, count in kinds if kind != ImportedTable.Kind.SAME),
        "product_count": sum(count for kind, _label, count in kinds if kind != ImportedTable.Kind.REMOVED),
        "removed_count": counts.get(ImportedTable.Kind.REMOVED, 0),
        "ended_count": counts.get(ImportedTable.Kind.ENDED, 0),
        "shown": shown,
        "query": query,
        "by_percent": by_percent,
        "page": page,
        "products": list(shown_products(upload, page)),
        "address": address_with(request),
        "same_file": same_file.select_related("draft").defer("content").first(),
        "most_problems": reading.MOST_PROBLEMS,
        **told_of_file(upload),
        "new_products": new_products_of(upload),
        "can_confirm": not upload.error_count
        and (upload.confirm_batch is None or upload.confirm_batch.state in RETRIED),
    }


def new_products_of(upload: PriceImport) -> list[dict[str, Any]]:
    """The products that are to be made, with all that the file says of them; the words for it, not the values."""
    made = {row["code"]: row["name"] for row in upload.new_products.get("programmes", [])}
    programmes = dict(Programme.objects.values_list("code", "name")) | made
    return [
        {
            "code": product["code"],
            "name": product["name"],
            "programme": programmes.get(product["programme"], ""),
            "is_new_programme": product["programme"] in made,
            "facts": [
                (field.verbose_name, _("yes") if product[field.name] is True else product[field.name])
                for name, field in fact_fields().items()
                if name.startswith("product.") and product.get(field.name)
            ],
        }
        for product in upload.new_products.get("products", [])
    ]


def wanted_tables(upload: PriceImport, shown: str, query: str) -> QuerySet[ImportedTable]:
    rows = upload.tables.all()
    if shown in ImportedTable.Kind.values:
        rows = rows.filter(kind=shown)
    elif shown != "all":
        rows = rows.exclude(kind=ImportedTable.Kind.SAME)
    for word in query.split():
        codes = Product.objects.filter(search_key__contains=search_key(word)).values("code")
        rows = rows.filter(Q(product_code__in=codes))
    return rows


def in_order(rows: QuerySet[ImportedTable], by_percent: bool) -> QuerySet[ImportedTable]:
    return rows.order_by(Abs("largest_percent").desc(), "product_code") if by_percent else rows


def shown_products(upload: PriceImport, page: Page[ImportedTable]) -> Iterator[ShownProduct]:
    names = dict(Product.objects.filter(code__in=[row.product_code for row in page]).values_list("code", "name"))
    names = {product["code"]: product["name"] for product in upload.new_products.get("products", [])} | names
    for row in page:
        old = reading.table_from_json(row.product_code, row.old)
        new = reading.table_from_json(row.product_code, row.new)
        change = reading.compare_tables(old or new, new or old)
        yield ShownProduct(
            row.product_code,
            names.get(row.product_code, ""),
            row.kind,
            row.get_kind_display(),
            change,
            reading.short_discounts(change),
            reading.end_from_json(row.new),
            reading.end_from_json(row.old),
        )


def address_with(request: HttpRequest) -> dict[str, str]:
    """The page's address with everything but one of its parts, for links that change this part."""
    found = {}
    for name in ("page", "errors", "show", "order"):
        query = request.GET.copy()
        query.pop(name, None)
        if name != "errors":
            query.pop("page", None)
        found[name] = f"?{query.urlencode()}&" if query else "?"
    return found
