"""R6: the largest product of a programme decides the rank of all its products in the license ID."""

from collections.abc import Mapping, Sequence

from ..problems import Problem, refusal, warning
from ..rank import RankDecision, RankKind
from ..step import StepKind
from ..values import PriceRank, PriceTables, Product, Programme
from ..wording import Rule, both
from .r03_quoted import Quoted
from .r04_rank_quantity import RankQuantity
from .r05_own_quantity import reached_rank
from .r09_no_price import below_first_rank, without_prices

R6 = Rule("R6", both("Rank by the largest product", "最多の製品によるランク"))

RANK_MISSING = refusal(
    R6,
    "rank-missing",
    en="{product} has no price at rank {rank}, which {basis} ({quantity:,}) decides for all products of {programme} in "
    "the license ID.",
    ja="このライセンスIDの{programme}の価格ランクは {basis}（{quantity:,}）によりランク{rank}ですが、"
    "{product} にはランク{rank}の価格がありません。",
)
RANK_BASIS_TIE = warning(
    R6,
    "rank-basis-tie",
    en="{tied} have the same largest quantity of {programme} ({quantity:,}) but reach different ranks. "
    "Rank {rank} of {basis} was taken.",
    ja="{programme}では {tied} が同数（{quantity:,}）で最多ですが、届くランクが異なります。"
    "{basis} のランク{rank}を適用しました。",
)
MIXED_PROGRAMMES = warning(
    R6,
    "mixed-programmes",
    en="This license ID mixes products of several programmes ({programmes}). "
    "Ranks were decided for each programme by itself.",
    ja="このライセンスIDには複数のプログラム（{programmes}）の製品が混在しています。"
    "価格ランクはプログラムごとに決めました。",
)

BY_LARGEST_PRODUCT = RankKind(
    R6,
    StepKind(
        R6,
        "rank-largest",
        both(
            "Largest product of {basis_product.programme} in the license ID: "
            "{basis_product} {basis_quantity:,} reaches rank {rank.rank} (from {reached_from:,})",
            "ライセンスID内で最多の{basis_product.programme}製品 "
            "{basis_product} {basis_quantity:,} によりランク{rank.rank}（{reached_from:,}から）",
        ),
        result="{rank.rank}",
        about="rank",
    ),
    reason=both(
        "{basis_product.programme}: {basis_product} {basis_quantity:,}{made_of}: rank {rank.rank}",
        "{basis_product.programme}: "
        "{basis_product} {basis_quantity:,}{basis_product.unit}{made_of}によりランク{rank.rank}",
    ),
    is_shared=True,
)


def decide_by_largest_product(
    products: Sequence[Product],
    *,
    quoted: Quoted,
    counted: Mapping[str, RankQuantity],
    price_tables: PriceTables,
) -> tuple[dict[str, RankDecision], list[Problem]]:
    """The rank of each of the products, by its code, and why some have none. Each programme decides for its own."""
    sharing: dict[str, list[Product]] = {}
    for product in products:
        sharing.setdefault(product.programme.code, []).append(product)
    decided: dict[str, RankDecision] = {}
    problems: list[Problem] = []
    for same in sharing.values():
        ranks, wrong = _decide_for_programme(same, quoted, counted, price_tables)
        decided |= ranks
        problems += wrong
    return decided, problems


def _decide_for_programme(
    sharing: Sequence[Product], quoted: Quoted, counted: Mapping[str, RankQuantity], price_tables: PriceTables
) -> tuple[dict[str, RankDecision], list[Problem]]:
    """One rank for all of a programme: the one that its largest product reaches in its own table.

    `sharing`: what is quoted of the programme. What is left out counts with it; other programmes never do.
    """
    programme, tables = sharing[0].programme, price_tables.tables
    reached: list[tuple[RankQuantity, PriceRank | None]] = []
    without: list[Product] = []
    for quantity in _largest(programme, counted):
        if (table := tables.get(quantity.product.code)) is None:
            without.append(quantity.product)
        else:
            reached.append((quantity, reached_rank(table, quantity.total)))
    if without:
        # But for what is quoted: that was refused already (R9).
        return {}, [
            without_prices(product, quoted, price_tables) for product in without if product.code not in quoted.products
        ]

    if len(reached) > 1:
        # A tie: the band that starts at the higher quantity, then the lower product code.
        reached.sort(key=lambda pair: (-(pair[1].from_quantity if pair[1] else 0), pair[0].product.code))
    basis, rank = reached[0]
    if rank is None:
        product = basis.product
        places = quoted.places_of(product)
        return {}, [below_first_rank(product, basis.total, tables[product.code], places)]

    decided: dict[str, RankDecision] = {}
    problems = _warn_of_tie(reached, rank) if len(reached) > 1 else []
    for product in sharing:
        own_table = tables.get(product.code)
        if own_table is None:
            continue  # refused already
        own = own_table.rank_by_code.get(rank.rank)
        if own is None:
            facts = {
                "product": product,
                "programme": programme,
                "rank": rank.rank,
                "basis": basis.product,
                "quantity": basis.total,
            }
            problems.append(Problem(RANK_MISSING, quoted.places_of(product), facts))
            continue
        decided[product.code] = RankDecision(BY_LARGEST_PRODUCT, own, basis, rank.from_quantity)
    return decided, problems


def _largest(programme: Programme, counted: Mapping[str, RankQuantity]) -> list[RankQuantity]:
    """Those of the programme with the largest total: one, or several in a tie."""
    top: list[RankQuantity] = []
    most: int | None = None
    for quantity in counted.values():
        if quantity.product.programme.code != programme.code:
            continue
        total = quantity.total
        if most is None or total > most:
            top, most = [quantity], total
        elif total == most:
            top.append(quantity)
    return top


def _warn_of_tie(reached: Sequence[tuple[RankQuantity, PriceRank | None]], rank: PriceRank) -> list[Problem]:
    """Products of the same largest quantity that reach different ranks, of which the first is taken."""
    if len({tied.rank if tied else None for _, tied in reached}) == 1:
        return []
    basis = reached[0][0]
    facts = {
        "tied": tuple(sorted((quantity.product for quantity, _ in reached), key=lambda product: product.code)),
        "quantity": basis.total,
        "rank": rank.rank,
        "basis": basis.product,
        "programme": basis.product.programme,
    }
    return [Problem(RANK_BASIS_TIE, ("quote",), facts)]


def warn_of_mixture(quoted: Quoted) -> list[Problem]:
    """Products of several programmes in one license ID: each programme's rule counts for its own."""
    programmes: dict[str, Programme] = {}
    for choice in quoted.choices:
        programme = choice.holding.product.programme
        programmes[programme.code] = programme
    for addition in quoted.additions:
        programmes[addition.product.programme.code] = addition.product.programme
    if len(programmes) < 2:
        return []
    facts = {"programmes": tuple(programmes[code] for code in sorted(programmes))}
    return [Problem(MIXED_PROGRAMMES, ("quote",), facts)]
