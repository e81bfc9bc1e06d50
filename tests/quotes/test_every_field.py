"""Every field of a record, and of what stands beside it: whoever changes one is found by verify_records."""

import json
import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from pricing.models import CostRate
from quotes.archive.verification import Report, run, verify_records
from quotes.customers.answers import answer_quote
from quotes.customers.choosing import choose_alternative
from quotes.customers.visits import Visitor, hand_out_pdf
from quotes.links.operations import make_link, revoke_link
from quotes.models import (
    Acknowledgement,
    Alternative,
    ComparedLicenseID,
    Comparison,
    ComparisonNumber,
    ComparisonStatus,
    EventChain,
    OrderFile,
    Quote,
    QuotedHolding,
    QuoteDocument,
    QuoteEvent,
    QuoteLine,
    QuoteMargin,
    QuoteNumber,
    QuoteOrigin,
    QuotePart,
    QuoteStatus,
    ShareLink,
)
from quotes.record.acknowledgements import acknowledge_order
from quotes.record.comparisons import withdraw_comparison
from quotes.record.order_files import keep_order_file, record_order_with_file
from quotes.record.transitions import withdraw
from renewals.carrying_out.operations import carry_out
from renewals.revisions.operations import begin_revision
from tests.cast import NOW, make_license_id
from tests.making import is_postgres, issue_quote
from tests.order_files import given
from tests.quotes.tampering import tampered
from tests.renewals.comparing import compare, issue_alternative

RECORDS = (
    Quote, QuotePart, QuoteLine, QuotedHolding, QuoteDocument, QuoteEvent, EventChain, QuoteNumber, QuoteStatus,
    ShareLink, OrderFile, Acknowledgement, QuoteMargin, Comparison, ComparedLicenseID, Alternative, ComparisonNumber,
    ComparisonStatus, QuoteOrigin,
)  # fmt: skip
NO_RECORDS = {
    "FieldOrder": "how orders are shown and handed over",
    "QuoteCount": "counts of what stands in the rows, made anew from them",
    "RecordExport": "a file that can be made again",
    "LetterTemplate": "texts of letters to come",
    "QuoteLetter": "which quotes an e-mail brings; the log of each says so too",
}
ROW_NUMBERS = {
    "Acknowledgement.id",
    "ComparedLicenseID.id",
    "ComparisonNumber.id",
    "OrderFile.id",
    "QuoteLine.id",
    "QuoteMargin.id",
    "QuotedHolding.id",
    "QuoteDocument.id",
    "QuoteEvent.id",
    "QuoteNumber.id",
}
"""Numbers of rows to which nothing refers: they say nothing."""
TOGETHER = {"Quote.total": "tax = tax + 1", "Quote.tax": "total = total + 1", "Quote.subtotal": "total = total + 1",
            "Alternative.total": "tax = tax + 1", "Alternative.tax": "total = total + 1",
            "Alternative.subtotal": "total = total + 1", "QuoteEvent.comparison": "quote_id = NULL",
            "ShareLink.comparison": "quote_id = NULL"}  # fmt: skip
"""What the database's own constraints want changed with it."""


@pytest.fixture
def rows(cast, licenseid):
    """At least one row of each, with as many fields as possible that hold something."""
    product = cast.products["SMP-BS"]
    CostRate.objects.create(reseller=cast.aoba, product=product, percent=80, effective_on=NOW.date())
    withdrawn = issue_quote(licenseid, by=cast.staff, changes={"subject": "取下げ"})
    withdraw(quote=withdrawn, reason="数量の誤り", by=cast.colleague, now=NOW + timedelta(minutes=1))
    ordered = issue_quote(make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 45)), by=cast.staff)
    said = {"quote": ordered, "order_number": "PO-1", "by": cast.staff, "now": NOW + timedelta(minutes=1)}
    record_order_with_file(file=given(), **said)
    keep_order_file(
        quote=ordered, file=given(text="right"), seen=1, supersedes=1, by=cast.staff, now=NOW + timedelta(minutes=2)
    )
    acknowledge_order(quote=ordered, by=cast.staff, now=NOW + timedelta(minutes=2))
    carry_out(quote=ordered, parts=[ordered.parts.get().pk], by=cast.staff, now=NOW + timedelta(minutes=2))
    first = issue_quote(licenseid, by=cast.staff)
    draft, _new = begin_revision(quote=first, by=cast.staff, now=NOW)
    quote = issue_quote(licenseid, by=cast.staff, key=draft.key, now=NOW + timedelta(minutes=2))
    links = []
    for recipient, most in (("山田様", 5), ("購買部", 3)):
        link, _token = make_link(
            quote=quote, recipient=recipient, expires_on=quote.valid_until, max_downloads=most,
            seen=links[-1].pk if links else None, by=cast.staff, now=NOW + timedelta(minutes=3),
        )  # fmt: skip
        links.append(link)
    visitor = Visitor(link=links[0], ip="192.0.2.7", user_agent="Firefox")
    hand_out_pdf(quote=quote, visitor=visitor, now=NOW + timedelta(minutes=4))
    answer_quote(
        quote=quote, answer="order", message="よろしく", by_name="山田", visitor=visitor, now=NOW + timedelta(minutes=5)
    )
    revoke_link(link=links[1], by=cast.staff, now=NOW + timedelta(minutes=6))
    compared = compared_rows(cast)
    return [
        Quote.objects.get(pk=quote.pk), quote.parts.get(), quote.lines.first(), quote.holdings.get(), quote.pdf,
        quote.events.order_by("position").last(),
        EventChain.objects.get(), QuoteNumber.objects.get(),
        QuoteStatus.objects.get(pk=ordered.pk),
        QuoteStatus.objects.get(pk=withdrawn.pk), QuoteStatus.objects.get(pk=quote.pk), *ShareLink.objects.all(),
        *OrderFile.objects.all(), *Acknowledgement.objects.all(),
        *QuoteMargin.objects.filter(quote=ordered, stage__in=["ordered", "carried_out"]),
        *compared,
    ]  # fmt: skip


def compared_rows(cast):
    """Of two comparisons: one from which a quote was made, one that was chosen from and withdrawn."""
    licenseid = make_license_id(cast.customer, "LIC-1700", ("SMP-CC", 100))
    made = compare(licenseid, by=cast.staff, labels=("現状", "減数"), now=NOW + timedelta(minutes=7))
    first = made.alternatives.order_by("-position")[0]
    issue_alternative(first, by=cast.staff, now=NOW + timedelta(minutes=8))
    other = compare(licenseid, by=cast.staff, now=NOW + timedelta(minutes=8))
    chosen = other.alternatives.order_by("position")[1]
    later = NOW + timedelta(minutes=9)
    choose_alternative(alternative=chosen, message="", by_name="山田", visitor=Visitor(), seen="", now=later)
    withdraw_comparison(comparison=other, reason="誤り", by=cast.colleague, now=later)
    return [
        Comparison.objects.get(pk=made.pk), made.license_ids.get(), Alternative.objects.get(pk=first.pk),
        ComparisonNumber.objects.get(), ComparisonStatus.objects.get(pk=other.pk),
        ComparisonStatus.objects.get(pk=made.pk), QuoteOrigin.objects.get(),
    ]  # fmt: skip


def others(field, value):
    """Other values for a field, of which the database takes at least one."""
    if field.null and value is not None:
        yield None
    if isinstance(field, models.ForeignKey):
        yield from field.related_model.objects.exclude(pk=value).values_list("pk", flat=True)[:1]
        yield (value or 0) + 1000
    elif field.choices:
        yield from (choice for choice, _label in field.flatchoices if choice != value)
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, datetime | date):
        yield value + timedelta(days=1)
        yield value - timedelta(days=1)
    elif isinstance(value, int | Decimal):
        yield value + 1
        yield value + 77
    elif isinstance(value, bytes | memoryview):
        yield bytes(value) + b"x"
    elif isinstance(value, uuid.UUID):
        yield uuid.UUID(int=value.int ^ 1)
    elif isinstance(value, str):
        yield ("y" if value.startswith("x") else "x") + value[1:]
    elif value is None:
        kinds = {models.DateTimeField: NOW, models.DateField: NOW.date(), models.CharField: "x",
                 models.GenericIPAddressField: "192.0.2.1", models.DecimalField: Decimal(1)}  # fmt: skip
        yield kinds.get(type(field), 1)
    else:
        yield {"x": 1}


def alter(row, field, value):
    """Write it past the portal; False where the database's own constraints refuse it."""
    is_json = isinstance(field, models.JSONField)
    prepared = json.dumps(value) if is_json else field.get_db_prep_save(value, connection)
    also = TOGETHER.get(f"{type(row).__name__}.{field.name}", "")
    sets = f"{field.column} = %s" + ("::jsonb" if is_json and connection.vendor == "postgresql" else "")
    sets += f", {also}" if also else ""
    pk = row._meta.pk
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {row._meta.db_table} SET {sets} WHERE {pk.column} = %s",
                [prepared, pk.get_db_prep_save(row.pk, connection)],
            )
            assert cursor.rowcount == 1
    except IntegrityError:
        return False
    return True


def first_finding():
    """Besides that the triggers are not there, which would have refused it."""
    return next((each.code for each in verify_records(report=Report()) if each.code != "triggers"), None)


def test_every_model_is_a_record_or_said_to_be_none():
    named = {model.__name__ for model in RECORDS} | set(NO_RECORDS)
    assert {model.__name__ for model in apps.get_app_config("quotes").get_models()} == named


BY_STATE = (QuoteStatus, ShareLink, OrderFile, ComparisonStatus)
"""Whether a change of these is found may hang on how the row stands."""


@pytest.mark.long
@pytest.mark.both_databases  # each gives back what it keeps in its own way
def test_whichever_field_is_changed_it_is_found(rows, monkeypatch):
    """On PostgreSQL a field of each kind: what is read back differs by kind there, not by field."""
    monkeypatch.setattr(run, "WATCHED", ())  # that triggers are gone is found by tests of its own
    assert {type(row) for row in rows} == set(RECORDS)
    unfound, tried, done, kinds = [], set(), set(), set()
    with tampered(is_covered_up=False), connection.cursor() as cursor:
        assert first_finding() is None
        if is_postgres():
            cursor.execute("SET LOCAL session_replication_role = replica")
        for row in rows:
            for field in row._meta.concrete_fields:
                name = f"{type(row).__name__}.{field.name}"
                if is_postgres() and type(field) in kinds:
                    continue
                before = getattr(row, field.attname)
                for value in others(field, before) if name not in ROW_NUMBERS else ():
                    key = (name, repr(before), repr(value), row.pk if type(row) in BY_STATE else None)
                    if key in done:
                        continue  # another row has said the same
                    done.add(key)
                    with transaction.atomic():
                        if alter(row, field, value):
                            tried.add(name)
                            kinds.add(type(field))
                            if not first_finding():
                                unfound.append((name, value))
                        transaction.set_rollback(True)
    every = {
        f"{model.__name__}.{field.name}": type(field) for model in RECORDS for field in model._meta.concrete_fields
    }
    if is_postgres():
        wanted = {kind for name, kind in every.items() if name not in ROW_NUMBERS}
        assert (unfound, wanted - kinds) == ([], set())
    else:
        assert (unfound, set(every) - tried) == ([], ROW_NUMBERS)
