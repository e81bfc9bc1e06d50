"""What of a quote cannot be printed: looked for in all that stands on it, and refused at issue."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Model

from foundation.text.printable import unprintable_characters
from licensing.models import Contact, LicenseID, Product, User
from pricing.models import PriceList
from quotes.paper.characters import characters_without_glyph

from ..asked import Asked
from ..refusals import CannotBePrinted, Unprintable

IN_BOTH_LANGUAGES = {
    "customer": ("name", "department", "person", "postal_code", "address"),
    "contact": ("name", "department"),
    "reseller": ("postal_code", "phone", "email", "registration_number"),
    "user": ("direct_phone", "printed_email"),
    "licenseid": ("code",),
    "product": ("code",),
    "pricelist": ("name",),
}
"""By model: columns that are printed whatever the language."""
BY_LANGUAGE = {
    "reseller": ("name", "address", "delivery", "payment_terms", "remarks"),
    "user": ("name", "department", "job_title"),
    "product": ("name", "unit"),
    "programme": ("name",),
}
"""By model: columns of which an English quote prints `…_en`, where that is filled in."""


def find_unprintable(
    *,
    licenseids: Sequence[LicenseID],
    products: Iterable[Product],
    price_list: PriceList | None,
    by: User,
    contact: Contact | None,
    typed: Mapping[str, str],
) -> list[Unprintable]:
    """All that a quote of these license IDs, of one customer, issued by this person, would print and cannot. No query.

    `products` are those held and added, with their programmes; `typed` are the form's texts, by field;
    `contact` is the one to whom it is addressed, in the place of the customer's department and person.
    """
    customer = licenseids[0].customer
    found_products = {product.pk: product for product in products}.values()
    programmes = {product.programme_id: product.programme for product in found_products}.values()
    rows: list[Model] = [customer, customer.reseller, by, *licenseids, *found_products, *programmes]
    if contact is not None:
        rows.append(contact)
    if price_list is not None:
        rows.append(price_list)
    return [
        *(
            Unprintable(tuple(characters), None, field)
            for field, text in typed.items()
            if (characters := unprintable_characters(text))
        ),
        *(
            found
            for row in rows
            for found in _in_row(row, is_english=customer.language == "en")
            if not (contact and row is customer and found.field in ("department", "person"))
        ),
    ]


def typed_texts(asked: Asked) -> dict[str, str]:
    """What was typed and will be printed, by the form's fields."""
    texts = {"subject": asked.subject, "note": asked.note}
    texts |= {name: getattr(asked.terms, name) for name in ("payment_terms", "delivery", "remarks")}
    for index, line in enumerate(asked.free_lines):
        texts |= {f"free-{index}-description": line.description, f"free-{index}-unit": line.unit}
    return texts


def refuse_unprintable(document: Mapping[str, Any], places: Iterable[Unprintable]) -> None:
    """Raises CannotBePrinted where any text of the finished document has characters that would be 〓.

    `places` are what `find_unprintable` found; what is in none of them is named too, without a place.
    """
    left = set(characters_without_glyph(document))
    if not left:
        return
    found = [place for place in places if left & {*place.characters}]
    unknown = left.difference(*(place.characters for place in found))
    raise CannotBePrinted([*found, *([Unprintable(tuple(sorted(unknown)), None, "")] if unknown else [])])


def _in_row(row: Model, *, is_english: bool) -> Iterator[Unprintable]:
    kind = str(row._meta.model_name)
    for name in (*IN_BOTH_LANGUAGES.get(kind, ()), *BY_LANGUAGE.get(kind, ())):
        field = name
        if is_english and name in BY_LANGUAGE.get(kind, ()) and getattr(row, f"{name}_en"):
            field = f"{name}_en"
        if characters := unprintable_characters(getattr(row, field)):
            yield Unprintable(tuple(characters), row, field)
