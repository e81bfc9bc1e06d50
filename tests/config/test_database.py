"""The tests run on the database that they say they run on."""

import os

import pytest
from django.db import connection

pytestmark = pytest.mark.both_databases


@pytest.mark.django_db
def test_the_database_is_the_one_that_was_asked_for():
    expected = os.environ.get("EXPECT_DATABASE", "postgresql" if os.environ.get("DATABASE_URL") else "sqlite")
    assert connection.vendor == expected


@pytest.mark.postgres
@pytest.mark.django_db
def test_postgresql_answers_as_itself():
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()")
        assert cursor.fetchone()[0].startswith("PostgreSQL ")


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_sqlite_is_a_file_where_readers_do_not_wait():
    assert not connection.is_in_memory_db()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone()[0] == "wal"
