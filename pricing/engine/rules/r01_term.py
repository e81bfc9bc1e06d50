"""R1: for how many years a renewal can be."""

from collections.abc import Iterable

from ..problems import Problem, refusal
from ..step import StepKind
from ..values import LEAST_YEARS, MOST_YEARS, Product, Programme
from ..wording import Rule, both
from .r03_quoted import Quoted

R1 = Rule("R1", both("Term", "更新年数"))

TERM_OUT_OF_RANGE = refusal(
    R1,
    "term-out-of-range",
    en="A renewal is for 1 to {most} years, not {years}.",
    ja="更新は1年から{most}年までです（入力：{years}年）。",
)
TERM_OUT_OF_PROGRAMME = TERM_OUT_OF_RANGE.in_words(
    "term-out-of-programme",
    en="Products of {programme} are renewed for at most {most:years}, not {years}.",
    ja="{programme} の製品の更新は最長{most:years}です（入力：{years:years}）。",
)

YEARS = StepKind(R1, "years", both("Term", "期間"), result="{request.years}", told="{request.years:years}")


def shorter_programmes(products: Iterable[Product]) -> list[Programme]:
    """The programmes of the products that cannot be renewed for `MOST_YEARS`, each once, by code."""
    shorter = [product.programme for product in products if product.programme.most_years < MOST_YEARS]
    return sorted({programme.code: programme for programme in shorter}.values(), key=lambda programme: programme.code)


def most_years(products: Iterable[Product]) -> int:
    """The longest term for which the products can be renewed together."""
    most = MOST_YEARS
    for product in products:
        if product.programme.most_years < most:
            most = product.programme.most_years
    return most


def possible_years(products: Iterable[Product]) -> range:
    """The terms for which the products can be renewed together."""
    return range(LEAST_YEARS, most_years(products) + 1)


def check_term(quoted: Quoted) -> list[Problem]:
    """What is wrong with the number of years, which the programme of any quoted product may bound more closely."""
    years, products = quoted.request.years, quoted.products.values()
    if years == LEAST_YEARS:
        return []  # every programme allows it
    if LEAST_YEARS < years <= most_years(products):
        return []
    exceeded = [programme for programme in shorter_programmes(products) if years > programme.most_years]
    if not exceeded:
        facts = {"years": years, "most": most_years(products)}
        return [Problem(TERM_OUT_OF_RANGE, ("years",), facts)]
    return [
        Problem(
            TERM_OUT_OF_PROGRAMME,
            ("years",),
            {"years": years, "programme": programme, "most": programme.most_years},
        )
        for programme in exceeded
    ]
