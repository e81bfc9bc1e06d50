"""What an archive says of itself, checked before anything is replaced: whole, fitting this portal, and true."""

import re
import sqlite3
from collections.abc import Set
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from .archive import BackupFailed
from .databases import NAMES, find_program, run
from .facts import FACTS

_COPY = re.compile(r"COPY (?:\S+\.)?(\w+) \((.*)\) FROM stdin;")


def check_manifest(manifest: dict[str, Any], folder: Path) -> None:
    """Whether this portal can use what was unpacked into the folder. Raises BackupFailed.

    FACTS must be those of the very database in the archive.
    """
    if (vendor := manifest.get("vendor")) in (*NAMES,) and vendor != connection.vendor:
        text = _("The archive is of a %(found)s database, but this is %(here)s. Restore it into the same kind.")
        raise BackupFailed(text % {"found": vendor, "here": connection.vendor})
    if missing := sorted(name for name, is_right in _parts(manifest).items() if not is_right):
        raise BackupFailed(_("The archive does not say of itself what a backup says: %s") % ", ".join(missing))
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    unknown = [f"{app}.{name}" for app, name in manifest["migrations"] if (app, name) not in known]
    if unknown:
        text = _("The archive was made by another version of the portal: %s is not known here. Install that version.")
        raise BackupFailed(text % ", ".join(unknown[:5]))
    found = _facts_in(folder)
    if different := sorted(name for name in FACTS if sorted(found[name]) != sorted(manifest[name])):
        raise BackupFailed(_("The archive says something else than the database in it: %s") % ", ".join(different))


def _parts(manifest: dict[str, Any]) -> dict[str, bool]:
    """Each part, and whether it is what a backup writes."""
    names = {member["name"] for member in manifest["members"]}
    vendor = manifest.get("vendor")
    others = names - {NAMES.get(vendor) if isinstance(vendor, str) else None}
    return {
        "made_at": _is_moment(manifest.get("made_at")),
        "vendor": vendor in (*NAMES,),
        "members": len(others) < len(names) and all(name.startswith("media/") for name in others),
        **{name: fact.is_right(manifest.get(name)) for name, fact in FACTS.items()},
    }


def _is_moment(text: Any) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except (TypeError, ValueError):
        return False


def _facts_in(folder: Path) -> dict[str, list[list[Any]]]:
    """FACTS of the database that was unpacked, without loading it. Raises BackupFailed where it is damaged."""
    path = folder / NAMES[connection.vendor]
    if connection.vendor == "sqlite":
        try:
            with closing(sqlite3.connect(path)) as database:
                if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                    raise BackupFailed(_("The archive is damaged or incomplete."))
                return {name: [list(row) for row in database.execute(fact.sql)] for name, fact in FACTS.items()}
        except sqlite3.Error as error:
            raise BackupFailed(_("The archive is damaged or incomplete.")) from error
    script = folder / "facts.sql"
    tables = {table for fact in FACTS.values() for table in fact.tables}
    run(
        [
            find_program("pg_restore"),
            "--data-only",
            *(f"--table={each}" for each in sorted(tables)),
            f"--file={script}",
            str(path),
        ]
    )
    rows = _copied(script, tables)
    return {name: fact.from_copied(rows) for name, fact in FACTS.items()}


def _copied(script: Path, tables: Set[str]) -> dict[str, list[dict[str, str]]]:
    """The rows of each table in a script of PostgreSQL's COPY statements. Of what COPY escapes, nothing is in them."""
    rows: dict[str, list[dict[str, str]]] = {table: [] for table in tables}
    table, columns = "", [""]
    with script.open(encoding="utf-8") as lines:
        for line in lines:
            if begins := _COPY.match(line):
                table, columns = begins[1], [name.strip('" ') for name in begins[2].split(",")]
            elif line == "\\.\n":
                table = ""
            elif table in rows:
                rows[table].append(dict(zip(columns, line.rstrip("\n").split("\t"), strict=True)))
    return rows
