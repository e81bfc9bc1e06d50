"""The triggers that keep issued quotes: all there after migrating, noticed when gone, and created again."""

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from quotes.models import EventChain, Quote, QuoteLine, ShareLink
from quotes.operations.protection import NO_CHANGE, TABLES, missing_triggers
from tests.cast import NOW, make_cast, make_license_id
from tests.quotes.making import everything_written, is_postgres, issue_quote

pytestmark = pytest.mark.both_databases

REFUSED = "issued quotes are never changed or deleted"


@pytest.fixture
def quote(cast, licenseid):
    return issue_quote(licenseid, by=cast.staff)


def execute(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else None


def definitions():
    """Every trigger of the quotes' tables as the database knows it."""
    if is_postgres():
        return execute(
            "SELECT tgname, pg_get_triggerdef(oid), tgenabled FROM pg_trigger "
            "WHERE tgname LIKE 'quotes_%_no_%' ORDER BY tgname"
        )
    return execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'quotes_%_no_%' ORDER BY name"
    )


def functions():
    return execute("SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'quotes_refuse_%' ORDER BY proname")


def drop(name, table):
    execute(f"DROP TRIGGER {name}" + (f" ON {table}" if is_postgres() else ""))


def warnings():
    return [str(message.msg) for message in run_checks(tags=[Tags.database], databases=["default"])]


def test_after_all_migrations_every_trigger_is_there(db):
    actions = ("delete", "truncate", "update") if is_postgres() else ("delete", "update")
    assert [row[0] for row in definitions()] == sorted(f"{table}_no_{action}" for table in TABLES for action in actions)
    assert missing_triggers(connection) == []
    assert warnings() == []


def test_what_is_missing_is_warned_of_and_created_again_by_migrate(db, caplog):
    before = definitions()
    for name, table in (("quotes_quote_no_update", "quotes_quote"), ("quotes_quoteline_no_delete", "quotes_quoteline")):
        drop(name, table)
    told = "quotes_quote_no_update, quotes_quoteline_no_delete"
    assert warnings() == [f"The database default lacks triggers that keep issued quotes as they are: {told}."]
    call_command("migrate", verbosity=0)
    assert [record.getMessage() for record in caplog.records if record.name == "quotes.apps"] == [
        f"triggers that keep issued quotes were missing, and are there again: {told}"
    ]
    assert definitions() == before
    assert warnings() == []


def test_a_database_that_is_not_so_far_lacks_nothing(db):
    drop("quotes_quote_no_update", "quotes_quote")
    MigrationRecorder(connection).record_unapplied(*NO_CHANGE)
    assert missing_triggers(connection) == []


@pytest.mark.sqlite
def test_a_table_that_was_rebuilt_is_protected_again(transactional_db, quote):
    """SQLite drops a table's triggers with the table."""
    rows = everything_written()
    before = definitions()
    with connection.schema_editor() as editor:
        editor._remake_table(QuoteLine)
    assert missing_triggers(connection) == ["quotes_quoteline_no_delete", "quotes_quoteline_no_update"]
    call_command("migrate", verbosity=0)
    assert definitions() == before
    with pytest.raises(IntegrityError, match=REFUSED):
        execute("DELETE FROM quotes_quoteline")
    assert everything_written() == rows


@pytest.mark.postgres
@pytest.mark.parametrize("table", TABLES)
def test_tables_are_not_emptied(transactional_db, quote, table):
    before = everything_written()
    for sql in (f"TRUNCATE {table} CASCADE", "TRUNCATE licensing_reseller CASCADE"):
        with pytest.raises(IntegrityError, match=REFUSED):
            execute(sql)
    assert everything_written() == before


@pytest.mark.postgres
def test_only_who_says_so_empties_the_tables(transactional_db, quote):
    with transaction.atomic():
        execute("SET LOCAL portal.allow_truncate = 'on'")
        execute("TRUNCATE quotes_quote CASCADE")
        assert not Quote.objects.exists()
        transaction.set_rollback(True)
    with pytest.raises(IntegrityError, match=REFUSED):
        execute("TRUNCATE quotes_quote CASCADE")
    assert Quote.objects.count() == 1


@pytest.mark.postgres
def test_a_trigger_that_is_switched_off_is_missing(db):
    before = definitions()
    execute("ALTER TABLE quotes_quote DISABLE TRIGGER quotes_quote_no_update")
    assert missing_triggers(connection) == ["quotes_quote_no_update"]
    call_command("migrate", verbosity=0)
    assert definitions() == before


@pytest.mark.postgres
def test_functions_are_restored_as_the_migrations_made_them(db):
    before = definitions(), functions()
    execute("DROP FUNCTION quotes_refuse_change() CASCADE")
    execute("DROP FUNCTION quotes_refuse_truncate() CASCADE")
    assert len(missing_triggers(connection)) == 12
    call_command("migrate", verbosity=0)
    assert (definitions(), functions()) == before


BACKWARDS = {
    "quotes_quotestatus": ("sequence = sequence + 1", "month = '2612'"),
    "quotes_sharelink": ("created_at = '2030-01-01'",),
    "quotes_eventchain": ("last_position = last_position - 1", "last_hash = 'x'", "last_position = last_position + 2"),
    "quotes_quotenumber": ("last = 0", "month = '2612'"),
}


@pytest.mark.parametrize("table", BACKWARDS)
def test_what_stands_beside_a_quote_is_neither_deleted_nor_turned_back(transactional_db, table):
    cast = make_cast()
    quote = issue_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)
    ShareLink.objects.create(
        quote=quote, token_hash="x", created_by=cast.staff, created_at=NOW, expires_on=quote.valid_until
    )
    before = everything_written(), list(ShareLink.objects.values()), list(EventChain.objects.values())
    statements = [f"DELETE FROM {table}", *(f"UPDATE {table} SET {change}" for change in BACKWARDS[table])]
    statements += [f"TRUNCATE {table} CASCADE"] if is_postgres() else []
    for sql in statements:
        with pytest.raises(IntegrityError, match="never deleted or turned back"):
            execute(sql)
    assert (everything_written(), list(ShareLink.objects.values()), list(EventChain.objects.values())) == before


def test_a_superseded_revision_stays_superseded(transactional_db):
    cast = make_cast()
    issue_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)
    execute("UPDATE quotes_quotestatus SET state = 'superseded'")
    with pytest.raises(IntegrityError, match="never deleted or turned back"):
        execute("UPDATE quotes_quotestatus SET state = 'issued'")
