"""A reseller's years, with many license IDs: what its people and customers do, written by the hundred.

The portal's own sweeps are the real ones; only what people would do at forms is written by rows: a quote is a copy of
one that was really issued, with parts, lines, what it quotes, how it stands and its entries in the log.
"""

import random
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core import mail as django_mail
from django.db import connection
from django.db.models import Exists, OuterRef

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.queue import deliver_due, record_failure
from licensing.models import Contact, Customer, Holding, LicenseID, Product
from quotes.models import Quote, QuotedHolding, QuoteEvent, QuoteLine, QuotePart, QuoteStatus, State
from quotes.record.events import Entry, record_events
from renewals.confirmations.needed import Needed, NeededHolding, NeededPart, to_json
from renewals.desk.people import rows_of_person
from renewals.desk.refresh import compact_counts, refresh, spread_marks
from renewals.models import (
    CarryingOut,
    ConfirmationAnswer,
    ConfirmationPart,
    DeskEntry,
    DeskRow,
    QuantityConfirmation,
    Reminder,
    Stage,
    Step,
)
from renewals.reminders.days import is_business_day
from renewals.reminders.digest import parts_of
from renewals.reminders.tasks import keep_rhythm
from tests.cast import TODAY, Cast, make_user, publish_prices
from tests.making import issue_quote, load

TOKYO = ZoneInfo("Asia/Tokyo")
ENDED = (Stage.DONE, Stage.LOST, Stage.DECLINED, Stage.LAPSED)
YEAR = timedelta(days=365)
BEGINS = 45
"""So many days before the expiry people begin; the portal writes what they leave."""
ACTS = {Stage.OPEN: 0.02, Stage.ASKED: 0.05, Stage.ANSWERED: 0.3, Stage.QUOTED: 0.2, Stage.SENT: 0.08,
        Stage.SEEN: 0.08, Stage.ORDERED: 0.4}  # fmt: skip
"""How probably something is done on a day, by stage."""
IDS_EACH, OWNED_EACH, MOST_HELD = 3, 500, 4
UNREACHABLE, DECLINES, ORDERS, BOUNCES, SPLITS, RETURNS = 0.03, 0.15, 0.7, 0.02, 0.0004, 0.03


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=TOKYO)


class Years:
    """A reseller, day by day. `counts` says what happened; `outcome` of each renewal how it ended, with its day."""

    def __init__(self, cast: Cast, clock: Any, *, license_ids: int, seed: int) -> None:
        self.cast, self.clock, self.chance = cast, clock, random.Random(seed)
        self.counts: Counter[str] = Counter()
        self.ordered: dict[tuple[int, date], date] = {}
        self.refused: dict[tuple[int, date], date] = {}
        self.quoted: set[tuple[int, date]] = set()
        self.named: Counter[tuple[int, date]] = Counter()
        self.people = [cast.staff, cast.colleague, cast.manager]
        for number in range(license_ids // OWNED_EACH):
            self.people.append(make_user(f"s{number}@aoba.example.jp", f"担当{number}", "staff", reseller=cast.aoba))
        self.made = 0
        self.pattern = issue_quote(self._first(), by=cast.staff, now=at(TODAY, 9))
        self._fill(license_ids)

    def _first(self) -> LicenseID:
        licenseid = LicenseID.objects.create(code="LIC-PATTERN", customer=self.cast.customer)
        Holding.objects.create(
            licenseid=licenseid, product=self.cast.products["SMP-BS"], quantity=30, support_expires_on=TODAY + YEAR
        )
        Customer.objects.filter(reseller=self.cast.aoba).update(owner=self.cast.staff)
        return load(licenseid)

    def _fill(self, count: int) -> None:
        products = list(Product.objects.order_by("pk"))
        customers = Customer.objects.bulk_create(
            Customer(reseller=self.cast.aoba, name=f"第{number}株式会社", search_key=f"第{number}株式会社",
                     owner=self.chance.choice(self.people))
            for number in range(-(-count // IDS_EACH))
        )  # fmt: skip
        Contact.objects.bulk_create(
            Contact(customer=one, name="担当", email=f"c{one.pk}@example.jp", search_key=f"担当 c{one.pk}@example.jp")
            for one in customers
            if self.chance.random() >= UNREACHABLE
        )
        ids = LicenseID.objects.bulk_create(
            LicenseID(code=f"LIC-{number:07}", search_key=f"lic{number:07}", customer=customers[number // IDS_EACH])
            for number in range(count)
        )
        held = []
        for one in ids:
            expires = TODAY + timedelta(days=self.chance.randrange(20, 385))
            for product in self.chance.sample(products, self.chance.randrange(1, MOST_HELD + 1)):
                other = expires + timedelta(days=60) if self.chance.random() < 0.1 else expires
                held.append(Holding(licenseid=one, product=product, quantity=self.chance.randrange(10, 400),
                                    support_expires_on=other))  # fmt: skip
        Holding.objects.bulk_create(held, batch_size=5_000)
        self.counts["license IDs at first"], self.counts["holdings at first"] = len(ids), len(held)

    def live(self, day: date) -> None:
        """What people do, then what the portal does by itself; looked at when it is over."""
        self.clock.move_to(at(day, 10))
        if (day.month, day.day) == (3, 1):
            publish_prices(f"{day.year}年4月版", date(day.year, 4, 1), by=self.cast.admin, percent=98 + day.year % 7)
            self.counts["price lists"] += 1
        self._refresh(day)
        self._act(day)
        self._refresh(day)
        if is_business_day(day):
            self._note_digests(day)
        for minute in range(100):
            if not keep_rhythm(now=at(day, 11) + timedelta(minutes=minute)):
                break
            self._refresh(day)
        self._deliver(day)
        self.look(day)
        if day.weekday() == 6:
            compact_counts()
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")

    def _refresh(self, day: date) -> None:
        spread_marks()
        refresh(on=day, most=10_000_000)

    def _note_digests(self, day: date) -> None:
        for person in self.people:
            for part in parts_of(rows_of_person(person), on=day):
                self.named.update({(row.licenseid_id, row.expires_on) for row in part.rows})

    def _deliver(self, day: date) -> None:
        last = OutgoingMail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.counts["e-mails"] += deliver_due(clock=lambda: at(day, 16))
        django_mail.outbox.clear()
        for mail in OutgoingMail.objects.filter(pk__gt=last - 100, state="sent", sent_at=at(day, 16)):
            if self.chance.random() < BOUNCES:
                self.counts["bounced"] += record_failure(mail=mail, error="bounced", now=at(day, 17))

    def _act(self, day: date) -> None:
        """People begin some time before the expiry, and do one thing with a row at a time."""
        rows = DeskRow.objects.filter(reseller=self.cast.aoba, expires_on__lte=day + timedelta(days=BEGINS))
        chosen: dict[str, list[DeskRow]] = {stage: [] for stage in ACTS}
        for row in rows.filter(stage__in=ACTS).order_by("pk"):
            if self.chance.random() < ACTS[Stage(row.stage)]:
                chosen[row.stage].append(row)
        begun = chosen[Stage.OPEN] + chosen[Stage.ANSWERED]
        declined = [row for row in begun if self.chance.random() < DECLINES]
        self._decline(declined, day)
        self._quote([row for row in begun if row not in declined], day)
        self._answer(chosen[Stage.ASKED], day)
        settled = [row for stage in (Stage.QUOTED, Stage.SENT, Stage.SEEN) for row in chosen[stage]]
        self._settle([row for row in settled if self.chance.random() < ORDERS], State.ORDERED, day)
        self._settle(
            [row for row in settled if (row.licenseid_id, row.expires_on) not in self.ordered], State.LOST, day
        )
        self._carry_out(chosen[Stage.ORDERED], day)
        self._return(day)
        self._split(day)

    def _decline(self, rows: Sequence[DeskRow], day: date) -> None:
        by, now = self.cast.staff, at(day, 10)
        DeskEntry.objects.bulk_create(
            DeskEntry(licenseid_id=row.licenseid_id, expires_on=row.expires_on, declined_reason="不要", declined_at=now,
                      entered_by=by, entered_at=now)
            for row in rows
        )  # fmt: skip
        self.refused |= {(row.licenseid_id, row.expires_on): day for row in rows}
        self.counts["declined"] += len(rows)

    def _quote(self, rows: Sequence[DeskRow], day: date) -> None:
        """Quotes of all that expires then, sent by e-mail."""
        if not rows:
            return
        now, pattern, month = at(day, 10), self.pattern, f"{day:%y%m}"
        held = _held(rows)
        columns = [field.attname for field in Quote._meta.concrete_fields if not field.primary_key]
        quotes, parts, status = [], [], []
        for row in rows:
            self.made += 1
            values = {name: getattr(pattern, name) for name in columns} | {
                "key": uuid.UUID(int=self.chance.getrandbits(128)), "customer_id": row.customer_id, "check_code": None,
                "month": month, "sequence": 10_000 + self.made, "number": f"Q{month}-{10_000 + self.made}-00",
                "issued_at": now, "issued_on": day, "valid_until": day + timedelta(days=30),
                "retain_until": day + 11 * YEAR, "customer_name": row.customer_name, "license_codes": row.code,
            }  # fmt: skip
            quote = Quote(**values)
            quotes.append(quote)
            part = {"licenseid_id": row.licenseid_id, "license_code": row.code, "subtotal": quote.subtotal}
            parts.append(QuotePart(quote=quote, position=1, years=1, is_reduced=False, **part))
            status.append(QuoteStatus(quote=quote, reseller_id=quote.reseller_id, month=month, sequence=quote.sequence,
                                      changed_at=now, changed_by=self.cast.staff))  # fmt: skip
        Quote.objects.bulk_create(quotes)
        QuotePart.objects.bulk_create(parts)
        QuotedHolding.objects.bulk_create(
            QuotedHolding(quote=part.quote, part=part, holding=one.pk, term_from=row.expires_on + timedelta(days=1),
                          term_until=row.expires_on + YEAR)
            for row, part in zip(rows, parts, strict=True)
            for one in held[row.licenseid_id, row.expires_on]
        )  # fmt: skip
        QuoteLine.objects.bulk_create(
            QuoteLine(quote=part.quote, part=part, position=place, kind="renewal", product=one.product,
                      product_code=one.product.code, product_name=one.product.name, unit=one.product.unit, rank="A",
                      held_quantity=one.quantity, quantity=one.quantity, renewal_price=100, years=1,
                      amount=100 * one.quantity, support_expires_on=row.expires_on,
                      term_from=row.expires_on + timedelta(days=1), term_until=row.expires_on + YEAR)
            for row, part in zip(rows, parts, strict=True)
            for place, one in enumerate(held[row.licenseid_id, row.expires_on], 1)
        )  # fmt: skip
        QuoteStatus.objects.bulk_create(status)
        self._log(quotes, QuoteEvent.Kind.ISSUED, day)
        self._log(quotes, QuoteEvent.Kind.MAIL_QUEUED, day)
        self.quoted |= {(row.licenseid_id, row.expires_on) for row in rows}
        self.counts["quotes"] += len(rows)

    def _log(self, quotes: Iterable[Quote], kind: str, day: date) -> None:
        entries = [Entry(about=quote, kind=kind, by=self.cast.staff) for quote in quotes]
        if entries:
            record_events(entries, now=at(day, 10))

    def _answer(self, rows: Sequence[DeskRow], day: date) -> None:
        """Customers confirm what they hold: all of the question that a row was asked by."""
        parts = ConfirmationPart.objects.filter(
            licenseid__in=[row.licenseid_id for row in rows], confirmation__withdrawn_at=None,
            confirmation__open_until__gte=day,
        )  # fmt: skip
        asked = QuantityConfirmation.objects.filter(parts__in=parts, answers=None).distinct()
        for confirmation in asked.prefetch_related("parts__licenseid__holdings__product"):
            needed = Needed(tuple(
                NeededPart(part.licenseid_id, tuple(
                    NeededHolding(one.pk, one.product.code, one.quantity, one.support_expires_on, one.quantity)
                    for one in part.licenseid.holdings.all()
                ), 1)
                for part in confirmation.parts.all()
            ))  # fmt: skip
            ConfirmationAnswer.objects.create(
                confirmation=confirmation, at=at(day, 10), by_name="担当", needed=to_json(needed)
            )
            self.counts["answers"] += 1

    def _settle(self, rows: Sequence[DeskRow], state: str, day: date) -> None:
        quotes = list(Quote.objects.filter(key__in=[row.quote_key for row in rows], status__state=State.ISSUED))
        keys = {str(quote.key) for quote in quotes}
        ended = {(row.licenseid_id, row.expires_on): day for row in rows if row.quote_key in keys}
        changes: dict[str, Any] = {"state": state, "changed_at": at(day, 10)}
        changes |= {"ordered_on": day} if state == State.ORDERED else {"reason": "他社"}
        QuoteStatus.objects.filter(quote__in=quotes).update(**changes)
        is_order = state == State.ORDERED
        self._log(quotes, QuoteEvent.Kind.ORDERED if is_order else QuoteEvent.Kind.LOST, day)
        (self.ordered if is_order else self.refused).update(ended)
        self.counts["orders" if is_order else "losses"] += len(quotes)

    def _carry_out(self, rows: Sequence[DeskRow], day: date) -> None:
        """The holdings go on for a year: a renewal begins anew."""
        held = _held(rows)
        parts = {
            (str(part.quote.key), part.licenseid_id): part
            for part in QuotePart.objects.filter(quote__key__in=[row.quote_key for row in rows]).select_related("quote")
        }
        done = []
        for row in rows:
            own = held[row.licenseid_id, row.expires_on]
            before = [_kept(one, row.expires_on) for one in own]
            after = [_kept(one, row.expires_on + YEAR) for one in own]
            part = parts[row.quote_key, row.licenseid_id]
            done.append(CarryingOut(part=part, by=self.cast.staff, at=at(day, 10), before=before, after=after))
        CarryingOut.objects.bulk_create(done)
        QuoteStatus.objects.filter(quote__in=[one.part.quote_id for one in done]).update(carried_out=1)
        self._later([one for row in rows for one in held[row.licenseid_id, row.expires_on]], None)
        self.counts["renewals carried out"] += len(rows)

    def _return(self, day: date) -> None:
        """Some of those who did not renew buy again after a while: the license ID lives on with another expiry."""
        gone = DeskRow.objects.filter(stage__in=[Stage.LOST, Stage.DECLINED, Stage.LAPSED],
                                      expires_on__lt=day - timedelta(days=30))  # fmt: skip
        back = [row for row in gone.order_by("pk") if self.chance.random() < RETURNS]
        held = _held(back)
        self._later([one for row in back for one in held[row.licenseid_id, row.expires_on]], day + YEAR)
        self.counts["bought again"] += len(back)

    def _later(self, held: Sequence[Holding], until: date | None) -> None:
        """Until that day, or a year more; where the same is held until then, one of them takes both."""
        for one in held:
            one.support_expires_on = until or one.support_expires_on + YEAR
        taken = Holding.objects.filter(
            licenseid=OuterRef("licenseid"), product=OuterRef("product"), pk__lt=OuterRef("pk"),
            support_expires_on=OuterRef("support_expires_on"),
        )  # fmt: skip
        Holding.objects.bulk_update(held, ["support_expires_on"], batch_size=500)
        assert not Holding.objects.filter(Exists(taken), pk__in=[one.pk for one in held]).exists()

    def _split(self, day: date) -> None:
        """A product of some license IDs gets a license ID of its own."""
        rows = DeskRow.objects.filter(stage=Stage.OPEN, held_count__gte=2).order_by("pk")
        count = sum(self.chance.random() < SPLITS for _row in range(rows.count()))
        for row in self.chance.sample(list(rows), count) if count else ():
            moved = Holding.objects.filter(licenseid=row.licenseid_id, support_expires_on=row.expires_on).last()
            self.counts["splits"] += 1
            new = LicenseID.objects.create(code=f"SPL-{self.counts['splits']:06}", customer_id=row.customer_id)
            Holding.objects.filter(pk=moved.pk).update(licenseid=new)

    def look(self, day: date) -> None:
        """At midnight: exactly one next step with day and owner for each, and no expiry that nobody was told of."""
        following = day + timedelta(days=1)
        self._refresh(following)
        rows = DeskRow.objects.all()
        own = DeskRow.objects.filter(licenseid=OuterRef("licenseid"), expires_on=OuterRef("support_expires_on"))
        assert not Holding.objects.filter(~Exists(own)).exists(), day
        assert not rows.filter(stage__in=ENDED).exclude(step=Step.NOTHING).exists(), day
        begun = rows.exclude(stage__in=ENDED)
        assert not begun.filter(step=Step.NOTHING).exists(), day
        assert not begun.filter(step_on=None).exists(), day
        assert not begun.filter(owner=None, reseller=self.cast.aoba).exists(), day
        self.counts["looks at a renewal"] += rows.count()
        for row in rows.filter(stage=Stage.LAPSED, expires_on=day):
            self._lapsed(row)

    def _lapsed(self, row: DeskRow) -> None:
        key = row.licenseid_id, row.expires_on
        letters = Reminder.objects.filter(licenseid=row.licenseid_id, expires_on=row.expires_on).count()
        asked = QuantityConfirmation.objects.filter(
            parts__licenseid=row.licenseid_id, reminded_at__gte=at(row.expires_on - timedelta(days=90), 0)
        ).count()
        told = letters + asked + self.named[key]
        self.counts["lapsed"] += 1
        if key in self.quoted or key in self.refused:
            self.counts["lapsed with a quote or refusal"] += 1
        elif letters + asked >= 3:
            self.counts["lapsed after three letters"] += 1
        elif told >= 3:
            self.counts["lapsed after three notices, the owner's among them"] += 1
        else:
            self.counts["lapsed unseen"] += 1


def _held(rows: Sequence[DeskRow]) -> dict[tuple[int, date], list[Holding]]:
    """What expires, by license ID and expiry."""
    found: dict[tuple[int, date], list[Holding]] = {(row.licenseid_id, row.expires_on): [] for row in rows}
    wanted = Holding.objects.filter(licenseid__in={row.licenseid_id for row in rows}).select_related("product")
    for one in wanted.order_by("pk"):
        if (one.licenseid_id, one.support_expires_on) in found:
            found[one.licenseid_id, one.support_expires_on].append(one)
    return found


def _kept(one: Holding, until: date) -> dict[str, Any]:
    return {"holding": one.pk, "product": one.product.code, "quantity": one.quantity,
            "support_expires_on": until.isoformat()}  # fmt: skip
