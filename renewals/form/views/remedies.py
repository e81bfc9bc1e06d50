"""What cures a refusal with one press: changes to the form's fields, as data. Decides nothing; a person presses."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from django.http import QueryDict
from django.utils.translation import gettext as _

from pricing.engine.problems import Problem
from pricing.engine.values import RenewalRequest

from ...calculation.calculate import Calculation
from ..forms import RenewalForm
from ..part import MOST_ADDITIONS, OF_HOLDING, FormPart

PREFIX = "remedy "
ALL_YEARS = "all-years "
"""The button that gives all license IDs one term: `all-years 3`."""
Changes = dict[str, str]
"""Field name to what stands there then; an empty text: emptied, or not ticked."""


@dataclass(frozen=True)
class Remedy:
    """One button below what is wrong."""

    action: str
    """What the button sends: `remedy <number> <code> <first place>`; what it does is worked out when it is sent."""
    label: str
    changes: Changes
    is_of_page: bool = False
    """Rows of the page come or go: the page is drawn anew, also with scripts."""


def remedies_of(problem: Problem, part: FormPart, form: RenewalForm, request: RenewalRequest) -> list[Remedy]:
    """The ways out of a refusal that one press can take; none where only somebody else can help."""
    ways = WAYS.get(problem.words, WAYS.get(problem.code))
    found = [way for way in ways(problem, _At(form, part), request) if way[1]] if ways else []
    return [
        Remedy(f"{PREFIX}{number} {problem.code} {part.prefix}{problem.places[0]}", label, changes)
        for number, (label, changes) in enumerate(found)
    ]


def remedies_of_error(name: str, code: str, form: RenewalForm) -> list[Remedy]:
    """The same for what the fields themselves say."""
    found: list[Way] = []
    part = form.part_of(name)
    if code == "required" and name == "subject":
        subject = str(form.first_entry()["subject"])
        found = [(_("Enter “%(text)s”") % {"text": subject}, {name: subject})]
    elif code == "license-id-gone":
        return [Remedy("calculate", _("Go on without it"), {}, is_of_page=True)]
    elif code == "all-left-out":
        first = form.parts[0]
        found = [(_("Take %(code)s in again") % {"code": first.licenseid.code}, {first.name("left_out"): ""})]
    elif code == "holdings-changed":
        found = _take_over(form)
    elif part is None:
        return []
    elif "addition-" in name and code in ("quantity-negative", "unknown-product"):
        found = _without_row(code, name, _At(form, part))
    elif name.startswith("quantity-"):
        found = _whole_or_none(name, _At(form, part))
    is_of_page = code == "holdings-changed"
    return [
        Remedy(f"{PREFIX}{number} {code} {name}", label, changes, is_of_page)
        for number, (label, changes) in enumerate(found)
        if changes
    ]


def changes_of(action: str, form: RenewalForm, calculation: Calculation) -> Changes:
    """What the button that sent this changes in the form as it is now; nothing where its problem is gone."""
    if match := re.fullmatch(rf"{ALL_YEARS}(\d)", action, re.ASCII):
        return {part.name("years"): match[1] for part in form.parts}
    parts = {part.licenseid.code: part for part in form.quoted}
    offered = [
        remedy
        for pricing in calculation.pricing.parts
        for problem in pricing.refusals
        for remedy in remedies_of(problem, parts[pricing.request.license_id], form, pricing.request)
    ]
    for name, errors in form.errors.as_data().items():
        offered += [remedy for error in errors for remedy in remedies_of_error(name, error.code or "", form)]
    return next((remedy.changes for remedy in offered if remedy.action == action), {})


def with_changes(data: QueryDict, changes: Changes) -> QueryDict:
    """What was sent, with the changes."""
    data = data.copy()
    for name, text in changes.items():
        if text:
            data[name] = text
        elif "addition-" in name:
            data[name] = ""
        else:
            data.pop(name, None)
    return data


Way = tuple[str, Changes]


@dataclass(frozen=True)
class _At:
    """Where something is wrong: the form, and the license ID in it."""

    form: RenewalForm
    part: FormPart

    def row(self, index: int, field: str) -> str:
        """The name of a field of the additions."""
        return self.part.name(f"addition-{index}-{field}")

    def index_of(self, key: str) -> int:
        """The row that the engine's key of an addition is about."""
        return self.form.row_of(key)[1]


def _fewer_years(problem: Problem, at: _At, request: RenewalRequest) -> list[Way]:
    most = cast(int, problem.facts["most"])
    years = most if request.years > most else 1
    return [(_("Set the years to %(years)s") % {"years": years}, {at.part.name("years"): str(years)})]


def _add_the_rest(problem: Problem, at: _At, request: RenewalRequest) -> list[Way]:
    held, excess = cast(int, problem.facts["held"]), cast(int, problem.facts["excess"])
    added = _added(at, problem, excess)
    [name] = _holding_fields(problem.places)
    label = _("Enter the %(excess)s beyond as an addition") % {"excess": f"{excess:,}"}
    return [(label, added and {name: str(held), **added})]


def _renew_what_expires(problem: Problem, at: _At, request: RenewalRequest) -> list[Way]:
    first = at.form.first_entry()
    changes: Changes = {}
    for holding in at.part.holdings:
        if f"renew-{holding.pk}" in first:
            changes |= {f"renew-{holding.pk}": "on", f"quantity-{holding.pk}": str(holding.quantity)}
    ways = [(_("Renew what expires first, as held"), changes)]
    if len(at.form.quoted) > 1:
        leave = _("Leave %(code)s out of this quote") % {"code": at.part.licenseid.code}
        ways.append((leave, {at.part.name("left_out"): "on"}))
    return ways


def _put_together(problem: Problem, at: _At, request: RenewalRequest) -> list[Way]:
    quantity = cast(int, problem.facts["quantity"])
    first, *others = (at.index_of(place.removeprefix("addition:")) for place in problem.places)
    changes = {at.row(first, "quantity"): str(quantity)}
    for index in others:
        changes |= {at.row(index, "product"): "", at.row(index, "quantity"): ""}
    return [(_("Put them together: %(quantity)s") % {"quantity": f"{quantity:,}"}, changes if quantity > 0 else {})]


def _leave_out(problem: Problem, at: _At, request: RenewalRequest) -> list[Way]:
    changes: Changes = {}
    for place in problem.places:
        kind, _colon, key = place.partition(":")
        if kind == "holding":
            changes[f"renew-{key}"] = ""
        elif kind == "addition":
            index = at.index_of(key)
            changes |= {at.row(index, "product"): "", at.row(index, "quantity"): ""}
    return [(_("Leave this product out"), changes)]


def _set_right(problem: Problem, at: _At, request: RenewalRequest) -> list[Way]:
    """Less than nothing is renewed."""
    [name] = _holding_fields(problem.places)
    return _whole_or_none(name, at)


def _whole_or_none(name: str, at: _At) -> list[Way]:
    """What is held, or nothing of it."""
    held = str(at.form.first_entry()[name])
    whole = _("Renew all %(quantity)s") % {"quantity": f"{int(held):,}"}
    return [(whole, {name: held}), (_("Do not renew it"), {name: "0"})]


def _take_over(form: RenewalForm) -> list[Way]:
    """Quantities that changed since the page was opened become what is held now; what was typed of others stays."""
    first = form.first_entry()
    changes: Changes = {name: "" for name in form.data if OF_HOLDING.fullmatch(name) and name not in form.fields}
    for part in form.changed_parts:
        seen = dict(pair.split(":") for pair in part.typed("held").split() if pair.count(":") == 1)
        for holding in part.holdings:
            key = str(holding.pk)
            if key not in seen:
                changes[f"renew-{key}"] = str(first.get(f"renew-{key}", ""))
            if seen.get(key) != str(holding.quantity):
                changes[f"quantity-{key}"] = str(holding.quantity)
        changes[part.name("held")] = part.held_now()
    return [(_("Take over what is held now"), changes)]


def _without_row(code: str, name: str, at: _At) -> list[Way]:
    """A row of the additions that cannot be: less than nothing is a reduction where so much is renewed; or no row."""
    row = name.rpartition("-")[0]
    emptied: Changes = {f"{row}-product": "", f"{row}-quantity": ""}
    ways: list[Way] = []
    if code == "quantity-negative":
        ways = _reduce_instead(row, emptied, at)
    return [*ways, (_("Take this line out"), emptied)]


def _reduce_instead(row: str, emptied: Changes, at: _At) -> list[Way]:
    name = f"{row}-quantity"  # not among what is clean: it is refused
    fewer = -cast(int, at.form.fields[name].clean(at.form.data[name]))
    cleaned = at.form.cleaned_data
    is_reduced = at.part.value("is_reduced")
    for holding in at.part.holdings:
        if holding.product.code != cleaned.get(f"{row}-product"):
            continue
        typed = cleaned.get(f"quantity-{holding.pk}") if is_reduced else holding.quantity
        if cleaned.get(f"renew-{holding.pk}") and typed is not None and typed > fewer:
            others = {} if is_reduced else {f"quantity-{one.pk}": str(one.quantity) for one in at.part.holdings}
            changes = {
                **emptied,
                **others,
                at.part.name("is_reduced"): "on",
                f"quantity-{holding.pk}": str(typed - fewer),
            }
            return [(_("Reduce the renewal to %(quantity)s") % {"quantity": f"{typed - fewer:,}"}, changes)]
    return []


def _reach(fact: str) -> Callable[[Problem, _At, RenewalRequest], list[Way]]:
    """Bring the quantity to what a fact asks for: first what is held and was reduced, then as an addition (R7, R8)."""

    def ways(problem: Problem, at: _At, request: RenewalRequest) -> list[Way]:
        target = cast(int, problem.facts[fact])
        missing = target - cast(int, problem.facts["quantity"])
        changes: Changes = {}
        renewed = {f"holding:{choice.holding.key}": choice for choice in request.holdings if choice.renewal_quantity}
        for place in problem.places:
            if (choice := renewed.get(place)) and request.is_reduced:
                renewal = cast(int, choice.renewal_quantity)
                more = min(missing, choice.holding.quantity - renewal)
                if more > 0:
                    changes[f"quantity-{choice.holding.key}"] = str(renewal + more)
                    missing -= more
        is_late = any(choice.holding.support_expires_on < request.on for choice in renewed.values())
        if missing > 0 and renewed and is_late:
            changes = {}  # after the expiry an addition is not summed (R7)
        elif missing > 0:
            added = _added(at, problem, missing)
            changes = {**changes, **added} if added else {}
        if missing > 0 and renewed:
            label = _("Enter %(missing)s more as an addition") % {"missing": f"{missing:,}"}
        else:
            label = _("Make it %(quantity)s") % {"quantity": f"{target:,}"}
        return [(label, changes), *_leave_out(problem, at, request)]

    return ways


def _added(at: _At, problem: Problem, quantity: int) -> Changes:
    """So many more of the problem's product among the additions; nothing where no row is free."""
    code = problem.facts["product"].code  # type: ignore[attr-defined]
    rows = at.part.addition_rows()
    for row in rows:
        if row.product.strip() == code:
            before = at.form.cleaned_data.get(row.quantity_name) or 0
            return {row.quantity_name: str(before + quantity)} if before >= 0 else {}
    free = [row.index for row in rows if not row.product.strip() and not row.quantity.strip()]
    index = free[0] if free else len(rows)
    if index >= MOST_ADDITIONS:
        return {}
    return {at.row(index, "product"): code, at.row(index, "quantity"): str(quantity)}


def _holding_fields(places: Iterable[str]) -> list[str]:
    return [f"quantity-{place.removeprefix('holding:')}" for place in places if place.startswith("holding:")]


WAYS: Mapping[str, Callable[[Problem, _At, RenewalRequest], list[Way]]] = {
    "term-out-of-range": _fewer_years,
    "quantity-negative": _set_right,
    "renewal-exceeds-held": _add_the_rest,
    "nothing-to-quote": _renew_what_expires,
    "addition-repeated": _put_together,
    "below-minimum": _reach("minimum"),
    "below-first-rank": _reach("first"),
    "rank-missing": _leave_out,
    "no-ranks": _leave_out,
    "no-price-list": lambda *_given: [],
    "no-price-table": _leave_out,
    "product-discontinued": _leave_out,
    "no-addition-price": _leave_out,
    "too-late-to-renew": _leave_out,
}
"""By the code of a problem, or by its words where a code has several."""
