"""Sending a quote by e-mail, and the texts with which a reseller sends."""

import re
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.held import sent
from foundation.mail.models import OutgoingMail
from foundation.text.addresses import read_addresses
from foundation.versioned_forms import Look, fill_and_save
from licensing.models import Reseller, User
from licensing.views import for_makers, for_managers
from licensing.views.visitors import is_too_often

from ..links.operations import can_share
from ..models import Acknowledgement, Quote
from ..outcome.views import left_words, standing_of
from ..paper import download_name
from ..record.acknowledgements import counting_acknowledgement, name_of_acknowledgement
from ..record.queries import visible_quotes
from ..record.refusals import NotOrdered, NotShareable
from ..record.transitions import has_left
from .acknowledging import fill_order_letter, order_values, send_acknowledgement
from .forms import OTHER, RecipientForm, SendForm, SendOrderForm, TemplatesForm
from .operations import is_expired, letter_values, send_quote
from .queries import known_recipients, mails_of
from .templates import ORDER, save_templates, template_of
from .texts import Filling, carry_over, fill_letter, without_link
from .words import MARKS, Letter, finish_letter, has_link, is_literal, language_of

MOST_SENT = "120/h/user"
UNSEEN_TOKEN = "*" * 12


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def send(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Write the e-mail, look at it, send it."""
    user = cast(User, request.user)
    now = timezone.now()
    quote = get_object_or_404(
        visible_quotes(user).defer(None).select_related("reseller", "pdf").defer("trace", "asked", "pdf__content"),
        key=key,
    )
    known = known_recipients(user, quote)
    typed = sent(request)
    form = SendForm(
        _adapted(typed, quote, user, dict(known)) if typed is not None else None,
        known=known,
        is_expired=is_expired(quote=quote, state=quote.status.state, now=now),
        is_literal=is_literal(letter_values(quote=quote, to_name="", sender=user, link="")),
        initial=_start(request, quote, user, known),
    )
    return answer_writing(
        request,
        page="quotes/letters/send.html",
        form=form,
        context={"quote": quote, "mark": MARKS[language_of(quote)]},
        closed="" if can_share(quote.status.state) and not has_left(quote) else _closed(quote),
        close=lambda: _closed(_as_now(quote)),
        preview=lambda: _preview(quote, form, user),
        send=lambda: _send(quote, form, user),
        way_back=reverse("quotes:detail", args=[key]),
    )


def answer_writing(
    request: HttpRequest,
    *,
    page: str,
    form: RecipientForm,
    context: dict[str, Any],
    closed: str,
    close: Callable[[], str],
    preview: Callable[[], dict[str, Any]],
    send: Callable[[], OutgoingMail],
    way_back: str,
) -> HttpResponse:
    """What a page answers on which an e-mail is written, looked at and sent; then it leads `way_back`.

    `closed`: why nothing can be sent, empty where it can; `close` says it after `send` was refused. `preview` and
    `send` are asked for a valid form only.
    """
    context |= {"form": form, "closed": closed}
    if request.method != "POST":
        return render(request, page, context)
    if not form.is_valid() or closed:
        return render(request, page, context, status=422)
    act = request.POST.get("act")
    if act == "look":
        context["preview"] = preview()
    if act != "send":
        return render(request, page, context)
    if is_too_often(request, action="send-quote", rate=MOST_SENT):
        form.add_error(None, _("Too many e-mails in an hour. Try again later."))
        return render(request, page, context, status=429)
    try:
        mail = send()
    except (NotOrdered, NotShareable):
        return render(request, page, context | {"closed": close()}, status=422)
    except ValidationError as refused:
        for told in refused.message_dict.values():  # what the queue refuses stands above the form
            for message in told:
                form.add_error(None, message)
        return render(request, page, context, status=422)
    messages.success(request, _("The e-mail to %(to)s is on its way.") % {"to": mail.to})
    return redirect(way_back)


def _start(request: HttpRequest, quote: Quote, user: User, known: list[tuple[str, str]]) -> dict[str, Any]:
    """What the form begins with: the reseller's text as it will read, or what an earlier e-mail said."""
    earlier = earlier_mail(request, mails_of(quote))
    if earlier is not None and earlier.about == f"quote:{quote.key}":
        names = ("to", "to_name", "subject", "body", "with_link", "with_pdf")
        entry = earlier.entry
        said = {name: entry[name] for name in names if name in entry}
        filling = Filling(said.get("to_name", ""), bool(said.get("with_link")), bool(said.get("with_pdf")))
        return said | {"cc": ", ".join(earlier.cc), "filled_for": _told(filling)}
    filling = Filling(known[0][1] if known else "", with_link=True, with_pdf=False)
    letter = fill_letter(quote=quote, sender=user, filling=filling)
    return {"subject": letter.subject, "body": letter.body, "with_link": True, "filled_for": _told(filling)}


def _told(filling: Filling) -> str:
    return f"{filling.with_link:d}{filling.with_pdf:d}{filling.to_name}"


def _adapted(typed: QueryDict, quote: Quote, user: User, known: dict[str, str]) -> QueryDict:
    """What was sent, its text filled in for whom and what was chosen since: nobody has to do that by hand."""
    told = typed.get("filled_for", "")
    if not re.match(r"[01]{2}", told, re.ASCII):
        return typed
    before = Filling(told[2:], told[0] == "1", told[1] == "1")
    now = Filling(name_recipient(typed, known), bool(typed.get("with_link")), bool(typed.get("with_pdf")))
    body = typed.get("body", "").replace("\r\n", "\n")
    if now != before:
        old, new = (fill_letter(quote=quote, sender=user, filling=one).body for one in (before, now))
        body = carry_over(body, old=old.strip(), new=new.strip())
    if not now.with_link:
        body = without_link(body) if has_link(body) else body
    adapted = typed.copy()
    adapted["body"], adapted["filled_for"] = body, _told(now)
    return adapted


def name_recipient(typed: QueryDict, known: dict[str, str]) -> str:
    """The name of whoever it goes to, as far as it is known."""
    name = typed.get("to_name", "").strip() or known.get(typed.get("recipient", ""), "")
    if not name and typed.get("recipient") == OTHER and (addressed := read_addresses(typed.get("to", "")[:1000])):
        name = addressed[0].name
    return " ".join(name.split())[:100]


def link_address(token: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse('quotes:shared', args=[token])}"


def _preview(quote: Quote, form: SendForm, user: User) -> dict[str, Any]:
    cleaned = form.cleaned_data
    values = letter_values(quote=quote, to_name=cleaned["to_name"], sender=user, link=link_address(UNSEEN_TOKEN))
    return lay_out_letter(cleaned, values, finish_letter(form.letter, values), user) | {
        "pdf": download_name(document=quote.document)[0] if cleaned["with_pdf"] else "",
        "with_link": cleaned["with_link"],
    }


def lay_out_letter(cleaned: dict[str, Any], values: dict[str, str], letter: Letter, user: User) -> dict[str, Any]:
    """An e-mail as it will read."""
    return {
        "to": cleaned["to"],
        "to_name": cleaned["to_name"],
        "cc": cleaned["cc"],
        "from": f"{values['sender']} ({values['reseller']})",
        "reply_to": user.email,
        "subject": letter.subject,
        "body": letter.body,
    }


def _send(quote: Quote, form: SendForm, user: User) -> OutgoingMail:
    cleaned = form.cleaned_data
    return send_quote(
        quote=quote,
        form_key=str(cleaned["key"]),
        to=cleaned["to"],
        to_name=cleaned["to_name"],
        cc=cleaned["cc"],
        letter=form.letter,
        with_link=cleaned["with_link"],
        with_pdf=cleaned["with_pdf"],
        by=user,
        make_address=link_address,
        now=timezone.now(),
    )


def _as_now(quote: Quote) -> Quote:
    """With its status as somebody has made it meanwhile."""
    quote.status.refresh_from_db()
    return quote


def _closed(quote: Quote) -> str:
    if has_left(quote):
        return left_words()
    return f"{standing_of(quote)} {_('It cannot be sent.')}"


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def send_order(request: HttpRequest, key: uuid.UUID, made: uuid.UUID) -> HttpResponse:
    """Write the e-mail that brings an acknowledgement, look at it, send it."""
    user = cast(User, request.user)
    quote = get_object_or_404(
        visible_quotes(user).defer(None).select_related("reseller", "status").defer("trace", "asked"), key=key
    )
    one = get_object_or_404(Acknowledgement.objects.defer("content"), quote=quote, key=made)
    known = known_recipients(user, quote)
    values = partial(order_values, quote=quote, one=one, sender=user)

    def fill(to_name: str) -> Letter:
        text = template_of(reseller=quote.reseller, language=language_of(quote), kind=ORDER)
        return fill_order_letter(text, values(to_name=to_name))

    typed = sent(request)
    form = SendOrderForm(
        for_recipient(typed, fill, dict(known)) if typed is not None else None,
        known=known,
        is_literal=is_literal(values(to_name="")),
        initial=_start_of_order(request, quote, fill, known),
    )

    def preview() -> dict[str, Any]:
        filled = values(to_name=form.cleaned_data["to_name"])
        return lay_out_letter(form.cleaned_data, filled, finish_letter(form.letter, filled), user) | {
            "pdf": name_of_acknowledgement(quote=quote, one=one, for_customer=True)[0]
        }

    def send_it() -> OutgoingMail:
        cleaned = form.cleaned_data
        return send_acknowledgement(
            quote=quote,
            one=one,
            form_key=str(cleaned["key"]),
            to=cleaned["to"],
            to_name=cleaned["to_name"],
            cc=cleaned["cc"],
            letter=form.letter,
            by=user,
            now=timezone.now(),
        )

    return answer_writing(
        request,
        page="quotes/letters/send_order.html",
        form=form,
        context={"quote": quote, "one": one},
        closed=_closed_order(quote, one),
        close=lambda: _closed_order(_as_now(quote), one),
        preview=preview,
        send=send_it,
        way_back=reverse("quotes:detail", args=[key]),
    )


Fill = Callable[[str], Letter]
"""The reseller's text as it will read for a recipient of this name."""


def start_for(known: list[tuple[str, str]], fill: Fill) -> dict[str, Any]:
    """What the form of a letter begins with: the reseller's text for the first who is known."""
    name = known[0][1] if known else ""
    letter = fill(name)
    return {"subject": letter.subject, "body": letter.body, "filled_for": name}


def for_recipient(typed: QueryDict, fill: Fill, known: dict[str, str]) -> QueryDict:
    """What was sent, its text filled in for whom was chosen since."""
    before, now = typed.get("filled_for", ""), name_recipient(typed, known)
    adapted = typed.copy()
    if now != before:
        old, new = (fill(one).body.strip() for one in (before, now))
        adapted["body"] = carry_over(typed.get("body", "").replace("\r\n", "\n"), old=old, new=new)
    adapted["filled_for"] = now
    return adapted


def _start_of_order(request: HttpRequest, quote: Quote, fill: Fill, known: list[tuple[str, str]]) -> dict[str, Any]:
    """The reseller's text as it will read, or what an earlier e-mail said."""
    earlier = earlier_mail(request, mails_of(quote))
    if earlier is not None and earlier.entry.get("acknowledgement"):
        return said_in(earlier)
    return start_for(known, fill)


def earlier_mail(request: HttpRequest, mails: QuerySet[OutgoingMail]) -> OutgoingMail | None:
    """The e-mail that is to be sent again, if the address names one of these: `?again=12`."""
    again = request.GET.get("again", "")
    return mails.filter(pk=again).first() if again.isdecimal() and len(again) < 18 else None


def said_in(earlier: OutgoingMail) -> dict[str, Any]:
    """What the form of a letter begins with that is sent again: to whom, and all that it said."""
    said = {name: earlier.entry[name] for name in ("to", "to_name", "subject", "body")}
    return said | {"cc": ", ".join(earlier.cc), "filled_for": said["to_name"]}


def _closed_order(quote: Quote, one: Acknowledgement) -> str:
    """Why the acknowledgement is not sent; empty where it can be."""
    if has_left(quote):
        return left_words()
    if counting_acknowledgement(quote, quote.status) != one:
        return _("This acknowledgement does not say any more what is ordered.")
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def letter_templates(request: HttpRequest) -> HttpResponse:
    """The texts with which the manager's reseller writes to its customers."""
    user = cast(User, request.user)
    reseller = cast(Reseller, user.reseller)

    def fill(row: Reseller, data: object = None) -> TemplatesForm:
        return TemplatesForm(data, reseller=row)

    def save(form: TemplatesForm, look: Look) -> None:
        save_templates(reseller=reseller, letters=form.letters(), by=user, now=timezone.now(), look=look)

    form, is_saved = fill_and_save(request, row=reseller, fill=fill, save=save)
    if is_saved:
        messages.success(request, _("The texts are saved."))
        return redirect("quotes:letter-templates")
    context = {"form": form, "parts": form.parts()}
    return render(request, "quotes/letters/letter_templates.html", context, status=422 if form.errors else 200)
