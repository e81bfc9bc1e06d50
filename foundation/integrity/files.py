"""Columns that hold files, on PostgreSQL: kept as they are."""

from typing import Any

from django.db.migrations import RunPython


def keep_files_as_they_are(*columns: tuple[str, str]) -> RunPython:
    """For a migration: tables with a column each that PostgreSQL is not to press.

    PDFs, workbooks, pictures and sealed texts are as small as they get. By itself PostgreSQL tries with each of them,
    which takes several times as long as writing it.
    """

    def set_storage(kind: str) -> Any:
        def run(_apps: Any, schema_editor: Any) -> None:
            if schema_editor.connection.vendor == "postgresql":
                for table, column in columns:
                    schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE {kind}")

        return run

    return RunPython(set_storage("EXTERNAL"), set_storage("EXTENDED"))
