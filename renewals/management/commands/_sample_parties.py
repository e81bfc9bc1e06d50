"""Who buys and sells in the sample: resellers, customers, their people, and what customers hold."""

from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from licensing.models import Customer, Holding, LicenseID, Product, Reseller, User

from ._sample_days import read_day
from ._sample_files import SAMPLE, read_rows


def load_resellers(data: dict[str, Any]) -> dict[str, Reseller]:
    resellers = {}
    for row in data["resellers"]:
        pictures = {name: store_picture(row[name]) for name in ("seal", "logo") if name in row}
        resellers[row["code"]] = Reseller(**{**row, **pictures})
    Reseller.objects.bulk_create(resellers.values())
    return resellers


def store_picture(file_name: str) -> str:
    """The name under which the picture stands in the storage; the same picture is stored once."""
    content = (SAMPLE / file_name).read_bytes()
    name = f"resellers/{file_name}"
    if default_storage.exists(name):
        with default_storage.open(name) as file:
            if file.read() == content:
                return name
    return default_storage.save(name, ContentFile(content))


def load_customers(resellers: dict[str, Reseller]) -> dict[str, Customer]:
    customers = {}
    for row in read_rows("customers.csv"):
        key, reseller = row.pop("key"), resellers[row.pop("reseller")]
        customers[key] = Customer(reseller=reseller, **row)
    Customer.objects.bulk_create(customers.values())
    return customers


def load_users(data: dict[str, Any], resellers: dict[str, Reseller], customers: dict[str, Customer]) -> list[User]:
    password = make_password(data["password"])
    return User.objects.bulk_create(
        User(
            email=row["email"],
            name=row["name"],
            name_en=row.get("name_en", ""),
            role=row["role"],
            reseller=resellers[row["reseller"]] if "reseller" in row else None,
            customer=customers[row["customer"]] if "customer" in row else None,
            is_superuser=row["role"] == User.Role.ADMIN,
            approves=row.get("approves", False),
            password=password,
        )
        for row in data["users"]
    )


def load_license_ids(customers: dict[str, Customer], products: dict[str, Product], today: date) -> None:
    rows = read_rows("holdings.csv")
    license_ids: dict[str, LicenseID] = {}
    for row in rows:
        customer = customers[row["customer"]]
        license_ids.setdefault(
            row["license_id"], LicenseID(code=row["license_id"], customer=customer, note=row["note"])
        )
    LicenseID.objects.bulk_create(license_ids.values())
    Holding.objects.bulk_create(
        Holding(
            licenseid=license_ids[row["license_id"]],
            product=products[row["product"]],
            quantity=int(row["quantity"]),
            support_expires_on=read_day(row["expires"], today),
        )
        for row in rows
    )
