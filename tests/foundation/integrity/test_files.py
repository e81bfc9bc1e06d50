"""Files in PostgreSQL: nothing is pressed that is as small as it gets."""

import pytest
from django.db import connection

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def test_every_column_of_bytes_is_kept_as_it_is():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attrelid::regclass::text, attname, attstorage FROM pg_attribute"
            " JOIN pg_class ON pg_class.oid = attrelid AND relkind = 'r'"
            " WHERE atttypid = 'bytea'::regtype AND relnamespace = 'public'::regnamespace AND NOT attisdropped"
        )
        found = cursor.fetchall()
    assert ("quotes_quotedocument", "content", "e") in found
    assert [(table, column) for table, column, storage in found if storage != "e"] == [], (
        "a migration keeps files as they are: foundation/integrity/files.py"
    )
