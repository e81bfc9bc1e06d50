"""Which alternatives are compared: cells of a decision sheet and the form as it stands, each as what would be asked."""

from collections.abc import Sequence
from dataclasses import replace

from pricing.engine.values import RenewalRequest
from quotes.models import MOST_ALTERNATIVES

from ..asked import Asked, AskedAddition, AskedPart, to_json
from ..calculation.calculate import Calculation
from ..form.forms import RenewalForm
from ..form.tried import WHOLE_FORM
from ..form.views.decision import Decision, lay_out_decision
from ..form.views.taking import TAKE, read_taken

USUAL_TERMS = (1, 3, 5)
"""Years that are proposed beside those of the form, as long as there is room."""


def ticked_alternatives(form: RenewalForm, calculation: Calculation, ticks: Sequence[str]) -> list[Asked]:
    """What is ticked, in its order, each once. What belongs to no sheet of this form any more is left out.

    The form was cleaned. A cell is at list prices, as the sheet says it; the form as it stands has what is offered.
    """
    found: list[Asked] = []
    for tick in ticks:
        asked = form.to_asked() if tick == WHOLE_FORM else _asked_at(form, calculation, tick)
        if asked is not None and all(to_json(asked) != to_json(one) for one in found):
            found.append(asked)
    return found


def proposed_ticks(form: RenewalForm, calculation: Calculation, code: str) -> list[str]:
    """Where nothing is ticked: what is entered, what is held and what was typed, for the form's term, then for the
    usual ones as long as there is room for all of them.
    """
    decision = lay_out_decision(form=form, calculation=calculation, code=code)
    if decision is None:
        return [WHOLE_FORM]
    rows = [row for row in decision.rows if row.is_kept or row.is_asked or row.is_typed]
    rows.sort(key=lambda row: not row.is_asked)
    own = next((part.value("years") for part in form.quoted if part.licenseid.code == code), None)
    terms = list(dict.fromkeys(years for years in (own, *USUAL_TERMS) if isinstance(years, int)))
    if len(rows) == 1:
        terms = terms[:3]
    ticks: list[str] = []
    for years in terms:
        more = [cell.point for row in rows for cell in row.cells if cell.years == years and cell.total is not None]
        if ticks and len(ticks) + len(more) > MOST_ALTERNATIVES:
            break
        ticks += more
    return _with_form(form, decision, ticks)[:MOST_ALTERNATIVES]


def _with_form(form: RenewalForm, decision: Decision, ticks: list[str]) -> list[str]:
    """The form itself in the place of the cell of what is entered, where it offers something or is no cell."""
    if not decision.is_form_priced:
        return ticks
    entered = [cell.point for row in decision.rows for cell in row.cells if cell.is_asked]
    if entered and not form.to_asked().has_offers:
        return ticks
    return [WHOLE_FORM, *(tick for tick in ticks if tick not in entered)]


def _asked_at(form: RenewalForm, calculation: Calculation, point: str) -> Asked | None:
    taken = read_taken(f"{TAKE}{point}", form, calculation)
    if taken is None:
        return None
    asked, code = at_list_prices(form.to_asked()), taken.part.licenseid.code
    request = taken.surface.request_at(taken.quantities, years=taken.years)
    parts = (_part_at(part, request) if part.license_id == code else part for part in asked.parts)
    return replace(asked, parts=tuple(parts))


def at_list_prices(asked: Asked) -> Asked:
    """The same without anything offered, and without the reason for it."""
    parts = (
        replace(
            part,
            holdings=tuple(replace(row, offered=None) for row in part.holdings),
            additions=tuple(replace(row, offered=None) for row in part.additions),
        )
        for part in asked.parts
    )
    return replace(asked, parts=tuple(parts), reduction=0, offer_reason="")


def _part_at(part: AskedPart, request: RenewalRequest) -> AskedPart:
    """With the quantities and years of a point of the sheet; all else as it is."""
    renewed = {choice.holding.key: choice.renewal_quantity for choice in request.holdings}
    return replace(
        part,
        years=request.years,
        is_reduced=request.is_reduced,
        holdings=tuple(replace(row, renewal_quantity=renewed[str(row.holding)]) for row in part.holdings),
        additions=tuple(AskedAddition(one.product.code, one.quantity) for one in request.additions),
    )
