"""A manager's page of the reseller's chat rooms."""

from typing import cast

from django.conf import settings as portal
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from foundation.chat.cards import Notice
from foundation.chat.models import ChatMessage
from foundation.chat.webhook import NotPosted
from foundation.sealing import Unreadable
from foundation.versioned_forms import Look, fill_and_save
from licensing.models import Reseller, User
from licensing.views import for_managers
from licensing.views.visitors import is_too_often

from .forms import ChatForm
from .operations import save_chat, try_room
from .queries import CHANNELS, last_notice, masked, settings_of

MOST_TRIED = "20/h/user"
LONGEST_ANSWER = 200


@sensitive_post_parameters("teams", "slack")
@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def chat(request: HttpRequest) -> HttpResponse:
    """Which notices go to which chat room of the manager's reseller."""
    reseller = cast(Reseller, cast(User, request.user).reseller)

    def fill(row: Reseller, data: object = None) -> ChatForm:
        form = ChatForm(data, settings=settings_of(row))
        form.row = row
        return form

    def save(form: ChatForm, look: Look) -> None:
        save_chat(reseller=reseller, values=form.values(), addresses=form.addresses(), look=look)

    form, is_saved = fill_and_save(request, row=reseller, fill=fill, save=save)
    if is_saved:
        messages.success(request, _("Saved."))
        return redirect("renewals:chat")
    kept = settings_of(reseller)
    rooms = [
        {
            "channel": channel,
            "name": ChatMessage.Channel(channel).label,
            "masked": masked(getattr(kept, column)),
            "field": form[channel],
            "gone": form[f"{channel}_gone"] if f"{channel}_gone" in form.fields else None,
            "last": last_notice(reseller.pk, channel),
        }
        for channel, column in CHANNELS.items()
    ]
    context = {"form": form, "rooms": rooms, "is_kept": any(room["masked"] for room in rooms)}
    return render(request, "renewals/chat/chat.html", context, status=422 if form.errors else 200)


@require_POST
@for_managers
def try_chat(request: HttpRequest, channel: str) -> HttpResponse:
    """Post a notice to try a room at once, and say what came back."""
    reseller = cast(Reseller, cast(User, request.user).reseller)
    settings = settings_of(reseller)
    if channel not in CHANNELS:
        raise Http404
    if getattr(settings, CHANNELS[channel]) is None:
        messages.error(request, _("Save an address first."))
        return redirect("renewals:chat")
    if is_too_often(request, action="try-chat", rate=MOST_TRIED):
        messages.error(request, _("Too many tries in an hour. Try again later."))
        return redirect("renewals:chat")
    name = ChatMessage.Channel(channel).label
    notice = Notice(
        _("A try by %(name)s") % {"name": request.user},
        [_("Notices of the portal arrive here.")],
        portal.PUBLIC_URL + reverse("renewals:chat"),
        _("Open"),
    )
    try:
        answer = try_room(settings=settings, channel=channel, notice=notice)
    except NotPosted as failed:
        why = str(ChatMessage.Error(failed.error).label)
        came = f" ({failed.status} {failed.answer[:LONGEST_ANSWER]})" if failed.status else ""
        messages.error(request, _("%(chat)s: %(why)s") % {"chat": name, "why": why + came})
    except Unreadable:
        messages.error(request, _("%(chat)s: %(why)s") % {"chat": name, "why": ChatMessage.Error.UNREADABLE.label})
    else:
        told = f"{answer.status} {answer.text[:LONGEST_ANSWER]}".strip()
        messages.success(request, _("%(chat)s took the notice: %(answer)s") % {"chat": name, "answer": told})
    return redirect("renewals:chat")
