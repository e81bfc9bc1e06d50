"""Fills an empty database with the sample data of the folder `sample/`."""

import calendar
import csv
import logging
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.disk import disk_trouble, tell_disk
from licensing.models import Customer, Holding, LicenseID, Product, Programme, Reseller, User
from pricing.engine.rulebook import WARNING_RULES
from pricing.lists.operations.publish import publish
from pricing.models import MultiYearDiscount, PriceList, PriceRank, PriceTable, TaxRate
from quotes.links.operations import make_link
from quotes.models import Quote
from quotes.record.transitions import record_loss, record_order, withdraw

from ...calculation.calculate import calculate
from ...drafts.operations import save_draft
from ...form.forms import RenewalForm
from ...issue.operations import issue
from ...revisions.operations import begin_revision
from ._sample_contacts import load_contacts
from ._sample_costs import load_cost_rates
from ._sample_desk import load_desk

SAMPLE = Path(settings.BASE_DIR) / "sample"
MONTHS = {"feb": 2, "mar": 3}
OUTCOMES = {"ordered": record_order, "lost": record_loss, "withdrawn": withdraw}

Rows = list[dict[str, str]]


class Command(BaseCommand):
    help = "Load fictitious resellers, customers, license IDs and prices into an empty database, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--allow-without-debug",
            action="store_true",
            help="Load with DEBUG off too: for measuring with a portal that nobody else can reach.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEBUG or options["allow_without_debug"]):
            refuse_in_real_use()
        data = tomllib.loads((SAMPLE / "sample.toml").read_text(encoding="utf-8"))
        codes = [reseller["code"] for reseller in data["resellers"]]
        if Reseller.objects.filter(code__in=codes).exists():
            self.stdout.write(_("The sample data was loaded before. Nothing was changed."))
        else:
            refuse_other_data()
            with told_in_words(), without_chatter(), transaction.atomic():
                load(data, now=timezone.now())
            self.stdout.write(_("The sample data is loaded. All of it is fictitious."))
        self.print_users(data)

    def print_users(self, data: dict[str, Any]) -> None:
        """Who can log in, as a table."""
        self.stdout.write(_("Log in with one of these e-mail addresses and the password %(password)s") % data)
        users = User.objects.filter(email__in=[user["email"] for user in data["users"]])
        for user in users.select_related("reseller", "customer").order_by("role", "email"):
            company = user.reseller or user.customer or ""
            self.stdout.write(f"  {user.email:<28} {user.name}  {user.get_role_display()}  {company}".rstrip())


@contextmanager
def told_in_words() -> Iterator[None]:
    """A disk that is full or cannot be written is a CommandError that says so."""
    try:
        yield
    except (OSError, Error) as error:
        trouble = disk_trouble(error)
        if trouble is None:
            raise
        text = _(
            "Nothing was loaded. %(problem)s The sample needs about 10 MB for the database and the uploaded files."
        )
        raise CommandError(text % {"problem": tell_disk(trouble)}) from error


@contextmanager
def without_chatter() -> Iterator[None]:
    """The log says nothing of sample quotes that are issued."""
    before = logging.root.manager.disable
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(before)


def refuse_in_real_use() -> NoReturn:
    """Everybody can read the password of the sample's people, an administrator among them. Raises CommandError."""
    raise CommandError(
        _(
            "DEBUG is off, so this may be a portal in real use. Nothing was loaded: everybody knows the password of "
            "the sample's people. To try the portal out, set DEBUG=True. Where nobody else can reach the portal, add "
            "--allow-without-debug."
        )
    )


def refuse_other_data() -> None:
    """Sample and real data are never mixed. Raises CommandError where the database is not empty."""
    counts = {model: model._default_manager.count() for model in (Reseller, User, Customer, Product, PriceList)}
    found = [f"{count} {model._meta.verbose_name_plural}" for model, count in counts.items() if count]
    if found:
        raise CommandError(
            _("The database already holds other data (%(found)s). Sample data is loaded into an empty database only.")
            % {"found": ", ".join(found)}
        )


def load(data: dict[str, Any], *, now: datetime) -> None:
    """Write everything. The caller holds the transaction."""
    today = timezone.localdate(now)
    prices = read_rows("price_table.csv")
    products = load_products(data, prices)
    resellers = load_resellers(data)
    customers = load_customers(resellers)
    users = load_users(data, resellers, customers)
    load_contacts(customers)
    TaxRate.objects.bulk_create(
        TaxRate(
            category=rate.get("category", "standard"),
            effective_on=rate["effective_on"],
            percent=Decimal(rate["percent"]),
        )
        for rate in data["tax_rates"]
    )
    admin = next(user for user in users if user.role == User.Role.ADMIN)
    for version in data["price_lists"]:
        load_price_list(version, prices, products, data["multi_year_discounts"], by=admin, now=now)
    load_license_ids(customers, products, today)
    load_cost_rates(data["cost_rates"], resellers=resellers, products=products)
    staff = {user.email: user for user in users}
    for number, row in enumerate(data["quotes"]):
        at = moment(row["days_ago"], number, now=now)
        quote = issue_quote(row, by=staff[row["by"]], now=at)
        if row.get("shared", True):
            share(quote, now=at + timedelta(minutes=30))
        if "outcome" in row:
            outcome = row["outcome"]
            take = OUTCOMES[outcome["state"]]
            take(quote=quote, reason=outcome["reason"], by=quote.issued_by, now=at + timedelta(hours=1))
        if "revised" in row:
            at += timedelta(days=1)
            draft, _is_new = begin_revision(quote=quote, by=quote.issued_by, now=at)
            share(issue_quote(row | row["revised"], by=quote.issued_by, now=at, key=draft.key), now=at)
    for number, row in enumerate(data["drafts"]):
        keep_draft(row, by=staff[row["by"]], now=moment(row["days_ago"], number, now=now))
    by = next(user for user in users if user.role == User.Role.STAFF)
    load_desk(people=users, issue=lambda code, at: issue_quote({"license_id": code}, by=by, now=at), now=now)


def read_rows(file_name: str) -> Rows:
    with (SAMPLE / file_name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load_products(data: dict[str, Any], prices: Rows) -> dict[str, Product]:
    programmes = {row["code"]: Programme(**row) for row in data["programmes"]}
    Programme.objects.bulk_create(programmes.values())
    first_rows = {row["product_code"]: row for row in reversed(prices)}
    products = {
        code: Product(
            code=code,
            name=row["product_name"],
            name_en=data["english"][code][0],
            programme=programmes[row["programme"]],
            segment=row["segment"],
            unit=row["unit"],
            unit_en=data["english"][code][1],
            is_multi_year_discountable=code in data["multi_year_discounts"],
        )
        for code, row in sorted(first_rows.items())
    }
    Product.objects.bulk_create(products.values())
    return products


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
            password=password,
        )
        for row in data["users"]
    )


def load_price_list(
    version: dict[str, Any],
    prices: Rows,
    products: dict[str, Product],
    discounts: dict[str, dict[str, str]],
    *,
    by: User,
    now: datetime,
) -> None:
    effective_on = first_of_month(timezone.localdate(now), version["months"])
    price_list = PriceList.objects.create(
        name=f"{effective_on.year}年{effective_on.month}月版（サンプル）", effective_on=effective_on, is_sample=True
    )
    tables, ranks, multi_year = [], [], []
    for code, rows in groupby(prices, key=lambda row: row["product_code"]):
        bands = list(rows)
        check_bands(bands)
        minimum = int(bands[0]["min_renew_qty"])
        table = PriceTable(price_list=price_list, product=products[code], minimum_quantity=minimum)
        tables.append(table)
        ranks += [
            PriceRank(
                price_table=table,
                rank=band["rank"],
                from_quantity=int(band["qty_from"]),
                renewal_price=scale(band["renew_unit_price"], version["percent"]),
                addition_price=scale(band["add_unit_price"], version["percent"]),
            )
            for band in bands
        ]
        multi_year += [
            MultiYearDiscount(price_table=table, years=int(years), percent=Decimal(percent))
            for years, percent in discounts.get(code, {}).items()
        ]
    PriceTable.objects.bulk_create(tables)
    PriceRank.objects.bulk_create(ranks)
    MultiYearDiscount.objects.bulk_create(multi_year)
    announced = datetime.combine(effective_on - timedelta(days=14), time(10), timezone.get_default_timezone())
    publish(price_list=price_list, by=by, now=min(announced, now))


def check_bands(bands: Rows) -> None:
    """One product's bands follow each other without a gap; then `qty_to` says nothing that `qty_from` does not."""
    ends = [int(lower["qty_to"]) + 1 == int(higher["qty_from"]) for lower, higher in pairwise(bands)]
    minimums = {band["min_renew_qty"] for band in bands}
    if not all(ends) or bands[-1]["qty_to"] or len(minimums) != 1:
        raise CommandError(f"price_table.csv: the bands of {bands[0]['product_code']} do not fit together.")


def scale(price: str, percent: int) -> int:
    """The price times the percentage, rounded down to 10 yen."""
    return int(price) * percent // 1000 * 10


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


def issue_quote(row: dict[str, Any], *, by: User, now: datetime, key: UUID | None = None) -> Quote:
    on = timezone.localdate(now)
    forms = [fill_in(row | {"license_id": code}, on=on) for code in (row["license_id"], *row.get("further", ()))]
    each = [form.to_asked() for form in forms]
    asked = replace(each[0], parts=tuple(part for one in each for part in one.parts))
    if "subject" in row:
        asked = replace(asked, subject=row["subject"])
    return issue(
        key=key or forms[0].cleaned_data["key"],
        licenseids=[form.licenseid for form in forms],
        asked=asked,
        acknowledged=[(part.license_id, code) for part in asked.parts for code in WARNING_RULES],
        seen_total=None,
        issued_by=by,
        now=now,
    )


def share(quote: Quote, *, now: datetime) -> None:
    """Give it to its customer by a link, whose address nobody keeps: then they see it with their log-in."""
    by, until = quote.issued_by, quote.valid_until
    make_link(
        quote=quote, recipient=quote.customer_name, expires_on=until, max_downloads=None, seen=None, by=by, now=now
    )


def keep_draft(row: dict[str, Any], *, by: User, now: datetime) -> None:
    form = fill_in(row, on=timezone.localdate(now))
    asked = form.to_asked()
    save_draft(
        key=form.cleaned_data["key"],
        licenseids=[form.licenseid],
        asked=asked,
        as_typed={},
        pricing=calculate(asked=asked, customer=form.licenseid.customer, on=form.on).pricing,
        saved_by=by,
        now=now,
    )


def fill_in(row: dict[str, Any], *, on: date) -> RenewalForm:
    """The renewal form as it opens, with the row's choices entered."""
    licenseid = LicenseID.objects.select_related("customer__reseller").get(code=row["license_id"])
    holdings = list(licenseid.holdings.select_related("product__programme"))
    entry = RenewalForm(licenseid=licenseid, holdings=holdings, on=on).data.copy()
    entry["years"] = str(row.get("years", 1))
    entry["note"] = row.get("note", "")
    if row.get("with_calculation"):
        entry["with_calculation"] = "on"
    if "reduce" in row:
        entry["is_reduced"] = "on"
        for holding in holdings:
            entry[f"quantity-{holding.pk}"] = str(row["reduce"].get(holding.product.code, holding.quantity))
    for index, (code, quantity) in enumerate(row.get("add", {}).items()):
        entry[f"addition-{index}-product"] = code
        entry[f"addition-{index}-quantity"] = str(quantity)
    form = RenewalForm(entry, licenseid=licenseid, holdings=holdings, on=on)
    if not form.is_valid():
        raise CommandError(f"sample.toml: {row['license_id']}: {form.errors.as_json()}")
    return form


def moment(days_ago: int, number: int, *, now: datetime) -> datetime:
    """A moment of a working day so many days ago, another for each number; today, it is now."""
    if days_ago == 0:
        return now
    day = timezone.localdate(now) - timedelta(days=days_ago)
    return datetime.combine(day, time(9 + number % 8, number * 17 % 60), timezone.get_default_timezone())


def read_day(text: str, today: date) -> date:
    """A day that moves with today.

    `end+4`: the end of the fourth month from now; `15+2`: the 15th of the second; `days-20`: 20 days ago;
    `end-feb`, `end-mar`: the next end of February or March.
    """
    if match := re.fullmatch(r"days([+-]\d+)", text):
        return today + timedelta(days=int(match[1]))
    if match := re.fullmatch(r"(end|\d\d)([+-]\d+)", text):
        month = first_of_month(today, int(match[2]))
        return end_of_month(month) if match[1] == "end" else month.replace(day=int(match[1]))
    match = re.fullmatch(r"end-(feb|mar)", text)
    if not match:
        raise CommandError(f"holdings.csv: {text} is no day.")
    ends = (end_of_month(date(year, MONTHS[match[1]], 1)) for year in (today.year, today.year + 1))
    return next(end for end in ends if end >= today)


def first_of_month(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
