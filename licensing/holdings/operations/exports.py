"""What is held as a table: all of a reseller's, which comes back unchanged; and a table to fill in."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import tablib
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from ...models import Contact, Customer, Holding, LicenseID, Reseller
from ...models.contacts import PURPOSES
from ...queries import purposes_of
from ..reading import EXPORTED, LABELS

COLUMNS = EXPORTED
LANGUAGES = {"ja": "日本語", "en": "English"}


def held_dataset(*, reseller: Reseller) -> tablib.Dataset:
    """Every holding with its license ID and customer, and every contact; who has none of them stands there too."""
    data = _empty(_("Holdings"))
    for row in _rows(reseller):
        data.append([row.get(name, "") for name in COLUMNS])
    return data


def template_dataset(*, on: date) -> tablib.Dataset:
    """A table to fill in, with two rows of examples."""
    data = _empty(_("Holdings"))
    day = date(on.year + 1, 3, 31)
    customer = {
        "name": "株式会社見本商事", "kana": "ミホンショウジ", "department": "情報システム部", "person": "見本 太郎",
        "email": "mihon@example.jp", "phone": "03-0000-0000", "contact_language": LANGUAGES["ja"],
        "purpose": str(PURPOSES["for_quotes"]), "postal_code": "100-0001",
        "address": "東京都千代田区千代田1-1", "language": LANGUAGES["ja"],
    }  # fmt: skip
    for code, quantity in (("SMP-EXAMPLE-1", 25), ("SMP-EXAMPLE-2", 10)):
        row: dict[str, Any] = {
            "license_id": "EXAMPLE-0001",
            "product_code": code,
            "quantity": quantity,
            "expires_on": day,
        }
        data.append([{**customer, **row}.get(name, "") for name in COLUMNS])
    return data


def _empty(title: str) -> tablib.Dataset:
    data = tablib.Dataset(headers=[str(LABELS[name]) for name in COLUMNS])
    data.title = title
    return data


def _contact_cells(contact: Contact) -> dict[str, str]:
    return {
        "person": contact.name,
        "department": contact.department,
        "email": contact.email,
        "phone": contact.phone,
        "contact_language": LANGUAGES.get(contact.language, contact.language),
        "purpose": "、".join(purposes_of(contact)),
    }


def _rows(reseller: Reseller) -> Iterator[dict[str, Any]]:
    """License IDs and holdings as bare columns: there are twenty times as many as customers."""
    ours = Customer.objects.filter(reseller=reseller, merged_into=None)
    holdings = Holding.objects.filter(licenseid__customer__in=ours)
    held = _by_first(
        holdings.order_by("support_expires_on", "product__code", "pk").values_list(
            "licenseid", "product__code", "product__name", "quantity", "support_expires_on"
        )
    )
    ids = _by_first(
        LicenseID.objects.filter(customer__in=ours).order_by("code").values_list("customer", "pk", "code", "note")
    )
    contacts = Contact.objects.filter(is_gone=False).order_by("pk")
    for customer in ours.order_by("kana", "name", "pk").prefetch_related(Prefetch("contacts", contacts)):
        own: dict[str, Any] = {name: getattr(customer, name, "") for name in COLUMNS if hasattr(customer, name)}
        own["language"] = LANGUAGES.get(customer.language, customer.language)
        for contact in customer.contacts.all():
            yield own | _contact_cells(contact)
        if customer.pk not in ids:
            yield own
        for pk, code, note in ids.get(customer.pk, ()):
            of_id = {**own, "license_id": code, "note": note}
            if pk not in held:
                yield of_id
            for product_code, product_name, quantity, expires_on in held.get(pk, ()):
                yield of_id | {
                    "product_code": product_code,
                    "product_name": product_name,
                    "quantity": quantity,
                    "expires_on": expires_on,
                }


def _by_first(rows: Iterable[tuple[Any, ...]]) -> dict[Any, list[tuple[Any, ...]]]:
    """The rest of each row, by its first column, in their order."""
    found: dict[Any, list[tuple[Any, ...]]] = {}
    for first, *rest in rows:
        found.setdefault(first, []).append(tuple(rest))
    return found
