"""The acknowledgement of an order (注文請書): the paper of the quote that was ordered, with the order on it."""

from datetime import datetime
from typing import Any

from .check import Check
from .document import Document, Order
from .room import clean
from .wording import WORDINGS, write_day, write_yen


def acknowledge(
    *, document: Document, order: Order, number: str, now: datetime, on: str, check: Check | None = None
) -> Document:
    """The document of the acknowledgement: what the quote says, by the number of its own and the order.

    `on` is the day of `now` in Japan, as ISO text. Parties, lines and amounts are the quote's. What a quote says of
    itself (until when it is valid, how it was calculated) is left out. `check`: where it is checked, by its own code.
    """
    words = WORDINGS[document["language"]]["order"]
    return {
        **document,
        "number": number,
        "issued_at": now.isoformat(timespec="seconds"),
        "issued_on": on,
        "order": order,
        "price_list": "",
        "conditions": [words["conditions"].format(order["quote_number"])],
        "calculation": [],
        "check": check,
    }


def lay_out_order(document: Document, order: Order) -> dict[str, Any]:
    """What the sheet of an acknowledgement has in the place of the quote's own."""
    language = document["language"]
    words = WORDINGS[language]
    said = words["order"]
    number = clean(document["number"] or "")
    ordered_on = write_day(order["ordered_on"], language=language) if order["ordered_on"] else ""
    facts = [
        [said["number"], number],
        [words["issued_on"], write_day(document["issued_on"], language=language)],
        [words["number"], clean(order["quote_number"])],
        [said["order_number"], clean(order["order_number"])],
    ]
    terms = [[label, clean(document[name])] for name, label in words["terms"].items()]
    return {
        "title": said["title"],
        "facts": [fact for fact in facts if fact[1]],
        "greeting": said["greeting"],
        "total": [
            said["total"],
            write_yen(document["total"]),
            words["tax_in_total"].format(write_yen(document["tax"])),
        ],
        "terms": [*terms, [said["ordered_on"], ordered_on]],
    }
