"""Whom and what the access table is tried with: every role, and an object of every kind.

A kind is what an address is about: `quote`, `draft`, `customer` … Whoever adds an address with a new one writes a
function that makes its objects, with `@kind("name")` above it: here, or in `renewing.py`.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import time_machine
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.core.cache import cache as attempts
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Model
from django.test import Client

import tests.access.comparing
import tests.access.renewing  # noqa: F401 - adds kinds
from foundation.mail.models import MailNotice
from foundation.mail.operations.queue import queue_mail
from licensing.models import Contact, Invitation, LicenseID, User
from licensing.operations.invitations import invite
from pricing.files import tasks
from pricing.files.operations import upload_prices
from pricing.models import PriceList, PriceTable, TaxRate
from quotes.archive.exports import start_export
from quotes.archive.search import RecordSearch
from quotes.archive.tasks import export_records
from quotes.links.operations import make_link
from quotes.models import Quote, ShareLink
from renewals.drafts.operations import save_draft
from renewals.golden.operations import keep_as_golden_cases
from renewals.models import QuoteDraft
from tests.access.costs import give_cost_rates
from tests.access.handling import handler_without_zeal
from tests.access.kinds import KINDS, Things, kind
from tests.access.orders import (
    acknowledged_quotes,
    acknowledgements_of_orders,
    carried_out_quotes,
    files_of_orders,
    link_to_acknowledged,
)
from tests.cast import NOW, TODAY, Cast, make_cast, make_license_id, sign_in
from tests.licensing.holdings.lists import being_checked
from tests.making import fill, given_quote, typed
from tests.pricing.files.workbooks import make_csv
from tests.renewals.impacts import start
from tests.snapshot import written_again

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"
"""Part of every name and subject, so that each page proves that texts stay texts."""
NOBODY = uuid.UUID(int=1)
MISSING = {
    **dict.fromkeys(("pk", "id", "object_id"), 999_999), **dict.fromkeys(("uidb36", "token"), "zzz"),
    "key": NOBODY, "file": NOBODY, "made": NOBODY, "row": NOBODY, "code": "LIC-9999", "channel": "irc",
}  # fmt: skip
"""The arguments of what does not exist."""
PEOPLE = {
    "contact A": "contact",
    "contact B": "foreign_contact",
    "staff A": "staff",
    "staff B": "stranger",
    "manager A": "manager",
    "price admin": "price_admin",
    "portal admin": "admin",
}
"""Role in the table, and who of the cast plays it."""


def arguments(thing: Any) -> dict[str, object]:
    """What a thing gives to the arguments of an address: a row its number, key and code; a dict what is in it."""
    if not isinstance(thing, Model):
        return dict(thing)
    found: dict[str, object] = {"pk": thing.pk, "id": thing.pk, "object_id": thing.pk}
    return found | {name: getattr(thing, name) for name in ("key", "code") if hasattr(thing, name)}


@dataclass
class World:
    """The cast at work: license IDs, quotes and drafts of two resellers and three customers."""

    cast: Cast
    license_ids: Things
    quotes: Things
    drafts: Things
    draft_prices: PriceList
    margins: dict[str, list[str]] = field(default_factory=dict)
    """By side, once they are asked for: how the margin of its quote is written."""

    def __post_init__(self) -> None:
        """All at once: what a test makes is gone after it."""
        self.things: dict[str, Things] = {}
        for name, maker in KINDS.items():
            self.things[name] = maker(self)
        self._log_ins = {role: sign_in(getattr(self.cast, name)).cookies for role, name in PEOPLE.items()}

    def browser(self, role: str) -> Client:
        """A fresh browser with a person's log-in: what a request does to the cookies is gone with it."""
        fresh = Client(raise_request_exception=False, headers={"accept-language": "en"})
        fresh.handler = handler_without_zeal()
        if role != "anonymous":
            fresh.cookies = self._log_ins[role].copy()
        return fresh


@contextmanager
def open_world() -> Iterator[World]:
    """The world, in a transaction that is taken back; give it the database, and it serves a whole module."""
    whole = transaction.atomic()
    whole._from_testcase = True  # type: ignore[attr-defined]
    with time_machine.travel(NOW, tick=False), whole:
        yield written_again(make_world, asked="the world")
        transaction.set_rollback(True)


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside has not happened afterwards; nor have attempts been counted."""
    attempts.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    attempts.clear()


def make_world() -> World:
    cast = make_cast()
    for reseller in (cast.aoba, cast.minato):
        reseller.customers_see_quotes = "issued"
        reseller.save()
    for row in (cast.customer, cast.foreign_customer, cast.english_customer, cast.aoba, cast.minato):
        row.name += HOSTILE
        row.save()
    for user in (cast.staff, cast.stranger, cast.contact, cast.foreign_contact, cast.manager):
        user.name += HOSTILE[:60]
        user.save()
    for product in cast.products.values():
        product.name += HOSTILE
        product.save()
    rows = [
        (cast.customer, "LIC-1001", cast.staff),
        (cast.foreign_customer, "LIC-2001", cast.stranger),
        (cast.english_customer, "LIC-3001", cast.staff),
    ]
    give_cost_rates(cast)
    license_ids = [
        make_license_id(customer, code, ("SMP-BS", quantity))
        for (customer, code, _by), quantity in zip(rows, (45, 777, 333), strict=True)
    ]
    quotes = [
        given_quote(row, by=by, changes={"subject": f"件名-{code}{HOSTILE}"})
        for row, (_customer, code, by) in zip(license_ids, rows, strict=True)
    ]
    drafts = [_draft(row, by) for row, (_customer, _code, by) in zip(license_ids, rows, strict=True)]
    seal = Path(settings.BASE_DIR, "sample", "aoba-seal.png").read_bytes()
    cast.aoba.seal.save("seal.png", ContentFile(seal))
    prices = PriceList.objects.create(name="2027年4月版", effective_on=date(2027, 4, 1))
    PriceTable.objects.create(price_list=prices, product=cast.products["SMP-BS"], minimum_quantity=2)
    return World(cast, Things(*license_ids), Things(*quotes), Things(*drafts), prices)


def _draft(licenseid: LicenseID, by: User) -> QuoteDraft:
    subject = f"下書き-{licenseid.code}{HOSTILE}"
    entry = typed(fill(licenseid, {"subject": subject}))
    return save_draft(key=uuid.uuid4(), licenseids=[licenseid], **entry, pricing=None, saved_by=by, now=NOW)


# --- Kinds ----------------------------------------------------------------------------------------------------------


@kind("customer")
def _customers(world: World) -> Things:
    return Things(world.cast.customer, world.cast.foreign_customer, world.cast.english_customer)


@kind("contact")
def _contacts(world: World) -> Things:
    rows = (_customers(world).a, _customers(world).b, _customers(world).neighbour)
    return Things(*(Contact.objects.create(customer=one, name=f"連絡 先{HOSTILE[:60]}") for one in rows))


@kind("license-id")
def _license_ids(world: World) -> Things:
    return world.license_ids


@kind("held-list")
def _held_lists(world: World) -> Things:
    cast = world.cast
    return Things(being_checked(cast.aoba, cast.manager), being_checked(cast.minato, cast.admin))


@kind("quote")
def _quotes(world: World) -> Things:
    return world.quotes


@kind("check-code")
def _check_codes(world: World) -> Things:
    """Whoever holds the paper may ask, whoever they are."""
    return Things(*({"code": quote.check_code} for quote in (world.quotes.a, world.quotes.b)))


@kind("draft")
def _drafts(world: World) -> Things:
    return world.drafts


@kind("reseller")
def _resellers(world: World) -> Things:
    return Things(world.cast.aoba, world.cast.minato)


@kind("user")
def _users(world: World) -> Things:
    """Staff of each reseller; not those who log in here themselves."""
    return Things(world.cast.colleague, world.cast.stranger)


def _invited(world: World, email: str) -> list[tuple[Invitation, str]]:
    """To the people of each reseller: the invitation and its link."""
    cast = world.cast
    return [
        invite(email=email, name="新井 空", role="staff", reseller=reseller, by=by, now=NOW)
        for reseller, by in ((cast.aoba, cast.manager), (cast.minato, cast.admin))
    ]


@kind("invitation")
def _invitations(world: World) -> Things:
    return Things(*(invitation for invitation, _token in _invited(world, "arai@new.example.jp")))


@kind("invitation-link")
def _invitation_links(world: World) -> Things:
    """What whoever was given it may open, whoever they are."""
    _invitation, link = _invited(world, "kato@new.example.jp")[0]
    return Things({"token": link.split("/")[-2]}, by_token=True)


@kind("e-mail")
def _mails(world: World) -> Things:
    """With a quote of each reseller."""
    quotes = (world.quotes.a, world.quotes.b)
    return Things(
        *(
            queue_mail(
                key=str(quote.key), to="a@example.jp", subject="件名", body="本文", about=f"quote:{quote.key}", now=NOW
            )
            for quote in quotes
        )
    )


@kind("mail-notice")
def _mail_notices(world: World) -> Things:
    """Answers to e-mail with a quote of each reseller."""
    return Things(
        *(
            MailNotice.objects.create(mail=mail, received_at=NOW, subject="不在", digest=str(mail.pk))
            for mail in (world.things["e-mail"].a, world.things["e-mail"].b)
        )
    )


@kind("password-link")
def _password_links(world: World) -> Things:
    """The link of a password reset's mail, for staff of each reseller."""
    people = (world.cast.staff, world.cast.stranger)
    links = ({"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)} for user in people)
    return Things(*links)


@kind("session")
def _sessions(world: World) -> Things:
    """A log-in of somebody who logs in nowhere here: a session is its owner's alone, not a reseller's."""
    return Things(UserSession.objects.create(user=world.cast.colleague, ip="192.0.2.7", session_key="x" * 32))


@kind("passkey")
def _passkeys(world: World) -> Things:
    """The same for a passkey."""
    return Things(Authenticator.objects.create(user=world.cast.colleague, type="webauthn", data={"name": "x"}))


@kind("prices")
def _prices(world: World) -> Things:
    return Things(world.cast.price_list)


@kind("draft-prices")
def _draft_prices(world: World) -> Things:
    return Things(world.draft_prices)


@kind("import")
def _imports(world: World) -> Things:
    content = make_csv("SMP-BS,2,A,2,,5100,5200")
    made = upload_prices(
        content=content, file_name="x.csv", based_on=world.cast.price_list, name="2027年5月版",
        effective_on=date(2027, 5, 1), task=tasks.check_price_file, by=world.cast.admin, now=NOW,
    )  # fmt: skip
    return Things(made)


@kind("impact")
def _impacts(world: World) -> Things:
    return Things(start(world.draft_prices, world.cast.admin))


@kind("export")
def _exports(world: World) -> Things:
    """Of records, asked for by staff of each reseller."""
    people = (world.cast.staff, world.cast.stranger)
    made = (
        start_export(search=RecordSearch(), form="csv", task=export_records, by=by, on=TODAY, now=NOW) for by in people
    )
    return Things(*made)


@kind("batch")
def _batches(world: World) -> Things:
    return Things(world.things["impact"].a.batch)


@kind("golden-case")
def _golden_cases(world: World) -> Things:
    [case], _is_new = keep_as_golden_cases(quote=world.quotes.a, by=world.cast.admin, now=NOW)
    return Things(case)


@kind("tax-rate")
def _tax_rates(world: World) -> Things:
    return Things(TaxRate.objects.get())


def _link(world: World, quote: Quote) -> tuple[ShareLink, str]:
    by, on = quote.issued_by, quote.valid_until
    return make_link(quote=quote, recipient="宛先", expires_on=on, max_downloads=None, seen=None, by=by, now=NOW)


@kind("link")
def _links(world: World) -> Things:
    """Share links as the reseller's people look after them."""
    quotes = world.quotes
    pairs = [(quote, _link(world, quote)[0]) for quote in (quotes.a, quotes.b, quotes.neighbour)]
    return Things(*({"key": quote.key, "pk": link.pk} for quote, link in pairs))


KINDS["carrying-out"] = lambda world: Things(*carried_out_quotes(world.quotes))
KINDS["acknowledgement"] = lambda world: Things(*acknowledgements_of_orders(world.things["carrying-out"]))
KINDS["acknowledged"] = lambda world: Things(*acknowledged_quotes(world.things["acknowledgement"]))
KINDS["acknowledged-link"] = lambda world: Things(link_to_acknowledged(world.things["acknowledgement"]), by_token=True)
KINDS["order-file"] = lambda world: Things(*files_of_orders(world.things["carrying-out"]))


@kind("share-link")
def _share_links(world: World) -> Things:
    """What the customer of A was sent: whoever has it, is let in."""
    newest = world.quotes.a.share_links.latest("pk").pk
    quote = world.quotes.a
    _made, token = make_link(
        quote=quote, recipient="宛先", expires_on=quote.valid_until, max_downloads=None, seen=newest,
        by=quote.issued_by, now=NOW,
    )  # fmt: skip
    return Things({"token": token}, by_token=True)


def _first(model: str, _world: World) -> Things:
    return Things(apps.get_model(model)._base_manager.order_by("pk").first())


for _name, _model in (
    ("programme", "licensing.Programme"),
    ("product", "licensing.Product"),
    ("price-table", "pricing.PriceTable"),
):
    KINDS[_name] = partial(_first, _model)
