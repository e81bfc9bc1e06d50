"""A portal of the bench's own: production settings, a database that is gone afterwards, sample data."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

CODE = "BENCH-0001"
HELD = {"SMP-CC": 320, "SMP-CS": 120, "SMP-SW": 45, "SMP-IM": 60}


@dataclass(frozen=True)
class Desk:
    """A member of staff, logged in, before the form of a license ID with four holdings."""

    user: Any
    licenseid: Any
    session: str
    body: str
    """What the form sends, as the browser encodes it."""
    folder: Path


def production_environment(folder: Path, url: str) -> dict[str, str]:
    return {
        "BENCH_FOLDER": str(folder),
        "DJANGO_SETTINGS_MODULE": "tools.bench.settings",
        "DEBUG": "False",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "127.0.0.1",
        "PUBLIC_URL": "http://127.0.0.1",
        "SECURE_SSL_REDIRECT": "False",  # there is no proxy that speaks HTTPS
        "DATABASE_URL": url or f"sqlite:///{folder / 'portal.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "LOG_LEVEL": "WARNING",
    }


@contextmanager
def portal(database: Path | None = None, *, url: str = "") -> Iterator[Desk]:
    """Sets Django up in this process: once only. Begins with a copy of the SQLite file, where one is given.

    `url`: of an empty database to be used instead of SQLite.
    """
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name)
        (folder / "static").mkdir()
        if database:
            shutil.copyfile(database, folder / "portal.sqlite3")
        os.environ.update(production_environment(folder, url))
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            call_command("migrate", verbosity=0)
            call_command("createcachetable", verbosity=0)
            call_command("load_sample", allow_without_debug=True, stdout=nowhere)
        try:
            yield sit_down(folder)
        finally:
            connections.close_all()


def sit_down(folder: Path) -> Desk:
    """Log a member of staff in and open the form of a license ID with four lines, all of them renewed."""
    from django.test import Client

    from licensing.models import User

    user = User.objects.filter(role=User.Role.STAFF).order_by("pk")[0]
    licenseid = make_license_id(user, CODE)
    client = Client()
    client.force_login(user)
    return Desk(user, licenseid, client.cookies["sessionid"].value, open_form(licenseid).urlencode(), folder)


def make_license_id(user: Any, code: str, *, more: int = 0) -> Any:
    """A license ID with four holdings, `more` of each than HELD says."""
    from django.utils import timezone

    from licensing.models import Customer, Holding, LicenseID, Product

    customer = Customer.objects.filter(reseller=user.reseller_id).order_by("pk")[0]
    LicenseID.objects.create(code=code, customer=customer)
    licenseid = LicenseID.objects.select_related("customer__reseller").get(code=code)
    products = {product.code: product for product in Product.objects.select_related("programme")}
    for product, quantity in HELD.items():
        Holding.objects.create(
            licenseid=licenseid,
            product=products[product],
            quantity=quantity + more,
            support_expires_on=timezone.localdate() + timedelta(days=40),
        )
    return licenseid


def open_form(licenseid: Any) -> Any:
    """What the form of the license ID sends, all of it renewed."""
    from django.utils import timezone

    from renewals.form.forms import RenewalForm

    form = RenewalForm(None, licenseid=licenseid, holdings=rows_of(licenseid), on=timezone.localdate())
    data = form.data.copy()
    for name in form.fields:
        if name.startswith("addition-"):
            data[name] = ""
    return data


def rows_of(licenseid: Any) -> list[Any]:
    return list(licenseid.holdings.select_related("product__programme").order_by("product__code"))
