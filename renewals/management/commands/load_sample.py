"""Fills an empty database with the sample data of the folder `sample/`."""

import logging
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.disk import disk_trouble, tell_disk
from licensing.models import Customer, Product, Reseller, User
from pricing.models import PriceList

from ._sample_contacts import load_contacts
from ._sample_costs import load_cost_rates
from ._sample_decisions import load_approvals, load_comparisons
from ._sample_desk import load_desk
from ._sample_files import SAMPLE, read_rows
from ._sample_parties import load_customers, load_license_ids, load_resellers, load_users
from ._sample_prices import load_price_list, load_products, load_tax_rates
from ._sample_quotes import issue_quote, load_quotes


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
    load_tax_rates(data["tax_rates"])
    admin = next(user for user in users if user.role == User.Role.ADMIN)
    for version in data["price_lists"]:
        load_price_list(version, prices, products, data["multi_year_discounts"], by=admin, now=now)
    load_license_ids(customers, products, today)
    load_cost_rates(data["cost_rates"], resellers=resellers, products=products)
    load_quotes(data, people=users, now=now)
    load_comparisons(data["comparisons"], people=users, now=now)
    load_approvals(data["approvals"], people=users, now=now)
    by = next(user for user in users if user.role == User.Role.STAFF)
    load_desk(people=users, issue=lambda code, at: issue_quote({"license_id": code}, by=by, now=at), now=now)
