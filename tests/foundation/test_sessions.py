"""Sessions are found in the rows that Django's own store wrote."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.sessions import SessionStore

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

NOW = datetime(2027, 1, 15, 10, tzinfo=ZoneInfo("Asia/Tokyo"))


def written() -> str:
    store = DatabaseStore()
    store["word"] = "髙﨑"
    store.set_expiry(NOW + timedelta(hours=1))
    store.save()
    return store.session_key


def test_what_was_written_is_found_by_one_query():
    with time_machine.travel(NOW, tick=False) as clock:
        key = written()
        with CaptureQueriesContext(connection) as asked:
            assert SessionStore(key)["word"] == "髙﨑"
        assert len(asked.captured_queries) == 1
        clock.shift(timedelta(minutes=59, seconds=59))
        assert SessionStore(key)["word"] == "髙﨑"
        assert DatabaseStore(key)["word"] == "髙﨑"


@pytest.mark.parametrize("key", ["no-such-session-0001", "’ OR 1=1 --", "12345678%s"])
def test_an_unknown_session_is_empty_and_forgets_its_key(key):
    written()
    store = SessionStore(key)
    assert (store.get("word"), store.session_key) == (None, None)


def test_one_that_ended_is_empty():
    with time_machine.travel(NOW, tick=False) as clock:
        key = written()
        clock.shift(timedelta(hours=1))
        store = SessionStore(key)
        assert (store.get("word"), store.session_key) == (None, None)
