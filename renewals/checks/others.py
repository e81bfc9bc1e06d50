"""What of license IDs, customers, orders and products would make a renewal wrong. Set by set, as for holdings."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Replace

from licensing.models import Contact, Customer, Holding, LicenseID, Product, User
from pricing.loader import load_tax_rates
from pricing.models import EndOfSale
from quotes.models import QuotedHolding, QuoteLine, QuoteStatus, State

from ..transfers.queries import outstanding_parts
from .scope import LICENSE_ID_KEYS, PATHS, Scope

READ_ALIKE = (("o", "0"), ("i", "1"), ("l", "1"))
"""Letters of codes that are taken for digits."""
LATE_DAYS = 30
"""After an order, for carrying it out."""


def _license_ids(scope: Scope) -> QuerySet[LicenseID]:
    within = scope.within(PATHS["license_id"], LICENSE_ID_KEYS)
    return LicenseID.objects.filter(within).select_related("customer__reseller").order_by("code")


def with_read_key(rows: QuerySet[LicenseID]) -> QuerySet[Any]:
    """With `read`: the code as somebody reads it who takes O for 0, and I and l for 1."""
    key: Any = F("search_key")
    for letter, digit in READ_ALIKE:
        key = Replace(key, Value(letter), Value(digit), output_field=TextField())
    return rows.annotate(read=key)


def alike(scope: Scope) -> QuerySet[Any]:
    """License IDs that differ in writing alone: hyphens, capitals, width, O and 0, I, l and 1."""
    everything = with_read_key(_license_ids(replace(scope, words=()))).order_by()
    several = everything.values("read").annotate(count=Count("pk")).filter(count__gt=1).values("read")
    return with_read_key(_license_ids(scope)).filter(read__in=several).order_by("read", "code")


def without_holdings(scope: Scope) -> QuerySet[Any]:
    return _license_ids(scope).filter(~Exists(Holding.objects.filter(licenseid=OuterRef("pk"))))


def _customers(scope: Scope) -> QuerySet[Customer]:
    rows = Customer.objects.filter(scope.within(PATHS["customer"], ("search_key",)), merged_into=None)
    return rows.select_related("reseller").order_by("kana", "name", "pk")


def without_contact(scope: Scope) -> QuerySet[Any]:
    """Customers to whom nobody knows whom to write: no contact that is not gone."""
    return _customers(scope).filter(~Exists(Contact.objects.filter(customer=OuterRef("pk"), is_gone=False)))


def without_email(scope: Scope) -> QuerySet[Any]:
    """Customers with contacts, none of whom has an e-mail address, and without anybody who logs in."""
    there = Contact.objects.filter(customer=OuterRef("pk"), is_gone=False)
    logs_in = User.objects.filter(customer=OuterRef("pk"), is_active=True)
    return _customers(scope).filter(Exists(there), ~Exists(there.exclude(email="")), ~Exists(logs_in))


def not_carried_out(scope: Scope) -> QuerySet[Any]:
    """Orders of which a license ID still holds what it held before, though its new period began, or LATE_DAYS on.

    What was brought to the order by hand or by a list is done; what has come to another reseller is not ours to do.
    """
    begun = QuotedHolding.objects.filter(quote=OuterRef("quote"), term_from__lte=scope.on)
    keys = ("quote__search_key", "order_key")
    rows = QuoteStatus.objects.filter(scope.within(PATHS["status"], keys), state=State.ORDERED)
    rows = rows.filter(Q(Exists(begun)) | Q(ordered_on__lt=scope.on - timedelta(days=LATE_DAYS)))
    ours = outstanding_parts(on=scope.on).filter(licenseid__customer__reseller=F("quote__reseller"))
    rows = rows.filter(quote__in=ours.values("quote"))
    shown = "quote__key", "quote__number", "quote__customer_name", "quote__license_codes", "quote__reseller__name"
    return rows.select_related("quote__reseller").only(*shown, "ordered_on", "carried_out", "reseller").order_by("pk")


def _products(scope: Scope) -> QuerySet[Product]:
    return Product.objects.filter(scope.within("", ("search_key",))).order_by("code")


def unused_products(scope: Scope) -> QuerySet[Any]:
    """Products that nobody holds, no quote names and no other product is succeeded by."""
    held = Holding.objects.filter(product=OuterRef("pk"))
    quoted = QuoteLine.objects.filter(product=OuterRef("pk"))
    follows = EndOfSale.objects.filter(successor=OuterRef("pk"))
    return _products(scope).filter(~Exists(held), ~Exists(quoted), ~Exists(follows))


def without_tax_rate(scope: Scope) -> QuerySet[Any]:
    """Products that are held and whose tax category has no rate on the day (R14)."""
    known = list(load_tax_rates(on=scope.on))
    held = Holding.objects.filter(product=OuterRef("pk"))
    return _products(scope).exclude(tax_category__in=known).filter(Exists(held))
