"""The triggers that keep issued quotes: all there after migrating, noticed when gone, and created again."""

import pytest
from django.apps import apps
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models.signals import post_migrate
from django.utils import translation

from foundation.integrity import Fault, faults_of, wanted_of
from quotes.models import EventChain, Quote, QuoteLine, ShareLink
from tests.cast import NOW, make_cast, make_license_id
from tests.making import everything_written, given_quote, is_postgres

pytestmark = pytest.mark.both_databases

KEPT = (
    "quotes_quotestatus", "quotes_sharelink", "quotes_eventchain", "quotes_quotenumber", "quotes_comparisonstatus",
    "quotes_comparisonnumber",
)  # fmt: skip
TABLES = (
    "quotes_quote", "quotes_quotepart", "quotes_quotedholding", "quotes_quoteline", "quotes_quotedocument",
    "quotes_quoteevent", "quotes_orderfile", "quotes_acknowledgement", "quotes_quotemargin", "quotes_comparison",
    "quotes_comparedlicenseid", "quotes_alternative", "quotes_quoteorigin",
)  # fmt: skip
REFUSED = "issued quotes are never changed or deleted"


@pytest.fixture
def quote(cast, licenseid):
    return given_quote(licenseid, by=cast.staff)


def execute(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else None


def definitions():
    """Every trigger of the quotes' tables as the database knows it."""
    if is_postgres():
        return execute(
            "SELECT tgname, pg_get_triggerdef(oid), tgenabled FROM pg_trigger "
            "WHERE tgname LIKE 'quotes\\_%' AND tgrelid <> 'foundation_workerbeat'::regclass ORDER BY tgname"
        )
    return execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'quotes%' ORDER BY name")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def found():
    return [(fault.name, fault.what) for fault in faults_of(wanted_of("quotes", connection), connection)]


def drop(name, table):
    execute(f"DROP TRIGGER {name}" + (f" ON {table}" if is_postgres() else ""))


def after_migrate():
    """What `migrate` does at its end, where it has nothing to migrate. The whole of it runs once, below."""
    app = apps.get_app_config("quotes")
    said = {"app_config": app, "verbosity": 0, "interactive": False, "using": "default", "plan": (), "apps": apps}
    post_migrate.send(sender=app, **said)


def warnings():
    return [str(message.msg) for message in run_checks(tags=[Tags.database], databases=["default"])]


def test_after_all_migrations_every_trigger_is_there(db):
    actions = ("delete", "truncate", "update") if is_postgres() else ("delete", "update")
    counts = [f"quotes_quotecount_on_quotes_quotestatus_{action}" for action in ("delete", "insert", "update")]
    assert [row[0] for row in definitions()] == sorted(
        [*counts, *(f"{table}_keep_{action}" for table in TABLES + KEPT for action in actions)]
    )
    assert found() == []
    assert warnings() == []


def test_what_is_missing_is_warned_of_and_created_again_by_migrate(db, caplog):
    before = definitions()
    for name, table in (
        ("quotes_quote_keep_update", "quotes_quote"),
        ("quotes_quoteline_keep_delete", "quotes_quoteline"),
    ):
        drop(name, table)
    told = "quotes_quote_keep_update (missing), quotes_quoteline_keep_delete (missing)"
    assert warnings() == [
        f"In the database default, triggers that keep issued quotes as they are are not as they should be: {told}."
    ]
    call_command("migrate", verbosity=0)
    assert [record.getMessage() for record in caplog.records if record.name == "quotes.apps"] == [
        f"triggers that keep issued quotes were made anew: {told}"
    ]
    assert definitions() == before
    assert warnings() == []


def test_a_database_that_is_not_so_far_lacks_nothing(db):
    execute("DROP TABLE quotes_quotenumber")
    assert found() == []


@pytest.mark.sqlite
def test_a_table_that_was_rebuilt_is_protected_again(transactional_db, quote):
    """SQLite drops a table's triggers with the table."""
    rows = everything_written()
    before = definitions()
    with connection.schema_editor() as editor:
        editor._remake_table(QuoteLine)
    assert found() == [("quotes_quoteline_keep_delete", "missing"), ("quotes_quoteline_keep_update", "missing")]
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
        with pytest.raises(IntegrityError, match=r"quotes_.*never"):  # whichever table comes first
            execute(sql)
    assert everything_written() == before


@pytest.mark.postgres
def test_no_setting_opens_them(transactional_db, quote):
    """There was one, for the tests: anybody with the database's password could have set it."""
    for table in [*TABLES, *BACKWARDS, "pricing_taxrate", "licensing_historicalcustomer"]:
        with pytest.raises(IntegrityError, match="never"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL portal.allow_truncate = 'on'; TRUNCATE {table} CASCADE")
    assert Quote.objects.count() == 1
    assert execute("SELECT proname FROM pg_proc WHERE prosrc LIKE '%current_setting%' AND pronamespace = 2200") == []


NO_UPDATE, KEEP = "quotes_quote_keep_update", "quotes_quotestatus_keep_update"
ON_POSTGRESQL = {
    "switched off": (f"ALTER TABLE quotes_quote DISABLE TRIGGER {NO_UPDATE}", [(NO_UPDATE, "off")]),
    "for replicas only": (f"ALTER TABLE quotes_quote ENABLE REPLICA TRIGGER {NO_UPDATE}", [(NO_UPDATE, "off")]),
    "a function that does nothing": (
        f"CREATE OR REPLACE FUNCTION {KEEP}() RETURNS trigger AS $$ BEGIN RETURN NEW; END $$ LANGUAGE plpgsql",
        [(KEEP, "altered")],
    ),
    "a function that refuses with a condition": (
        f"CREATE OR REPLACE FUNCTION {KEEP}() RETURNS trigger AS "
        "$$ BEGIN IF NEW.reason <> 'x' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql",
        [(KEEP, "altered")],
    ),
    "a function of the same text with settings of its own": (
        f"ALTER FUNCTION {KEEP}() SET session_replication_role = replica", [(KEEP, "altered")],
    ),
    "another function": (
        f"CREATE FUNCTION nothing() RETURNS trigger AS $$ BEGIN RETURN NEW; END $$ LANGUAGE plpgsql; "
        f"DROP TRIGGER {NO_UPDATE} ON quotes_quote; "
        f"CREATE TRIGGER {NO_UPDATE} BEFORE UPDATE ON quotes_quote FOR EACH ROW EXECUTE FUNCTION nothing()",
        [(NO_UPDATE, "altered")],
    ),
    "a function of the same name in another schema": (
        "CREATE SCHEMA other; CREATE FUNCTION other.quotes_quote_keep_update() RETURNS trigger AS "
        "$$ BEGIN RETURN NEW; END $$ LANGUAGE plpgsql; "
        f"DROP TRIGGER {NO_UPDATE} ON quotes_quote; CREATE TRIGGER {NO_UPDATE} BEFORE UPDATE ON quotes_quote "
        "FOR EACH ROW EXECUTE FUNCTION other.quotes_quote_keep_update()",
        [(NO_UPDATE, "altered")],
    ),
    "never, by a condition": (
        f"DROP TRIGGER {NO_UPDATE} ON quotes_quote; CREATE TRIGGER {NO_UPDATE} BEFORE UPDATE ON quotes_quote "
        "FOR EACH ROW WHEN (false) EXECUTE FUNCTION quotes_quote_keep_update()",
        [(NO_UPDATE, "altered")],
    ),
    "for one column only": (
        f"DROP TRIGGER {NO_UPDATE} ON quotes_quote; CREATE TRIGGER {NO_UPDATE} BEFORE UPDATE OF total ON quotes_quote "
        "FOR EACH ROW EXECUTE FUNCTION quotes_quote_keep_update()",
        [(NO_UPDATE, "altered")],
    ),
    "at another event": (
        f"DROP TRIGGER {NO_UPDATE} ON quotes_quote; CREATE TRIGGER {NO_UPDATE} BEFORE DELETE ON quotes_quote "
        "FOR EACH ROW EXECUTE FUNCTION quotes_quote_keep_update()",
        [(NO_UPDATE, "altered")],
    ),
    "too late, and once": (
        f"DROP TRIGGER {NO_UPDATE} ON quotes_quote; CREATE TRIGGER {NO_UPDATE} AFTER UPDATE ON quotes_quote "
        "FOR EACH STATEMENT EXECUTE FUNCTION quotes_quote_keep_update()",
        [(NO_UPDATE, "altered")],
    ),
    "on another table": (
        f"DROP TRIGGER {NO_UPDATE} ON quotes_quote; CREATE TRIGGER {NO_UPDATE} BEFORE UPDATE ON foundation_workerbeat "
        "FOR EACH ROW EXECUTE FUNCTION quotes_quote_keep_update()",
        [(NO_UPDATE, "missing")],
    ),
    "gone with the function": (
        f"DROP FUNCTION {KEEP}() CASCADE",
        [(KEEP, "missing")],
    ),
}  # fmt: skip
ON_SQLITE = {
    "emptied": (
        f"DROP TRIGGER {NO_UPDATE}; CREATE TRIGGER {NO_UPDATE} BEFORE UPDATE ON quotes_quote BEGIN SELECT 1; END",
        [(NO_UPDATE, "altered")],
    ),
    "never, by a condition": (
        f"DROP TRIGGER {NO_UPDATE}; CREATE TRIGGER {NO_UPDATE} BEFORE UPDATE ON quotes_quote WHEN 0 "
        f"BEGIN SELECT RAISE(ABORT, 'quotes_quote: {REFUSED}'); END",
        [(NO_UPDATE, "altered")],
    ),
    "at another event": (
        f"DROP TRIGGER {NO_UPDATE}; CREATE TRIGGER {NO_UPDATE} BEFORE DELETE ON quotes_quote "
        f"BEGIN SELECT RAISE(ABORT, 'quotes_quote: {REFUSED}'); END",
        [(NO_UPDATE, "altered")],
    ),
    "silent": (
        f"DROP TRIGGER {NO_UPDATE}; CREATE TRIGGER {NO_UPDATE} BEFORE UPDATE ON quotes_quote "
        "BEGIN SELECT RAISE(IGNORE); END",
        [(NO_UPDATE, "altered")],
    ),
    "on another table": (
        f"DROP TRIGGER {NO_UPDATE}; CREATE TRIGGER {NO_UPDATE} BEFORE UPDATE ON foundation_workerbeat "
        f"BEGIN SELECT RAISE(ABORT, 'quotes_quote: {REFUSED}'); END",
        [(NO_UPDATE, "altered")],
    ),
    "gone": (f"DROP TRIGGER {KEEP}", [(KEEP, "missing")]),
}


@pytest.mark.parametrize(
    "case",
    [
        *(pytest.param(case, marks=pytest.mark.postgres, id=f"postgresql: {case}") for case in ON_POSTGRESQL),
        *(pytest.param(case, marks=pytest.mark.sqlite, id=f"sqlite: {case}") for case in ON_SQLITE),
    ],
)
def test_a_trigger_that_does_something_else_is_found_and_made_anew(db, caplog, case):
    statements, faults = (ON_POSTGRESQL if is_postgres() else ON_SQLITE)[case]
    before = definitions()
    for statement in [statements] if is_postgres() else statements.split("; ", 1):
        execute(statement)
    assert found() == faults
    told = ", ".join(str(Fault(*fault)) for fault in faults)
    assert warnings() == [
        f"In the database default, triggers that keep issued quotes as they are are not as they should be: {told}."
    ]
    after_migrate()
    assert f"triggers that keep issued quotes were made anew: {told}" in caplog.text
    assert (found(), definitions(), warnings()) == ([], before, [])


@pytest.mark.postgres
def test_a_session_in_which_no_trigger_fires_is_found(db):
    """As `ALTER ROLE … SET session_replication_role = replica` makes them all."""
    execute("SET LOCAL session_replication_role = replica")
    assert {what for _name, what in found()} == {"off"}
    assert len(found()) == len(wanted_of("quotes", connection))


def test_a_trigger_that_nobody_knows_is_told_and_left(db):
    if is_postgres():
        execute(
            "CREATE FUNCTION more() RETURNS trigger AS $$ BEGIN NEW.total := 0; RETURN NEW; END $$ LANGUAGE plpgsql"
        )
        execute("CREATE TRIGGER more BEFORE INSERT ON quotes_quote FOR EACH ROW EXECUTE FUNCTION more()")
    else:
        execute("CREATE TRIGGER more AFTER INSERT ON quotes_quote BEGIN DELETE FROM foundation_workerbeat; END")
    assert found() == [("more", "alien")]
    assert warnings()[0].endswith(": more (not the portal’s).")
    after_migrate()
    assert found() == [("more", "alien")]


BACKWARDS = {
    "quotes_quotestatus": ("sequence = sequence + 1", "month = '2612'"),
    "quotes_sharelink": ("created_at = '2030-01-01'",),
    "quotes_eventchain": ("last_position = last_position - 1", "last_hash = 'x'", "last_position = last_position + 2"),
    "quotes_quotenumber": ("last = 0", "month = '2612'"),
}


@pytest.mark.parametrize("table", BACKWARDS)
def test_what_stands_beside_a_quote_is_neither_deleted_nor_turned_back(transactional_db, table):
    cast = make_cast()
    quote = given_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)
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
    given_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)
    execute("UPDATE quotes_quotestatus SET state = 'superseded'")
    with pytest.raises(IntegrityError, match="never deleted or turned back"):
        execute("UPDATE quotes_quotestatus SET state = 'issued'")
