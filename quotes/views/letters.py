"""Sending a quote by e-mail, and the texts with which a reseller sends."""

import uuid
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from licensing.models import OutgoingMail, Reseller, User
from licensing.views import for_managers
from licensing.views.visitors import is_too_often

from ..forms import SendForm, TemplatesForm
from ..models import Quote
from ..operations import NotShareable, can_share
from ..operations.letters import (
    DEFAULTS,
    PLACEHOLDERS,
    Letter,
    fill_in,
    is_expired,
    language_of,
    letter_values,
    save_templates,
    send_quote,
    template_of,
)
from ..pdf import download_name
from ..queries import known_recipients, mails_of, visible_quotes
from .opening import for_makers
from .states import standing_of

MOST_SENT = "120/h/user"
UNSEEN_TOKEN = "*" * 12


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def send(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Write the e-mail, look at it, send it."""
    user = cast(User, request.user)
    now = timezone.now()
    quote = get_object_or_404(
        visible_quotes(user).defer(None).select_related("reseller", "pdf").defer("trace", "entry", "pdf__content"),
        key=key,
    )
    form = SendForm(
        request.POST if request.method == "POST" else None,
        known=known_recipients(user, quote),
        is_expired=is_expired(quote=quote, state=quote.status.state, now=now),
        initial=_start(request, quote),
    )
    closed = "" if can_share(quote.status.state) else _closed(quote)
    context: dict[str, Any] = {"quote": quote, "form": form, "closed": closed, "placeholders": _values(quote, user)}
    if request.method != "POST":
        return render(request, "quotes/send.html", context)
    if not form.is_valid() or closed:
        return render(request, "quotes/send.html", context, status=422)
    act = request.POST.get("act")
    if act == "send":
        if is_too_often(request, action="send-quote", rate=MOST_SENT):
            form.add_error(None, _("Too many e-mails in an hour. Try again later."))
            return render(request, "quotes/send.html", context, status=429)
        try:
            mail = _send(quote, form, user)
        except NotShareable:
            quote.status.refresh_from_db()
            return render(request, "quotes/send.html", context | {"closed": _closed(quote)}, status=422)
        except ValidationError as refused:
            for messages_of_field in refused.message_dict.values():
                for message in messages_of_field:
                    form.add_error(None, message)
            return render(request, "quotes/send.html", context, status=422)
        messages.success(request, _("The e-mail to %(to)s is on its way.") % {"to": mail.to})
        return redirect("quotes:detail", key=key)
    if act == "look":
        context["preview"] = _preview(quote, form, user)
    return render(request, "quotes/send.html", context)


def _start(request: HttpRequest, quote: Quote) -> dict[str, Any]:
    """What the form begins with: the reseller's text, or what an earlier e-mail with this quote said."""
    again = request.GET.get("again", "")
    earlier = mails_of(quote).filter(pk=again).first() if again.isdecimal() and len(again) < 18 else None
    if earlier is not None:
        names = ("to", "to_name", "subject", "body", "with_link", "with_pdf")
        entry = earlier.entry
        return {name: entry[name] for name in names if name in entry} | {"cc": ", ".join(earlier.cc)}
    letter = template_of(reseller=quote.reseller, language=language_of(quote))
    return {"subject": letter.subject, "body": letter.body, "with_link": True}


def _address(token: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse('quotes:shared', args=[token])}"


def _values(quote: Quote, user: User) -> list[tuple[str, Any, str]]:
    """Every placeholder, what it stands for, and its value."""
    values = letter_values(quote=quote, to_name="", sender=user, link=_address(UNSEEN_TOKEN))
    return [(f"{{{name}}}", explained, values[name]) for name, explained in PLACEHOLDERS.items()]


def _preview(quote: Quote, form: SendForm, user: User) -> dict[str, Any]:
    cleaned = form.cleaned_data
    values = letter_values(quote=quote, to_name=cleaned["to_name"], sender=user, link=_address(UNSEEN_TOKEN))
    return {
        "to": cleaned["to"],
        "to_name": cleaned["to_name"],
        "cc": cleaned["cc"],
        "from": f"{values['sender']} ({values['reseller']})",
        "reply_to": user.email,
        "subject": fill_in(form.letter.subject, values),
        "body": fill_in(form.letter.body, values),
        "pdf": download_name(document=quote.document)[0] if cleaned["with_pdf"] else "",
        "with_link": cleaned["with_link"],
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
        make_address=_address,
        now=timezone.now(),
    )


def _closed(quote: Quote) -> str:
    return f"{standing_of(quote)} {_('It cannot be sent.')}"


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def letter_templates(request: HttpRequest) -> HttpResponse:
    """The texts with which the manager's reseller sends its quotes."""
    user = cast(User, request.user)
    reseller = cast(Reseller, user.reseller)
    letters = {language: template_of(reseller=reseller, language=language) for language in DEFAULTS}
    initial = {
        f"{part}_{language}": getattr(letter, part)
        for language, letter in letters.items()
        for part in ("subject", "body")
    }
    form = TemplatesForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        save_templates(reseller=reseller, letters=form.letters(), by=user, now=timezone.now())
        messages.success(request, _("The texts are saved."))
        return redirect("quotes:letter-templates")
    context = {
        "form": form,
        "placeholders": [(f"{{{name}}}", explained) for name, explained in PLACEHOLDERS.items()],
        "own": {language: letter != Letter(*DEFAULTS[language]) for language, letter in letters.items()},
    }
    return render(request, "quotes/letter_templates.html", context, status=422 if form.errors else 200)
