"""What is the reseller's own on the sheet: free lines, the account to pay to, the person in charge."""

from typing import Any

from .document import Bank, Document, FreeLine, Issuer, numbered_free_lines, sum_free_lines
from .room import COLUMN, GAP, LONGEST_KEPT_TOGETHER, UNIT_COLUMN, clean
from .wording import Wording, write_number, write_percent


def lay_out_person(issuer: Issuer, words: Wording) -> list[str]:
    """担当 with department and title, then how the person is reached, where that is not as the company is."""
    facts = [clean(issuer.get("department", "")), clean(issuer.get("job_title", "")), clean(issuer["person"])]
    ways = [(words["direct"], issuer.get("person_phone", "")), (words["email"], issuer.get("person_email", ""))]
    named = [words["person"].format(" ".join(fact for fact in facts if fact))] if issuer["person"] else []
    return named + [word.format(clean(way)) for word, way in ways if way]


def lay_out_free_lines(document: Document, words: Wording) -> list[dict[str, Any]]:
    """The group behind the licenses, numbered on; none where there are no free lines (R23)."""
    rows = numbered_free_lines(document)
    if not rows:
        return []
    subtotal = [words["subtotal_of_others"], write_number(sum_free_lines(document))]
    lines = [_free_line(number, line, words) for number, line in rows]
    return [{"head": [words["others"], "", ""], "lines": lines, "subtotal": subtotal}]


def _free_line(number: int, line: FreeLine, words: Wording) -> dict[str, Any]:
    name = clean(line["description"], COLUMN)
    return {
        "cells": [
            str(number), name, "", write_number(line["quantity"]), clean(line["unit"], UNIT_COLUMN), "",
            write_number(line["price"]), "", write_number(line["amount"]),
        ],
        "parts": [],
        "code": say_tax(line["tax_category"], line["tax_percent"], words),
        "details": "",
        "keep": len(name) * 3 <= LONGEST_KEPT_TOGETHER,
    }  # fmt: skip


def say_tax(category: str, percent: str, words: Wording) -> str:
    """At which rate a free line is taxed: which lines have the reduced rate must stand on a qualified invoice."""
    rate = write_percent(percent)
    if rate == "0":
        return words["untaxed_line"]
    return words["reduced_tax_of_line" if category == "reduced" else "tax_of_line"].format(rate)


def say_bank(bank: Bank, words: Wording) -> str:
    """The account in one row."""
    facts = [
        clean(bank["name"]),
        clean(bank["branch"]),
        f"{words['bank_kinds'][bank['kind']]} {clean(bank['number'])}",
        words["bank_holder"].format(clean(bank["holder"])),
    ]
    return GAP.join(facts)


def lay_out_bank(document: Document, words: Wording) -> list[str]:
    """Heading and the account; empty where none is printed."""
    bank = document.get("bank")
    return [] if bank is None else [words["bank"], say_bank(bank, words)]
