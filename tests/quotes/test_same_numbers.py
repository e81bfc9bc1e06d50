"""The rules page's examples E1 to E8: the same figures in the live preview, the record, on the page and on paper."""

import re
from datetime import date
from typing import Any, NamedTuple

import pytest

from pricing.engine.values import RenewalRequest
from quotes.models import Quote
from tests.cast import make_license_id
from tests.making import fill, holding_of
from tests.page import Page, open_form, send
from tests.pricing.engine.scenarios import Scenario, scenario_named
from tests.quotes.paper.reading import read_lines

URL = "/license-ids/LIC-1008/quote/"


class Line(NamedTuple):
    """One line as every place shows it. Yen without tax; the unit price is that of the first year."""

    kind: str
    quantity: int
    rank: str
    unit_price: int
    years: int
    discount: int
    amount: int
    term_from: date
    term_until: date


class Figures(NamedTuple):
    lines: list[Line]
    subtotal: int
    tax: int
    total: int


def number(text: str) -> int:
    return int(text.replace(",", "").removeprefix("¥"))


# --- The five places ------------------------------------------------------------------------------------------------

KINDS = {"reduced": "reduced_renewal"}


def from_example(scenario: Scenario) -> Figures:
    expected = scenario.expected
    lines = [
        Line(
            kind=KINDS.get(line.get("kind", "renewal"), line.get("kind", "renewal")),
            quantity=line["quantity"],
            rank=line["rank"],
            unit_price=line.get("unit_price") or line["addition_price"],
            years=scenario.request.years,
            discount=line.get("discount", 0),
            amount=line["amount"],
            term_from=line.get("from", scenario.usual_term["from"]),
            term_until=line.get("until", scenario.usual_term["until"]),
        )
        for line in expected["lines"]
    ]
    return Figures(lines, expected["subtotal"], expected["tax"], expected["total"])


ON_SCREEN = re.compile(
    r"(reduced renewal|renewal|addition) ¥([\d,]+) (\w+) ([\d,]+) \S+ × ¥([\d,]+)(?: × (\d) years?)?(?: less (\d+) %)? "
    r"(?:\(held [\d,]+\) )?"
    r"(\d{4}-\d\d-\d\d)–(\d{4}-\d\d-\d\d)"
)


def from_page(page: Page) -> Figures:
    lines = []
    for text in page.lines:
        match = ON_SCREEN.search(text)
        assert match, text
        kind, amount, rank, quantity, price, years, discount, first, last = match.groups()
        lines.append(
            Line(
                kind.replace(" ", "_"),
                number(quantity),
                rank,
                number(price),
                int(years or 1),
                int(discount or 0),
                number(amount),
                date.fromisoformat(first),
                date.fromisoformat(last),
            )
        )
    sums = page.sums
    return Figures(lines, number(sums["Subtotal (10 % tax)"]), number(sums["Consumption tax"]), number(page.total))


def from_rows(quote: Quote) -> Figures:
    lines = [
        Line(
            row.kind,
            row.quantity,
            row.rank,
            row.addition_price if row.kind == "addition" else row.renewal_price,
            row.years,
            int(row.discount_percent or 0),
            row.amount,
            row.term_from,
            row.term_until,
        )
        for row in quote.lines.order_by("position")
    ]
    return Figures(lines, quote.subtotal, quote.tax, quote.total)


def from_document(document: dict[str, Any]) -> Figures:
    lines = [
        Line(
            line["kind"],
            line["quantity"],
            line["rank"],
            line["addition_price"] if line["kind"] == "addition" else line["renewal_price"],
            line["years"],
            int(line["discount_percent"] or 0),
            line["amount"],
            date.fromisoformat(line["term_from"]),
            date.fromisoformat(line["term_until"]),
        )
        for line in document["lines"]
    ]
    assert [(total["percent"], total["subtotal"], total["tax"]) for total in document["tax_totals"]] == [
        ("10", document["subtotal"], document["tax"])
    ]
    return Figures(lines, document["subtotal"], document["tax"], document["total"])


ON_PAPER = re.compile(r".* (減数更新|更新|追加) ([\d,]+) \S+ ([A-Z]) (?:([\d,]+) )?(\d) ([\d,]+)")
PART = re.compile(r"(?:初年度|割引前) [\d,]+ \S+ ([\d,]+) \d [\d,]+")
KIND_ON_PAPER = {"減数更新": "reduced_renewal", "更新": "renewal", "追加": "addition"}
TERM = re.compile(r"新サポート期間 (\d+)年(\d+)月(\d+)日～(\d+)年(\d+)月(\d+)日")
DISCOUNT = re.compile(r"複数年割引 (\d+)% ▲[\d,]+")


def from_paper(pdf: bytes) -> Figures:
    lines: list[Line] = []
    sums = {}
    for text in read_lines(pdf):
        if match := ON_PAPER.fullmatch(text):
            kind, quantity, rank, price, years, amount = match.groups()
            figures = (number(quantity), rank, number(price or "0"), int(years), 0, number(amount))
            lines.append(Line(KIND_ON_PAPER[kind], *figures, date.min, date.min))
        elif match := TERM.search(text):
            first, last = [int(part) for part in match.groups()[:3]], [int(part) for part in match.groups()[3:]]
            lines[-1] = lines[-1]._replace(term_from=date(*first), term_until=date(*last))
        elif match := PART.fullmatch(text):
            lines[-1] = lines[-1]._replace(unit_price=number(match[1]))
        elif match := DISCOUNT.search(text):
            lines[-1] = lines[-1]._replace(discount=int(match[1]))
        elif match := re.fullmatch(r"(小計（10%対象）|消費税（10%）|合計（税込）) ¥([\d,]+)", text):
            sums[match[1]] = number(match[2])
        elif match := re.fullmatch(r"御見積金額（税込） うち消費税 ¥([\d,]+) ¥([\d,]+)", text):
            sums["large"] = (number(match[1]), number(match[2]))
    assert sums["large"] == (sums["消費税（10%）"], sums["合計（税込）"])
    return Figures(lines, sums["小計（10%対象）"], sums["消費税（10%）"], sums["合計（税込）"])


# --- The examples ---------------------------------------------------------------------------------------------------


def fill_in(request: RenewalRequest, entry: dict[str, list[str]], licenseid: Any) -> dict[str, list[str]]:
    """What a person types for the example."""
    entry = entry | {"years": [str(request.years)]}
    if request.is_reduced:
        entry["is_reduced"] = ["on"]
        for choice in request.holdings:
            pk = holding_of(licenseid, choice.holding.product.code).pk
            entry[f"quantity-{pk}"] = [str(choice.renewal_quantity)]
    for row, addition in enumerate(request.additions):
        entry[f"addition-{row}-product"] = [addition.product.code]
        entry[f"addition-{row}-quantity"] = [str(addition.quantity)]
    return entry


@pytest.mark.parametrize("example", ["E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8"])
def test_the_same_numbers_everywhere(cast, desk, example):
    scenario = scenario_named(example)
    request = scenario.request
    expected = from_example(scenario)
    held = [
        (choice.holding.product.code, choice.holding.quantity, choice.holding.support_expires_on)
        for choice in request.holdings
    ]
    licenseid = make_license_id(cast.customer, "LIC-1008", *held)
    typed = fill_in(request, dict(fill(licenseid).data.lists()), licenseid)

    preview = Page(send(desk, f"{URL}preview/", typed, headers={"hx-request": "true"}))
    assert from_page(preview) == expected
    assert list(preview.warnings) == [problem["code"] for problem in scenario.expected.get("problems", [])]
    calculated = Page(send(desk, URL, typed, "calculate"))
    assert from_page(calculated) == expected

    send(desk, URL, calculated.fields | {"acknowledge": list(preview.warnings)}, "issue")
    quote = Quote.objects.get()
    assert from_rows(quote) == expected
    assert from_document(quote.document) == expected
    assert from_page(open_form(desk, f"/quotes/{quote.key}/")) == expected
    assert from_paper(desk.get(f"/quotes/{quote.key}/pdf/").content) == expected
