"""Refusals and warnings of a row as they are kept, in both languages and in the form's words.

`{license_id, code, is_refusal, ja, en, do_ja, do_en, mark, number, key}`: `mark` is that of all sentences of a
warning's code (`calculation.sentences`); `number` and `key` are of the other quote that it names (R22), else empty.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from foundation.text.language import reader_language
from pricing.engine.problems import Problem
from pricing.engine.quote import QuotePricing
from pricing.engine.values import RenewalRequest
from pricing.wording import what_to_do

from ..calculation.helping import each_cause_once, what_helps
from ..calculation.sentences import mark_of, sentence_marks
from ..form.views.printing import lay_out_place
from ..refusals import Unprintable

Told = dict[str, Any]
CHANGED = "changed"
"""Stands among the codes of what is to be read: something is not as it was reviewed. No quote keeps it."""
ALIKE = "issued-alike"
"""Stands among what was read where a second, identical quote is meant."""
QUOTED_TWICE = frozenset({"already-quoted", "already-ordered"})
"""R22: what is said of holdings for which there is a quote or an order."""
NOT_RENEWED = "not-renewed"
"""A colleague entered in the list of renewals that it is not renewed. No quote keeps it."""
LEFT_OUT_AT_FIRST = QUOTED_TWICE | {NOT_RENEWED}
"""Rows with such a warning are left out until somebody takes them in."""


def tell_pricing(pricing: QuotePricing) -> list[Told]:
    """What the rules say, refusals first."""
    told = []
    for part in pricing.parts:
        request, marks = part.request, sentence_marks(part.warnings)
        told += [_tell(one, request, "") for one in each_cause_once(part.refusals)]
        told += [_tell(one, request, marks[one.code]) for one in part.warnings]
    told += [_tell_whole(one) for one in pricing.problems]
    return sorted(told, key=lambda one: not one["is_refusal"])


def tell_unprintable(places: Iterable[Unprintable], user: Any) -> Told:
    """Texts that cannot be printed."""
    listed = list(places)

    def what() -> str:
        found = [lay_out_place(one, user=user) for one in listed]
        where = "; ".join(f"{place.where} {place.characters}" for place in found)
        return _("Characters that cannot be printed: %(places)s.") % {"places": where}

    return tell("unprintable", what, lambda: _("Have them changed where they stand, then price the row again."))


def tell(code: str, what: Callable[[], str], helps: Callable[[], str], *, license_id: str = "") -> Told:
    """A refusal that is none of the rules'."""
    told: Told = _empty(license_id, code, is_refusal=True)
    for language in ("ja", "en"):
        with override(language):
            told[language], told[f"do_{language}"] = what(), helps()
    return told


def warn(code: str, what: Callable[[], str], helps: Callable[[], str], *, license_id: str) -> Told:
    """A warning that is none of the rules': to be ticked, like theirs, for what it says."""
    told = tell(code, what, helps, license_id=license_id)
    return {**told, "is_refusal": False, "mark": mark_of([told["ja"]])}


def both(say: Callable[[], str]) -> dict[str, str]:
    """A sentence in both languages."""
    told = {}
    for language in ("ja", "en"):
        with override(language):
            told[language] = say()
    return told


def _tell_whole(problem: Problem) -> Told:
    """What is wrong with a quote as a whole: its 値引き, a free line, its validity."""
    told = tell(problem.code, lambda: problem.what(reader_language()), lambda: what_to_do(problem))
    return {**told, "is_refusal": problem.is_refusal}


def _tell(problem: Problem, request: RenewalRequest, mark: str) -> Told:
    told = _empty(request.license_id, problem.code, is_refusal=problem.is_refusal)
    told |= {
        "mark": mark,
        "number": str(problem.facts.get("number", "")),
        "key": str(problem.facts.get("key", "")),
        "ja": problem.what("ja", with_names=True),
        "en": problem.what("en", with_names=True),
    }
    for language in ("ja", "en"):
        with override(language):
            told[f"do_{language}"] = what_helps(problem, request)
    return told


def _empty(license_id: str, code: str, *, is_refusal: bool) -> Told:
    return {"license_id": license_id, "code": code, "is_refusal": is_refusal, "mark": "", "number": "", "key": ""}
