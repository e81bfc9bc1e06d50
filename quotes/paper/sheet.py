"""A document as the template draws it: every text worded, every figure written, in the order of the page.

The template decides how things look; all words and figures are decided here.
"""

from typing import Any

from .characters import em
from .check import draw_qr
from .document import (
    Addressee,
    CalculationPart,
    Discontinued,
    Document,
    Issuer,
    Language,
    Line,
    Part,
    net_price,
    shows_list_prices,
)
from .own import lay_out_bank, lay_out_free_lines, lay_out_person
from .room import (
    COLUMN,
    GAP,
    HALF_LINE,
    LINE,
    LONGEST_KEPT_TOGETHER,
    NARROW_COLUMN,
    RULE_COLUMN,
    UNIT_COLUMN,
    clean,
)
from .totals import lay_out_totals
from .wording import WORDINGS, Wording, write_day, write_number, write_percent, write_yen

LONGEST_HEAD = 600
"""Of a license ID, in characters of what decided its ranks; it is never split."""
AMOUNT_COLUMN = 8

# In points.
CELL_PADDING = 8.0
COLUMN_SIZE = 9.0
HEADER_SIZE = 7.5
CALCULATION_SIZE = 8.5


def lay_out(document: Document) -> dict[str, Any]:
    """The document as JSON for the template: texts only, and what to leave out as empty text or empty list."""
    language = document["language"]
    words = WORDINGS[language]
    issued_on = write_day(document["issued_on"], language=language)
    number = clean(document["number"] or "") or words["no_number"]
    notices = []
    if document["number"] is None:
        notices.append((words["draft"], words["draft_notice"]))
    if document["is_sample"]:
        notices.append((words["sample"], words["sample_notice"]))
    return {
        "language": language,
        "title": words["title"],
        "number": number,
        "marks": [mark for mark, _ in notices],
        "notices": [notice for _, notice in notices],
        "facts": [[words["number"], number], [words["issued_on"], issued_on]],
        "page": words["page"],
        "addressee": lay_out_addressee(document["addressee"], words),
        "issuer": lay_out_issuer(document["issuer"], words),
        "subject": [words["subject"], clean(document["subject"], LINE)],
        "greeting": words["greeting"],
        "total": [
            words["total"],
            write_yen(document["total"]),
            words["tax_in_total"].format(write_yen(document["tax"])),
        ],
        "terms": [
            *([label, clean(document[name])] for name, label in words["terms"].items()),
            [
                words["valid_until"],
                words["until"].format(write_day(document["valid_until"], language=language)),
            ],
        ],
        **lay_out_lines(document, language),
        "end_of_lines": words["end_of_lines"],
        "totals": lay_out_totals(document, words),
        "discontinued": lay_out_discontinued(document, words),
        "bank": lay_out_bank(document, words),
        "remarks": lay_out_remarks(document, words),
        "calculation": lay_out_calculation(document["calculation"], words),
        "check": lay_out_check(document, words),
    }


def lay_out_check(document: Document, words: Wording) -> dict[str, Any] | None:
    """The foot of the first page: a QR code, what it stands for, and the same for people who type."""
    check = document.get("check")
    if check is None:
        return None
    said = words["order"] if document.get("order") else words
    return {
        "qr": draw_qr(f"{check['address']}{check['code']}/"),
        "alternative": said["check_qr"].format(check["code"]),
        "sentence": said["check"],
        "link": f"{check['address']}{check['code']}/",
        "address": clean(check["address"], LINE),
        "code": [words["check_code"], check["code"]],
    }


def lay_out_addressee(addressee: Addressee, words: Wording) -> dict[str, Any]:
    """Small lines above, then name, department and person, of which the last carries the one honorific."""
    small = [
        words["postal_code"].format(clean(addressee["postal_code"])) if addressee["postal_code"] else "",
        clean(addressee["address"]),
    ]
    lines = [["", clean(addressee[part]), ""] for part in ("name", "department", "person") if addressee[part]]
    if words is WORDINGS["ja"]:
        if lines:
            lines[-1][2] = words["attention"] if addressee["person"] else words["organisation"]
    elif addressee["person"]:
        lines[-1][0] = words["attention"]
    elif lines:
        lines[0][0] = words["organisation"]
    return {"small": [text for text in small if text], "lines": lines, "short": clean(addressee["name"])}


def lay_out_issuer(issuer: Issuer, words: Wording) -> dict[str, Any]:
    name = clean(issuer["name"])
    phone_and_email = [words[part].format(clean(issuer[part])) for part in ("phone", "email") if issuer[part]]
    texts = [
        words["postal_code"].format(clean(issuer["postal_code"])) if issuer["postal_code"] else "",
        clean(issuer["address"]),
        *phone_and_email,
        *lay_out_person(issuer, words),
        words["registration_number"].format(clean(issuer["registration_number"]))
        if issuer["registration_number"]
        else "",
    ]
    return {
        "name": name,
        "lines": [text for text in texts if text],
        "seal": words["seal"].format(name) if issuer["seal"] else "",
        "logo": words["logo"].format(name) if issuer["logo"] else "",
        "seal_omitted": "" if issuer["seal"] else words["seal_omitted"],
    }


def lay_out_lines(document: Document, language: Language) -> dict[str, Any]:
    """The line table: header cells, column widths in points (0: what is left), and the lines in their groups."""
    words = WORDINGS[language]
    groups = lay_out_groups(document, language)
    rows = [row for group in groups for row in group["lines"]]
    # em() allows for the widest letters; whole words of a heading are narrower.
    share = (0.9 if language == "en" else 1.0) * HEADER_SIZE / COLUMN_SIZE
    least = [em(header) * share for header in words["columns"]]

    def width(column: int, *, most: float = 99.0) -> float:
        texts = {text for row in rows for text in texts_of_column(row, column)}
        if column == AMOUNT_COLUMN:
            texts |= {group["subtotal"][1] for group in groups if group["subtotal"]}
        widest = max(map(em, texts), default=0.0)
        return min(max(widest, least[column]), most) * COLUMN_SIZE + CELL_PADDING

    return {
        "lines_heading": words["lines"],
        "columns": words["columns"],
        "widths": [
            width(0),
            0,
            width(2, most=4.6),
            width(3),
            width(4, most=UNIT_COLUMN),
            width(5, most=4.6),
            width(6),
            width(7),
            width(AMOUNT_COLUMN),
        ],
        "groups": groups,
    }


def lay_out_groups(document: Document, language: Language) -> list[dict[str, Any]]:
    """The lines license ID by license ID, numbered through, each with a head and a subtotal (R18).

    One license ID has neither: then each line says what it belongs to, and what decided its rank. Where the heads say
    so the lines do not; but a head is never so long that it fills a page.
    """
    parts, lines = document["parts"], list(enumerate(document["lines"], start=1))
    at_net, words = not shows_list_prices(document), WORDINGS[language]
    if len(parts) < 2:
        rows = [lay_out_line(number, line, language, at_net=at_net) for number, line in lines]
        subtotal = _subtotal_of(parts[0], words) if parts and document.get("free_lines") else []
        return [{"head": [], "lines": rows, "subtotal": subtotal}, *lay_out_free_lines(document, words)]
    groups = []
    for part in parts:
        code = clean(part["license_id"])
        reasons = [clean(reason, LINE) for reason in part["rank_reasons"]]
        is_told = sum(map(len, reasons)) <= LONGEST_HEAD
        facts = [words["years"][part["years"] > 1].format(part["years"])]
        if part["is_reduced"]:
            facts.append(words["reduced"])
        groups.append(
            {
                "head": [words["license_id"].format(code), GAP.join(facts), GAP.join(reasons) if is_told else ""],
                "lines": [
                    lay_out_line(number, line, language, is_grouped=True, with_reason=not is_told, at_net=at_net)
                    for number, line in lines
                    if line["license_id"] == part["license_id"]
                ],
                "subtotal": _subtotal_of(part, words),
            }
        )
    return groups + lay_out_free_lines(document, words)


def _subtotal_of(part: Part, words: Wording) -> list[str]:
    return [words["subtotal_of"].format(clean(part["license_id"])), write_number(part["subtotal"])]


# Where the cells of a line's parts stand among those of the line.
PART_COLUMNS = (2, 3, 4, 6, 7, 8)


def texts_of_column(row: dict[str, Any], column: int) -> list[str]:
    """All that the column must have room for. Labels run over the columns to their left."""
    at = PART_COLUMNS.index(column) if column in PART_COLUMNS[1:] else None
    return [row["cells"][column], *([] if at is None else [part[at] for part in row["parts"]])]


def lay_out_line(
    number: int,
    line: Line,
    language: Language,
    *,
    is_grouped: bool = False,
    with_reason: bool = True,
    at_net: bool = False,
) -> dict[str, Any]:
    """`at_net`: what is offered below the list says its net price only."""
    words = WORDINGS[language]
    first_price: int | None = line["addition_price"] if line["addition_price"] is not None else line["renewal_price"]
    if at_net and "offer" in line:
        first_price, parts = net_price(line), []
    else:
        parts = lay_out_parts(line, words)
    cells = [
        str(number),
        clean(line["product_name"], COLUMN),
        words["kinds"][line["kind"]],
        write_number(line["quantity"]),
        clean(line["unit"], UNIT_COLUMN),
        clean(line["rank"], NARROW_COLUMN),
        "" if parts or first_price is None else write_number(first_price),
        str(line["years"]),
        write_number(line["amount"]),
    ]
    details = lay_out_details(line, language, with_license_id=not is_grouped, with_reason=with_reason)
    length = len(details) + len(cells[1]) * 3
    return {
        "cells": cells,
        "parts": parts,
        "code": clean(line["product_code"], LINE),
        "details": details,
        "keep": length <= LONGEST_KEPT_TOGETHER,
    }


def lay_out_parts(line: Line, words: Wording) -> list[list[str]]:
    """What an amount is the sum of, where it is not simply quantity x price x years: cells as those of the line.

    Label, quantity, unit, price, years, amount. Empty where the line's own row says it all.
    """
    first_price, renewal_price, years = line["addition_price"], line["renewal_price"], line["years"]
    if first_price is not None and years > 1:
        priced = [(words["first_year"], first_price, 1), (words["later_years"], renewal_price, years - 1)]
    elif line["discount_percent"] is not None:
        priced = [(words["before_discount"], renewal_price if first_price is None else first_price, years)]
    elif "offer" in line:
        priced = [(words["list_price"], renewal_price if first_price is None else first_price, years)]
    else:
        return []
    quantity, unit = line["quantity"], clean(line["unit"], UNIT_COLUMN)
    parts = [
        [label, write_number(quantity), unit, write_number(price), str(for_years), amount]
        for label, price, for_years in priced
        for amount in [write_number(quantity * price * for_years)]
    ]
    if line["discount_percent"] is not None:
        label = words["discount"].format(write_percent(line["discount_percent"]))
        parts.append([label, "", "", "", "", write_number(_list_amount(line) - line["amount_before_discount"])])
    if offer := line.get("offer"):
        percent = offer["percent"]
        label = words["line_reduction_percent"].format(write_percent(percent)) if percent else words["line_reduction"]
        parts.append([label, "", "", "", "", write_number(line["amount"] - offer["list_amount"])])
    return parts


def _list_amount(line: Line) -> int:
    return line["offer"]["list_amount"] if "offer" in line else line["amount"]


def lay_out_details(line: Line, language: Language, *, with_license_id: bool, with_reason: bool) -> str:
    """What stands beneath a line in small type, after the product code: a first row of facts, then sentences."""
    words = WORDINGS[language]
    term = words["term_range"].format(
        write_day(line["term_from"], language=language), write_day(line["term_until"], language=language)
    )
    facts = [""]
    if with_license_id and line["license_id"]:
        facts.append(words["license_id"].format(clean(line["license_id"])))
    facts.append(words["term"].format(term))
    if line["held_quantity"] is not None:
        held = write_number(line["held_quantity"])
        facts.append(words["quantity_change"].format(held, write_number(line["quantity"])))
    details = [GAP.join(facts)]
    if with_reason and line["rank_reason"]:
        details.append(clean(line["rank_reason"], LINE))
    return "\n".join(details)


def lay_out_discontinued(document: Document, words: Wording) -> dict[str, Any]:
    """What is not renewed; of several license IDs each row names its own, above the product's code."""
    is_several = len(document["parts"]) > 1
    first, *others = words["discontinued_columns"]

    def code(holding: Discontinued) -> str:
        own = clean(holding["product_code"], COLUMN)
        return f"{clean(holding['license_id'], COLUMN)}\n{own}" if is_several else own

    return {
        "heading": words["discontinued"],
        "columns": [words["discontinued_of"] if is_several else first, *others],
        "rows": [
            [
                code(holding),
                clean(holding["product_name"]),
                f"{write_number(holding['held_quantity'])} {clean(holding['unit'], NARROW_COLUMN)}".strip(),
                write_day(holding["support_expires_on"], language=document["language"]),
            ]
            for holding in document["discontinued"]
        ],
    }


def lay_out_remarks(document: Document, words: Wording) -> dict[str, Any]:
    conditions = [clean(condition, LINE) for condition in document["conditions"] if condition]
    if document["price_list"]:
        conditions.append(words["price_list"].format(clean(document["price_list"], LINE)))
    texts = [document["note"].strip("\r\n"), document.get("remarks", "").strip("\r\n")]
    note = "\n\n".join(text for text in texts if text)
    return {
        "heading": words["remarks"],
        "note": [clean(line, LINE) for line in note.splitlines()],
        "conditions": conditions,
        "keep": sum(map(len, conditions)) <= LONGEST_KEPT_TOGETHER,
    }


def lay_out_calculation(parts: list[CalculationPart], words: Wording) -> dict[str, Any]:
    """The calculation page. `widths` in points: of the rules' names and of the results; the steps have the rest."""
    steps = [step for part in parts for step in part["steps"]]
    names = {clean(step.get("rule_name", step["rule"]), RULE_COLUMN) for step in steps}
    results = {clean(step["result"]) for step in steps}

    def width(texts: set[str], most: float) -> float:
        # A little more than the letters need: figures in bold are wider than in the line table's columns.
        return min(max(map(em, texts), default=0.0) * 1.05, most) * CALCULATION_SIZE + CELL_PADDING

    return {
        "widths": [width(names | {words["calculation_columns"][0]}, RULE_COLUMN * 2), width(results, HALF_LINE)],
        "heading": words["calculation"],
        "columns": words["calculation_columns"],
        "parts": [
            {
                "title": clean(part["title"], LINE),
                "steps": [
                    [
                        clean(step.get("rule_name", step["rule"]), RULE_COLUMN),
                        clean(step["text"]),
                        clean(step["result"]),
                    ]
                    for step in part["steps"]
                ],
            }
            for part in parts
        ],
    }
