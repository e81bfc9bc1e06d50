"""Quantity confirmations as tests ask, answer and withdraw them."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from licensing.models import LicenseID, User
from quotes.letters.words import Letter
from renewals.confirmations.needed import Needed, NeededHolding, NeededPart
from renewals.confirmations.operations import answer, ask, draft_of, remind, withdraw
from renewals.confirmations.settings import save_settings
from renewals.confirmations.tasks import sweep_reminders
from renewals.models import ConfirmationAnswer, QuantityConfirmation
from tests.cast import NOW, TODAY, Cast, make_license_id
from tests.making import load
from tests.page import Entry, Page, read_entry

ADDRESS = "saeki@takasaki.example.jp"
LETTER = Letter("数量のご確認 {customer}", "{person}\n{license_ids}\n{open_until}\n{link}\n{reseller} {sender}")


def put(licenseids: list[LicenseID], by: User, **changes: Any) -> tuple[QuantityConfirmation, list[str]]:
    """Ask, and the tokens of what was asked."""
    tokens: list[str] = []

    def make_address(token: str) -> str:
        tokens.append(token)
        return f"https://portal.example.jp/c/{token}/"

    how = {
        "key": uuid.uuid4(), "licenseids": licenseids, "to": ADDRESS, "to_name": "佐伯 美和", "language": "ja",
        "letter": LETTER, "open_until": TODAY + timedelta(days=21), "remind_on": TODAY + timedelta(days=7),
        "with_prices": False, "by": by, "make_address": make_address, "now": NOW,
    }  # fmt: skip
    return ask(**{**how, **changes}), tokens


def needed_of(licenseid: LicenseID, *numbers: int, years: int | None = None) -> Needed:
    """What is needed of the holdings of a license ID, by the products' codes."""
    rows = sorted(licenseid.holdings.all(), key=lambda row: row.product.code)
    holdings = tuple(
        NeededHolding(row.pk, row.product.code, row.quantity, row.support_expires_on, number)
        for row, number in zip(rows, numbers, strict=True)
    )
    return Needed((NeededPart(licenseid.pk, holdings, years),))


def reply(confirmation: QuantityConfirmation, needed: Needed, *, now: datetime, **changes: Any) -> ConfirmationAnswer:
    how = {"by_name": "佐伯 美和", "message": "", "ip": "192.0.2.7", "user_agent": "x", "now": now}
    return answer(confirmation=confirmation, needed=needed, **{**how, **changes})


def remind_due(cast: Cast, *, now: datetime) -> int:
    """What the rhythm does with questions on an ordinary business day."""
    return sweep_reminders(reseller=cast.aoba.pk, until=timezone.localdate(now), now=now)


def ask_remind_answer_and_withdraw(cast: Cast) -> None:
    """All that is done with a confirmation, one after the other."""
    licenseid = load(make_license_id(cast.customer, "LIC-7301", ("SMP-BS", 45)))
    confirmation, _tokens = put([licenseid], cast.staff)
    remind(confirmation=confirmation, make_address=str, now=NOW)
    reply(confirmation, needed_of(licenseid, 40), now=NOW)
    draft_of(confirmation=confirmation, key=uuid.uuid4(), by=cast.staff, now=NOW)
    withdraw(confirmation=confirmation, by=cast.staff, now=NOW)
    values = {"shows_prices": True, "days_open": 10, "remind_after": None}
    save_settings(reseller=cast.aoba, values=values, look=lambda _row: None)


def entry_of(response: Any) -> Entry:
    """What the page's own form would send: the first one in its main part."""
    [main] = Page(response).all(lambda element: element.tag == "main")
    return read_entry(next(element for element in main.walk() if element.tag == "form"))
