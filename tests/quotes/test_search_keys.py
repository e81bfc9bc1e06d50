"""The keys by which quotes are found: how old ones are written anew, although an issued quote is never changed."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from foundation.integrity.triggers import faults_of
from quotes.models import QuoteDraft
from quotes.operations.protection import wanted_triggers
from quotes.operations.verification import Report, verify_records
from quotes.queries import find_quotes
from tests.cast import NOW, TODAY
from tests.quotes.making import everything_written, is_postgres, issue_quote
from tests.quotes.tampering import tampered

pytestmark = pytest.mark.both_databases


def found(user, text):
    return list(find_quotes(user=user, text=text, status="all", on=TODAY).values_list("number", flat=True))


def test_keys_of_before_are_written_anew_and_records_stay_what_was_issued(cast, licenseid):
    issue_quote(licenseid, by=cast.staff, changes={"subject": "霞ヶ関の更新"})
    issue_quote(licenseid, by=cast.staff, changes={"subject": "國廣の更新"})
    QuoteDraft.objects.create(
        licenseid=licenseid, created_by=cast.staff, saved_by=cast.staff, saved_at=NOW, subject="澤の更新", asked={}
    )
    before = everything_written()
    assert found(cast.staff, "国広") == ["Q2701-0002-00"]
    with tampered("UPDATE quotes_quote SET search_key = 'old'", "UPDATE quotes_quotedraft SET search_key = 'old'"):
        assert found(cast.staff, "国広") == []
        assert {each.code for each in verify_records(report=Report())} == {"not-found"}
        if is_postgres():
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        migration = import_module("quotes.migrations.0017_search_keys_of_old_kanji")
        migration.write_keys(apps, connection.SchemaEditorClass(connection))
        assert everything_written() == before
        assert found(cast.staff, "国広") == ["Q2701-0002-00"]
        assert found(cast.staff, "霞が関") == ["Q2701-0001-00"]
        assert list(verify_records(report=Report())) == []
        assert faults_of(wanted_triggers(connection), connection) == []
        refused = pytest.raises(IntegrityError, match="issued quotes are never changed")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE quotes_quote SET search_key = 'x'")
