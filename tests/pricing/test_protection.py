"""The triggers that keep published price lists: all there after migrating, noticed when gone, and created again."""

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import IntegrityError, connection, transaction
from django.db.migrations import Migration
from django.utils import translation

from foundation.integrity import faults_of, wanted_of
from pricing.models import PriceList, PriceRank, PriceTable
from tests.cast import make_cast
from tests.making import is_postgres

pytestmark = pytest.mark.both_databases

TABLES = (
    "pricing_goldenacceptance",
    "pricing_goldenchange",
    "pricing_multiyeardiscount",
    "pricing_pricelist",
    "pricing_pricelistevent",
    "pricing_pricerank",
    "pricing_pricetable",
)


@pytest.fixture
def cast(transactional_db):
    return make_cast()


def execute(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else None


def faults():
    with translation.override("en"):
        return [str(fault) for fault in faults_of(wanted_of("pricing", connection), connection)]


def names():
    table = "pg_trigger WHERE tgname" if is_postgres() else "sqlite_master WHERE type = 'trigger' AND name"
    column = "tgname" if is_postgres() else "name"
    return [row[0] for row in execute(f"SELECT {column} FROM {table} LIKE 'pricing_%_keep_%' ORDER BY 1")]


def test_what_is_missing_is_warned_of_and_created_again_by_migrate(db, caplog):
    before = names()
    assert len(before) == (35 if is_postgres() else 25)
    assert faults() == []
    execute("DROP TRIGGER pricing_pricerank_keep_update" + (" ON pricing_pricerank" if is_postgres() else ""))
    told = "pricing_pricerank_keep_update (missing)"
    with translation.override("en"):
        warnings = [str(message.msg) for message in run_checks(tags=[Tags.database], databases=["default"])]
        call_command("migrate", verbosity=0)
    assert warnings == [
        "In the database default, triggers that keep published price lists as they are are not as they should be: "
        f"{told}."
    ]
    assert [record.getMessage() for record in caplog.records if record.name == "pricing.apps"] == [
        f"triggers that keep published price lists were made anew: {told}"
    ]
    assert names() == before


@pytest.mark.sqlite
def test_a_migration_can_rebuild_a_table_into_which_other_triggers_look(transactional_db, cast, caplog):
    """As `migrate` does where there is something to do, such as a new column of the price tables."""
    before, plan = names(), [(Migration("another_column", "pricing"), False)]
    emit_pre_migrate_signal(verbosity=0, interactive=False, db="default", plan=plan)
    assert names() == []
    with connection.schema_editor() as editor:
        editor._remake_table(PriceTable)
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default", plan=plan)
    assert (names(), faults(), caplog.records) == (before, [], [])


@pytest.mark.sqlite
def test_a_table_that_was_rebuilt_is_protected_again(transactional_db, cast):
    with connection.schema_editor() as editor:
        editor._remake_table(PriceRank)
    assert faults() == [f"pricing_pricerank_keep_{name} (missing)" for name in ("delete", "insert", "update")]
    call_command("migrate", verbosity=0)
    with pytest.raises(IntegrityError, match="a published price list is never changed or deleted"):
        execute("DELETE FROM pricing_pricerank")
    assert PriceRank.objects.exists()


@pytest.mark.postgres
@pytest.mark.parametrize("table", TABLES)
def test_tables_are_not_emptied(transactional_db, cast, table):
    with pytest.raises(IntegrityError, match="never changed or deleted"):
        execute(f"TRUNCATE {table} CASCADE")
    assert PriceList.objects.exists()
