"""The papers of an order: files of the customer's are kept and handed out, its acknowledgement is made."""

import uuid
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from licensing.models import User
from licensing.views import for_makers, for_staff

from ..models import Acknowledgement, OrderFile, Quote, State
from ..paper import DrawingFailed
from ..record.acknowledgements import acknowledge_order, name_of_acknowledgement
from ..record.downloads import file_answer, pdf_answer
from ..record.order_files import FileRow, file_rows, keep_order_file, name_of_file
from ..record.queries import visible_quotes
from ..record.refusals import FilesChanged, NotOrdered
from .forms import LaterFileForm


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def order_files(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """All files of a quote's order, and the form for a further one."""
    user, quote = cast(User, request.user), _get(request, key)
    rows = file_rows(quote)
    is_sent = request.method == "POST"
    form = _form(request if is_sent else None, rows)
    trouble = ""
    if is_sent and form.is_valid():
        cleaned = form.cleaned_data
        try:
            kept = keep_order_file(
                quote=quote,
                file=cleaned["order_file"],
                seen=cleaned["seen"],
                supersedes=form.supersedes,
                by=user,
                now=timezone.now(),
            )
        except FilesChanged:
            trouble = _("Another file has come since you opened this page. Look at it, and choose yours again.")
            rows = file_rows(quote)
            form = _form(None, rows)
        except NotOrdered:
            trouble = _("A file is kept with an order only, and this quote is not ordered.")
            quote.status.refresh_from_db()
        else:
            messages.success(request, _("“%(name)s” is kept with the order.") % {"name": kept.file_name})
            return redirect("quotes:order-files", key=key)
    context = {
        "quote": quote,
        "rows": rows,
        "form": form,
        "trouble": trouble,
        "is_ordered": quote.status.state == State.ORDERED,
    }
    return render(request, "quotes/orders/files.html", context, status=422 if is_sent else 200)


@require_GET
@for_makers
def order_file(request: HttpRequest, key: uuid.UUID, file: uuid.UUID) -> HttpResponse:
    """One file, byte for byte as it came, to be saved: never shown by the portal."""
    quote = _get(request, key)
    found = OrderFile.objects.filter(quote=quote, key=file).first()
    if found is None:
        raise Http404
    return file_answer(bytes(found.content), name_of_file(quote=quote, file=found), content_type=found.media_type)


@require_POST
@for_makers
def make_acknowledgement(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Make the acknowledgement of an ordered quote (注文請書), once, and back to the quote, where it is fetched."""
    user = cast(User, request.user)
    quote = get_object_or_404(visible_quotes(user).defer(None).defer("trace", "asked"), key=key)
    try:
        made = acknowledge_order(quote=quote, by=user, now=timezone.now())
    except NotOrdered:
        messages.error(request, _("Only an order is acknowledged, and this quote is not ordered."))
    except DrawingFailed as failed:
        messages.error(request, str(failed))
    else:
        messages.success(request, _("The acknowledgement %(number)s is made.") % {"number": made.number})
    return redirect(f"{reverse('quotes:detail', args=[key])}#acknowledgement")


@require_GET
@for_staff
def acknowledgement(request: HttpRequest, key: uuid.UUID, made: uuid.UUID) -> HttpResponse:
    """An acknowledgement, byte for byte as it was made."""
    quote = _get(request, key)
    one = get_object_or_404(Acknowledgement, quote=quote, key=made)
    return pdf_answer(bytes(one.content), name_of_acknowledgement(quote=quote, one=one))


def _form(request: HttpRequest | None, rows: list[FileRow]) -> LaterFileForm:
    sent = (request.POST, request.FILES) if request else (None, None)
    return LaterFileForm(
        *sent,
        counting=[row.file for row in rows if row.superseded_by is None],
        last=max((row.file.position for row in rows), default=0),
    )


def _get(request: HttpRequest, key: uuid.UUID) -> Quote:
    return get_object_or_404(visible_quotes(cast(User, request.user)).select_related("status", "customer"), key=key)
