"""What a form sends after its session ended: it waits in the browser's next session until its writer has logged in.

A page whose form is to be kept carries a mark: signed, it says who opened it and which fields hold secrets, which are
kept nowhere. Without one nothing is held, so that nobody who never logged in can leave anything here; and what waits is
shown to its writer only, in the form of its place: the address to which it was sent. A room whose forms are known by
something else names the place itself (`renewals/form/views/held.py`). Files are not held, nor more than LONGEST.
"""

from collections.abc import Collection
from typing import Any

from django import forms
from django.core import signing
from django.http import HttpRequest, QueryDict

PAGE = "_page"
"""The hidden field with the mark."""
AS_SAVED = "as_saved"
"""What an address says where nothing typed is to be shown any more."""
HELD = "held_typed"
LONGEST = 200_000
"""Characters of names and texts; a form that was filled to its bounds has fewer, but for a list that is pasted."""
PAGE_SECONDS = 7 * 24 * 60 * 60
SALT = "foundation.held"


def page_mark(*, user: int, form: forms.BaseForm) -> str:
    """The mark of a page that is opened now by this user (their row number)."""
    return signing.dumps([user, secrets_of(form)], salt=SALT)


def secrets_of(form: forms.BaseForm) -> list[str]:
    """Names under which a form sends passwords and what else its `secrets` name."""
    named = getattr(form, "secrets", ())
    return sorted(
        form.add_prefix(name)
        for name, field in form.fields.items()
        if name in named or getattr(field.widget, "input_type", "") == "password"
    )


def hold(request: HttpRequest) -> None:
    """Keep what nobody's request posts, if its page was marked; in the place of what waits in this session already."""
    try:
        writer, secrets = signing.loads(request.POST.get(PAGE, ""), salt=SALT, max_age=PAGE_SECONDS)
    except signing.BadSignature:
        return
    hold_as(request, writer=writer, place=request.path, but={PAGE, *secrets})


def hold_as(request: HttpRequest, *, writer: int, place: str, but: Collection[str]) -> None:
    """The same for a page whose mark was read: it waits for the user with this row number. `but`: fields left out.

    Nothing is held where it is longer than any form.
    """
    typed = {name: texts for name, texts in request.POST.lists() if name not in {"csrfmiddlewaretoken", *but}}
    if sum(len(text) for name, texts in typed.items() for text in (name, *texts)) <= LONGEST:
        request.session[HELD] = {"user": writer, "place": place, "typed": typed}


def waiting_for(request: HttpRequest, *, place: str) -> QueryDict | None:
    """What waits for this place. All that waits is forgotten once somebody else has logged in."""
    held = request.session.get(HELD)
    if held is None:
        return None
    if held["user"] != request.user.pk:
        del request.session[HELD]
        return None
    if held["place"] != place:
        return None
    data = QueryDict(mutable=True)
    for name, texts in held["typed"].items():
        data.setlist(name, texts)
    return data


def forget(request: HttpRequest, *, place: str) -> None:
    """It is saved, sent or given up."""
    held = request.session.get(HELD)
    if held is not None and held["place"] == place:
        del request.session[HELD]


def sent(request: HttpRequest, *, chosen: Collection[str] = ()) -> Any:
    """What was sent with the form of this page, or waited for the log-in of its writer; None where it is only opened.

    What waited is forgotten once the page is sent, or its saved state is asked for. `chosen`: names that say in the
    address what the page is about; where one does, the page is opened for that, and not for what waits.
    """
    if request.method == "POST" or AS_SAVED in request.GET:
        forget(request, place=request.path)
    if request.method == "POST":
        return request.POST
    is_anew = any(name in request.GET for name in chosen)
    held = None if is_anew else waiting_for(request, place=request.path)
    request.shows_held = held is not None  # type: ignore[attr-defined]
    return held
