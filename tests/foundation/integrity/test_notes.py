"""What a note's trigger reads of a row."""

import re

import pytest
from django.apps import apps

from foundation.integrity import Note
from foundation.integrity.triggers import WATCHED

NOTES = [note for watched in WATCHED.values() for note in watched.notes]


def changed_note(action: str) -> Note:
    return Note(
        "licensing_customer",
        action,
        ("name", "reseller_id", "kana"),
        "somewhere",
        ("one", "two"),
        "SELECT changed.id, changed.reseller_id FROM {changed}",
    )


@pytest.mark.parametrize(
    ("action", "changed"),
    [
        ("INSERT", "SELECT NEW.id AS id, NEW.reseller_id AS reseller_id"),
        ("DELETE", "SELECT OLD.id AS id, OLD.reseller_id AS reseller_id"),
        (
            "UPDATE",
            "SELECT OLD.id AS id, OLD.reseller_id AS reseller_id "
            "UNION SELECT NEW.id AS id, NEW.reseller_id AS reseller_id",
        ),
    ],
)
def test_on_sqlite_only_what_is_read_of_a_row_is_named(action, changed):
    assert changed_note(action).statement(vendor="sqlite") == (
        f"INSERT INTO somewhere (one, two) SELECT changed.id, changed.reseller_id FROM ({changed}) AS changed;"
    )


def test_what_an_update_looks_at_stays_all_of_it():
    condition = changed_note("UPDATE").condition()
    assert condition == (
        "OLD.name IS NOT NEW.name OR OLD.reseller_id IS NOT NEW.reseller_id OR OLD.kana IS NOT NEW.kana"
    )


def test_every_note_reads_what_it_looks_at():
    """Else its trigger would fail when rows change."""
    assert len(NOTES) > 40
    for note in NOTES:
        read = {*re.findall(r"\bchanged\.(\w+)", note.select)} - {"sign"}
        assert read, note.name
        assert read <= {note.key, *note.columns}, note.name


def test_every_note_looks_at_columns_of_its_table():
    columns = {
        model._meta.db_table: {field.column for field in model._meta.concrete_fields} for model in apps.get_models()
    }
    for note in NOTES:
        assert {note.key, *note.columns} <= columns[note.table], note.name
