"""Customers worth telling before prices rise or a renewal is refused: the list, and the letter to those ticked."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.held import sent
from licensing.models import Reseller, User
from licensing.operations.owners import owners_of
from licensing.views import for_makers, for_staff
from pricing.models import PriceList
from pricing.queries import coming_lists
from quotes.letters.templates import templates_of

from ..confirmations.recipients import recipients_of
from ..confirmations.views.letters import start_letters
from ..desk.refresh import refresh
from ..models import ImpactRun
from .amounts import changes_of
from .forms import Group, PriceLettersForm, read_filter
from .operations import NobodyToTell, start_telling
from .queries import current_run, customers_of, last_work, rises_of, rising_customers, told_letters
from .tasks import tell_customers
from .texts import fill_letter, letter_values

PER_PAGE = 50
MOST_CUSTOMERS = 200
"""Whose letters are looked at and sent with one press."""
REFRESHED_FIRST = 200
"""License IDs that are brought up to date before the page is shown."""
LATE = timedelta(seconds=15)


@require_safe
@for_staff
def price_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose renewals a list to come refuses, whose it makes dearer, the most first, and who was told."""
    user, on = cast(User, request.user), timezone.localdate()
    price_list = _coming(pk)
    refresh(on=on, reseller=user.reseller_id, most=REFRESHED_FIRST)
    wanted = read_filter(request.GET)
    run = current_run(price_list)
    context: dict[str, Any] = {
        "price_list": price_list,
        "others": [one for one in coming_lists(on=on) if one.pk != pk],
        "run": run,
        "until": price_list.effective_on - timedelta(days=1),
        "wanted": wanted,
        "owners": owners_of(user.reseller) if user.is_reseller_staff else (),
    }
    if run is not None:
        found = rising_customers(run, user, wanted)
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        work = last_work(user, price_list)
        now = timezone.now()
        context |= {
            "page": page,
            "rows": rises_of(page.object_list, run, user, on=on),
            "rise": found.aggregate(all=Sum("rise"))["all"] or 0,
            "refused": found.filter(refused__gt=0).count(),
            "work": work,
            "is_late": work and not work.is_finished and not work.done_count and now - work.enqueued_at > LATE,
        }
    return render(request, "renewals/price_changes/customers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def price_letters(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter to each customer who was ticked, as it will read; then it is sent.

    Who is written to comes with the ticks of the list: where nothing was sent, as after a log-in, it leads back there.
    """
    user = cast(User, request.user)
    price_list = _coming(pk)
    run = current_run(price_list)
    if run is None:
        return redirect("renewals:price-change", pk)
    typed = sent(request)
    if typed is None:
        return redirect("renewals:price-change", pk)
    numbers = _numbers(typed)
    if not numbers or len(numbers) > MOST_CUSTOMERS:
        words = _("Tick the customers who are to be told, at most %(most)s at once.")
        messages.error(request, words % {"most": MOST_CUSTOMERS})
        return redirect("renewals:price-change", pk)
    groups = _groups(numbers, run, price_list, user)
    if not groups:
        messages.info(request, _("There is nobody to tell: each of these customers has had a letter about this list."))
        return redirect("renewals:price-change", pk)
    is_typed = "act" in typed
    is_sent = is_typed and request.method == "POST"
    templates = templates_of(reseller=cast(Reseller, user.reseller))
    form = PriceLettersForm(typed if is_typed else None, groups=groups, templates=templates)
    is_pressed = is_sent and form.is_valid() and request.POST["act"] == "send"
    if is_pressed and (answer := _send(request, form, run, price_list, user)):
        return answer
    rows = [{"group": group, "fields": form.fields_of(group)} for group in groups]
    context = {
        "price_list": price_list,
        "until": price_list.effective_on - timedelta(days=1),
        "form": form,
        "rows": sorted(rows, key=lambda row: bool(cast(Group, row["group"]).known)),
        "missing": sum(not group.known for group in groups),
        "left": len(numbers) - len(groups),
        "count": len(groups),
        "parts": form.parts(),
        "previews": [] if form.errors else _previews(form, price_list, user, is_sent=is_sent),
    }
    return render(request, "renewals/price_changes/letters.html", context, status=422 if form.errors else 200)


def _coming(pk: int) -> PriceList:
    """Raises Http404 for a draft and for a list that is in force: there is nothing left to tell before."""
    found = next((one for one in coming_lists(on=timezone.localdate()) if one.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _numbers(typed: QueryDict) -> list[int]:
    texts = [text for text in typed.getlist("customer") if text.isascii() and text.isdecimal()]
    return list(dict.fromkeys(int(text) for text in texts if len(text) <= 18))


def _groups(numbers: Sequence[int], run: ImpactRun, price_list: PriceList, user: User) -> list[Group]:
    """Those of the ticked customers who were not told yet, in their order. Raises Http404 where one is not theirs."""
    customers = customers_of(numbers, user)
    if len(customers) < len(numbers):
        raise Http404
    told = set(told_letters(price_list.pk).filter(present__in=numbers).values_list("present", flat=True))
    changed = changes_of(numbers, run=run, price_list=price_list, on=timezone.localdate())
    known = recipients_of(customers.values(), user=user)
    return [Group(customers[pk], changed[pk], known[pk]) for pk in numbers if pk in changed and pk not in told]


def _previews(form: PriceLettersForm, price_list: PriceList, user: User, *, is_sent: bool) -> list[dict[str, Any]]:
    """The first letter of each kind as it will read; none before it is asked for, and where nobody is written to."""
    firsts: dict[str, dict[str, Any]] = {}
    for group, one in form.addressed() if is_sent else ():
        if group.kind in firsts:
            continue
        values = letter_values(
            customer=group.customer.name,
            to_name=one.to_name,
            changed=group.changed,
            effective_on=price_list.effective_on,
            reseller=group.customer.reseller,
            sender=user,
            language=one.language,
        )
        letter = fill_letter(form.texts_by_kind()[group.kind, one.language], values)
        firsts[group.kind] = {"to": one.to, "to_name": one.to_name, "subject": letter.subject, "body": letter.body}
    return list(firsts.values())


def _send(
    request: HttpRequest, form: PriceLettersForm, run: ImpactRun, price_list: PriceList, user: User
) -> HttpResponse | None:
    """None where the page says what is missing."""
    start = partial(
        start_telling,
        price_list=price_list,
        run=run,
        letters=form.texts_by_kind(),
        task=tell_customers,
        by=user,
        now=timezone.now(),
    )
    is_over = start_letters(
        request, form, start=lambda addressed: start(addressed=addressed), refused=(NobodyToTell, messages.INFO)
    )
    return redirect("renewals:price-change", price_list.pk) if is_over else None
