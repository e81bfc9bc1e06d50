"""Objects of what comes before a quote: questions to customers."""

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING

from licensing.models import LicenseID, User
from pricing.lists.operations.copy import copy_price_list
from pricing.lists.operations.publish import publish
from quotes.letters.words import Letter
from renewals.calendar.operations import make_feed
from renewals.confirmations.operations import ask
from renewals.desk.operations import save_filter
from renewals.desk.refresh import refresh
from renewals.models import ApprovalRequest, DeskRow, QuantityConfirmation
from tests.access.kinds import Things, kind
from tests.cast import NOW, TODAY, make_license_id, make_user
from tests.making import load
from tests.renewals.approving import let, limit, request_for
from tests.renewals.batches import reviewed

if TYPE_CHECKING:
    from tests.access.world import World


@kind("chat-channel")
def _chat_channels(_world: "World") -> Things:
    """By its name: it belongs to nobody, the page is about the reader's own reseller."""
    return Things({"channel": "slack"})


@kind("coming-prices")
def _coming_prices(world: "World") -> Things:
    """A published list of a far day: it belongs to nobody."""
    cast = world.cast
    prices = copy_price_list(
        price_list=cast.price_list, effective_on=date(2027, 12, 1), by=cast.admin, now=NOW, name="2027年12月版"
    )
    publish(price_list=prices, by=cast.admin, now=NOW)
    return Things(prices)


def _ask(licenseid: LicenseID, by: User) -> tuple[QuantityConfirmation, str]:
    """What is asked of a license ID's customer, and the token of the letter."""
    tokens: list[str] = []
    confirmation = ask(
        key=uuid.uuid4(), licenseids=[load(licenseid)], to="a@example.jp", to_name="宛先", language="ja",
        letter=Letter("件名", "{link}"), open_until=TODAY + timedelta(days=90), remind_on=None, with_prices=False,
        by=by, make_address=lambda token: str(tokens.append(token)), now=NOW,
    )  # fmt: skip
    return confirmation, tokens[0]


@kind("confirmation")
def _confirmations(world: "World") -> Things:
    cast, license_ids = world.cast, world.license_ids
    rows = ((license_ids.a, cast.staff), (license_ids.b, cast.stranger), (license_ids.neighbour, cast.staff))
    return Things(*(_ask(licenseid, by)[0] for licenseid, by in rows))


@kind("answer-link")
def _answer_links(world: "World") -> Things:
    """What the customer of A was sent: whoever has it, is let in."""
    licenseid = make_license_id(world.cast.customer, "LIC-7001", ("SMP-BS", 31))
    return Things({"token": _ask(licenseid, world.cast.staff)[1]}, by_token=True)


@kind("approval")
def _approvals(world: "World") -> Things:
    """What each reseller's staff asks for; by the quote's key."""
    return Things(*({"key": one.key} for one in _asked(world)))


@kind("approval-row")
def _approval_rows(world: "World") -> Things:
    """The same, by the row's number."""
    return Things(*_asked(world))


def _asked(world: "World") -> list[ApprovalRequest]:
    cast, license_ids = world.cast, world.license_ids
    found = []
    for licenseid, by, name in (
        (license_ids.a, cast.staff, "承認 あおば"),
        (license_ids.b, cast.stranger, "承認 みなと"),
    ):
        reseller = by.reseller
        assert reseller is not None
        limit(reseller, amount=1)
        address = f"{uuid.uuid4().hex[:8]}@{reseller.code}.example.jp"
        let(make_user(address, name, "manager", reseller=reseller))
        found.append(request_for(licenseid, by=by, changes={}))
        limit(reseller)
    return found


@kind("quote-run")
def _quote_runs(world: "World") -> Things:
    """A batch of quotes of each reseller, priced, with its only row."""
    found = []
    for at, (licenseid, by) in enumerate(
        ((world.license_ids.a, world.cast.staff), (world.license_ids.b, world.cast.stranger))
    ):
        run = reviewed([licenseid], by, note=f"備考-{at}")
        found.append({"key": run.key, "row": run.rows.get().key})
    return Things(*found)


@kind("calendar-link")
def _calendar_links(world: "World") -> Things:
    """Of somebody who does not log in here: whoever has it, is let in."""
    return Things({"token": make_feed(user=world.cast.colleague, now=NOW)}, by_token=True)


@kind("desk-row")
def _desk_rows(world: "World") -> Things:
    """One renewal of each reseller."""
    while refresh(on=TODAY):
        pass
    rows = DeskRow.objects.order_by("pk")
    return Things(*(rows.filter(reseller=one.pk).first() for one in (world.cast.aoba, world.cast.minato)))


@kind("desk-filter")
def _desk_filters(world: "World") -> Things:
    """Each belongs to one person."""
    cast = world.cast
    return Things(*(save_filter(user=user, name="条件", query="due=30") for user in (cast.staff, cast.stranger)))
