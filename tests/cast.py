"""The people, companies and prices that tests play with.

Aoba is the reseller that most tests are about; Minato is there so that something could leak. Prices are those of
`sample/price_table.csv`. The cast's day is NOW, in Japan 15 January 2027; supports end on EXPIRY unless said.
"""

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client

from licensing.models import Customer, Holding, LicenseID, Product, Programme, Reseller, User
from pricing.engine.lint import SEVERITIES
from pricing.lists.operations.publish import publish
from pricing.models import MultiYearDiscount, PriceList, PriceRank, PriceTable, TaxRate
from tests.snapshot import copied

NOW = datetime(2027, 1, 15, 1, 0, 0, 123_456, tzinfo=UTC)
"""10:00 in Japan, and, as at any real moment, some microseconds: what cannot take them fails here first."""
TODAY = date(2027, 1, 15)
EXPIRY = date(2027, 3, 31)
PASSWORD = "a-long-pass-phrase"
MULTI_YEAR = {"SMP-WM": {2: "3", 3: "8", 4: "10", 5: "12", 6: "12"}}


@dataclass
class Cast:
    """Everybody, and what they begin with."""

    aoba: Reseller
    minato: Reseller
    staff: User
    colleague: User
    manager: User
    """Aoba's reseller manager."""
    stranger: User
    """Minato's staff."""
    admin: User
    price_admin: User
    customer: Customer
    contact: User
    """Of the customer."""
    foreign_customer: Customer
    """Minato's."""
    foreign_contact: User
    """Of Minato's customer."""
    english_customer: Customer
    """Aoba's, quoted in English."""
    products: dict[str, Product]
    price_list: PriceList


@copied
def make_cast() -> Cast:
    """Write the whole cast. License IDs come from `make_license_id`, as each test needs them."""
    aoba = Reseller.objects.create(
        code="aoba",
        name="青葉見本システム株式会社",
        postal_code="000-0101",
        address="架空県青葉市若葉台1-2-3",
        phone="00-0000-0101",
        email="sales@aoba.example.jp",
        registration_number="T7999900000101",
        delivery="ご注文後3営業日以内",
        delivery_en="Within 3 business days",
        payment_terms="月末締め翌月末払い",
        payment_terms_en="End of the next month",
    )
    minato = Reseller.objects.create(code="minato", name="株式会社みなと見本情報", validity_days=45)
    customer = Customer.objects.create(
        reseller=aoba,
        name="株式会社髙﨑製作所",
        kana="タカサキセイサクショ",
        department="情報システム部",
        person="佐伯 美和",
        postal_code="000-0303",
        address="見本県高崎町7-8",
    )
    foreign_customer = Customer.objects.create(reseller=minato, name="有限会社波止場商会", kana="ハトバショウカイ")
    english_customer = Customer.objects.create(reseller=aoba, name="Sample Trading K.K.", language="en")
    products = make_products()
    admin = make_user("admin@portal.example.jp", "香坂 管理", User.Role.ADMIN)
    TaxRate.objects.create(percent=Decimal(10), effective_on=date(2019, 10, 1))
    return Cast(
        aoba=aoba,
        minato=minato,
        staff=make_user("aoki@aoba.example.jp", "青木 陽子", User.Role.STAFF, reseller=aoba),
        colleague=make_user("hayami@aoba.example.jp", "速水 悠斗", User.Role.STAFF, reseller=aoba),
        manager=make_user("mizuno@aoba.example.jp", "水野 恵子", User.Role.MANAGER, reseller=aoba),
        stranger=make_user("nagisa@minato.example.jp", "渚 さくら", User.Role.STAFF, reseller=minato),
        admin=admin,
        price_admin=make_user("sonoda@portal.example.jp", "園田 薫", User.Role.PRICE_ADMIN),
        customer=customer,
        contact=make_user("saeki@takasaki.example.jp", "佐伯 美和", User.Role.CUSTOMER, customer=customer),
        foreign_customer=foreign_customer,
        foreign_contact=make_user("namiki@hatoba.example.jp", "並木 渉", User.Role.CUSTOMER, customer=foreign_customer),
        english_customer=english_customer,
        products=products,
        price_list=publish_prices("2026年10月版", date(2026, 10, 1), by=admin),
    )


def make_user(email: str, name: str, role: str, **company: Any) -> User:
    return User.objects.create_user(email=email, name=name, role=role, password=PASSWORD, **company)


def make_license_id(
    customer: Customer, code: str, *holdings: tuple[str, int] | tuple[str, int, date], expires: date = EXPIRY
) -> LicenseID:
    """A license ID that holds `(product code, quantity)`, or with an expiry of its own as the third."""
    licenseid = LicenseID.objects.create(code=code, customer=customer)
    products = {product.code: product for product in Product.objects.filter(code__in={row[0] for row in holdings})}
    Holding.objects.bulk_create(
        Holding(
            licenseid=licenseid,
            product=products[row[0]],
            quantity=row[1],
            support_expires_on=row[2] if len(row) == 3 else expires,
        )
        for row in holdings
    )
    return licenseid


def publish_prices(name: str, effective_on: date, *, by: User, percent: int = 100, without: str = "") -> PriceList:
    """A published list of the sample prices times a percentage; `without` names a product that it leaves out."""
    price_list = PriceList.objects.create(name=name, effective_on=effective_on)
    products = {product.code: product for product in Product.objects.all()}
    tables = {
        code: PriceTable(price_list=price_list, product=products[code], minimum_quantity=int(rows[0]["min_renew_qty"]))
        for code, rows in sample_rows().items()
        if code != without
    }
    PriceTable.objects.bulk_create(tables.values())
    PriceRank.objects.bulk_create(
        PriceRank(
            price_table=table,
            rank=row["rank"],
            from_quantity=int(row["qty_from"]),
            renewal_price=int(row["renew_unit_price"]) * percent // 100,
            addition_price=int(row["add_unit_price"]) * percent // 100,
        )
        for code, table in tables.items()
        for row in sample_rows()[code]
    )
    MultiYearDiscount.objects.bulk_create(
        MultiYearDiscount(price_table=tables[code], years=years, percent=Decimal(text))
        for code, discounts in MULTI_YEAR.items()
        if code in tables
        for years, text in discounts.items()
    )
    announced = datetime(effective_on.year, effective_on.month, effective_on.day, tzinfo=UTC) - timedelta(days=14)
    if without:  # as one published before anybody held the product: with holdings it is refused
        PriceList.objects.filter(pk=price_list.pk).update(published_at=announced, published_by=by)
        price_list.refresh_from_db()
        return price_list
    return publish(price_list=price_list, by=by, now=announced, acknowledged=SEVERITIES)


def make_tax_rates(*categories: str) -> None:
    """10 % for years, of each category: without one a list cannot be published."""
    for category in categories or ("standard",):
        TaxRate.objects.create(category=category, percent=Decimal(10), effective_on=date(2019, 10, 1))


def make_products() -> dict[str, Product]:
    programmes = {
        "TRSL": Programme.objects.create(code="TRSL", name="TRSL", rank_basis="largest_product"),
        "通常": Programme.objects.create(code="通常", name="通常", name_en="Standard"),
    }
    Product.objects.bulk_create(
        Product(
            code=code,
            name=rows[0]["product_name"],
            programme=programmes[rows[0]["programme"]],
            unit=rows[0]["unit"],
            is_multi_year_discountable=code in MULTI_YEAR,
        )
        for code, rows in sample_rows().items()
    )
    return {product.code: product for product in Product.objects.select_related("programme")}


@cache
def sample_rows() -> dict[str, list[dict[str, str]]]:
    """The rows of the sample price table by product code."""
    with Path(settings.BASE_DIR, "sample", "price_table.csv").open(encoding="utf-8", newline="") as file:
        return {code: list(rows) for code, rows in groupby(csv.DictReader(file), key=lambda row: row["product_code"])}


def sign_in(user: User, *, language: str = "en") -> Client:
    """A browser in which the user is logged in. English unless said, as the texts stand in the source."""
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client
