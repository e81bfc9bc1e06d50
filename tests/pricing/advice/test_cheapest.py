"""The cheapest quantities are those that pricing every quantity finds."""

import pytest

from pricing.advice.cheapest import find_cheapest
from tests.examples import MANY_TIMES

from .markets import random_case, walk

ONCE_WRONG = [7, 877]
"""Nothing needed, and additions without a renewal: each is ranked by itself (R7)."""
CASES = [*range(60), *ONCE_WRONG] if MANY_TIMES == 1 else range(10_000)


@pytest.mark.soak
@pytest.mark.timeout(120 * MANY_TIMES)
def test_the_same_as_pricing_every_quantity():
    for number in CASES:
        surface, needed, years = random_case(number)
        found = find_cheapest(surface, needed, years=years)
        assert (found and surface.subtotal(found, years=years)) == walk(surface, needed, years=years), number
        assert found is None or all(found[code] >= needed[code] for code in needed), number
        for code in needed:
            alone = find_cheapest(surface, needed, years=years, among={code})
            least = walk(surface, needed, years=years, among={code})
            assert (alone and surface.subtotal(alone, years=years)) == least, (number, code)
            assert alone is None or all(alone[other] == needed[other] for other in needed if other != code)
