"""Renewals of the sample at every stage, and customers with owners."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from foundation.integrity.counts import put_all_together
from licensing.models import Customer, LicenseID, User
from licensing.operations.owners import change_owners
from quotes.customers.answers import answer_quote
from quotes.customers.visits import Visitor, record_view
from quotes.links.operations import make_link
from quotes.models import Quote, ShareLink
from quotes.record.transitions import record_order

from ...carrying_out.operations import carry_out
from ...confirmations.needed import Needed, NeededHolding, NeededPart, to_json
from ...desk.operations import enter
from ...desk.refresh import compact_counts, refresh, spread_marks
from ...models import ConfirmationAnswer, ConfirmationPart, QuantityConfirmation

RESELLER = "aoba"
SEEN, WISHED, DONE = "TM-0074-0006", "TM-0068-0001", "TM-0054-0001"
ASKED, ANSWERED, DECLINED = "TM-0079-0119", "TM-0061-0125", "TM-0065-0301"
WISH = "この内容で発注を希望します。"
Issue = Callable[[str, datetime], Quote]
"""Issues a quote of the license ID of this code, at a moment."""


def load_desk(*, people: list[User], issue: Issue, now: datetime) -> None:
    """After everything else: what brings renewals to the stages that nothing else of the sample is at."""
    staff = [user for user in people if user.reseller and user.reseller.code == RESELLER]
    owners = sorted((user for user in staff if not user.is_manager), key=lambda user: user.email)
    _give_owners(owners, now)
    by = owners[0]
    at = now  # the log knows no earlier day than its last
    for code, answers in ((SEEN, False), (WISHED, True)):
        quote = issue(code, at)
        link = _share(quote, at)
        visitor = Visitor(link=link, ip="203.0.113.20", user_agent="Mozilla/5.0")
        record_view(quote=quote, visitor=visitor, now=at)
        if answers:
            answer_quote(quote=quote, answer="order", message=WISH, by_name="購買部", visitor=visitor,
                         now=at)  # fmt: skip
    done = issue(DONE, at)
    record_order(quote=done, reason="お電話でご注文", by=by, now=at)
    carry_out(quote=done, parts=[part.pk for part in done.parts.all()], by=by, now=at)
    _ask(ASKED, by, at)
    _answer(_ask(ANSWERED, by, at), at)
    licenseid = LicenseID.objects.get(code=DECLINED)
    expires_on = licenseid.holdings.order_by("support_expires_on").values_list("support_expires_on", flat=True)[0]
    enter(licenseid=licenseid, expires_on=expires_on, follow_up_on=None, note="",
          declined_reason="クラウド版へ移行予定のため", by=by, now=at)  # fmt: skip
    spread_marks()
    while refresh(on=timezone.localdate(now)):
        pass
    compact_counts()
    put_all_together()


def _give_owners(owners: list[User], now: datetime) -> None:
    """Two of three customers have one."""
    customers = list(Customer.objects.filter(reseller__code=RESELLER).order_by("pk").values_list("pk", flat=True))
    for at, owner in enumerate(owners[:2]):
        change_owners(customers=customers[at::3], owner=owner, by=owner, now=now)


def _share(quote: Quote, at: datetime) -> ShareLink:
    link, _address = make_link(
        quote=quote,
        recipient=quote.customer_name,
        expires_on=quote.valid_until,
        max_downloads=None,
        seen=None,
        by=quote.issued_by,
        now=at,
    )
    return link


def _ask(code: str, by: User, at: datetime) -> QuantityConfirmation:
    """A question whose link nobody has: no letter goes out from a sample."""
    licenseid = LicenseID.objects.select_related("customer").get(code=code)
    confirmation = QuantityConfirmation.objects.create(
        customer=licenseid.customer,
        asked_by=by,
        asked_at=at,
        to="kakunin@example.jp",
        to_name=licenseid.customer.person,
        subject="ご契約数量の確認のお願い",
        body="{link}",
        open_until=timezone.localdate(at) + timedelta(days=21),
        token_hash=uuid.uuid4().hex * 2,
    )
    ConfirmationPart.objects.create(confirmation=confirmation, position=1, licenseid=licenseid)
    return confirmation


def _answer(confirmation: QuantityConfirmation, at: datetime) -> None:
    licenseid = confirmation.parts.get().licenseid
    held = tuple(
        NeededHolding(row.pk, row.product.code, row.quantity, row.support_expires_on, row.quantity)
        for row in licenseid.holdings.select_related("product").order_by("pk")
    )
    needed = to_json(Needed((NeededPart(licenseid.pk, held, 1),)))
    ConfirmationAnswer.objects.create(confirmation=confirmation, at=at, by_name="情報システム部", needed=needed)
