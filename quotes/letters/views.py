"""Sending a quote by e-mail, and the texts with which a reseller sends."""

import re
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
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
    closed = "" if can_share(quote.status.state) and not has_left(quote) else _closed(quote)
    context: dict[str, Any] = {"quote": quote, "form": form, "closed": closed, "mark": MARKS[language_of(quote)]}
    if request.method != "POST":
        return render(request, "quotes/letters/send.html", context)
    if not form.is_valid() or closed:
        return render(request, "quotes/letters/send.html", context, status=422)
    act = request.POST.get("act")
    if act == "send":
        if is_too_often(request, action="send-quote", rate=MOST_SENT):
            form.add_error(None, _("Too many e-mails in an hour. Try again later."))
            return render(request, "quotes/letters/send.html", context, status=429)
        try:
            mail = _send(quote, form, user)
        except NotShareable:
            quote.status.refresh_from_db()
            return render(request, "quotes/letters/send.html", context | {"closed": _closed(quote)}, status=422)
        except ValidationError as refused:
            add_refused(form, refused)
            return render(request, "quotes/letters/send.html", context, status=422)
        messages.success(request, _("The e-mail to %(to)s is on its way.") % {"to": mail.to})
        return redirect("quotes:detail", key=key)
    if act == "look":
        context["preview"] = _preview(quote, form, user)
    return render(request, "quotes/letters/send.html", context)


def add_refused(form: RecipientForm, refused: ValidationError) -> None:
    """What the queue refuses stands above the form."""
    for told in refused.message_dict.values():
        for message in told:
            form.add_error(None, message)


def _start(request: HttpRequest, quote: Quote, user: User, known: list[tuple[str, str]]) -> dict[str, Any]:
    """What the form begins with: the reseller's text as it will read, or what an earlier e-mail said."""
    again = request.GET.get("again", "")
    earlier = mails_of(quote).filter(pk=again).first() if again.isdecimal() and len(again) < 18 else None
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
    typed = sent(request)
    form = SendOrderForm(
        _for_recipient(typed, quote, values, dict(known)) if typed is not None else None,
        known=known,
        is_literal=is_literal(values(to_name="")),
        initial=_start_of_order(request, quote, values, known),
    )
    context: dict[str, Any] = {"quote": quote, "one": one, "form": form, "closed": _closed_order(quote, one)}
    act = request.POST.get("act")
    if request.method != "POST":
        return render(request, "quotes/letters/send_order.html", context)
    if not form.is_valid() or context["closed"]:
        return render(request, "quotes/letters/send_order.html", context, status=422)
    cleaned = form.cleaned_data
    if act == "look":
        filled = values(to_name=cleaned["to_name"])
        context["preview"] = lay_out_letter(cleaned, filled, finish_letter(form.letter, filled), user) | {
            "pdf": name_of_acknowledgement(quote=quote, one=one, for_customer=True)[0]
        }
    if act != "send":
        return render(request, "quotes/letters/send_order.html", context)
    if is_too_often(request, action="send-quote", rate=MOST_SENT):
        form.add_error(None, _("Too many e-mails in an hour. Try again later."))
        return render(request, "quotes/letters/send_order.html", context, status=429)
    try:
        mail = send_acknowledgement(
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
    except (NotOrdered, NotShareable):
        quote.status.refresh_from_db()
        context["closed"] = _closed_order(quote, one)
        return render(request, "quotes/letters/send_order.html", context, status=422)
    except ValidationError as refused:
        add_refused(form, refused)
        return render(request, "quotes/letters/send_order.html", context, status=422)
    messages.success(request, _("The e-mail to %(to)s is on its way.") % {"to": mail.to})
    return redirect("quotes:detail", key=key)


Values = Callable[..., dict[str, str]]
"""What stands in the places of the placeholders, for `to_name`."""


def _start_of_order(request: HttpRequest, quote: Quote, values: Values, known: list[tuple[str, str]]) -> dict[str, Any]:
    """The reseller's text as it will read, or what an earlier e-mail said."""
    again = request.GET.get("again", "")
    earlier = mails_of(quote).filter(pk=again).first() if again.isdecimal() and len(again) < 18 else None
    if earlier is not None and earlier.entry.get("acknowledgement"):
        said = {name: earlier.entry[name] for name in ("to", "to_name", "subject", "body")}
        return said | {"cc": ", ".join(earlier.cc), "filled_for": said["to_name"]}
    name = known[0][1] if known else ""
    letter = fill_order_letter(_order_text(quote), values(to_name=name))
    return {"subject": letter.subject, "body": letter.body, "filled_for": name}


def _for_recipient(typed: QueryDict, quote: Quote, values: Values, known: dict[str, str]) -> QueryDict:
    """What was sent, its text filled in for whom was chosen since."""
    before, now = typed.get("filled_for", ""), name_recipient(typed, known)
    adapted = typed.copy()
    if now != before:
        old, new = (fill_order_letter(_order_text(quote), values(to_name=one)).body for one in (before, now))
        body = typed.get("body", "").replace("\r\n", "\n")
        adapted["body"] = carry_over(body, old=old.strip(), new=new.strip())
    adapted["filled_for"] = now
    return adapted


def _order_text(quote: Quote) -> Letter:
    return template_of(reseller=quote.reseller, language=language_of(quote), kind=ORDER)


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
