"""An empty database with all migrations, made once: each test process begins with a copy of it.

    python -m tests.template    makes the one for the database at hand, unless it is there

Migrating takes as long as a hundred tests. On SQLite the template stays in `.cache/` until a migration or a package
changes; on PostgreSQL it goes with the server.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".cache" / "databases"
BEGINNING = "-beginning"


def copy_template() -> None:
    """Put a copy of the template where the tests of this process expect their database, instead of any that is there.

    What the template lacks, Django's own set-up for tests adds.
    """
    from django.db import connection

    name = connection.creation._get_test_db_name()
    with alone(connection.vendor):
        if connection.vendor == "sqlite":
            shutil.copyfile(template_file(), name)
        else:
            template = template_database(connection)
            with connection.creation._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
                cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def keep_beginning() -> None:
    """Note how the database looks that Django has just set up."""
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(connection.settings_dict["NAME"] + BEGINNING)) as beginning:
            connection.connection.backup(beginning)
        connection.close()


def begin_again() -> None:
    """The database as at the beginning, after a test with real transactions: whatever guards its rows.

    Django's own way empties all tables one by one and finds out anew which permissions there are.
    """
    from django.db import connection, transaction

    from foundation.integrity.triggers import WATCHED, mend_triggers, wanted_of
    from tests.snapshot import WRITTEN_BY_TRIGGERS, filled, tables

    connection.close()  # whatever the test left open
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(connection.settings_dict["NAME"] + BEGINNING)) as beginning:
            beginning.backup(connection.connection)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger and no reference refuses
        for name in filled([*tables(), *WRITTEN_BY_TRIGGERS]):
            cursor.execute(f'DELETE FROM "{name}"')
    for app in WATCHED:
        mend_triggers(wanted_of(app, connection), connection)


@contextmanager
def alone(vendor: str) -> Iterator[None]:
    """One process at a time makes or copies a template; the others wait."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{vendor}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def template_file() -> Path:
    file = FOLDER / f"{digest()}.sqlite3"
    if not file.exists():
        for old in FOLDER.glob("*.sqlite3*"):
            old.unlink()
        unfinished = file.with_suffix(".sqlite3-unfinished")
        migrate(f"sqlite:///{unfinished}")
        unfinished.rename(file)
    return file


def template_database(connection: Any) -> str:
    name, unfinished = f"template_{digest()}", "template_unfinished"
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f"DROP DATABASE IF EXISTS {unfinished}")
            cursor.execute(f"CREATE DATABASE {unfinished} TEMPLATE template0")
            server, _, _database = os.environ["DATABASE_URL"].rpartition("/")
            migrate(f"{server}/{unfinished}")
            cursor.execute(f"ALTER DATABASE {unfinished} RENAME TO {name}")
    return name


def digest() -> str:
    """Of everything that migrations are made of."""
    files = [ROOT / "requirements.txt", *sorted(ROOT.glob("*/migrations/*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def migrate(url: str) -> None:
    """In a process of its own, for settings are read once."""
    code = "import gc, runpy; gc.disable(); runpy.run_path('manage.py', run_name='__main__')"
    command = [sys.executable, "-c", code, "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, check=True)


def main() -> None:
    from django import setup
    from django.db import connection

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    setup()
    with alone(connection.vendor):
        if connection.vendor == "sqlite":
            template_file()
        else:
            template_database(connection)


if __name__ == "__main__":
    main()
