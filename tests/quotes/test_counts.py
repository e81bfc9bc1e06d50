"""How many quotes stand how, and their totals, are kept: they are what the rows say, whatever is done when."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import combinations, cycle, product

import pytest
from django.db import IntegrityError, connection, transaction

from foundation.integrity.counts import loose_rows, put_all_together, recount
from foundation.integrity.triggers import mend_triggers, wanted_of
from quotes.archive.listing import STATUSES, count_by_status, find_quotes
from quotes.archive.search import RecordSearch, count_records, find_records, sum_up_records
from quotes.models import COUNTS, SHOWN_STATES, QuoteCount, QuoteStatus, State
from tests.at_once import at_once
from tests.cast import NOW, TODAY, make_cast, make_license_id, make_user
from tests.making import given_quote, is_postgres
from tests.quotes.alike import quotes_alike
from tests.quotes.test_protection import after_migrate

pytestmark = pytest.mark.both_databases
DAYS = [TODAY, TODAY + timedelta(29), TODAY + timedelta(30), TODAY + timedelta(31), TODAY + timedelta(400)]


class UndoneError(Exception):
    pass


def statuses_of(user, on):
    return count_by_status(user=user, text="", statuses=STATUSES, on=on)


def found_of(user, on):
    return {status: find_quotes(user=user, text="", status=status, on=on).count() for status in STATUSES}


SEARCHES = (RecordSearch(), RecordSearch(states=("issued",)), RecordSearch(states=("expired", "lost")))


def assert_as_the_rows_say(cast, *, days=DAYS):
    for user in (cast.staff, cast.stranger, cast.admin):
        for on in days:
            assert_for_one(user, on)


def assert_for_one(user, on):
    assert statuses_of(user, on) == found_of(user, on)
    for search in SEARCHES:
        found = sum_up_records(find_records(user=user, search=search, on=on))
        assert count_records(user=user, search=search, on=on) == found


@pytest.fixture
def quotes(cast, licenseid):
    """Nine of ours and one of Minato's."""
    foreign = make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45))
    given_quote(foreign, by=cast.stranger)
    first = given_quote(licenseid, by=cast.staff)
    others = [make_license_id(cast.customer, f"LIC-5{n:03d}", ("SMP-BS", 10)) for n in range(8)]
    return [first, *quotes_alike(first, 8, licenseids=others)]


def become(numbers, state):
    reason = "理由" if state in ("lost", "withdrawn") else ""
    QuoteStatus.objects.filter(pk__in=numbers).exclude(state="superseded").update(state=state, reason=reason)


@pytest.mark.parametrize("seed", range(3))
def test_the_counts_are_what_the_rows_say(cast, quotes, seed):
    chance = random.Random(seed)
    numbers = [quote.pk for quote in quotes]

    def some() -> list[int]:
        return chance.sample(numbers, chance.randint(1, 4))

    def write_over() -> None:
        """As a batch does: rows that are there are changed by an INSERT."""
        rows = list(QuoteStatus.objects.filter(pk__in=some()).exclude(state="superseded"))
        for row in rows:
            row.state, row.reason = chance.choice([("ordered", ""), ("lost", "理由"), ("issued", "")])
        QuoteStatus.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["quote"], update_fields=["state", "reason"]
        )

    def undone() -> None:
        with suppress(UndoneError), transaction.atomic():
            become(some(), chance.choice(["ordered", "lost"]))
            raise UndoneError

    deeds: list[Callable[[], object]] = [
        *(lambda state=state: become(some(), state) for state in State.values if state != "superseded"),
        lambda: become(some()[:1], "superseded"),
        lambda: QuoteStatus.objects.filter(pk__in=some()).update(changed_at=NOW),
        lambda: QuoteStatus.objects.filter(pk__in=some(), state="issued").update(answer="order", answered_at=NOW),
        write_over,
        write_over,
        undone,
        lambda: put_all_together(most_loose=chance.randint(0, 5)),
        lambda: recount(COUNTS[0], connection),
    ]
    looks = cycle(product((cast.staff, cast.stranger, cast.admin), (TODAY, DAYS[-1])))
    for _deed in range(25):
        chance.choice(deeds)()
        assert_for_one(*next(looks))
        assert_for_one(*next(looks))
    assert_as_the_rows_say(cast, days=[TODAY, DAYS[-1]])
    put_all_together()
    assert loose_rows(COUNTS[0], connection) == 0
    assert_as_the_rows_say(cast)


def test_any_states_together_and_nobody_elses(cast, quotes):
    for state, quote in zip(State.values, quotes, strict=False):
        become([quote.pk], state)
    for size in (1, 2, 3):
        for states in combinations(SHOWN_STATES, size):
            search = RecordSearch(states=states)
            for on in DAYS:
                found = sum_up_records(find_records(user=cast.staff, search=search, on=on))
                assert count_records(user=cast.staff, search=search, on=on) == found
    searched = RecordSearch(states=("issued",), least=1, order="total")
    found = find_records(user=cast.staff, search=searched, on=TODAY).count()
    assert (count_records(user=cast.staff, search=searched, on=TODAY)[0], found) == (5, 5)
    buyer = make_user("buyer@example.jp", "購買", "customer", customer=cast.customer)
    assert statuses_of(buyer, TODAY)["all"] == 9
    cast.staff.is_active = False
    for user in (cast.staff, cast.price_admin):
        assert set(statuses_of(user, TODAY).values()) == {0}
        assert count_records(user=user, search=RecordSearch(), on=TODAY) == (0, 0)


def test_what_comes_before_its_quote_is_refused(cast, quotes):
    """It would be counted as of no amount."""
    [status] = QuoteStatus.objects.filter(pk=quotes[0].pk)
    status.pk, status.quote_id, status.sequence = 999, 999, 999
    for state in ("issued", "ordered"):
        status.state = state
        with pytest.raises(IntegrityError), transaction.atomic():
            QuoteStatus.objects.bulk_create([status])
    assert_as_the_rows_say(cast, days=[TODAY])


def test_migrate_counts_anew_where_a_trigger_was_missing(cast, quotes):
    name = "quotes_quotecount_on_quotes_quotestatus_update"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + (" ON quotes_quotestatus" if is_postgres() else ""))
    become([quotes[0].pk], "ordered")
    assert statuses_of(cast.staff, TODAY) != found_of(cast.staff, TODAY)
    after_migrate()
    assert_as_the_rows_say(cast, days=[TODAY])
    QuoteCount.objects.all().delete()
    after_migrate()  # nothing was missing: nothing is counted
    assert not QuoteCount.objects.exists()
    assert mend_triggers(wanted_of("quotes", connection), connection) == []


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_and_nothing_counted_twice():
    """While several change how quotes stand, others put the counts together and read them."""
    cast = make_cast()
    first = given_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)
    others = [make_license_id(cast.customer, f"LIC-5{n:03d}", ("SMP-BS", 10)) for n in range(8)]
    numbers = [first.pk, *(quote.pk for quote in quotes_alike(first, 8, licenseids=others))]
    seen = []

    def change(mine: list[int]) -> None:
        for at in range(10):
            become(mine[: 1 + at % 3], ["ordered", "lost", "issued"][at % 3])

    def keep() -> None:
        for _time in range(15):
            put_all_together()

    def read() -> None:
        """Counts and rows in one statement: of one moment."""
        kept = "(SELECT SUM(quotes) FROM quotes_quotecount WHERE state = 'ordered')"
        rows = "(SELECT COUNT(*) FROM quotes_quotestatus WHERE state = 'ordered')"
        for _time in range(40):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT COALESCE({kept}, 0) - {rows}")
                seen.append(cursor.fetchone()[0])

    changes = (lambda at=at: change(numbers[at * 3 : at * 3 + 3]) for at in range(3))
    results = at_once(keep, keep, read, *changes)
    assert [one for one in results if isinstance(one, Exception)] == []
    assert set(seen) == {0}
    assert_as_the_rows_say(cast)
