"""Price tables and requests for property tests: small numbers, so that ties, bands and refusals are met often."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from pricing.engine.values import (
    ANYBODY,
    Addition,
    EndOfSale,
    Holding,
    HoldingChoice,
    PriceRank,
    PriceTable,
    PriceTables,
    Product,
    Programme,
    QuotedElsewhere,
    RankBasis,
    RenewalRequest,
    Segment,
    TaxRounding,
)

ON = date(2028, 2, 28)
EXPIRIES = [ON - timedelta(days=40), ON - timedelta(days=1), ON, ON + timedelta(days=1), date(2028, 6, 30)]
CODES = ["P1", "P2", "P3", "P4"]
RANKS = ["A", "B", "C", "D"]
CATEGORIES = ["standard", "reduced", "other"]
HELD = [1, 4, 9, 9, 12, 12, 20]
HUGE = 10**12
SEGMENTS = [Segment("general"), Segment("education")]

PERCENTS = st.sampled_from([Decimal(0), Decimal("2.5"), Decimal(8), Decimal(10), Decimal("33.33"), Decimal(100)])
TAX_PERCENTS = st.sampled_from([Decimal(0), Decimal("7.8"), Decimal(8), Decimal(10), Decimal("10.0")])


@dataclass(frozen=True)
class Market:
    """Products, and what they cost."""

    products: tuple[Product, ...]
    prices: PriceTables
    is_tidy: bool
    """Every product can be renewed and added at every quantity."""


@st.composite
def markets(
    draw: st.DrawFn, *, tidy: bool | None = None, same_bands: bool = False, discounts: bool = True, most: int = 999
) -> Market:
    is_tidy = draw(st.booleans()) if tidy is None else tidy
    programmes = draw(st.lists(programmes_of(is_tidy), min_size=1, max_size=3, unique_by=lambda one: one.code))
    products = tuple(
        Product(
            code=code,
            name=code,
            programme=draw(st.sampled_from(programmes)),
            is_multi_year_discountable=draw(st.booleans()) if discounts else False,
            tax_category=draw(st.sampled_from(["standard", "standard", "reduced", "other"])),
            segment=draw(st.sampled_from([None, None, *SEGMENTS])),
        )
        for code in CODES[: draw(st.integers(1, len(CODES)))]
    )
    shared_starts = draw(starts(is_tidy)) if same_bands else None
    tables, ended = {}, {}
    for product in products:
        if is_tidy or draw(st.integers(0, 5)):
            tables[product.code] = draw(tables_of(product.code, is_tidy, shared_starts, most))
        elif draw(st.booleans()):
            ended[product.code] = EndOfSale(ON, draw(st.sampled_from([None, *products])))
    categories = CATEGORIES if is_tidy else draw(st.sampled_from([CATEGORIES, CATEGORIES, CATEGORIES[:1]]))
    rates = {category: draw(TAX_PERCENTS) for category in categories}
    return Market(products, PriceTables("list" if tables or ended else "", tables, rates, ended), is_tidy)


@st.composite
def programmes_of(draw: st.DrawFn, is_tidy: bool) -> Programme:
    """Of the same codes, so that several of one kind meet; where tidy, without limits of its own."""
    return Programme(
        code=draw(st.sampled_from(["G1", "G2", "G3"])),
        name="programme",
        rank_basis=draw(st.sampled_from(RankBasis)),
        most_years=6 if is_tidy else draw(st.sampled_from([6, 6, 6, 5, 3, 1])),
        late_renewal_days=None if is_tidy else draw(st.sampled_from([None, None, 0, 1, 39, 40])),
    )


@st.composite
def starts(draw: st.DrawFn, is_tidy: bool) -> list[int]:
    size = len(RANKS) if is_tidy else draw(st.integers(0, len(RANKS)))
    found = sorted(draw(st.lists(st.integers(1, 24), min_size=size, max_size=size, unique=True)))
    return [1, *found[1:]] if is_tidy else found


@st.composite
def tables_of(draw: st.DrawFn, code: str, is_tidy: bool, shared_starts: list[int] | None, most: int) -> PriceTable:
    begin = draw(starts(is_tidy)) if shared_starts is None else shared_starts
    names = RANKS if is_tidy or draw(st.booleans()) else draw(st.permutations(RANKS))
    prices = st.integers(0, most)
    missing = st.none() if not is_tidy else st.nothing()
    ranks = tuple(
        PriceRank(name, start, draw(prices), draw(prices | prices | prices | missing))
        for name, start in zip(names, begin, strict=False)
    )
    percents = draw(st.dictionaries(st.integers(2, 6), PERCENTS, max_size=5))
    return PriceTable(code, 1 if is_tidy else draw(st.integers(1, 6)), ranks, percents)


@st.composite
def requests(draw: st.DrawFn, market: Market, *, valid: bool = False, license_id: str = "L1") -> RenewalRequest:
    """A renewal of one license ID; where `valid`, every number is one that may be typed."""
    held = draw(st.lists(holdings_of(market.products), min_size=1 if valid else 0, max_size=5))
    is_reduced = draw(st.booleans())
    choices = tuple(
        HoldingChoice(
            Holding(f"h{place}", product, quantity, expiry), draw(renewals(quantity, valid)), draw(other_quotes(expiry))
        )
        for place, (product, quantity, expiry) in enumerate(held)
    )
    quantities = st.integers(1, 12) if valid else st.integers(1, 12) | st.integers(-1, 12)
    added = [(product, draw(quantities)) for product in market.products if draw(st.integers(0, 3)) == 0]
    if not valid and added and draw(st.integers(0, 7)) == 0:
        added.append(added[0])
    return RenewalRequest(
        license_id=license_id,
        on=ON,
        years=draw(st.integers(1, 6)) if valid else draw(st.sampled_from([1, 2, 3, 4, 5, 6, 0, 7])),
        is_reduced=is_reduced,
        holdings=choices,
        additions=tuple(Addition(f"a{place}", product, quantity) for place, (product, quantity) in enumerate(added)),
        tax_rounding=draw(st.sampled_from(list(TaxRounding))),
        customer_segment=draw(st.sampled_from([None, ANYBODY, *SEGMENTS])),
    )


def other_quotes(expiry: date) -> st.SearchStrategy[tuple[QuotedElsewhere, ...]]:
    """Mostly none; else around the new period, whose first day is that after the expiry."""
    days = st.sampled_from([-366, 0, 1, 2, 365, 366, 367, 731])
    one = st.builds(
        lambda number, is_ordered, first, length: QuotedElsewhere(
            f"Q{number}",
            is_ordered,
            expiry + timedelta(days=first),
            None if length is None else expiry + timedelta(days=first + length),
        ),
        st.integers(1, 3),
        st.booleans(),
        days,
        st.sampled_from([None, 0, 364, 365]),
    )
    return st.just(()) | st.just(()) | st.lists(one, min_size=1, max_size=2).map(tuple)


def holdings_of(products: Sequence[Product]) -> st.SearchStrategy[tuple[Product, int, date]]:
    return st.tuples(st.sampled_from(products), st.sampled_from(HELD), st.sampled_from([*EXPIRIES, *EXPIRIES[2:]]))


def renewals(held: int, valid: bool) -> st.SearchStrategy[int | None]:
    usual = st.sampled_from([held, held, None, 0, 1, held // 2, max(1, held - 1)])
    return usual if valid else usual | usual | usual | st.sampled_from([-1, held + 1])


@st.composite
def pricings(
    draw: st.DrawFn, *, valid: bool | None = None, tidy: bool | None = None
) -> tuple[RenewalRequest, PriceTables]:
    market = draw(markets(tidy=tidy))
    return draw(requests(market, valid=draw(st.booleans()) if valid is None else valid)), market.prices


@st.composite
def hostile_pricings(draw: st.DrawFn) -> tuple[RenewalRequest, PriceTables]:
    """Numbers that no form lets through: negative, huge, out of every range."""
    market = draw(markets(most=HUGE))
    numbers = st.integers(-HUGE, HUGE) | st.integers(-3, 30)
    expiries = st.dates(date(1900, 1, 1), date(2900, 12, 31)) | st.sampled_from(EXPIRIES)
    choices = tuple(
        HoldingChoice(
            Holding(f"h{place}", draw(st.sampled_from(market.products)), draw(numbers), draw(expiries)),
            draw(st.none() | numbers),
        )
        for place in range(draw(st.integers(0, 4)))
    )
    additions = tuple(
        Addition(f"a{place}", draw(st.sampled_from(market.products)), draw(numbers))
        for place in range(draw(st.integers(0, 3)))
    )
    years = draw(st.integers(1, 6) | st.integers(-5, 100))
    rounding = draw(st.sampled_from(list(TaxRounding)))
    return RenewalRequest("L1", ON, years, draw(st.booleans()), choices, additions, rounding), market.prices
