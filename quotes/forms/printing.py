"""What of a quote cannot be printed, before it is issued: by character and code point, and where it is changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst

from licensing.models import Holding, LicenseID, Product

from ..pdf import unprintable_characters

CUSTOMER_PRINTED = ("name", "address", "department", "person")
RESELLER_PRINTED = (
    "name",
    "name_en",
    "address",
    "address_en",
    "delivery",
    "delivery_en",
    "payment_terms",
    "payment_terms_en",
)
PRODUCT_PRINTED = ("name", "name_en", "unit", "unit_en")
PROGRAMME_PRINTED = ("name", "name_en")


@dataclass(frozen=True)
class Unprintable:
    """Characters of one stored text that the document shows as 〓."""

    characters: str
    """Each with its code point, for example `🍣 U+1F363`."""
    where: str
    url: str
    """The page of what it belongs to; empty: portal admins change it."""


def name_characters(characters: Iterable[str]) -> str:
    """Each character with its code point: what cannot be printed can often not be shown either."""
    return ", ".join(f"{character} U+{ord(character):04X}" for character in characters)


def find_unprintable(licenseid: LicenseID, holdings: Iterable[Holding]) -> list[Unprintable]:
    """What is stored of the customer, the reseller and the products held, and cannot be printed."""
    customer = licenseid.customer
    page = reverse("customer", args=[customer.pk])
    products = {holding.product_id: holding.product for holding in holdings}.values()
    programmes = {product.programme_id: product.programme for product in products}.values()
    return [
        *_in_row(customer, CUSTOMER_PRINTED, page),
        *_in_row(customer.reseller, RESELLER_PRINTED, ""),
        *(found for product in products for found in _in_row(product, PRODUCT_PRINTED, "")),
        *(found for programme in programmes for found in _in_row(programme, PROGRAMME_PRINTED, "")),
    ]


def _in_row(row: Any, names: Iterable[str], url: str) -> Iterator[Unprintable]:
    for name in names:
        if found := unprintable_characters(getattr(row, name)):
            label = capfirst(str(row._meta.get_field(name).verbose_name))
            whose = row.code if isinstance(row, Product) else row._meta.verbose_name
            yield Unprintable(name_characters(found), f"{whose}: {label}", url)
