"""What is wrong with a form and what is to be read, in words: each at its field, with what cures it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.forms.boundfield import BoundWidget

from foundation.text.language import reader_language
from pricing.engine.problems import Problem
from pricing.engine.values import RenewalRequest
from pricing.wording import what_to_do

from ...calculation.helping import each_cause_once, what_helps
from ..forms import RenewalForm
from ..part import FormPart
from ..terms import NAMES as TERMS
from .reading import read_codes, sentences_shown
from .remedies import Remedy, remedies_of, remedies_of_error

NO_FIELD = (
    "__all__",
    "key",
    "held",
    "seen_total",
    "seen_version",
    "license_id",
    "acknowledge",
    "seen_warnings",
    "shown",
)


OF_QUOTE = ("reduction", "offer_reason", "subject", "note", "with_calculation", *TERMS)
"""Fields below those of the license IDs."""


@dataclass(frozen=True)
class Said:
    """One thing that is wrong or to be read."""

    code: str
    what: str
    what_to_do: str = ""
    field: str = ""
    """The id of the field where it stands; empty: the form as a whole."""
    remedies: tuple[Remedy, ...] = ()
    """What cures it with one press."""
    license_id: str = ""
    """The license ID that it is about; empty: the quote as a whole, or the only one."""
    quote: str = ""
    """The number of the other quote that it names (R22)."""
    quote_key: str = ""


@dataclass(frozen=True)
class WarningBox:
    """All that was said under one warning's code, with its one tick box."""

    code: str
    said: list[Said]
    is_ticked: bool
    tick: BoundWidget
    license_id: str = ""
    """Empty: the only one."""


def form_errors(form: RenewalForm) -> list[Said]:
    """What the fields themselves say, each once, in the order of the page."""
    said = []
    for name, errors in sorted(form.errors.as_data().items(), key=lambda item: _position(item[0], form)):
        part = form.part_of(name)
        for error in errors:
            text = " ".join(error.messages)
            remedies = tuple(remedies_of_error(name, error.code or "", form))
            said.append(Said(error.code or "invalid", text, "", _field_id(name, part), remedies, _named(part, form)))
    return said


def refusals(problems: Iterable[Problem], part: FormPart, form: RenewalForm, request: RenewalRequest) -> list[Said]:
    """What the rules refuse of a license ID."""
    language = reader_language()
    return [
        Said(
            problem.code,
            problem.what(language, with_names=True),
            what_helps(problem, request),
            _id_of_place(problem, part, form),
            tuple(remedies_of(problem, part, form, request)),
            _named(part, form),
        )
        for problem in problems
    ]


def warnings(problems: Sequence[Problem], part: FormPart, form: RenewalForm) -> list[WarningBox]:
    """What is to be read of a license ID, a box for each code."""
    language = reader_language()
    ticked = read_codes(part, problems)
    form.standing |= {part.name("acknowledge"): ticked, part.name("seen_warnings"): sentences_shown(problems)}
    ticks = {str(tick.data["value"]): tick for tick in part.field("acknowledge")} if problems else {}
    boxes: dict[str, WarningBox] = {}
    for problem in problems:
        said = Said(
            problem.code,
            problem.what(language, with_names=True),
            what_to_do(problem, with_names=True),
            quote=str(problem.facts.get("number", "")),
            quote_key=str(problem.facts.get("key", "")),
        )
        box = WarningBox(problem.code, [], problem.code in ticked, ticks[problem.code], _named(part, form))
        boxes.setdefault(problem.code, box).said.append(said)
    return list(boxes.values())


def said_at_fields(parts: Iterable[tuple[FormPart, Iterable[Problem]]], form: RenewalForm) -> dict[str, list[str]]:
    """What the rules refuse, at the fields of what it is about: by their names."""
    found: dict[str, list[str]] = {}
    for part, problems in parts:
        for problem in each_cause_once(problems):
            for place in problem.places:
                if name := _name_of_place(place, part, form, of=problem):
                    found.setdefault(name, []).append(problem.what(reader_language()))
    return found


def _named(part: FormPart | None, form: RenewalForm) -> str:
    return part.licenseid.code if part and form.is_several else ""


def _position(name: str, form: RenewalForm) -> tuple[int, int]:
    """Where a field stands on the page; among holdings and among additions the form's order is kept."""
    part = form.part_of(name)
    if part is None:
        if name.startswith("free-"):
            return len(form.parts), 0
        return (len(form.parts), 1) if name in OF_QUOTE else (0, 0)
    field = name.removeprefix(part.prefix)
    at = form.parts.index(part)
    if field.startswith("offered-"):
        return at, 4
    if field.startswith("addition-"):
        return at, 3
    if field.startswith(("renew-", "quantity-")):
        return at, 2
    return (at, 1) if field in ("years", "is_reduced") else (at, 0)


def _field_id(name: str, part: FormPart | None) -> str:
    field = name.removeprefix(part.prefix) if part else name
    if field in NO_FIELD:
        return ""
    return f"id_{name}_1" if field == "years" else f"id_{name}"


def whole_refusals(problems: Iterable[Problem], form: RenewalForm) -> list[Said]:
    """What the rules refuse of the quote as a whole: its 値引き (R20), a free line (R23), its validity (R15)."""
    language = reader_language()
    return [Said(one.code, one.what(language), what_to_do(one), f"id_{field_of_whole(one, form)}") for one in problems]


def field_of_whole(problem: Problem, form: RenewalForm) -> str:
    """The name of the field that such a refusal is about."""
    [place] = problem.places
    if place.startswith("free:"):
        return form.free.field_of(place, problem.code)
    return "valid_until" if place == "validity" else "reduction"


def _id_of_place(problem: Problem, part: FormPart, form: RenewalForm) -> str:
    """Of the field, or else of the block."""
    if name := _name_of_place(problem.places[0], part, form, of=problem):
        return _field_id(name, part)
    return f"part-{part.licenseid.pk}" if form.is_several else ""


def _name_of_place(place: str, part: FormPart, form: RenewalForm, *, of: Problem) -> str:
    """The field of what the engine names, `holding:12`; empty where that is none."""
    kind, _colon, key = place.partition(":")
    if of.rule == "R20":
        return f"offered-{key}" if kind == "holding" else part.name(f"addition-{form.row_of(key)[1]}-offered")
    if kind == "holding":  # the quantities stand open with a reduced renewal only
        return f"quantity-{key}" if part.value("is_reduced") else f"renew-{key}"
    if kind == "addition":
        return part.name(f"addition-{form.row_of(key)[1]}-quantity")
    return part.name("years") if kind == "years" else ""
