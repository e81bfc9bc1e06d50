"""manage.py backup and restore: drilled, with everything destroyed between them, on the database at hand."""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.utils import translation

from foundation.integrity import faults_of, wanted_of
from foundation.integrity.backup.databases import database_facts, find_program, is_empty
from licensing.models import Reseller
from quotes.models import EventChain, Quote, QuoteDocument
from tests.cast import make_license_id
from tests.making import everything_written, is_postgres, issue_quote
from tests.quotes.backups import SEAL, command, make_portal, read, write
from tools.with_postgres import find_programs

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path, settings) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.POSTGRES_PROGRAMS = str(find_programs()) if is_postgres() else ""
    with translation.override("en"):
        yield


@pytest.fixture
def portal(transactional_db):
    return make_portal()


@pytest.fixture
def elsewhere(portal, tmp_path):
    """Another database, empty, in the place of the present one while the test wants it."""
    usual = connection.settings_dict["NAME"]
    name = f"drill_{os.getpid()}" if is_postgres() else str(tmp_path / "drill.sqlite3")

    def switch_to(database: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = database

    def execute(sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    if is_postgres():
        execute(f"DROP DATABASE IF EXISTS {name}")
        execute(f"CREATE DATABASE {name}")
    yield lambda: switch_to(name)
    switch_to(usual)
    if is_postgres():
        execute(f"DROP DATABASE {name} WITH (FORCE)")


def pdfs():
    return {row.quote.number: bytes(row.content) for row in QuoteDocument.objects.select_related("quote")}


def seal():
    return Path(Reseller.objects.get(code="aoba").seal.path)


def test_everything_is_there_again_after_a_disaster(portal, elsewhere, tmp_path):
    path = tmp_path / "portal.tar.gz"
    before, files, facts = everything_written(), pdfs(), database_facts()
    said = command("backup", path)
    assert "with 1 uploaded files. It was read again." in said
    assert said.splitlines()[1] == f"SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}"
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["media", "portal.tar.gz"]
    assert everything_written() == before

    seal().unlink()
    elsewhere()
    assert is_empty()
    said = command("restore", path, f"--sha256={hashlib.sha256(path.read_bytes()).hexdigest()}")
    head = EventChain.objects.get().last_hash
    assert said.splitlines() == [
        f"{path} is restored, with 1 uploaded files.",
        "2 quotes with their PDFs and 3 log entries were checked.",
        f"aoba:3:{head}",
        "Everything is as it was issued.",
    ]
    assert (everything_written(), pdfs(), database_facts()) == (before, files, facts)
    assert all(content.startswith(b"%PDF-") for content in files.values())
    assert seal().read_bytes() == SEAL
    assert faults_of(wanted_of("quotes", connection), connection) == []
    assert (
        issue_quote(
            make_license_id(Quote.objects.first().customer, "LIC-9", ("SMP-BS", 45)), by=Quote.objects.first().issued_by
        ).number
        == "Q2701-0003-00"
    )  # the portal goes on where it was
    assert [each.name for each in (tmp_path / "media").iterdir()] == ["resellers"]

    refused = "The database is not empty. Restore into an empty one, or use --force, and it is lost."
    assert command("restore", path) == refused
    assert Quote.objects.count() == 3
    assert "Everything is as it was issued." in command("restore", path, "--force")
    assert (everything_written(), pdfs(), database_facts()) == (before, files, facts)


def test_what_was_altered_or_cut_off_is_refused_and_nothing_is_changed(portal, elsewhere, tmp_path):
    path = tmp_path / "portal.tar.gz"
    command("backup", path)
    whole = path.read_bytes()
    members = read(whole)
    name = next(iter(members))
    manifest = json.loads(members["manifest.json"])
    newer = manifest | {"migrations": [*manifest["migrations"], ["quotes", "9999_not_yet"]]}
    other = manifest | {"vendor": "sqlite" if is_postgres() else "postgresql"}
    damaged = "The archive is damaged or incomplete."
    middle = len(whole) // 2
    cases = {
        "cut off": (whole[:middle], damaged),
        "cut off a little": (whole[:-9], damaged),
        "one bit": (whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :], None),
        "no archive": (b"something", damaged),
        "no manifest": (write({key: members[key] for key in members if key != "manifest.json"}), damaged),
        "a manifest that is none": (write(members | {"manifest.json": b"{}"}), damaged),
        "another database": (
            write(members | {name: members[name][:-1] + b"x"}), f"The archive was altered: {name}",
        ),
        "another seal": (
            write(members | {"media/resellers/seal.png": b"another"}),
            "The archive was altered: media/resellers/seal.png",
        ),
        "a file more": (write(members | {"media/more": b"x"}), "The archive was altered: media/more"),
        "a file less": (
            write({key: members[key] for key in members if not key.startswith("media")}),
            "The archive was altered: media/resellers/seal.png",
        ),
        "a way out": (write(members | {"../out": b"x"}), "The archive holds something that no backup holds: ../out"),
        "a newer portal's": (
            write(members | {"manifest.json": json.dumps(newer).encode()}),
            "The archive was made by another version of the portal: quotes.9999_not_yet is not known here. "
            "Install that version.",
        ),
        "the other kind of database": (
            write(members | {"manifest.json": json.dumps(other).encode()}),
            f"The archive is of a {other['vendor']} database, but this is {manifest['vendor']}. "
            "Restore it into the same kind.",
        ),
    }  # fmt: skip
    before, media = everything_written(), sorted((tmp_path / "media").rglob("*"))
    altered = tmp_path / "altered.tar.gz"
    for case, (content, expected) in cases.items():
        altered.write_bytes(content)
        said = command("restore", altered, "--force")
        assert said == expected or (expected is None and said.startswith(("The archive ", "[Errno", "invalid"))), case
        assert everything_written() == before, case
        assert sorted((tmp_path / "media").rglob("*")) == media, case
    assert not (tmp_path / "out").exists()
    found = hashlib.sha256(whole).hexdigest()
    assert command("restore", path, "--force", "--sha256=00") == (
        f"The archive is not the one whose hash was noted: its SHA-256 is {found}."
    )
    assert command("restore", tmp_path / "none") == f"There is no file {tmp_path / 'none'}."
    assert everything_written() == before


def test_a_backup_never_overwrites_and_leaves_no_half(portal, tmp_path):
    path = tmp_path / "portal.tar.gz"
    path.write_bytes(b"precious")
    assert command("backup", path) == f"{path} exists already. Choose another name."
    assert path.read_bytes() == b"precious"
    assert command("backup", tmp_path / "no" / "x") == f"The folder {tmp_path / 'no'} does not exist."
    assert sorted(each.name for each in tmp_path.iterdir()) == ["media", "portal.tar.gz"]


@pytest.mark.sqlite
def test_a_backup_is_of_one_moment_while_the_portal_works(portal, tmp_path):
    """A writer that has not committed is not in it, and does not hinder it."""
    other = sqlite3.connect(connection.settings_dict["NAME"])
    try:
        other.execute("UPDATE licensing_reseller SET phone = 'x'")
        assert "It was read again." in command("backup", tmp_path / "portal.tar.gz")
    finally:
        other.rollback()
        other.close()


@pytest.mark.postgres
def test_programs_that_are_missing_or_too_old_are_named(db, tmp_path, settings):
    settings.POSTGRES_PROGRAMS = str(tmp_path)
    version = connection.pg_version // 10_000
    assert command("backup", tmp_path / "x.tar.gz") == (
        f"pg_dump was not found. Install PostgreSQL's client programs, version {version} or newer "
        "(Debian: apt-get install postgresql-client), or set POSTGRES_PROGRAMS to the folder where they are."
    )
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    old.chmod(0o755)
    assert command("backup", tmp_path / "x.tar.gz") == (
        f"{old} is version 9, but the server is version {version}. Install newer client programs."
    )
    settings.POSTGRES_PROGRAMS = str(find_programs())
    assert find_program("psql").endswith("/psql")
