"""The sums at the end of the lines: they add up as they are printed."""

from typing import Any

from .document import Document, sum_free_lines
from .wording import Wording, write_percent, write_yen


def lay_out_totals(document: Document, words: Wording) -> dict[str, Any]:
    rows = lay_out_reductions(document, words)
    for tax_total in document["tax_totals"]:
        percent = write_percent(tax_total["percent"])
        if percent == "0" and document.get("free_lines"):
            rows.append([words["subtotal_untaxed"], write_yen(tax_total["subtotal"])])
            continue
        rows.append([words["subtotal_at"].format(percent), write_yen(tax_total["subtotal"])])
        rows.append([words["tax_at"].format(percent), write_yen(tax_total["tax"])])
    if len(document["tax_totals"]) != 1:
        rows.append([words["subtotal"], write_yen(document["subtotal"])])
        rows.append([words["tax"], write_yen(document["tax"])])
    return {
        "heading": words["totals"],
        "rows": rows,
        "grand_total": [words["grand_total"], write_yen(document["total"])],
    }


def lay_out_reductions(document: Document, words: Wording) -> list[list[str]]:
    """What comes before the subtotals where less than the list is asked: sums add up as they are printed (R20)."""
    if (offers := document.get("offers")) is None:
        return []
    given_away, others = offers["lines_subtotal"] - offers["list_subtotal"], sum_free_lines(document)
    rows = []
    if offers["is_list_shown"]:
        rows.append([words["list_total"], write_yen(offers["list_subtotal"])])
        if given_away:
            rows.append([words["lines_reduction"], write_yen(given_away)])
        if document.get("free_lines"):
            rows.append([words["others_total"], write_yen(others)])
    elif offers["reduction"]:
        rows.append([words["lines_total"], write_yen(offers["lines_subtotal"] + others)])
    if offers["reduction"]:
        rows.append([words["reduction"], write_yen(-offers["reduction"])])
    return rows
