"""A cell of the decision sheet becomes what the form asks for: its years and quantities, as changes to the fields."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pricing.advice.surface import Surface
from pricing.engine.values import LEAST_YEARS, MOST_YEARS

from ...calculation.calculate import Calculation
from ..forms import RenewalForm
from ..part import MOST_ADDED, MOST_ADDITIONS, FormPart

TAKE = "take "
"""The button of a cell: `take 15-3 12:80 13:100`, the license ID's prefix, years, products with their quantities."""
ACTION = re.compile(r"take ((?:\d{1,18}-)?)(\d)((?: \d{1,18}:\d{1,7})+)", re.ASCII)


def take_action(part: FormPart, years: int, quantities: Mapping[int, int]) -> str:
    """What the button of a cell sends; `quantities` by the number of the product's row."""
    return f"{TAKE}{part.prefix}{years} " + " ".join(f"{pk}:{quantity}" for pk, quantity in quantities.items())


@dataclass(frozen=True)
class Taken:
    """A cell of a sheet, found again in the form as it is now."""

    part: FormPart
    surface: Surface
    quantities: Mapping[str, int]
    years: int


def changes_of_taking(action: str, form: RenewalForm, calculation: Calculation) -> dict[str, str]:
    """What the button changes in the form as it is now; nothing where it is of another form than this one became."""
    taken = read_taken(action, form, calculation)
    return _changes(taken.part, taken.surface, taken.quantities, taken.years) if taken else {}


def read_taken(action: str, form: RenewalForm, calculation: Calculation) -> Taken | None:
    """The cell that a button names; None where it is of another form than this one became."""
    match = ACTION.fullmatch(action)
    if match is None:
        return None
    prefix, years = match[1], int(match[2])
    part = next((one for one in form.quoted if one.prefix == prefix and not one.is_left_out), None)
    sent = dict(pair.split(":") for pair in match[3].split())
    codes = {str(row.pk): code for code, row in form.products.items()}
    priced = {one.request.license_id: one for one in calculation.pricing.parts}
    if part is None or not LEAST_YEARS <= years <= MOST_YEARS or not {*sent} <= {*codes}:
        return None
    surface = Surface(priced[part.licenseid.code].request, calculation.prices.tables)
    quantities = {codes[pk]: int(text) for pk, text in sent.items()}
    if {*quantities} != {*surface.subject_of} or max(quantities.values()) > MOST_ADDED:
        return None
    return Taken(part, surface, quantities, years)


def _changes(part: FormPart, surface: Surface, quantities: Mapping[str, int], years: int) -> dict[str, str]:
    request = surface.request_at(quantities, years=years)
    changes = {part.name("years"): str(years), part.name("is_reduced"): "on" if request.is_reduced else ""}
    for choice in request.holdings:
        if choice.renewal_quantity is not None:
            changes[f"renew-{choice.holding.key}"] = "on"
            changes[f"quantity-{choice.holding.key}"] = str(choice.renewal_quantity)
    return changes | _additions(part, surface, {one.product.code: one.quantity for one in request.additions})


def _additions(part: FormPart, surface: Surface, added: Mapping[str, int]) -> dict[str, str]:
    """Rows of the additions: each product in the row where it stands, else in a free one. What cannot be read stays."""
    rows, changes, placed = part.addition_rows(), dict[str, str](), set[str]()

    def write(index: int, product: str, quantity: str) -> None:
        changes[part.name(f"addition-{index}-product")] = product
        changes[part.name(f"addition-{index}-quantity")] = quantity

    for index, code, _quantity in part.additions():
        if code in added and code not in placed:
            write(index, code, str(added[code]))
            placed.add(code)
        elif code in surface.subject_of:
            write(index, "", "")
    free = [row.index for row in rows if not row.product.strip() and not row.quantity.strip()]
    free += range(len(rows), MOST_ADDITIONS)
    for code, index in zip([code for code in added if code not in placed], free, strict=False):
        write(index, code, str(added[code]))
    return changes
