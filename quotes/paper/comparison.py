"""A comparison (比較表) as plain data and as its template draws it: alternatives side by side. It is no quote."""

from typing import Any, TypedDict

from .document import Addressee, Issuer, Language
from .room import COLUMN, LINE, clean
from .sheet import lay_out_addressee, lay_out_issuer
from .wording import WORDINGS, write_day, write_number, write_percent, write_yen

MOST_UPRIGHT = 3
"""Alternatives on a page that stands upright; more of them lie on a broad one."""
MARK = "◆"
"""Stands before what is different from the first alternative: nobody needs to see a colour."""


class Choice(TypedDict):
    """What becomes of one product in one alternative."""

    renewed: int | None
    """How many are renewed; None: left out of it."""
    added: int
    rank: str
    """Of what is renewed and added; empty: none."""


class ComparedProduct(TypedDict):
    """A row: one product of a license ID, with its choices in the order of the alternatives."""

    code: str
    name: str
    unit: str
    held: int
    choices: list[Choice]


class ComparedPart(TypedDict):
    """One license ID: it is priced by itself (R16, R18)."""

    license_id: str
    years: list[int]
    """By alternative."""
    subtotals: list[int]
    """Yen, tax excluded, by alternative."""
    products: list[ComparedProduct]


class AlternativeColumn(TypedDict):
    """One alternative as a whole. Yen."""

    label: str
    list_subtotal: int
    """The licenses at list prices, tax excluded."""
    free_subtotal: int
    """Lines of the reseller's own, which are no licenses (R23), tax excluded."""
    subtotal: int
    """What is asked, tax excluded."""
    tax: int
    total: int
    per_year: int | None
    """Of the subtotal; None where its license IDs have different terms."""
    difference: int
    """Of the subtotal, to the first alternative."""
    warnings: list[str]
    """What the customer should know of it, a sentence each."""


class ComparisonDocument(TypedDict):
    """One comparison."""

    language: Language
    number: str
    """Empty until it is kept."""
    is_sample: bool
    made_at: str
    """ISO moment with offset; also the fixed time stamp of the PDF."""
    made_on: str
    valid_until: str
    subject: str
    addressee: Addressee
    issuer: Issuer
    price_list: str
    is_list_shown: bool
    """Whether reductions from list prices stand on it, where there are any."""
    tax_percents: list[str]
    parts: list[ComparedPart]
    alternatives: list[AlternativeColumn]
    conditions: list[str]


class ComparisonWords(TypedDict):
    """What a comparison says in its language. Texts with `{}` are filled by `str.format`."""

    title: str
    number: str
    made_on: str
    no_quote: str
    holds_until: str
    alternative: str
    heading: str
    row: str
    years: str
    years_value: tuple[str, str]
    held: str
    kept: str
    reduced: str
    added: str
    new: str
    reduced_and_added: str
    discontinued: str
    left_out: str
    nothing: str
    rank: str
    subtotal_of: str
    list_subtotal: str
    free_subtotal: str
    reduction: str
    subtotal: str
    tax: str
    total: str
    per_year: str
    difference: str
    basis: str
    warnings: str
    legend: str
    sample_notice: str


COMPARISON_WORDS: dict[Language, ComparisonWords] = {
    "ja": {
        "title": "比較表",
        "number": "比較表番号",
        "made_on": "作成日",
        "no_quote": "本書はご検討のための比較資料であり、御見積書ではありません。",
        "holds_until": "記載の価格は{}まで有効です。",
        "alternative": "案{}",
        "heading": "各案の内容と金額",
        "row": "項目",
        "years": "契約期間",
        "years_value": ("{}年", "{}年"),
        "held": "現在の保有 {} {}",
        "kept": "維持",
        "reduced": "{}減",
        "added": "{}追加",
        "new": "新規追加",
        "reduced_and_added": "{}減・{}追加",
        "discontinued": "更新しない",
        "left_out": "対象外",
        "nothing": "なし",
        "rank": "ランク {}",
        "subtotal_of": "小計（税抜）",
        "list_subtotal": "標準価格の合計（税抜）",
        "free_subtotal": "ライセンス以外の品目（税抜）",
        "reduction": "値引き",
        "subtotal": "合計（税抜）",
        "tax": "消費税（{}%）",
        "total": "合計（税込）",
        "per_year": "1年あたり（税抜）",
        "difference": "案Aとの差額（税抜）",
        "basis": "基準",
        "warnings": "ご確認いただきたい点",
        "legend": "◆は案Aと異なる箇所です。",
        "sample_notice": "サンプル価格による比較表です。効力はありません。",
    },
    "en": {
        "title": "Comparison",
        "number": "Comparison no.",
        "made_on": "Made on",
        "no_quote": "This comparison is for your consideration. It is not a quotation.",
        "holds_until": "Its prices hold until {}.",
        "alternative": "Plan {}",
        "heading": "The plans and their amounts",
        "row": "Item",
        "years": "Term",
        "years_value": ("{} year", "{} years"),
        "held": "{} {} held now",
        "kept": "kept",
        "reduced": "{} fewer",
        "added": "{} added",
        "new": "new",
        "reduced_and_added": "{} fewer, {} added",
        "discontinued": "not renewed",
        "left_out": "not included",
        "nothing": "none",
        "rank": "Rank {}",
        "subtotal_of": "Subtotal (tax excluded)",
        "list_subtotal": "Total at list prices (tax excluded)",
        "free_subtotal": "Items other than licenses (tax excluded)",
        "reduction": "Reduction",
        "subtotal": "Total (tax excluded)",
        "tax": "Consumption tax ({}%)",
        "total": "Total (tax included)",
        "per_year": "Per year (tax excluded)",
        "difference": "Difference to plan A (tax excluded)",
        "basis": "basis",
        "warnings": "Please note",
        "legend": "◆ marks what differs from plan A.",
        "sample_notice": "Compared on sample prices. This comparison has no effect.",
    },
}


def letter_of(position: int) -> str:
    """A for the first one, which is 0."""
    return chr(ord("A") + position)


def name_alternative(position: int, language: Language) -> str:
    """案A, 案B …; Plan A in English. The first one is 0."""
    return COMPARISON_WORDS[language]["alternative"].format(letter_of(position))


def lay_out_comparison(document: ComparisonDocument) -> dict[str, Any]:
    """The comparison as JSON for its template: texts only."""
    language = document["language"]
    words, general = COMPARISON_WORDS[language], WORDINGS[language]
    made_on = write_day(document["made_on"], language=language)
    number = clean(document["number"])
    count = len(document["alternatives"])
    conditions = [clean(condition, LINE) for condition in document["conditions"] if condition]
    if document["price_list"]:
        conditions.append(general["price_list"].format(clean(document["price_list"], LINE)))
    return {
        "language": language,
        "title": words["title"],
        "number": number,
        "is_broad": count > MOST_UPRIGHT,
        "marks": [general["sample"]] if document["is_sample"] else [],
        "notices": [words["sample_notice"]] if document["is_sample"] else [],
        "facts": [[words["number"], number], [words["made_on"], made_on]],
        "page": general["page"],
        "addressee": lay_out_addressee(document["addressee"], general),
        "issuer": lay_out_issuer(document["issuer"], general),
        "subject": [general["subject"], clean(document["subject"], LINE)],
        "no_quote": words["no_quote"],
        "holds_until": words["holds_until"].format(write_day(document["valid_until"], language=language)),
        "heading": words["heading"],
        "columns": [
            words["row"],
            *(
                [name_alternative(position, language), clean(one["label"], COLUMN)]
                for position, one in enumerate(document["alternatives"])
            ),
        ],
        "groups": lay_out_groups(document),
        "sums": lay_out_sums(document),
        "legend": words["legend"],
        "warnings": {"heading": words["warnings"], "rows": lay_out_warnings(document)},
        "conditions": {"heading": general["remarks"], "rows": conditions},
    }


def lay_out_groups(document: ComparisonDocument) -> list[dict[str, Any]]:
    """The license IDs, each with the rows of its term and its products; of several each has a head and a subtotal."""
    language = document["language"]
    words, general = COMPARISON_WORDS[language], WORDINGS[language]
    is_several = len(document["parts"]) > 1
    groups = []
    for part in document["parts"]:
        years = [words["years_value"][number > 1].format(number) for number in part["years"]]
        rows = [{"name": words["years"], "more": "", "cells": mark([[text, ""] for text in years])}]
        rows += [lay_out_product(product, language) for product in part["products"]]
        subtotal = [words["subtotal_of"], *(write_yen(amount) for amount in part["subtotals"])]
        groups.append(
            {
                "head": general["license_id"].format(clean(part["license_id"])),
                "rows": rows,
                "subtotal": subtotal if is_several else [],
            }
        )
    return groups


def lay_out_product(product: ComparedProduct, language: Language) -> dict[str, Any]:
    """A row: what becomes of the product, with its rank where that is not the same everywhere."""
    words = COMPARISON_WORDS[language]
    ranks = {choice["rank"] for choice in product["choices"] if choice["rank"]}
    cells = []
    for choice in product["choices"]:
        text, small = write_choice(product, choice, language)
        rank = words["rank"].format(clean(choice["rank"], COLUMN)) if len(ranks) > 1 and choice["rank"] else ""
        cells.append([text, "\n".join(filter(None, (small, rank)))])
    held = words["held"].format(write_number(product["held"]), clean(product["unit"], COLUMN))
    more = [clean(product["code"], COLUMN), held.strip() if product["held"] else ""]
    return {"name": clean(product["name"], COLUMN), "more": "\n".join(filter(None, more)), "cells": mark(cells)}


def write_choice(product: ComparedProduct, choice: Choice, language: Language) -> tuple[str, str]:
    """How many there are afterwards, and how that comes about."""
    words = COMPARISON_WORDS[language]
    held, renewed, added = product["held"], choice["renewed"], choice["added"]
    if not held:
        return (write_number(added), words["new"]) if added else (words["nothing"], "")
    if renewed is None:
        return (write_number(added), words["added"].format(write_number(added))) if added else (words["left_out"], "")
    if not renewed and not added:
        return words["discontinued"], ""
    fewer = held - renewed
    if fewer and added:
        small = words["reduced_and_added"].format(write_number(fewer), write_number(added))
    elif fewer:
        small = words["reduced"].format(write_number(fewer))
    elif added:
        small = words["added"].format(write_number(added))
    else:
        small = words["kept"]
    return write_number(renewed + added), small


def mark(cells: list[list[str]]) -> list[list[str]]:
    """Each with the mark before it where it says something else than the first."""
    return [[MARK if cell != cells[0] else "", *cell] for cell in cells]


def lay_out_sums(document: ComparisonDocument) -> list[dict[str, Any]]:
    """The amounts of the whole, a row each; `strong` is the total with tax."""
    words = COMPARISON_WORDS[document["language"]]
    columns = document["alternatives"]
    rows: list[dict[str, Any]] = []

    def add(name: str, cells: list[str], *, strong: bool = False) -> None:
        rows.append({"name": name, "cells": cells, "strong": strong})

    reductions = [one["subtotal"] - one["list_subtotal"] - one["free_subtotal"] for one in columns]
    are_shown = document["is_list_shown"] and any(reductions)
    if are_shown:
        add(words["list_subtotal"], [write_yen(one["list_subtotal"]) for one in columns])
    if any(one["free_subtotal"] for one in columns):
        add(words["free_subtotal"], [write_yen(one["free_subtotal"]) for one in columns])
    if are_shown:
        add(words["reduction"], [write_yen(amount) for amount in reductions])
    percents = "・".join(write_percent(percent) for percent in document["tax_percents"])
    add(words["subtotal"], [write_yen(one["subtotal"]) for one in columns])
    add(words["tax"].format(percents), [write_yen(one["tax"]) for one in columns])
    add(words["total"], [write_yen(one["total"]) for one in columns], strong=True)
    add(words["per_year"], ["–" if one["per_year"] is None else write_yen(one["per_year"]) for one in columns])
    add(
        words["difference"],
        [words["basis"], *(write_difference(one["difference"]) for one in columns[1:])],
    )
    return rows


def write_difference(amount: int) -> str:
    """With its sign: +¥1,000, ▲¥1,000, ±¥0."""
    return write_yen(amount) if amount < 0 else f"{'+' if amount else '±'}{write_yen(amount)}"


def lay_out_warnings(document: ComparisonDocument) -> list[str]:
    """What the customer should know, each with the alternatives of which it is true."""
    language = document["language"]
    told: dict[str, list[str]] = {}
    for position, one in enumerate(document["alternatives"]):
        for sentence in one["warnings"]:
            told.setdefault(sentence, []).append(name_alternative(position, language))
    between, after = ("、", "：") if language == "ja" else (", ", ": ")
    return [f"{between.join(names)}{after}{clean(sentence, LINE)}" for sentence, names in told.items()]


def lay_out_plans(document: ComparisonDocument, language: Language) -> list[dict[str, Any]]:
    """The same alternative by alternative, for a page: each says all of itself. Words in the reader's language."""
    sheet = lay_out_comparison({**document, "language": language})
    is_several = len(sheet["groups"]) > 1
    plans = []
    for position, one in enumerate(document["alternatives"]):
        groups = [
            {
                "head": group["head"] if is_several else "",
                "rows": [
                    {"name": row["name"], "more": row["more"].split("\n"), "cell": row["cells"][position]}
                    for row in group["rows"]
                ],
                "subtotal": [group["subtotal"][0], group["subtotal"][position + 1]] if group["subtotal"] else [],
            }
            for group in sheet["groups"]
        ]
        sums = [{"name": row["name"], "text": row["cells"][position], "strong": row["strong"]} for row in sheet["sums"]]
        plans.append(
            {
                "letter": letter_of(position),
                "name": name_alternative(position, language),
                "label": one["label"],
                "groups": groups,
                "sums": sums,
                "warnings": one["warnings"],
                "total": one["total"],
            }
        )
    return plans
