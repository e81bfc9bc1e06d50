"""What was issued cannot be changed or deleted: not by a model, not by an administrator, not by SQL."""

import uuid

import pytest
import zeal
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError

from licensing.models import LicenseID, User
from pricing.models import CostRate
from quotes.models import (
    Acknowledgement,
    Alternative,
    ComparedLicenseID,
    Comparison,
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
    Record,
    RecordIsImmutable,
)
from quotes.record.acknowledgements import acknowledge_order
from quotes.record.order_files import record_order_with_file
from renewals.drafts.operations import save_draft
from tests.cast import NOW, make_license_id, sign_in
from tests.making import everything_written, fill, given_quote, typed
from tests.order_files import given
from tests.renewals.comparing import compare, issue_alternative

RECORDS = [
    *(Quote, QuotePart, QuotedHolding, QuoteLine, QuoteDocument),
    *(Comparison, ComparedLicenseID, Alternative, QuoteOrigin),
    *(QuoteEvent, QuoteMargin, OrderFile, Acknowledgement),
]
REFUSED = "issued quotes are never changed or deleted"


@pytest.fixture
def quote(cast, licenseid):
    product = cast.products["SMP-BS"]
    CostRate.objects.create(reseller=cast.aoba, product=product, percent=80, effective_on=NOW.date())
    return given_quote(licenseid, by=cast.staff)


@pytest.fixture
def rows(quote):
    """One row of each kind that belongs to an issued quote."""
    record_order_with_file(quote=quote, file=given(), by=quote.issued_by, now=NOW)
    acknowledge_order(quote=Quote.objects.get(pk=quote.pk), by=quote.issued_by, now=NOW)
    compared = compare(make_license_id(quote.customer, "LIC-1700", ("SMP-CC", 100)), by=quote.issued_by)
    issue_alternative(compared.alternatives.order_by("position")[0], by=quote.issued_by)
    return [model.objects.order_by("pk").first() for model in RECORDS]


def execute(sql, *parameters):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


@pytest.fixture
def rows_stay(rows):
    before = everything_written()
    yield
    assert everything_written() == before


def test_every_record_is_tried_here():
    assert Record.__subclasses__() == RECORDS


@pytest.mark.usefixtures("rows_stay")
def test_models_refuse_to_change_or_delete(rows):
    for row in rows:
        name = type(row).__name__
        with pytest.raises(RecordIsImmutable, match=f"^{name} {row.pk}: issued records are never changed"):
            row.save()
        with pytest.raises(RecordIsImmutable, match="never changed"):
            row.save(force_update=True)
        with pytest.raises(RecordIsImmutable, match="never changed"):
            row.save(update_fields=[row._meta.pk.name])
        with pytest.raises(RecordIsImmutable, match=f"^{name} {row.pk}: issued records are never deleted"):
            row.delete()


@pytest.mark.usefixtures("rows_stay")
def test_sets_of_rows_refuse_to_change_or_delete(rows):
    for row in rows:
        model = type(row)
        with pytest.raises(RecordIsImmutable, match=f"^{model.__name__}: issued records are never changed"):
            model.objects.update(id=row.pk)
        with pytest.raises(RecordIsImmutable, match="never changed"):
            model.objects.filter(pk=row.pk).update(id=row.pk)
        with pytest.raises(RecordIsImmutable, match="never changed"):
            model.objects.bulk_update([row], [model._meta.get_fields()[-1].name])
        with pytest.raises(RecordIsImmutable, match=f"^{model.__name__}: issued records are never deleted"):
            model.objects.all().delete()
        with pytest.raises(RecordIsImmutable, match="never deleted"):
            model.objects.filter(pk=row.pk).delete()
        with pytest.raises(RecordIsImmutable, match="never changed"):
            model.objects.update_or_create(pk=row.pk, defaults={})


@pytest.mark.both_databases
@pytest.mark.usefixtures("rows_stay")
def test_a_copy_is_not_saved_over_the_row(rows):
    for row in rows:
        copy = type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})
        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save()


@pytest.mark.usefixtures("rows_stay")
def test_related_rows_refuse_to_change_or_delete(cast, quote):
    with pytest.raises(RecordIsImmutable):
        cast.customer.quotes.update(total=1)
    with pytest.raises(RecordIsImmutable):
        quote.lines.all().delete()
    with pytest.raises(RecordIsImmutable):
        quote.events.update(by_name="")


WAYS_ROUND = {
    "update": lambda row: models.QuerySet(type(row)).update(**{row._meta.pk.attname: row.pk}),
    "raw delete": lambda row: models.QuerySet(type(row))._raw_delete(connection.alias),
    "raw save": lambda row: row.save_base(raw=True, force_update=True),
    "upsert": lambda row: type(row).objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=[row._meta.pk.name],
        update_fields=[row._meta.concrete_fields[1].name],
    ),
}


@pytest.mark.both_databases
@pytest.mark.usefixtures("rows_stay")
def test_the_database_refuses_what_goes_round_the_models(rows):
    for row in rows:
        for way, go in WAYS_ROUND.items():
            with pytest.raises(IntegrityError) as refused, transaction.atomic():
                go(row)
            assert REFUSED in str(refused.value), (row, way)


@pytest.mark.both_databases
@pytest.mark.usefixtures("rows_stay")
def test_sql_cannot_change_any_column(rows):
    for row in rows:
        table = row._meta.db_table
        for field in row._meta.concrete_fields:
            with pytest.raises(IntegrityError, match=f"{table}: {REFUSED}"):
                execute(
                    f'UPDATE "{table}" SET "{field.column}" = "{field.column}" WHERE {row._meta.pk.column} = %s', row.pk
                )


@pytest.mark.both_databases
@pytest.mark.usefixtures("rows_stay")
def test_sql_cannot_delete(rows):
    for row in rows:
        table = row._meta.db_table
        with pytest.raises(IntegrityError, match=f"{table}: {REFUSED}"):
            execute(f'DELETE FROM "{table}"')


@pytest.mark.sqlite
@pytest.mark.usefixtures("rows_stay")
def test_sqlite_cannot_replace(rows):
    """SQLite's REPLACE deletes the row that stands in its way, and asks triggers only with recursive_triggers."""
    for row in rows:
        table = row._meta.db_table
        with pytest.raises(IntegrityError, match=REFUSED):
            execute(f'REPLACE INTO "{table}" SELECT * FROM "{table}"')


@pytest.mark.usefixtures("rows_stay")
def test_rows_that_a_quote_rests_on_cannot_be_deleted(cast, quote, licenseid):
    line = quote.lines.get()
    for needed in (cast.customer, licenseid, cast.staff, cast.aoba, line.product, cast.price_list):
        with pytest.raises(ProtectedError):
            needed.delete()
    assert User.objects.filter(pk=cast.staff.pk).exists()


def test_a_license_id_with_a_draft_cannot_be_deleted(cast):
    licenseid = make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 45))
    save_draft(
        key=uuid.uuid4(),
        licenseids=[licenseid],
        **typed(fill(licenseid)),
        pricing=None,
        saved_by=cast.colleague,
        now=NOW,
    )
    for needed in (licenseid, cast.colleague):
        with pytest.raises(ProtectedError):
            needed.delete()


OF_A_QUOTE = [
    ({"total": 1}, "quote_total_is_sum"),
    ({"subtotal": -1, "total": -1, "tax": 0}, "quote_amounts_not_negative"),
    ({"valid_until": NOW.date().replace(day=14)}, "quote_valid_from_issue"),
    ({"sequence": 1}, "quotes_quote.reseller_id|quote_number_unique"),
    ({"key": None}, "quotes_quote.key|null value in column .key."),
]
OF_ITS_LICENSE_ID = [
    ({"years": 0}, "quote_part_years_range"),
    ({"years": 7}, "quote_part_years_range"),
    ({"subtotal": -1}, "quote_part_amount_not_negative"),
    ({"position": 1}, "quotes_quotepart.position|quote_part_position_unique"),
    ({"is_same": True}, r"quotes_quotepart\.licenseid_id|quote_part_license_id_once"),
    ({"licenseid_id": None}, "quotes_quotepart.licenseid_id|null value in column .licenseid_id."),
]


@pytest.mark.both_databases
def test_the_database_holds_a_quote_to_its_sense(quote):
    before = everything_written()
    for changes, constraint in OF_A_QUOTE:
        values = {field.attname: getattr(quote, field.attname) for field in Quote._meta.concrete_fields}
        values |= {"id": None, "key": uuid.uuid4(), "sequence": 99, "check_code": None} | changes
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Quote(**values).save()
    assert everything_written() == before


@pytest.mark.both_databases
def test_the_database_holds_a_license_id_of_a_quote_to_its_sense(cast, quote):
    before = everything_written()
    part = quote.parts.get()
    other = LicenseID.objects.create(customer=cast.customer, code="LIC-1009")
    for changes, constraint in OF_ITS_LICENSE_ID:
        values = {field.attname: getattr(part, field.attname) for field in QuotePart._meta.concrete_fields}
        values |= {"id": None, "position": 2, "licenseid_id": other.pk} | changes
        if values.pop("is_same", False):
            values["licenseid_id"] = part.licenseid_id
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            QuotePart(**values).save()
    assert everything_written() == before


def test_an_administrator_can_only_look(cast, quote):
    before = everything_written()
    desk = sign_in(cast.admin)
    address = f"/admin/quotes/quote/{quote.pk}/"
    assert desk.get("/admin/quotes/quote/").status_code == 200
    shown = desk.get(f"{address}change/")
    assert shown.status_code == 200
    assert b'name="_save"' not in shown.content
    assert desk.post(f"{address}change/", {"subject": "x"}).status_code == 403
    assert desk.get(f"{address}delete/").status_code == 403
    assert desk.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    assert desk.get("/admin/quotes/quote/add/").status_code == 403
    answer = desk.post("/admin/quotes/quote/", {"action": "delete_selected", "_selected_action": [quote.pk]})
    assert answer.status_code in {200, 302, 403}
    assert everything_written() == before


def test_an_administrator_cannot_delete_what_a_quote_rests_on(cast, quote, licenseid):
    before = everything_written()
    desk = sign_in(cast.admin)
    for model, pk in [("customer", cast.customer.pk), ("licenseid", licenseid.pk), ("user", cast.staff.pk)]:
        with zeal.zeal_ignore():  # the one who asks and the one who is to go are both users
            answer = desk.post(f"/admin/licensing/{model}/{pk}/delete/", {"post": "yes"})
        if model == "user":  # who made something is deactivated instead, on their own page
            assert (answer.status_code, answer["Location"]) == (302, f"/admin/licensing/user/{pk}/change/")
        else:
            assert answer.status_code in {200, 403}, model
    assert everything_written() == before
    licenseid.refresh_from_db()
    cast.customer.refresh_from_db()
    cast.staff.refresh_from_db()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_no_view_changes_it(desk, quote, method):
    before = everything_written()
    for address in (f"/quotes/{quote.key}/", f"/quotes/{quote.key}/pdf/", "/quotes/"):
        assert getattr(desk, method)(address).status_code == 405
    assert everything_written() == before


@pytest.mark.both_databases
def test_numbers_are_one_row_per_month(cast):
    QuoteNumber.objects.create(reseller=cast.aoba, month="2701", last=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuoteNumber.objects.create(reseller=cast.aoba, month="2701", last=2)
