"""What a form sends after its session ended: it waits in the browser's next session until its writer has logged in.

It waits as what any other form sends (`foundation/held.py`), but its place is the key of the form, not an address: the
same form is sent to several, and its log-in leads back to yet another one. Its mark is the name of the page, which is
stored with what the page saves; so it is known what this page has saved since.
"""

import secrets
import uuid
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from foundation.held import PAGE_SECONDS, forget, hold_as, waiting_for
from licensing.models import User
from licensing.views import View

from ...models import QuoteDraft

signer = signing.TimestampSigner(salt="quotes.form")


def new_page(user: User) -> str:
    """A name for a page that is opened now, signed: who opened it, and a random number."""
    return signer.sign(f"{user.pk}-{secrets.token_hex(8)}")


def page_name(text: str, *, user: User | None = None) -> str:
    """The name of an open page, `12-9f…`; empty where the text is not one of the last week, or not this user's."""
    try:
        name = signer.unsign(text.replace("\x00", ""), max_age=PAGE_SECONDS)
    except signing.BadSignature:
        return ""
    return name if user is None or _belongs_to(name, user) else ""


def waits_for_log_in(view: View) -> View:
    """For the addresses of a form: what is posted by nobody is held, and the log-in leads back to it."""

    @login_not_required
    @wraps(view)
    def checked(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            _hold(request)
            return redirect_to_login(_way_back(request, kwargs))
        return redirect_to_login(request.get_full_path())

    return checked


def held_for(request: HttpRequest, *, key: uuid.UUID, draft: QuoteDraft | None) -> QueryDict | None:
    """What waits for this user's form of this key. None where nothing does, or the same page has saved since."""
    typed = waiting_for(request, place=_place(key))
    if typed is None or draft is None:
        return typed
    page = page_name(typed.get("page", ""))
    has_saved_since = page and draft.saved_from == page and typed.get("seen_version", "") != str(draft.version)
    return None if has_saved_since else typed


def forget_held(request: HttpRequest, key: uuid.UUID) -> None:
    """It is saved, issued or deleted."""
    forget(request, place=_place(key))


def _place(key: object) -> str:
    return f"renewal {key}"


def _belongs_to(page: str, user: User) -> bool:
    return page.partition("-")[0] == str(user.pk)


def _hold(request: HttpRequest) -> None:
    if page := page_name(request.POST.get("page", "")):
        writer = int(page.partition("-")[0])
        hold_as(request, writer=writer, place=_place(request.POST.get("key", "")), but={"action"})


def _way_back(request: HttpRequest, address: dict[str, Any]) -> str:
    """The form of the key that was sent: as a draft where there is one."""
    if "key" in address:
        return reverse("renewals:draft", args=[address["key"]])
    way = reverse("renewals:new", args=[address["code"]])
    try:
        query = [("draft", str(uuid.UUID(request.POST.get("key", ""))))]
    except ValueError:
        return way
    query += [("with", code) for code in request.POST.getlist("with")]
    return f"{way}?{urlencode(query)}"
