"""What a form sends after its session ended: it waits in the browser's next session until its writer has logged in.

A page whose form is to be kept carries a mark: signed, it says who opened it and which fields hold secrets, which are
kept nowhere. Without one nothing is held, so that nobody who never logged in can leave anything here; and what waits is
shown to its writer only, in the form of the address to which it was sent.
"""

from collections.abc import Collection

from django import forms
from django.core import signing
from django.http import HttpRequest, QueryDict

PAGE = "_page"
"""The hidden field with the mark."""
AS_SAVED = "as_saved"
"""What an address says where nothing typed is to be shown any more."""
HELD = "held"
LONGEST = 200_000
"""Characters of names and texts; a form that was filled to its bounds has fewer."""
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
        user, secrets = signing.loads(request.POST.get(PAGE, ""), salt=SALT, max_age=PAGE_SECONDS)
    except signing.BadSignature:
        return
    typed = typed_texts(request.POST, but={PAGE, *secrets})
    if typed is not None:
        request.session[HELD] = {"user": user, "path": request.path, "typed": typed}


def waiting(request: HttpRequest) -> QueryDict | None:
    """What waits for the form of this page. It is forgotten once it is sent, or somebody else has logged in."""
    held = request.session.get(HELD)
    if held is None or held["path"] != request.path:
        return None
    if held["user"] != request.user.pk or request.method == "POST" or AS_SAVED in request.GET:
        del request.session[HELD]
        return None
    return as_sent(held["typed"])


def typed_texts(posted: QueryDict, *, but: Collection[str]) -> dict[str, list[str]] | None:
    """What was sent, for a session; None where it is longer than any form."""
    typed = {name: texts for name, texts in posted.lists() if name not in {"csrfmiddlewaretoken", *but}}
    length = sum(len(text) for name, texts in typed.items() for text in (name, *texts))
    return typed if length <= LONGEST else None


def as_sent(typed: dict[str, list[str]]) -> QueryDict:
    """The same as a form takes it."""
    data = QueryDict(mutable=True)
    for name, texts in typed.items():
        data.setlist(name, texts)
    return data
