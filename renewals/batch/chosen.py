"""Which license IDs a page chose for a run: by their numbers, by their codes, or by a filter of a list above."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from licensing.models import User
from licensing.queries import visible_license_ids

from .operations import MOST, RunRefused

LONGEST_FILTER = 4_000
"""Characters of a query string."""
Resolve = Callable[[User, QueryDict, date], Sequence[int]]
_RESOLVERS: list[Resolve] = []


def watch_filters(*, resolve: Resolve) -> None:
    """From an app's `ready`: what gives the row numbers of the license IDs that a list's query string finds.

    It gets the user, the query and the day, and raises RunRefused for what it cannot read; at most MOST + 1 are needed.
    """
    _RESOLVERS.append(resolve)


def read_chosen(sent: Mapping[str, object], *, user: User, on: date) -> list[int]:
    """The license IDs' row numbers, each once. Raises RunRefused for what no page sends and for what is not theirs."""
    query = sent if isinstance(sent, QueryDict) else QueryDict()
    if text := query.get("filter"):
        return _found_by(text, user, on)
    numbers = [word for text in query.getlist("licenseid") for word in re.split(r"[\s,]+", text) if word]
    if len(numbers) > MOST or len(query.getlist("license_id")) > MOST:
        raise RunRefused(
            _("At most %(most)s license IDs can be quoted in one batch. Choose fewer.") % {"most": f"{MOST:,}"}
        )
    if any(re.fullmatch(r"[0-9]{1,18}", word, re.ASCII) is None for word in numbers):
        raise RunRefused(_("The choice could not be read. Choose the license IDs again."))
    chosen = dict.fromkeys(map(int, numbers))
    if codes := {code.replace("\x00", "") for code in query.getlist("license_id")}:
        found = dict(visible_license_ids(user).filter(code__in=codes).values_list("code", "pk"))
        if len(found) < len(codes):
            raise RunRefused(
                _("Some of the license IDs are not among those of your customers any more. Choose them again.")
            )
        chosen |= dict.fromkeys(found.values())
    return list(chosen)


def _found_by(text: str, user: User, on: date) -> list[int]:
    if len(text) > LONGEST_FILTER or "\x00" in text or not _RESOLVERS:
        raise RunRefused(_("The choice could not be read. Choose the license IDs again."))
    try:
        query = QueryDict(text)
    except (ValueError, UnicodeError) as error:
        raise RunRefused(_("The choice could not be read. Choose the license IDs again.")) from error
    return list(dict.fromkeys(_RESOLVERS[-1](user, query, on)))
