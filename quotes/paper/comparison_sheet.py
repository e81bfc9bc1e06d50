"""A comparison as its template draws it, and alternative by alternative as pages show it."""

from typing import Any

from .comparison import Choice, ComparedProduct, ComparisonDocument
from .comparison_wording import COMPARISON_WORDS, letter_of, name_alternative
from .document import Language
from .room import COLUMN, LINE, clean
from .sheet import lay_out_addressee, lay_out_issuer
from .wording import WORDINGS, write_day, write_number, write_percent, write_yen

MOST_UPRIGHT = 3
"""Alternatives on a page that stands upright; more of them lie on a broad one."""
MARK = "◆"
"""Stands before what is different from the first alternative: nobody needs to see a colour."""


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
