"""What a manager changes of customers and of the own company."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from django.db import transaction

from foundation.transactions import one_transaction

from ..models import Customer, Reseller, User
from ..queries import THRESHOLDS, find_look_alikes

Row = TypeVar("Row", Customer, Reseller)
CUSTOMER_FIELDS = ("name", "kana", "department", "person", "postal_code", "address", "language", "segment")
RESELLER_FIELDS = (
    "postal_code",
    "address",
    "address_en",
    "phone",
    "email",
    "delivery",
    "delivery_en",
    "payment_terms",
    "payment_terms_en",
    "remarks",
    "remarks_en",
    "bank_name",
    "bank_branch",
    "bank_account_kind",
    "bank_account_number",
    "bank_account_holder",
    "bank_name_en",
    "bank_branch_en",
    "bank_account_holder_en",
    "prints_bank_account",
    "validity_days",
    "shows_list_prices",
    "customers_see_quotes",
)
"""What a manager may change. The formal identity on quotes (name, qualified-invoice number) and the rounding of tax are
the portal admins': docs/decisions/0016."""
PICTURES = ("seal", "logo")


class LooksLikeExisting(Exception):
    """Nothing was added: the reseller has such a customer already, and nobody has said yet that this is another one."""

    def __init__(self, customers: list[Customer]) -> None:
        super().__init__(", ".join(customer.name for customer in customers))
        self.customers = customers


def refuse_look_alikes(*, reseller: Reseller, name: str, kana: str, known: Collection[int]) -> None:
    """Raises LooksLikeExisting where the reseller has a customer like this one that is not among the known ones (pk).

    In a transaction, for the reseller stays locked until its end: of two who add the same, the second is asked.
    """
    Reseller.objects.select_for_update(no_key=True).get(pk=reseller.pk)
    found = find_look_alikes(reseller=reseller, name=name, kana=kana)
    if any(customer.pk not in known for customer in found):
        raise LooksLikeExisting(found)


@one_transaction
def add_customer(
    *, reseller: Reseller, values: Mapping[str, Any], known: Collection[int] = (), owner: User | None = None
) -> Customer:
    """A new customer of the reseller. `known`: the customers (pk) like this one that somebody has seen and passed;
    `owner`: who looks after it from now on, one of the reseller's people.

    Raises ValidationError for what the form lets through and the model does not, and LooksLikeExisting.
    """
    refuse_look_alikes(reseller=reseller, name=values["name"], kana=values["kana"], known=known)
    return _save(Customer(reseller=reseller, owner=owner), values, CUSTOMER_FIELDS)


Look = Callable[[Any], None]
"""Is given a row under its lock before anything is written, and may raise."""


@one_transaction
def change_customer(*, customer: Customer, values: Mapping[str, Any], look: Look = lambda _customer: None) -> Customer:
    """What is printed on the customer's quotes from now on. Raises ValidationError, as above, and what `look` raises;
    Customer.DoesNotExist where the customer was deleted or merged meanwhile, or is another reseller's.
    """
    with transaction.atomic():
        rows = Customer.objects.filter(reseller=customer.reseller_id, merged_into=None)
        found = rows.select_for_update(no_key=True).get(pk=customer.pk)
        look(found)
        return _save(found, values, CUSTOMER_FIELDS)


@one_transaction
def change_reseller(
    *,
    reseller: Reseller,
    values: Mapping[str, Any],
    pictures: Mapping[str, Any],
    look: Look = lambda _reseller: None,
) -> Reseller:
    """What is printed on the reseller's quotes from now on. Raises ValidationError, as above, and what `look` raises.

    `pictures`: what `read_picture` made of an upload, or None to take the present one away; those that stay are left
    out. The files of replaced pictures stay.
    """
    with transaction.atomic():
        found = Reseller.objects.select_for_update(no_key=True).get(pk=reseller.pk)
        look(found)
        for name in PICTURES:
            if name in pictures:
                setattr(found, name, pictures[name] or "")
        return _save(found, values, RESELLER_FIELDS)


@one_transaction
def change_thresholds(
    *, reseller: Reseller, values: Mapping[str, Any], look: Look = lambda _reseller: None
) -> Reseller:
    """From now on, quotes above these need approval. Raises ValidationError, as above, and what `look` raises."""
    found = Reseller.objects.select_for_update(no_key=True).get(pk=reseller.pk)
    look(found)
    return _save(found, values, THRESHOLDS)


def _save(row: Row, values: Mapping[str, Any], fields: tuple[str, ...]) -> Row:
    for name in fields:
        setattr(row, name, values[name])
    row.full_clean(validate_unique=False)
    row.save()
    return row
