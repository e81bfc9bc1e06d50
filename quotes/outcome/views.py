"""How an issued quote stands: take it back, record what became of it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from licensing.models import User
from licensing.views import for_makers

from ..models import LOSE, ORDER, REOPEN, WITHDRAW, Quote, QuoteStatus, State, Transition, can_become
from ..record import transitions
from ..record.basis import open_on_old, resting_on_old
from ..record.holdings import open_siblings
from ..record.order_files import record_order_with_file
from ..record.queries import visible_quotes
from ..record.refusals import CarriedOut, CustomerMoved, HoldingsChanged, OrderedElsewhere, WrongState
from ..record.transitions import has_left, has_moved
from .forms import LossForm, OrderForm, ReasonForm


@dataclass(frozen=True)
class Step:
    """A way from state to state, as its page tells it."""

    transition: Transition
    take: Callable[..., QuoteStatus]
    form: type[ReasonForm]
    title: str | Promise
    explanation: str | Promise
    button: str | Promise
    done: str | Promise
    impossible: str | Promise


WITHDRAWING = Step(
    WITHDRAW,
    transitions.withdraw,
    ReasonForm,
    gettext_lazy("Withdraw the quote"),
    gettext_lazy(
        "The customer can no longer answer it and is shown that it was withdrawn; the reason stays internal. The "
        "record and its PDF stay as they were issued. A withdrawn quote can still be revised."
    ),
    gettext_lazy("Withdraw"),
    gettext_lazy("Quote %(number)s was withdrawn."),
    gettext_lazy("It cannot be withdrawn."),
)
ORDERING = Step(
    ORDER,
    record_order_with_file,
    OrderForm,
    gettext_lazy("Record the order"),
    gettext_lazy("The customer has ordered by this quote. It is no longer revised or withdrawn."),
    gettext_lazy("Record as ordered"),
    gettext_lazy("Quote %(number)s was recorded as ordered."),
    gettext_lazy("No order can be recorded."),
)
LOSING = Step(
    LOSE,
    transitions.record_loss,
    LossForm,
    gettext_lazy("Record the loss"),
    gettext_lazy("The customer does not order by this quote. It can still be revised. The reason stays internal."),
    gettext_lazy("Record as lost"),
    gettext_lazy("Quote %(number)s was recorded as lost."),
    gettext_lazy("No loss can be recorded."),
)
REOPENING = Step(
    REOPEN,
    transitions.reopen,
    ReasonForm,
    gettext_lazy("Take back the outcome"),
    gettext_lazy("For an outcome that was recorded by mistake: the quote is open again. The history keeps both."),
    gettext_lazy("Take back"),
    gettext_lazy("The outcome of quote %(number)s was taken back."),
    gettext_lazy("There is no outcome to take back."),
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def withdraw(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Take the quote back (取下げ), with a reason."""
    return _take(request, key, WITHDRAWING)


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def record_order(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Record that the customer ordered (受注)."""
    return _take(request, key, ORDERING)


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def record_loss(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Record that the customer did not order (失注), with a reason."""
    return _take(request, key, LOSING)


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def reopen(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Take back an outcome that was recorded by mistake, with a reason."""
    return _take(request, key, REOPENING)


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def close_siblings(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """After an order: the other open quotes of the same holdings, proposed to be closed as superseded by it (R22); once
    it is carried out, those too that rest on what the license IDs held before.

    Those that are ticked are recorded as lost, each in a transaction of its own; the others stay open."""
    user, now = cast(User, request.user), timezone.now()
    quote = get_quote(request, key)
    siblings = siblings_of(quote, on=timezone.localdate(now)) if quote.status.state == State.ORDERED else []
    if request.method == "POST":
        ticked = set(request.POST.getlist("quote"))
        closed = 0
        for sibling in siblings:
            if str(sibling.key) not in ticked:
                continue
            reason = _("Superseded by order %(number)s") % {"number": quote.number}
            try:
                transitions.record_loss(quote=sibling, reason=reason, by=user, now=now)
            except WrongState:
                messages.error(request, f"{standing_of(sibling)} {_('No loss can be recorded.')}")
            else:
                closed += 1
        if closed:
            said = ngettext(
                "%(counter)s quote was recorded as lost.", "%(counter)s quotes were recorded as lost.", closed
            )
            messages.success(request, said % {"counter": closed})
        return redirect("quotes:detail", key=key)
    if not siblings:
        return redirect("quotes:detail", key=key)
    return render(request, "quotes/outcome/siblings.html", {"quote": quote, "siblings": siblings})


def siblings_of(quote: Quote, *, on: date) -> list[Quote]:
    """The open quotes that an order leaves behind; once it is carried out, also those that rest on what was held."""
    same = list(open_siblings(quote, on=on))
    if not quote.status.carried_out:
        return same
    known = {one.pk for one in same}
    return same + [one for one in open_on_old(quote, on=on) if one.pk not in known]


def left_words() -> str:
    """What is said of a quote whose customer, or a license ID of it, is another reseller's by now."""
    return _("The customer or a license ID has come to another reseller. The quote stays as a record.")


def _say_closed(quote: Quote, step: Step) -> str:
    if step is REOPENING and has_left(quote):
        return left_words()
    if step is ORDERING and can_become(ORDER, quote.status.state):
        return _(
            "A license ID of %(number)s belongs to another customer by now. Quote it to that customer, or move it back "
            "before the order is recorded."
        ) % {"number": quote.number}
    return f"{standing_of(quote)} {step.impossible}"


def ways_from(state: str) -> dict[str, bool]:
    """By the names that templates use: which ways are open."""
    steps = {"withdraw": WITHDRAW, "record_order": ORDER, "record_loss": LOSE, "reopen": REOPEN}
    return {name: can_become(transition, state) for name, transition in steps.items()}


def standing_of(quote: Quote) -> str:
    """How the quote stands now and who brought it there, as a sentence. Asks the database."""
    status = QuoteStatus.objects.select_related("changed_by").get(pk=quote.pk)
    sentences = {
        State.ISSUED: _("%(number)s is open: no outcome is recorded."),
        State.SUPERSEDED: _("%(number)s was superseded by a revision of %(name)s (%(time)s)."),
        State.WITHDRAWN: _("%(number)s was withdrawn by %(name)s (%(time)s)."),
        State.ORDERED: _("%(number)s was recorded as ordered by %(name)s (%(time)s)."),
        State.LOST: _("%(number)s was recorded as lost by %(name)s (%(time)s)."),
    }
    told = {"number": quote.number, "name": status.changed_by.name, "time": say_moment(status.changed_at)}
    return sentences[State(status.state)] % told


def get_quote(request: HttpRequest, key: uuid.UUID) -> Quote:
    return get_object_or_404(visible_quotes(cast(User, request.user)).select_related("status", "customer"), key=key)


def say_moment(at: Any) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def _take(request: HttpRequest, key: uuid.UUID, step: Step) -> HttpResponse:
    """The page of one way: what it means, its reason, and what has come in between."""
    user = cast(User, request.user)
    quote = get_quote(request, key)
    now = timezone.now()
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    is_old = step is ORDERING and quote.status.state == State.ISSUED and bool(resting_on_old([quote]))
    form = step.form(*sent, on=timezone.localdate(now), is_old=is_old)
    is_theirs = not ((step is REOPENING and has_left(quote)) or (step is ORDERING and has_moved(quote)))
    is_open = can_become(step.transition, quote.status.state) and is_theirs
    other, is_carried_out = None, False
    if request.method == "POST" and form.is_valid():
        try:
            step.take(quote=quote, reason=form.text, by=user, now=now, **form.more)
        except CarriedOut:
            is_done, is_carried_out = False, True
        except CustomerMoved:
            is_done, is_open = False, False
        except OrderedElsewhere as elsewhere:
            is_done, other = False, elsewhere.other
        except HoldingsChanged:  # since the page was opened
            is_done, is_old = False, True
            form = step.form(*sent, on=timezone.localdate(now), is_old=True)
        except WrongState:
            quote.status.refresh_from_db()
            status = quote.status
            is_open = False
            is_done = (status.state, status.reason, status.changed_by_id) == (
                step.transition.target,
                form.text,
                user.pk,
            )
        else:
            is_done = True
        if is_done:  # also by the first click of a double click
            messages.success(request, step.done % {"number": quote.number})
            if step is ORDERING and siblings_of(quote, on=timezone.localdate(now)):
                return redirect("quotes:close-siblings", key=key)
            return redirect("quotes:detail", key=key)
        form.tell_file_is_gone()
    context = {
        "other": other,
        "is_carried_out": is_carried_out,
        "is_old": is_old,
        "quote": quote,
        "step": step,
        "form": form,
        "closed": "" if is_open else _say_closed(quote, step),
    }
    return render(request, "quotes/outcome/transition.html", context, status=422 if request.method == "POST" else 200)
