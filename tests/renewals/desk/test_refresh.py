"""The rows of the desk: brought up to date by what the database itself notes, the same as made anew from nothing."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from foundation.integrity import Fault, faults_of, mend_triggers, wanted_of
from licensing.models import Customer, Holding, LicenseID, Product
from licensing.operations.owners import change_owners
from pricing.lists.operations.publish import withdraw
from pricing.taxes.operations import add_tax_rate, withdraw_tax_rate
from quotes.models import QuoteEvent
from quotes.record import transitions
from quotes.record.events import record_event
from renewals.carrying_out.operations import carry_out, undo
from renewals.desk.current import current_rows
from renewals.desk.refresh import compact_counts, count_stale, mark_all, recount, refresh, spread_marks
from renewals.desk.rows import COLUMNS, rows_of
from renewals.drafts.operations import discard_draft, save_draft
from renewals.models import (
    ConfirmationAnswer,
    ConfirmationPart,
    DeskCount,
    DeskEntry,
    DeskMark,
    DeskRow,
    QuantityConfirmation,
    Stage,
    Step,
)
from renewals.models.protection import NOTES, REFUSALS
from tests.cast import EXPIRY, NOW, TODAY, Cast, make_cast, make_license_id, publish_prices
from tests.making import fill, given_quote, is_postgres, typed

pytestmark = pytest.mark.both_databases


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        made = make_cast()
        refresh_all()
        yield made


def refresh_all(on: date = TODAY) -> None:
    spread_marks()
    while refresh(on=on):
        pass
    assert not DeskMark.objects.exists()


def rows() -> list[tuple[Any, ...]]:
    return sorted(DeskRow.objects.values_list(*COLUMNS), key=repr)


def relied_on(found: list[DeskRow]) -> list[tuple[Any, ...]]:
    """What letters go by."""
    return sorted((row.licenseid_id, row.expires_on, row.stage, row.customer_id, row.quote_key) for row in found)


def counted(of: str) -> Counter[tuple[Any, ...]]:
    """Rows and yen by owner, day and stage: as counted, or as the rows are."""
    found: Counter[tuple[Any, ...]] = Counter()
    if of == "counts":
        for one in DeskCount.objects.all():
            found[one.reseller, one.owner, one.expires_on, one.stage, "rows"] += one.rows
            found[one.reseller, one.owner, one.expires_on, one.stage, "yen"] += one.yen
    else:
        for row in DeskRow.objects.all():
            found[row.reseller_id, row.owner_id, row.expires_on, row.stage, "rows"] += 1
            found[row.reseller_id, row.owner_id, row.expires_on, row.stage, "yen"] += row.amount or 0
    return Counter({key: number for key, number in found.items() if number})


def the_row(licenseid: LicenseID, expires_on: date = EXPIRY) -> DeskRow:
    return DeskRow.objects.get(licenseid=licenseid.pk, expires_on=expires_on)


def test_a_row_says_what_is_held_and_what_it_would_cost(cast: Cast) -> None:
    licenseid = make_license_id(
        cast.customer, "LIC-9001", ("SMP-BS", 45), ("SMP-WM", 10), ("SMP-BS", 5, EXPIRY + timedelta(days=30))
    )
    refresh_all()
    row = the_row(licenseid)
    both = [cast.products["SMP-BS"].pk, 45], [cast.products["SMP-WM"].pk, 10]
    assert row.held == " ".join(f"{product}:{quantity}" for product, quantity in both)
    assert (row.code, row.customer_name, row.owner_id, row.held_count) == ("LIC-9001", cast.customer.name, None, 2)
    assert (row.stage, row.step, row.step_on, row.alters_on) == (
        Stage.OPEN,
        Step.QUOTE,
        date(2027, 1, 30),
        date(2027, 4, 1),
    )
    quote = given_quote(make_license_id(cast.customer, "LIC-9002", ("SMP-BS", 45)), by=cast.staff)
    refresh_all()
    assert the_row(quote.parts.get().licenseid).amount == quote.subtotal
    assert row.amount is not None
    assert row.amount > quote.subtotal
    assert "lic9001" in row.search_key
    assert "li ic c9 90 00 01".split() == [
        pair for pair in "li ic c9 90 00 01".split() if pair in row.search_pairs.split()
    ]


def test_values_have_the_columns_of_a_row(cast: Cast) -> None:
    fields = DeskRow._meta.concrete_fields
    assert [field.attname for field in fields if not field.primary_key] == list(COLUMNS)
    numbers = [make_license_id(cast.customer, f"LIC-{at}", ("SMP-CC", 45), ("SMP-IM", 30)).pk for at in (1, 2)]
    refresh_all()
    made, kept = rows_of(numbers, on=TODAY), DeskRow.objects.order_by("licenseid", "expires_on").values(*COLUMNS)
    assert [{name: getattr(row, name) for name in COLUMNS} for row in made] == list(kept)
    assert len(made) == 2


def test_what_cannot_be_priced_says_why(cast: Cast) -> None:
    licenseid = make_license_id(cast.customer, "LIC-9003", ("SMP-BS", 45), expires=date(2020, 3, 31))
    refresh_all()
    row = the_row(licenseid, date(2020, 3, 31))
    assert (row.amount, row.amount_problem, row.stage) == (None, "no-price-table", Stage.LAPSED)


def test_without_a_tax_rate_there_is_no_amount_until_there_is_one(cast: Cast) -> None:
    """Amounts are without tax, so another rate of a category that has one changes none."""
    make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))

    def amount() -> tuple[int | None, str]:
        refresh_all()
        row = DeskRow.objects.get(code="LIC-1")
        return row.amount, row.amount_problem

    assert amount() == (202_500, "")
    product = Product.objects.get(code="SMP-BS")
    product.tax_category = "exempt"
    product.save()
    assert amount() == (None, "no-tax-rate")
    rate = add_tax_rate(category="exempt", percent=Decimal(0), effective_on=date(2027, 2, 1), now=NOW)
    assert amount() == (202_500, "")
    withdraw_tax_rate(tax_rate=rate, now=NOW)
    assert amount() == (None, "no-tax-rate")
    add_tax_rate(category="exempt", percent=Decimal(0), effective_on=TODAY, now=NOW)
    assert amount() == (202_500, "")
    later = add_tax_rate(category="exempt", percent=Decimal(8), effective_on=EXPIRY, now=NOW)
    withdraw_tax_rate(tax_rate=later, now=NOW)
    assert not DeskMark.objects.exists()


def test_stages_follow_a_quote_from_draft_to_what_was_carried_out(cast: Cast) -> None:
    licenseid = make_license_id(cast.customer, "LIC-9004", ("SMP-BS", 45))
    seen: list[tuple[str, str]] = []

    def note() -> DeskRow:
        refresh_all()
        row = the_row(licenseid)
        seen.append((row.stage, row.movement))
        assert counted("counts") == counted("rows")
        return row

    note()
    form = fill(licenseid)
    draft = save_draft(
        key=form.cleaned_data["key"], licenseids=[licenseid], pricing=None, saved_by=cast.staff, now=NOW, **typed(form)
    )
    assert note().draft_key == str(draft.key)
    discard_draft(draft=draft)
    note()
    quote = given_quote(licenseid, by=cast.staff)
    row = note()
    assert (row.quote_key, row.quote_number, row.alters_on) == (
        str(quote.key),
        quote.number,
        quote.valid_until + timedelta(days=1),
    )
    for kind in (
        QuoteEvent.Kind.MAIL_QUEUED,
        QuoteEvent.Kind.MAIL_FAILED,
        QuoteEvent.Kind.LINK_MADE,
        QuoteEvent.Kind.VIEWED,
    ):
        record_event(quote=quote, kind=kind, now=NOW + timedelta(minutes=len(seen)), by=cast.staff)
        note()
    transitions.record_order(quote=quote, by=cast.staff, now=NOW)
    note()
    [done] = carry_out(quote=quote, parts=[quote.parts.get().pk], by=cast.staff, now=NOW)
    row = note()
    assert (row.amount, row.held) == (quote.subtotal, f"{cast.products['SMP-BS'].pk}:45")
    following = DeskRow.objects.get(licenseid=licenseid.pk, expires_on=date(2028, 3, 31))
    assert (following.stage, following.step_on) == (Stage.OPEN, date(2028, 1, 31))
    undo(done=done, by=cast.staff, now=NOW)
    note()
    assert [stage for stage, _movement in seen] == [
        "open", "drafted", "open", "quoted", "sent", "quoted", "sent", "seen", "ordered", "done", "ordered",
    ]  # fmt: skip
    assert [movement for _stage, movement in seen][1:5] == ["draft", "", "issued", "mail_queued"]
    assert not DeskRow.objects.filter(licenseid=licenseid.pk, expires_on=date(2028, 3, 31)).exists()


def test_days_pass_without_anything_being_written(cast: Cast) -> None:
    licenseid = make_license_id(cast.customer, "LIC-9005", ("SMP-BS", 45))
    quote = given_quote(licenseid, by=cast.staff)
    refresh_all()
    for day, stage, step in (
        (quote.valid_until, Stage.QUOTED, Step.SEND),
        (quote.valid_until + timedelta(days=1), Stage.QUOTED, Step.QUOTE_AGAIN),
        (EXPIRY, Stage.QUOTED, Step.QUOTE_AGAIN),
        (EXPIRY + timedelta(days=1), Stage.LAPSED, Step.NOTHING),
    ):
        refresh_all(day)
        row = the_row(licenseid)
        assert (row.stage, row.step) == (stage, step)
    assert counted("counts") == counted("rows")


def test_a_published_list_changes_amounts_from_its_day_on(cast: Cast) -> None:
    before = make_license_id(cast.customer, "LIC-9006", ("SMP-BS", 45))
    after = make_license_id(cast.customer, "LIC-9007", ("SMP-BS", 45), expires=date(2027, 9, 30))
    refresh_all()
    old = the_row(before).amount
    assert old is not None
    new = publish_prices("2027年4月版", date(2027, 4, 1), by=cast.price_admin, percent=110)
    refresh_all()
    assert (the_row(before).amount, the_row(after, date(2027, 9, 30)).amount) == (old, old * 110 // 100)
    withdraw(price_list=new, reason="typo", by=cast.price_admin, now=NOW)
    refresh_all()
    assert the_row(after, date(2027, 9, 30)).amount == old
    assert counted("counts") == counted("rows")


def test_nothing_is_noted_where_nothing_is_otherwise(cast: Cast) -> None:
    make_license_id(cast.customer, "LIC-9008", ("SMP-BS", 45))
    refresh_all()
    Holding.objects.update(quantity=45)
    Customer.objects.filter(pk=cast.customer.pk).update(department="総務部")
    cast.staff.save()
    assert not DeskMark.objects.exists()
    Holding.objects.update(quantity=46)
    assert count_stale(reseller=cast.aoba.pk, most=10) == 1
    assert count_stale(reseller=cast.minato.pk, most=10) == 0


def test_refreshed_bit_by_bit_is_the_same_as_made_anew(cast: Cast) -> None:
    """After whatever was done, in whatever order, also past the portal; and the sums are those of the rows."""
    chance = random.Random(11)
    products = list(Product.objects.filter(code__in=["SMP-BS", "SMP-WM"]))
    customers = [cast.customer, cast.english_customer, cast.foreign_customer]
    licenseids = [make_license_id(chance.choice(customers), f"LIC-{8000 + at}", ("SMP-BS", 10 + at)) for at in range(5)]
    quotes = [given_quote(one, by=cast.staff) for one in licenseids if one.customer.reseller_id == cast.aoba.pk]

    def some() -> LicenseID:
        return LicenseID.objects.get(pk=chance.choice(licenseids).pk)

    def hold() -> None:
        day = EXPIRY + timedelta(days=chance.choice([-400, -76, 0, 30, 400]))
        Holding.objects.get_or_create(
            licenseid=some(), product=chance.choice(products), support_expires_on=day, defaults={"quantity": 7}
        )

    def enter() -> None:
        entered = {"entered_by": cast.staff, "entered_at": NOW, "declined_reason": "x", "declined_at": NOW}
        note = {"note": str(chance.random())}
        DeskEntry.objects.update_or_create(licenseid=some(), expires_on=EXPIRY, defaults=entered | note)

    deeds: list[Callable[[], object]] = [
        hold,
        hold,
        enter,
        lambda: DeskEntry.objects.filter(licenseid=some()).delete(),
        lambda: Holding.objects.filter(licenseid=some(), support_expires_on__gt=EXPIRY).delete(),
        lambda: Holding.objects.filter(licenseid=some()).update(quantity=chance.randint(1, 200)),
        lambda: LicenseID.objects.filter(pk=some().pk).update(customer=cast.english_customer),
        lambda: change_owners(
            customers=[cast.customer.pk], owner=chance.choice([cast.staff, None]), by=cast.staff, now=NOW
        ),
        lambda: Customer.objects.filter(pk=cast.customer.pk).update(name=f"改名{chance.random()}"),
        lambda: record_event(quote=chance.choice(quotes), kind=QuoteEvent.Kind.VIEWED, now=NOW, by=cast.staff),
        lambda: Product.objects.filter(pk=products[0].pk).update(search_key=f"x{chance.random()}"),
    ]
    for _round in range(12):
        for _deed in range(chance.randint(1, 4)):
            chance.choice(deeds)()
        numbers = [one.pk for one in licenseids]
        assert relied_on(current_rows(numbers, on=TODAY)) == relied_on(rows_of(numbers, on=TODAY))
        if chance.random() < 0.3:
            compact_counts()
        refresh_all()
        assert counted("counts") == counted("rows")
    kept = rows()
    assert len(kept) >= 5
    DeskRow.objects.all().delete()
    mark_all()
    refresh_all()
    assert rows() == kept
    recount()
    assert counted("counts") == counted("rows")


def test_marks_are_taken_away_by_their_numbers_also_where_the_table_is_believed_to_be_empty(cast: Cast) -> None:
    if not is_postgres():
        return
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE renewals_deskmark")
    make_license_id(cast.customer, "LIC-1", ("SMP-CC", 45))
    with CaptureQueriesContext(connection) as asked:
        refresh_all()
    [delete] = [
        one["sql"] for one in asked if one["sql"].startswith('DELETE FROM "renewals_deskmark" WHERE "id" BETWEEN')
    ]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + delete)
        plan = " ".join(line for (line,) in cursor.fetchall())
    assert "Nested Loop" not in plan
    assert "Function Scan" not in plan


def test_license_ids_that_are_gone_leave_no_row(cast: Cast) -> None:
    licenseid = make_license_id(cast.customer, "LIC-9009", ("SMP-BS", 45))
    refresh_all()
    licenseid.delete()
    refresh_all()
    assert not DeskRow.objects.filter(code="LIC-9009").exists()
    assert counted("counts") == counted("rows")


def test_as_many_queries_for_one_as_for_many(cast: Cast) -> None:
    def asked(codes: range) -> int:
        for at in codes:
            make_license_id(cast.customer, f"LIC-{at}", ("SMP-BS", 45), expires=EXPIRY + timedelta(days=at % 50))
        with CountedQueries() as counter:
            refresh(on=TODAY)
        return counter.count

    asked(range(4999, 5000))  # the price list is read once
    one = asked(range(5000, 5001))
    assert asked(range(5001, 5021)) == one


class CountedQueries:
    count = 0

    def __enter__(self) -> "CountedQueries":
        self._way = connection.execute_wrapper(self._count)
        self._way.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._way.__exit__(*error)

    def _count(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


def test_a_note_that_was_taken_away_or_altered_is_found_and_made_anew(cast: Cast) -> None:
    name, table = "renewals_deskmark_on_licensing_holding_update", "licensing_holding"
    wanted = wanted_of("renewals", connection)
    assert len(wanted) == len(NOTES) + len([one for one in REFUSALS if one.action != "TRUNCATE" or is_postgres()])
    assert faults_of(wanted, connection) == []
    assert faults_of(wanted_of("licensing", connection), connection) == []  # the notes at its tables are no strangers
    where = f" ON {table}" if is_postgres() else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{where}")
    assert mend_triggers(wanted, connection) == [Fault(name, "missing")]
    with connection.cursor() as cursor:
        if is_postgres():
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN RETURN NULL; END $$ LANGUAGE plpgsql"
            )
        else:
            cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute(f"CREATE TRIGGER {name} AFTER UPDATE ON {table} FOR EACH ROW BEGIN SELECT 1; END")
    assert mend_triggers(wanted, connection) == [Fault(name, "altered")]
    assert faults_of(wanted, connection) == []


def test_what_was_asked_and_answered_comes_to_the_next_expiry(cast: Cast) -> None:
    later = EXPIRY + timedelta(days=100)
    licenseid = make_license_id(cast.customer, "LIC-9010", ("SMP-BS", 45), ("SMP-WM", 3, later))
    asked = QuantityConfirmation.objects.create(
        customer=cast.customer, asked_by=cast.staff, asked_at=NOW, to="a@b.example.jp", subject="s", body="b",
        open_until=TODAY + timedelta(days=21), token_hash="x",
    )  # fmt: skip
    ConfirmationPart.objects.create(confirmation=asked, position=1, licenseid=licenseid)
    refresh_all()
    row = the_row(licenseid)
    assert (row.stage, row.movement, row.step_on) == (Stage.ASKED, "asked", asked.open_until)
    assert row.alters_on == asked.open_until + timedelta(days=1)
    assert the_row(licenseid, later).stage == Stage.OPEN
    refresh_all(asked.open_until + timedelta(days=1))
    assert the_row(licenseid).stage == Stage.OPEN
    ConfirmationAnswer.objects.create(confirmation=asked, at=NOW, by_name="x", needed={})
    refresh_all()
    assert (the_row(licenseid).stage, the_row(licenseid).movement) == (Stage.ANSWERED, "answered")
    given_quote(licenseid, by=cast.staff, now=NOW + timedelta(minutes=1))
    refresh_all()
    assert the_row(licenseid).stage == Stage.QUOTED
    assert counted("counts") == counted("rows")
