"""A database of another version: said in one sentence, before anything is changed in it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation

pytestmark = pytest.mark.both_databases


def rows():
    return set(MigrationRecorder(connection).applied_migrations())


def test_a_database_of_another_version_is_left_as_it_is(db):
    recorder = MigrationRecorder(connection)
    for step in (("quotes", "0018_what_is_wanted"), ("pricing", "0009_workers_that_live"), ("gone", "0001_initial")):
        recorder.record_applied(*step)
    recorder.record_unapplied("foundation", "0001_tables")
    before, tables = rows(), connection.introspection.table_names()
    with translation.override("en"), pytest.raises(CommandError) as refused:
        call_command("migrate", verbosity=0)
    do = "delete the file" if connection.vendor == "sqlite" else "empty the database"
    assert str(refused.value) == (
        "The database was made by another version of the portal (pricing.0009_workers_that_live, "
        f"quotes.0018_what_is_wanted is not known here): {do} {connection.settings_dict['NAME']} to begin anew, or go "
        "on with that version, which can write out its records as a file."
    )
    assert (rows(), connection.introspection.table_names()) == (before, tables)


def test_a_database_of_this_version_is_migrated(db):
    MigrationRecorder(connection).record_applied("gone", "0001_initial")  # of an app that is not the portal's
    said = StringIO()
    with translation.override("en"):
        call_command("migrate", verbosity=1, stdout=said)
    assert "No migrations to apply." in said.getvalue()
