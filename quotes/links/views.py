"""Share links of a quote or a comparison, for the reseller's people: made, renewed, revoked."""

import uuid
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from licensing.models import User
from licensing.queries import visible_contacts
from licensing.views import for_makers

from ..models import Comparison, Quote, Shared, ShareLink
from ..outcome.views import left_words
from ..record.comparisons import comparison_has_left, visible_comparisons
from ..record.queries import visible_quotes
from ..record.refusals import LinkClosed, LinksChanged, NotShareable
from ..record.transitions import has_left
from . import operations
from .forms import LinkForm
from .operations import can_share, link_days, make_link


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def links(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The links of a quote, and the form of a new one. The address of a new link is shown once, in the answer."""
    return _links(request, _get(request, key))


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def comparison_links(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The same of a comparison."""
    return _links(request, _get_comparison(request, key))


@require_POST
@for_makers
def renew_link(request: HttpRequest, key: uuid.UUID, pk: int) -> HttpResponse:
    """A new link in the place of one whose address is lost or known to too many."""
    return _renew(request, _get(request, key), pk)


@require_POST
@for_makers
def renew_comparison_link(request: HttpRequest, key: uuid.UUID, pk: int) -> HttpResponse:
    """The same of a comparison."""
    return _renew(request, _get_comparison(request, key), pk)


@require_POST
@for_makers
def revoke_link(request: HttpRequest, key: uuid.UUID, pk: int) -> HttpResponse:
    """From now on the link opens nothing."""
    return _revoke(request, _get(request, key), pk)


@require_POST
@for_makers
def revoke_comparison_link(request: HttpRequest, key: uuid.UUID, pk: int) -> HttpResponse:
    """The same of a comparison."""
    return _revoke(request, _get_comparison(request, key), pk)


@dataclass(frozen=True, slots=True)
class Places:
    """The addresses, by name, of what is shared and of its links, and what the ways there are called."""

    kind: str | Promise
    back: str | Promise
    list: str
    detail: str
    links: str
    renew: str
    revoke: str


QUOTES = Places(
    gettext_lazy("Quotes"),
    gettext_lazy("Back to the quote"),
    "quotes:list",
    "quotes:detail",
    "quotes:links",
    "quotes:link-renew",
    "quotes:link-revoke",
)
COMPARISONS = Places(
    gettext_lazy("Comparisons"),
    gettext_lazy("Back to the comparison"),
    "quotes:comparisons",
    "quotes:comparison",
    "quotes:comparison-links",
    "quotes:comparison-link-renew",
    "quotes:comparison-link-revoke",
)


def _places(shared: Shared) -> Places:
    return QUOTES if isinstance(shared, Quote) else COMPARISONS


def _links(request: HttpRequest, quote: Shared) -> HttpResponse:
    shown = list(quote.share_links.select_related("created_by"))
    newest = max((link.pk for link in shown), default=None)
    days = link_days(quote=quote, on=timezone.localdate())
    data, addressee = (request.POST, "") if request.method == "POST" else (None, _addressee(quote))
    form = LinkForm(data, days=days, newest=newest, addressee=addressee)
    if request.method == "POST" and form.is_valid():
        try:
            link, token = make_link(
                quote=quote,
                recipient=form.cleaned_data["recipient"],
                expires_on=form.cleaned_data["expires_on"],
                max_downloads=form.cleaned_data["max_downloads"],
                seen=form.seen_link,
                by=cast(User, request.user),
                now=timezone.now(),
            )
        except NotShareable:
            return _not_shareable(request, quote)
        except LinksChanged:
            messages.error(request, _("A link to it was made in the meantime, so no further one was made."))
            return redirect(_places(quote).links, key=quote.key)
        return _made(request, quote, link, token)
    context = {
        "quote": quote,
        "places": _places(quote),
        "links": [(link, link.is_open(timezone.localdate())) for link in shown],
        "form": form,
        "known": _known_names(quote, cast(User, request.user)),
        "may_share": _may_share(quote),
    }
    return render(request, "quotes/links/links.html", context, status=422 if form.errors else 200)


def _may_share(quote: Shared) -> bool:
    if isinstance(quote, Comparison):
        return not quote.status.withdrawn_at and not comparison_has_left(quote)
    return can_share(quote.status.state) and not has_left(quote)


def _renew(request: HttpRequest, quote: Shared, pk: int) -> HttpResponse:
    old = get_object_or_404(quote.share_links, pk=pk)
    try:
        link, token = operations.renew_link(link=old, by=cast(User, request.user), now=timezone.now())
    except NotShareable:
        return _not_shareable(request, quote)
    except LinkClosed:
        messages.error(request, _("This link was stopped before. Make a new one instead."))
        return redirect(_places(quote).links, key=quote.key)
    return _made(request, quote, link, token)


def _revoke(request: HttpRequest, quote: Shared, pk: int) -> HttpResponse:
    link = get_object_or_404(quote.share_links, pk=pk)
    if operations.revoke_link(link=link, by=cast(User, request.user), now=timezone.now()):
        messages.success(request, _("The link for %(recipient)s was stopped.") % {"recipient": link.recipient})
    else:
        messages.info(request, _("This link was stopped before."))
    return redirect(_places(quote).links, key=quote.key)


def _get(request: HttpRequest, key: uuid.UUID) -> Quote:
    return get_object_or_404(visible_quotes(cast(User, request.user)), key=key)


def _get_comparison(request: HttpRequest, key: uuid.UUID) -> Comparison:
    return get_object_or_404(visible_comparisons(cast(User, request.user)), key=key)


def _addressee(quote: Shared) -> str:
    """Department and person to whom it is addressed; empty where it names neither."""
    names = type(quote).objects.values_list("document__addressee__department", "document__addressee__person")
    return " ".join(name for name in names.get(pk=quote.pk) if name)


def _known_names(quote: Shared, user: User) -> list[str]:
    """The customer's contacts, those for quotes first, with their departments: to choose from."""
    found = visible_contacts(user).filter(customer=quote.customer.present_id, is_gone=False)
    rows = found.order_by("-for_quotes", "kana", "name", "pk")
    return list(dict.fromkeys(f"{one.department} {one.name}".strip() for one in rows))


def _made(request: HttpRequest, quote: Shared, link: ShareLink, token: str) -> HttpResponse:
    """The address, once: nobody can read it again, and no redirect carries it."""
    address = settings.PUBLIC_URL + reverse("quotes:shared", args=[token])
    context = {"quote": quote, "places": _places(quote), "link": link, "address": address}
    return render(request, "quotes/links/link_made.html", context)


def _not_shareable(request: HttpRequest, quote: Shared) -> HttpResponse:
    if isinstance(quote, Comparison):
        said = _("This comparison no longer counts, so no link to it was made.")
    else:
        said = left_words() if has_left(quote) else _("This quote no longer counts, so no link to it was made.")
    messages.error(request, said)
    return redirect(_places(quote).links, key=quote.key)
