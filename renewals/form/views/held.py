"""What a form sends after its session ended: it waits in the browser's next session until its writer has logged in.

Every open form carries a page: a signed text that names the page and who opened it. Without one nothing is held, so
that nobody who never logged in can leave anything here; and it is shown to nobody else. Other forms do likewise with
`foundation/held.py`; a renewal's belongs to its key, and knows what its page has saved since.
"""

import secrets
import uuid
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from foundation.held import PAGE_SECONDS, as_sent, typed_texts
from licensing.models import User
from licensing.views import View

from ...models import QuoteDraft

HELD = "held_form"
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
    held = request.session.get(HELD)
    if held is None:
        return None
    page, typed = held["page"], held["typed"]
    if not _belongs_to(page, cast(User, request.user)):
        del request.session[HELD]
        return None
    if typed.get("key") != [str(key)]:
        return None
    version = str(draft.version) if draft else ""
    if draft and draft.saved_from == page and typed.get("seen_version", [""]) != [version]:
        return None
    return as_sent(typed)


def forget_held(request: HttpRequest, key: uuid.UUID) -> None:
    """It is saved, issued or deleted."""
    held = request.session.get(HELD)
    if held and held["typed"].get("key") == [str(key)]:
        del request.session[HELD]


def _belongs_to(page: str, user: User) -> bool:
    return page.partition("-")[0] == str(user.pk)


def _hold(request: HttpRequest) -> None:
    page = page_name(request.POST.get("page", ""))
    typed = typed_texts(request.POST, but={"action"})
    if page and typed is not None:
        request.session[HELD] = {"page": page, "typed": typed}


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
