"""What is said about quantities: worked out by hand on the sample prices, and the same as walking every quantity."""

from datetime import date
from decimal import Decimal

import pytest

from pricing.advice.findings import (
    Cheapest,
    NextRank,
    Reduction,
    Waiting,
    fewest_more,
    find_best,
    find_next_rank,
    find_pieces,
    find_reduction,
    find_waiting,
    rank_of,
)
from pricing.advice.proposals import Reason, propose
from pricing.advice.surface import Surface
from pricing.engine.renewal import price_renewal
from pricing.engine.values import Addition, Holding, HoldingChoice, PriceRank, PriceTable, PriceTables, RenewalRequest
from tests.examples import MANY_TIMES
from tests.pricing.engine.sample_tables import sample_products, sample_tables

from .markets import random_case

ON, EXPIRY = date(2027, 1, 15), date(2027, 3, 31)


def surface_of(*held: tuple[str, int, int | None], added: dict[str, int] | None = None, years: int = 1) -> Surface:
    """Products with what is held and what is asked for of each, on the sample prices."""
    products = sample_products()
    choices = tuple(
        HoldingChoice(Holding(f"h{place}", products[code], quantity, EXPIRY), wanted)
        for place, (code, quantity, wanted) in enumerate(held)
    )
    additions = tuple(Addition(f"a-{code}", products[code], quantity) for code, quantity in (added or {}).items())
    return Surface(RenewalRequest("L", ON, years, True, choices, additions), sample_tables())


def test_where_reducing_pays_and_where_not():
    """E4: 99 of 100 cost more; so does everything down to 89, for 88 x 2,180 = 191,840 is below 192,000."""
    surface = surface_of(("SMP-CC", 100, 100))
    assert find_reduction(surface, surface.subjects[0]) == Reduction(100, 192_000, 88, 191_840, ((89, 99),))


def test_reducing_within_a_rank_pays_at_once():
    """Of 120 the rank holds down to 100 (192,000); 99 to 89 cost less than 120 (230,400), so nothing is in vain."""
    surface = surface_of(("SMP-CC", 120, 120))
    assert find_reduction(surface, surface.subjects[0]) == Reduction(120, 230_400, 119, 228_480, ())


def test_reducing_the_product_that_decides_is_about_all_products():
    """E7: SMP-CC 260 gives rank E to both, 554,300. At rank D 226 x 1,920 + 90 x 1,330 are less, 227 are more."""
    surface = surface_of(("SMP-CC", 260, 80), ("SMP-IM", 90, 90))
    found = find_reduction(surface, surface.subjects[0])
    assert found == Reduction(260, 554_300, 259, 259 * 1_720 + 90 * 1_190, ((227, 249),))
    assert surface.subtotal(surface.asked) == 310_300
    assert 226 * 1_920 + 90 * 1_330 < 554_300 <= 227 * 1_920 + 90 * 1_330


def test_the_cheapest_at_or_above_what_is_needed():
    surface = surface_of(("SMP-CC", 100, 95))
    assert find_best(surface) == Cheapest({"SMP-CC": 100}, 192_000, 207_100)
    assert find_best(surface_of(("SMP-CC", 100, 88))) == Cheapest({"SMP-CC": 88}, 191_840, 191_840)


def test_jointly_one_product_lifts_all():
    """SMP-CC 95 and SMP-CS 90 at rank C: 207,100 + 242,100. With SMP-CC 100 both have rank D: 192,000 + 213,300;
    with SMP-CS 100, of which 10 are added: 182,400 + 213,300 + 47,400.
    """
    surface = surface_of(("SMP-CC", 100, 95), ("SMP-CS", 90, 90))
    assert find_best(surface) == Cheapest({"SMP-CC": 100, "SMP-CS": 90}, 405_300, 449_200)
    assert find_best(surface, among={"SMP-CS"}) == Cheapest({"SMP-CC": 95, "SMP-CS": 100}, 443_100, 449_200)


def test_how_many_more_reach_the_next_rank():
    """10 more of SMP-CC, at the addition price; SMP-IM must become the largest for that."""
    surface = surface_of(("SMP-CC", 90, 90), ("SMP-IM", 60, 60))
    now = 90 * 2_180 + 60 * 1_510
    of_cc, of_im = (find_next_rank(surface, subject) for subject in surface.subjects)
    assert of_cc == NextRank("SMP-CC", 10, 100, "D", 90 * 1_920 + 10 * 3_850 + 60 * 1_330, now)
    assert of_im == NextRank("SMP-IM", 40, 100, "D", 90 * 1_920 + 60 * 1_330 + 40 * 2_660, now)
    assert fewest_more([of_im, of_cc]) == of_cc


def test_what_is_refused_says_nothing_of_ranks():
    surface = surface_of(("SMP-CC", 100, 3))
    assert find_next_rank(surface, surface.subjects[0]) is None
    assert find_best(surface) == Cheapest({"SMP-CC": 5}, 13_000, None)


def test_what_waiting_costs():
    surface = surface_of(("SMP-CC", 100, 100), ("SMP-IM", 10, 10))
    tables = dict(sample_tables().tables)
    tables["SMP-CC"] = PriceTable("SMP-CC", 5, (PriceRank("D", 1, 2_000, 4_000),))
    later = PriceTables("later", tables, {"standard": Decimal(10)})
    now = surface.at(surface.asked)
    then = price_renewal(surface.request, later)
    assert find_waiting(now, then) == {
        "": Waiting(205_300, 213_300),
        "SMP-CC": Waiting(192_000, 200_000),
        "SMP-IM": Waiting(13_300, 13_300),
    }
    tables.pop("SMP-IM")
    refused = price_renewal(surface.request, later)
    assert find_waiting(now, refused)["SMP-CC"] == Waiting(192_000, None)


def test_quantities_are_proposed_by_themselves():
    """Held 100, asked for 95: the bounds of C and B below, D above, which is what is held and the cheapest."""
    surface = surface_of(("SMP-CC", 100, 95))
    found = [(one.quantities["SMP-CC"], one.reasons) for one in propose(surface, [{"SMP-CC": 80}])]
    assert found == [
        (25, [Reason.RANK_BOUND]),
        (50, [Reason.RANK_BOUND]),
        (80, [Reason.TYPED]),
        (95, [Reason.ASKED]),
        (100, [Reason.KEPT, Reason.CHEAPEST, Reason.RANK_BOUND]),
    ]


def test_additions_begin_where_nothing_more_is_held():
    surface = surface_of(("SMP-CC", 60, 30), ("SMP-CC", 40, 0))
    assert surface.request_at({"SMP-CC": 95}).holdings[1].renewal_quantity == 35
    more = surface.request_at({"SMP-CC": 120}, years=3)
    assert [one.renewal_quantity for one in more.holdings] == [60, 40]
    assert [(one.quantity, one.product.code) for one in more.additions] == [(20, "SMP-CC")]
    assert (more.years, more.is_reduced) == (3, False)
    assert surface.request_at({"SMP-CC": 10}).holdings[0].renewal_quantity == 10


@pytest.mark.soak
@pytest.mark.timeout(120 * MANY_TIMES)
def test_the_same_as_walking_every_quantity():
    for number in range(150 * MANY_TIMES):
        surface = random_case(number).surface
        for subject in surface.subjects:
            at = {
                quantity: surface.at({**surface.asked, subject.code: quantity})
                for quantity in range(1, subject.held + 14)
            }
            says_where_reducing_pays(surface, subject, at)
            says_how_many_more(surface, subject, at)
            pieces = find_pieces(surface, subject, first=1, last=subject.held + 13)
            inside = {one for piece in pieces for one in range(piece.first, piece.last + 1)}
            assert inside == {quantity for quantity, pricing in at.items() if not pricing.is_refused}
            for piece in pieces:
                totals = [at[quantity].subtotal for quantity in range(piece.first, piece.last + 1)]
                assert totals == sorted(totals)
                assert {rank_of(at[one], subject.code) for one in range(piece.first, piece.last + 1)} == {piece.rank}


def says_where_reducing_pays(surface, subject, at):
    found = find_reduction(surface, subject)
    kept = surface.subtotal({**surface.asked, subject.code: subject.held})
    if kept is None or subject.held < 2:
        assert found is None
        return
    totals = {one: at[one].subtotal for one in range(1, subject.held) if not at[one].is_refused}
    pays = [one for one, total in totals.items() if total < kept]
    assert found is not None
    assert found.pays_from == (max(pays) if pays else None)
    in_vain = [one for first, last in found.in_vain for one in range(first, last + 1)]
    assert sorted(in_vain) == [one for one, total in totals.items() if total >= kept]


def says_how_many_more(surface, subject, at):
    found, now = find_next_rank(surface, subject), surface.at(surface.asked)
    before = rank_of(now, subject.code)
    if now.is_refused or not before:
        assert found is None
        return
    other = [
        one
        for one, pricing in at.items()
        if one > subject.asked and not pricing.is_refused and rank_of(pricing, subject.code) != before
    ]
    assert (found and found.quantity) == (min(other) if other else None)
