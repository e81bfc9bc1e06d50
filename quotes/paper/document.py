"""What stands on a quote, as plain data: the copy that is stored at issue and that the PDF is drawn from.

Everything is JSON: whole yen as `int`, days as ISO text (Japan's), percentages as decimal text.
Texts are in the document's own language. Nothing here points at a row that could change later.
"""

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

from .check import Check

Language = Literal["ja", "en"]
LineKind = Literal["renewal", "reduced_renewal", "addition"]


class Image(TypedDict):
    """A picture of the reseller's (seal or logo), as it was on the day of issue."""

    media_type: str
    """`image/png`, `image/jpeg` or `image/svg+xml`."""
    base64: str


class Addressee(TypedDict):
    """To whom the quote is addressed. Empty text: not printed."""

    name: str
    """The formal company name, never shortened."""
    department: str
    person: str
    """With a person the honorific goes to the person (様), without one to the organisation (御中)."""
    postal_code: str
    address: str


class Issuer(TypedDict):
    """Who makes the quote. Empty text: not printed."""

    name: str
    postal_code: str
    address: str
    phone: str
    email: str
    person: str
    """担当: the member of staff who issues it, as the person is called on paper."""
    department: NotRequired[str]
    """The person's, as are the following three. Each is missing where there is none."""
    job_title: NotRequired[str]
    person_phone: NotRequired[str]
    person_email: NotRequired[str]
    registration_number: str
    """Qualified-invoice number, `T` and 13 digits, or empty."""
    seal: Image | None
    logo: Image | None


class LineOffer(TypedDict):
    """What was given away on a line (R20)."""

    list_amount: int
    """Yen by the price list, tax excluded; the line's own amount is what is offered."""
    percent: str | None
    """How much less; None: the amount was agreed upon."""


class Offers(TypedDict):
    """What was given away on the whole quote (R20). Yen, tax excluded."""

    is_list_shown: bool
    """Whether list prices and reductions stand on the paper, or net prices only."""
    list_subtotal: int
    lines_subtotal: int
    """What the lines are offered at, before the further reduction."""
    reduction: int
    """値引き on the whole quote."""


class Line(TypedDict):
    """One priced line, tax excluded."""

    product_code: str
    product_name: str
    kind: LineKind
    unit: str
    quantity: int
    held_quantity: int | None
    """What was held before; None for an addition."""
    rank: str
    rank_reason: str
    """What decided the rank, in one sentence."""
    renewal_price: int
    """Yen per license per year."""
    addition_price: int | None
    """Yen per license for the first year; for an addition only."""
    years: int
    amount_before_discount: int
    discount_percent: str | None
    amount: int
    """What it is offered at."""
    tax_percent: NotRequired[str]
    """Missing where there is one rate and no free line; in older records also where there are several rates: those say
    them by their sums only.
    """
    offer: NotRequired[LineOffer]
    """Missing where it is offered at the list amount."""
    license_id: str
    support_expires_on: str | None
    term_from: str
    term_until: str


class FreeLine(TypedDict):
    """A line of the reseller's own beside the licenses, tax excluded (R23)."""

    description: str
    quantity: int
    unit: str
    price: int
    """Yen, of one."""
    amount: int
    tax_category: str
    """`standard`, `reduced`, `exempt`, or another that the reseller's products use."""
    tax_percent: str


class Bank(TypedDict):
    """振込先: to which account the customer pays."""

    name: str
    branch: str
    kind: Literal["ordinary", "current"]
    number: str
    holder: str


class Part(TypedDict):
    """One license ID of the quote: it is priced by itself (R16, R18)."""

    license_id: str
    years: int
    is_reduced: bool
    rank_reasons: list[str]
    """What decided its ranks, a sentence each, each once."""
    subtotal: int
    """Yen, tax excluded."""


class Discontinued(TypedDict):
    """A holding that this quote does not continue."""

    license_id: str
    product_code: str
    product_name: str
    unit: str
    held_quantity: int
    support_expires_on: str


class TaxTotal(TypedDict):
    percent: str
    subtotal: int
    tax: int


class CalculationStep(TypedDict):
    rule: str
    rule_name: NotRequired[str]
    """What the rule is called. Quotes of earlier releases have its number only."""
    text: str
    result: str


class CalculationPart(TypedDict):
    """The steps that lead to one line's amount, or to the total."""

    title: str
    steps: list[CalculationStep]


class Order(TypedDict):
    """What a customer ordered by a quote. Empty text: not known, not printed."""

    quote_number: str
    ordered_on: str
    order_number: str
    """The customer's own."""


class Document(TypedDict):
    """One quote. `number` is None for a draft, which is marked as such across every page."""

    language: Language
    number: str | None
    is_sample: bool
    issued_at: str
    """ISO moment with offset; also the fixed time stamp of the PDF."""
    issued_on: str
    valid_until: str
    subject: str
    note: str
    """What staff wrote for the customer; may have several lines."""
    addressee: Addressee
    issuer: Issuer
    delivery: str
    """納期・納品方法."""
    payment_terms: str
    """お支払条件."""
    remarks: NotRequired[str]
    """What stands under the remarks below the note; missing where nothing does."""
    bank: NotRequired[Bank]
    """Missing where the reseller prints none."""
    price_list: str
    parts: list[Part]
    """The license IDs in the order of their lines; at least one."""
    lines: list[Line]
    free_lines: NotRequired[list[FreeLine]]
    """Missing where there are none. They stand behind all license IDs, numbered on."""
    discontinued: list[Discontinued]
    tax_totals: list[TaxTotal]
    offers: NotRequired[Offers]
    """Missing where everything is offered at its list amount."""
    subtotal: int
    """Yen, tax excluded."""
    tax: int
    total: int
    """Yen, tax included."""
    conditions: list[str]
    """備考, a sentence each."""
    calculation: list[CalculationPart]
    """Empty: no calculation page."""
    check: NotRequired[Check | None]
    """Where it is checked; None for a draft, and missing in quotes of earlier releases."""
    order: NotRequired[Order]
    """Only on the acknowledgement of an order (注文請書), which says all else as the quote does."""


def by_license_id(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines of a document license ID by license ID: `part`, and `lines`, each with its number in the quote."""
    numbered = list(enumerate(document["lines"], start=1))
    parts = document["parts"]
    if len(parts) == 1:
        return [{"part": parts[0], "lines": numbered}]
    return [
        {
            "part": part,
            "lines": [(number, line) for number, line in numbered if line["license_id"] == part["license_id"]],
        }
        for part in parts
    ]


def numbered_free_lines(document: Mapping[str, Any]) -> list[tuple[int, FreeLine]]:
    """The free lines, each with its number in the quote."""
    return list(enumerate(document.get("free_lines", ()), start=len(document["lines"]) + 1))


def sum_free_lines(document: Mapping[str, Any]) -> int:
    """Yen, tax excluded."""
    return sum(line["amount"] for line in document.get("free_lines", ()))


def list_total(document: Mapping[str, Any], *, offered: int) -> int:
    """What all lines come to before anything was given away: licenses by the list, free lines as they are. `offered` is
    the quote's subtotal: where nothing was given away, the same.
    """
    offers = document.get("offers")
    return offered if offers is None else int(offers["list_subtotal"]) + sum_free_lines(document)


def shows_list_prices(document: Mapping[str, Any]) -> bool:
    """Whether a reader may see list prices: but where something is offered below them and net prices are set."""
    offers = document.get("offers")
    return offers is None or bool(offers["is_list_shown"])


def net_price(line: Mapping[str, Any]) -> int | None:
    """What one license costs a year at what the line is offered at; None where that is no whole number of yen."""
    price, rest = divmod(line["amount"], line["quantity"] * line["years"])
    return None if rest else int(price)
