"""The database out to a file and in from one, as the database's own programs do it."""

import errno
import os
import re
import shutil
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient
from django.utils.translation import gettext as _

from ...disk import CLOSED, FULL, disk_trouble, tell_disk
from ...transactions import reading_one_state
from .archive import BackupFailed
from .facts import FACTS

NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}

EMPTY = """
SET LOCAL lock_timeout = '15s';
DO $$
DECLARE one record;
BEGIN
  FOR one IN SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', one.name);
  END LOOP;
  FOR one IN SELECT sequencename AS name FROM pg_sequences WHERE schemaname = current_schema() LOOP
    EXECUTE format('DROP SEQUENCE IF EXISTS %I CASCADE', one.name);
  END LOOP;
  FOR one IN SELECT pg_proc.oid::regprocedure AS name FROM pg_proc
    JOIN pg_namespace ON pg_namespace.oid = pronamespace WHERE nspname = current_schema()
    AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e') LOOP
    EXECUTE 'DROP FUNCTION IF EXISTS ' || one.name || ' CASCADE';
  END LOOP;
END $$;
"""
"""Drops whatever the present schema holds, without waiting long for a portal that still runs."""


def dump_database(folder: Path) -> tuple[Path, dict[str, list[list[Any]]]]:
    """Copy the database as it is at one moment, while it is in use; the file, and FACTS of that very moment."""
    path = folder / NAMES[connection.vendor]
    if connection.vendor == "sqlite":
        with (
            closing(sqlite3.connect(connection.settings_dict["NAME"])) as source,
            closing(sqlite3.connect(path)) as copy,
        ):
            try:
                source.backup(copy)
            except sqlite3.Error as error:
                raise BackupFailed(_("The database cannot be copied: %s") % tell_sqlite(error)) from error
            return path, {name: [list(row) for row in copy.execute(fact.sql)] for name, fact in FACTS.items()}
    program = find_program("pg_dump")
    with reading_one_state(), connection.cursor() as cursor:
        facts = database_facts()
        cursor.execute("SELECT pg_export_snapshot()")
        options = [f"--snapshot={cursor.fetchone()[0]}", "--format=custom", "--no-owner", "--no-privileges"]
        run([program, *options, f"--file={path}", *target()])
    return path, facts


def load_database(path: Path, folder: Path) -> None:
    """Put the copy in the place of all that the database holds: all of it, or nothing. Raises BackupFailed."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(path)) as source:
            connection.close()
            with closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=15)) as database:
                try:
                    source.backup(database)
                except sqlite3.Error as error:
                    raise BackupFailed(
                        _("The database cannot be written: %s. Stop the portal first.") % tell_sqlite(error).rstrip(".")
                    ) from error
        return
    restore, psql = find_program("pg_restore"), find_program("psql")
    connection.close()
    script, empty = folder / "restore.sql", folder / "empty.sql"
    run([restore, "--no-owner", "--no-privileges", f"--file={script}", str(path)])
    empty.write_text(EMPTY, encoding="utf-8")
    options = ["--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", "--single-transaction"]
    run([psql, *options, f"--file={empty}", f"--file={script}", *target()])


def is_empty() -> bool:
    """Whether the database has no table yet."""
    return not connection.introspection.table_names()


def database_facts() -> dict[str, list[list[Any]]]:
    """FACTS, of the database as it is now."""
    facts = {}
    with connection.cursor() as cursor:
        for name, fact in FACTS.items():
            cursor.execute(fact.sql)
            facts[name] = [list(row) for row in cursor.fetchall()]
    return facts


def find_program(name: str) -> str:
    """One of PostgreSQL's programs, new enough for the server. Raises BackupFailed."""
    wanted = connection.pg_version // 10_000  # type: ignore[attr-defined]
    folder = settings.POSTGRES_PROGRAMS
    path = shutil.which(name, path=folder) if folder else shutil.which(name)
    if path is None:
        text = _(
            "%(name)s was not found. Install PostgreSQL's client programs, version %(wanted)s or newer "
            "(Debian: apt-get install postgresql-client), or set POSTGRES_PROGRAMS to the folder where they are."
        )
        raise BackupFailed(text % {"name": name, "wanted": wanted})
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"(\d+)(?:\.\d+)?", said)
    if match is None or int(match[1]) < wanted:
        text = _("%(path)s is version %(found)s, but the server is version %(wanted)s. Install newer client programs.")
        raise BackupFailed(text % {"path": path, "found": match[1] if match else "?", "wanted": wanted})
    return path


def target() -> list[str]:
    """The arguments by which PostgreSQL's programs find the database; the password is not among them."""
    return DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])[0][1:]


def run(command: list[str]) -> None:
    """Run one of PostgreSQL's programs. Raises BackupFailed with what it said."""
    environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])[1] or {}
    environment = os.environ | environment | {"LC_ALL": "C"}  # so that we understand what it says
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = explain(done.returncode, " ".join(done.stderr.split())[-600:])
        raise BackupFailed(_("%(name)s failed: %(said)s") % {"name": Path(command[0]).name, "said": said})


def tell_sqlite(error: sqlite3.Error) -> str:
    """What SQLite says; of a disk that is full or cannot be written, in words."""
    trouble = disk_trouble(error)
    return tell_disk(trouble) if trouble else str(error)


def explain(code: int, said: str) -> str:
    """Why a program failed, of which `code` is left and what it `said`: a full disk in words, and never nothing."""
    numbers = (number for number in sorted(FULL | CLOSED) if os.strerror(number) in said)
    number = errno.EFBIG if code == -signal.SIGXFSZ else next(numbers, None)
    if number is not None:
        return f"{tell_disk(OSError(number, said))} {said}".strip()
    if said:
        return said
    return _("It was ended by signal %s.") % -code if code < 0 else _("It said nothing, and ended with %s.") % code
