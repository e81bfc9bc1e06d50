"""What a reseller's people may pick from."""

from collections.abc import Sequence

from ..asked import AskedFreeLine
from ..models import StandingLine


def standing_lines_of(reseller: int) -> Sequence[StandingLine]:
    """In the order in which they came. One query."""
    return list(StandingLine.objects.filter(reseller=reseller))


def line_of(line: StandingLine) -> AskedFreeLine:
    """As a quote asks for it: one of it."""
    return AskedFreeLine(line.description, 1, line.unit, line.price, line.tax_category, line.unit_cost)
