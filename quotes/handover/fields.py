"""The fields of an order: read from the sealed record and how it stands, by this one reader. What is internal is none.

Whole yen are `int`, days `date`, percentages `Decimal`; what is not there is None, and empty text where it is a text.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..models import Quote
from ..paper.wording import WORDINGS

Kind = Literal["text", "number", "percent", "day"]
Row = dict[str, Any]
"""One line of an order with everything of its order: values by the names of FIELDS."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `of_line`: each line has its own; else it is the order's."""

    name: str
    words: str | Promise
    kind: Kind
    read: Callable[[Any], Any]
    of_line: bool = False


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """What the fields read."""

    quote: Quote
    document: Mapping[str, Any]
    number: int
    line: Mapping[str, Any]


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _percent(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None


def _said(name: str) -> Callable[[OrderedLine], Any]:
    return lambda one: one.document[name]


def _party(party: str, name: str) -> Callable[[OrderedLine], Any]:
    return lambda one: one.document[party][name]


def _own(name: str) -> Callable[[OrderedLine], Any]:
    return lambda one: one.line[name]


def _own_day(name: str) -> Callable[[OrderedLine], Any]:
    return lambda one: _day(one.line[name])


def _tax_percent(one: OrderedLine) -> Decimal | None:
    """None where the quote has several, and its lines do not say which is theirs."""
    if own := one.line.get("tax_percent"):
        return Decimal(own)
    taxes = one.document["tax_totals"]
    return Decimal(taxes[0]["percent"]) if len(taxes) == 1 else None


def _of_rate(name: str) -> Callable[[OrderedLine], int | None]:
    """What the record says of all lines under the rate of this one (R14, R20)."""

    def read(one: OrderedLine) -> int | None:
        percent = _tax_percent(one)
        found = [total for total in one.document["tax_totals"] if Decimal(total["percent"]) == percent]
        return int(found[0][name]) if found else None

    return read


def _kind(one: OrderedLine) -> str:
    words = WORDINGS[one.document["language"]]
    return words["kinds"][one.line["kind"]] if one.line["kind"] else words["others"]


def _reduction(one: OrderedLine) -> int:
    """値引き on the whole quote (R20), which no line has."""
    return int((one.document.get("offers") or {}).get("reduction", 0))


def _list_amount(one: OrderedLine) -> int:
    return int((one.line.get("offer") or {}).get("list_amount", one.line["amount"]))


_ALL = (
    Field("quote_number", _("Quote number"), "text", lambda one: one.quote.number),
    Field("issued_on", _("Issue day"), "day", lambda one: one.quote.issued_on),
    Field("valid_until", _("Valid until"), "day", lambda one: one.quote.valid_until),
    Field("ordered_on", _("Order day"), "day", lambda one: one.quote.status.ordered_on),
    Field("order_number", _("Customer’s order number"), "text", lambda one: one.quote.status.order_number),
    Field("customer_name", _("Customer"), "text", _party("addressee", "name")),
    Field("customer_department", _("Customer’s department"), "text", _party("addressee", "department")),
    Field("customer_person", _("Customer’s person"), "text", _party("addressee", "person")),
    Field("customer_postal_code", _("Customer’s postal code"), "text", _party("addressee", "postal_code")),
    Field("customer_address", _("Customer’s address"), "text", _party("addressee", "address")),
    Field("issuer_name", _("Own company"), "text", _party("issuer", "name")),
    Field("issuer_person", _("Own person in charge"), "text", _party("issuer", "person")),
    Field("issuer_phone", _("Own telephone"), "text", _party("issuer", "phone")),
    Field("issuer_email", _("Own e-mail"), "text", _party("issuer", "email")),
    Field("registration_number", _("Registration number"), "text", _party("issuer", "registration_number")),
    Field("subject", _("Subject"), "text", _said("subject")),
    Field("note", _("Note to the customer"), "text", _said("note")),
    Field("delivery", _("Delivery"), "text", _said("delivery")),
    Field("payment_terms", _("Terms of payment"), "text", _said("payment_terms")),
    Field("remarks", _("Remarks"), "text", lambda one: one.document.get("remarks", "")),
    Field("price_list", _("Price list"), "text", _said("price_list")),
    Field("license_ids", _("All license IDs"), "text", lambda one: one.quote.license_codes),
    Field("reduction", _("Reduction on the whole quote"), "number", _reduction),
    Field("subtotal", _("Subtotal"), "number", _said("subtotal")),
    Field("tax", _("Consumption tax"), "number", _said("tax")),
    Field("total", _("Total with tax"), "number", _said("total")),
    Field("tax_percent", _("Tax rate (%)"), "percent", _tax_percent),
    Field("rate_subtotal", _("Subtotal under this tax rate"), "number", _of_rate("subtotal")),
    Field("rate_tax", _("Consumption tax at this rate"), "number", _of_rate("tax")),
    Field("line_number", _("Line number"), "number", lambda one: one.number, of_line=True),
    Field("license_id", _("License ID"), "text", _own("license_id"), of_line=True),
    Field("kind", pgettext_lazy("of a line", "Kind"), "text", _kind, of_line=True),
    Field("product_code", _("Product code"), "text", _own("product_code"), of_line=True),
    Field("product_name", _("Product name"), "text", _own("product_name"), of_line=True),
    Field("unit", _("Unit"), "text", _own("unit"), of_line=True),
    Field("held_quantity", _("Held quantity"), "number", _own("held_quantity"), of_line=True),
    Field("quantity", _("Quantity"), "number", _own("quantity"), of_line=True),
    Field("rank", _("Price rank"), "text", _own("rank"), of_line=True),
    Field("rank_reason", _("What decided the rank"), "text", _own("rank_reason"), of_line=True),
    Field("renewal_price", _("Renewal price"), "number", _own("renewal_price"), of_line=True),
    Field("addition_price", _("Addition price"), "number", _own("addition_price"), of_line=True),
    Field("years", _("Years"), "number", _own("years"), of_line=True),
    Field(
        "amount_before_discount",
        _("Amount before the multi-year discount"),
        "number",
        _own("amount_before_discount"),
        of_line=True,
    ),
    Field(
        "discount_percent",
        _("Multi-year discount (%)"),
        "percent",
        lambda one: _percent(one.line["discount_percent"]),
        of_line=True,
    ),
    Field("list_amount", _("Amount at list price, without tax"), "number", _list_amount, of_line=True),
    Field("amount", _("Amount without tax"), "number", _own("amount"), of_line=True),
    Field("support_expires_on", _("Support expiry so far"), "day", _own_day("support_expires_on"), of_line=True),
    Field("term_from", _("New term from"), "day", _own_day("term_from"), of_line=True),
    Field("term_until", _("New term until"), "day", _own_day("term_until"), of_line=True),
)
FIELDS = {field.name: field for field in _ALL}
"""By name, in the order in which people are offered them."""


def read_order(quote: Quote) -> list[Row]:
    """A row for each line of the quote, which is loaded with its document and status."""
    document = quote.document
    listed = [*document["lines"], *(_as_line(line) for line in document.get("free_lines", ()))]
    lines = (OrderedLine(quote, document, number, line) for number, line in enumerate(listed, start=1))
    return [{name: field.read(one) for name, field in FIELDS.items()} for one in lines]


OF_LICENSES = (
    "license_id", "kind", "product_code", "rank", "rank_reason", "held_quantity", "renewal_price", "addition_price",
    "years", "amount_before_discount", "discount_percent", "support_expires_on", "term_from", "term_until",
)  # fmt: skip
"""What a line of the reseller's own has not (R23)."""
TEXTS = ("license_id", "kind", "product_code", "rank", "rank_reason")


def _as_line(free: Mapping[str, Any]) -> dict[str, Any]:
    """A free line as the fields read it: its description is what is sold."""
    own = {name: free[name] for name in ("quantity", "unit", "amount", "tax_percent")}
    return {**{name: "" if name in TEXTS else None for name in OF_LICENSES}, **own, "product_name": free["description"]}


def read_orders(quotes: Iterable[Quote]) -> list[Row]:
    """The rows of several quotes, one quote after the other."""
    return [row for quote in quotes for row in read_order(quote)]
