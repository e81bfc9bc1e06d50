"""What is entered on the list: of one renewal, whose customers are, and how somebody wants to see it."""

from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from licensing.models import LicenseID, User
from licensing.operations.owners import OwnerRefused, change_owners
from licensing.queries import visible_license_ids
from licensing.views import for_resellers, read_owner

from ...models import DeskEntry, DeskFilter, DeskRow
from ..filters import read_query
from ..forms import EntryForm, FilterNameForm
from ..operations import DeskRefused, enter, save_filter, save_table
from ..queries import visible_rows
from ..refresh import refresh
from ..selection import selected_rows
from ..shown import shown_rows
from .listing import PAGE_SIZES, columns_for


@require_http_methods(["GET", "HEAD", "POST"])
@for_resellers
def renewal(request: HttpRequest, pk: int) -> HttpResponse:
    """One renewal: its follow-up day, note, and that it is not renewed."""
    user, on = cast(User, request.user), timezone.localdate()
    row = get_object_or_404(visible_rows(user), pk=pk)
    licenseid = get_object_or_404(visible_license_ids(user).select_related("customer"), pk=row.licenseid_id)
    entry = DeskEntry.objects.filter(licenseid=licenseid, expires_on=row.expires_on).first()
    form = EntryForm(request.POST if request.method == "POST" else None, entry=entry)
    if request.method == "POST" and form.is_valid():
        try:
            enter(licenseid=licenseid, expires_on=row.expires_on, by=user, now=timezone.now(), **form.cleaned_data)
        except LicenseID.DoesNotExist:
            raise Http404 from None
        refresh(on=on, reseller=user.reseller_id)
        messages.success(request, _("What you entered for %(code)s is saved.") % {"code": row.code})
        return redirect(_back(request))
    [shown] = shown_rows([row], user=user, on=on)
    context = {"form": form, "one": shown, "entry": entry, "on": on, "back": _back(request)}
    return render(request, "renewals/desk/renewal.html", context, status=422 if form.errors else 200)


@require_POST
@for_resellers
def change_owner(request: HttpRequest) -> HttpResponse:
    """Give the customers of the ticked rows, or of all that the filter finds, to somebody."""
    user = cast(User, request.user)
    rows = selected_rows(user, request.POST, on=timezone.localdate())
    customers = set(rows.order_by().values_list("customer", flat=True).distinct())
    if not customers:
        messages.error(request, _("Tick the renewals whose owner changes."))
        return redirect(_back(request))
    try:
        owner = read_owner(request, user)
        count = change_owners(customers=customers, owner=owner, by=user, now=timezone.now())
    except OwnerRefused as refused:
        messages.error(request, str(refused))
    else:
        text = ngettext("%(count)s customer has another owner.", "%(count)s customers have another owner.", count)
        messages.success(request, text % {"count": f"{count:,}"})
    return redirect(_back(request))


MOST_LED = 200
"""License IDs that are led to another page by its address."""


@require_POST
@for_resellers
def act(request: HttpRequest) -> HttpResponse:
    """What is done with the ticked: many quotes, the customers are asked for quantities, one quote for one customer."""
    user = cast(User, request.user)
    rows = selected_rows(user, request.POST, on=timezone.localdate())
    if request.POST.get("act") == "batch" and rows.exists():
        return redirect(f"{reverse('renewals:batch-new')}?{urlencode(_for_batch(request, rows))}")
    codes = list(rows.order_by().values_list("code", flat=True).distinct()[: MOST_LED + 1])
    page = {"confirm": "renewals:confirm", "quote": "renewals:together"}.get(request.POST.get("act", ""))
    if page is None or not codes:
        messages.error(request, _("Tick the renewals first."))
        return redirect(_back(request))
    if len(codes) > MOST_LED:
        messages.error(request, _("At most %(most)s license IDs at once. Narrow the filter.") % {"most": MOST_LED})
        return redirect(_back(request))
    return redirect(f"{reverse(page)}?{urlencode([('license_id', code) for code in codes])}")


def _for_batch(request: HttpRequest, rows: QuerySet[DeskRow]) -> dict[str, str]:
    """What is chosen, as the batch takes it: the filter itself, or license IDs by number."""
    if "all" in request.POST:
        wanted = read_query(request.POST["all"])
        return {"filter": wanted.to_query() or f"due={wanted.due}"}
    return {"licenseid": " ".join(map(str, dict.fromkeys(rows.values_list("licenseid", flat=True))))}


@require_POST
@for_resellers
def keep_filter(request: HttpRequest) -> HttpResponse:
    """Keep the filter that is on under a name."""
    user = cast(User, request.user)
    form, query = FilterNameForm(request.POST), read_query(request.POST.get("query", "")).to_query()
    if not form.is_valid():
        messages.error(request, _("The filter needs a name of at most 60 characters."))
    else:
        try:
            kept = save_filter(user=user, name=form.cleaned_data["name"], query=query)
        except DeskRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The filter “%(name)s” is saved.") % {"name": kept.name})
    return redirect(_back(request))


@require_POST
@for_resellers
def delete_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own filter goes."""
    found = get_object_or_404(DeskFilter, pk=pk, user=cast(User, request.user))
    found.delete()
    messages.success(request, _("The filter “%(name)s” is deleted.") % {"name": found.name})
    return redirect(_back(request))


@require_POST
@for_resellers
def keep_table(request: HttpRequest) -> HttpResponse:
    """Which columns are shown, and how many rows."""
    shown, size = request.POST.getlist("column"), request.POST.get("per_page", "")
    per_page = int(size) if size in map(str, PAGE_SIZES) else PAGE_SIZES[0]
    user = cast(User, request.user)
    hidden = [name for name in columns_for(user) if name not in shown]
    save_table(user=user, hidden=hidden, per_page=per_page)
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The list as it was: only the filter comes from the page, never an address."""
    given = request.POST if request.method == "POST" else request.GET
    query = read_query(given.get("query", "")).to_query()
    return reverse("start") + (f"?{query}" if query else "")
