"""Share links of a quote, for the reseller's people: made, renewed, revoked."""

import uuid
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from licensing.models import User
from licensing.queries import visible_contacts
from licensing.views import for_makers

from ..models import Quote, ShareLink
from ..outcome.views import left_words
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
    quote = _get(request, key)
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
            messages.error(request, _("A link to this quote was made in the meantime, so no further one was made."))
            return redirect("quotes:links", key=key)
        return _made(request, quote, link, token)
    context = {
        "quote": quote,
        "links": [(link, link.is_open(timezone.localdate())) for link in shown],
        "form": form,
        "known": _known_names(quote, cast(User, request.user)),
        "may_share": can_share(quote.status.state) and not has_left(quote),
    }
    return render(request, "quotes/links/links.html", context, status=422 if form.errors else 200)


@require_POST
@for_makers
def renew_link(request: HttpRequest, key: uuid.UUID, pk: int) -> HttpResponse:
    """A new link in the place of one whose address is lost or known to too many."""
    quote = _get(request, key)
    old = get_object_or_404(quote.share_links, pk=pk)
    try:
        link, token = operations.renew_link(link=old, by=cast(User, request.user), now=timezone.now())
    except NotShareable:
        return _not_shareable(request, quote)
    except LinkClosed:
        messages.error(request, _("This link was stopped before. Make a new one instead."))
        return redirect("quotes:links", key=key)
    return _made(request, quote, link, token)


@require_POST
@for_makers
def revoke_link(request: HttpRequest, key: uuid.UUID, pk: int) -> HttpResponse:
    """From now on the link opens nothing."""
    quote = _get(request, key)
    link = get_object_or_404(quote.share_links, pk=pk)
    if operations.revoke_link(link=link, by=cast(User, request.user), now=timezone.now()):
        messages.success(request, _("The link for %(recipient)s was stopped.") % {"recipient": link.recipient})
    else:
        messages.info(request, _("This link was stopped before."))
    return redirect("quotes:links", key=key)


def _get(request: HttpRequest, key: uuid.UUID) -> Quote:
    return get_object_or_404(visible_quotes(cast(User, request.user)), key=key)


def _addressee(quote: Quote) -> str:
    """Department and person to whom the quote is addressed; empty where it names neither."""
    names = Quote.objects.values_list("document__addressee__department", "document__addressee__person")
    return " ".join(name for name in names.get(pk=quote.pk) if name)


def _known_names(quote: Quote, user: User) -> list[str]:
    """The customer's contacts, those for quotes first, with their departments: to choose from."""
    found = visible_contacts(user).filter(customer=quote.customer.present_id, is_gone=False)
    rows = found.order_by("-for_quotes", "kana", "name", "pk")
    return list(dict.fromkeys(f"{one.department} {one.name}".strip() for one in rows))


def _made(request: HttpRequest, quote: Quote, link: ShareLink, token: str) -> HttpResponse:
    """The address, once: nobody can read it again, and no redirect carries it."""
    address = settings.PUBLIC_URL + reverse("quotes:shared", args=[token])
    return render(request, "quotes/links/link_made.html", {"quote": quote, "link": link, "address": address})


def _not_shareable(request: HttpRequest, quote: Quote) -> HttpResponse:
    is_record = has_left(quote)
    messages.error(request, left_words() if is_record else _("This quote no longer counts, so no link to it was made."))
    return redirect("quotes:links", key=quote.key)
