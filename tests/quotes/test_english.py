"""Quotes in English: the sender in Latin letters where they are known, else as in Japanese."""

import pytest

from licensing.admin.people import UserAdmin
from tests.cast import make_license_id, sign_in
from tests.making import issue_quote
from tests.quotes.paper.reading import read_text

ENGLISH = {"name_en": "Aoba Mihon Systems K.K.", "address_en": "1-2-3 Wakabadai, Aoba, Japan"}
pytestmark = pytest.mark.django_db


def enter_english(cast):
    for field, text in ENGLISH.items():
        setattr(cast.aoba, field, text)
    cast.aoba.save()
    cast.staff.name_en = "Yoko Aoki"
    cast.staff.save()


def sender(quote):
    return [quote.document["issuer"][part] for part in ("name", "address", "person")]


def test_the_sender_of_a_quote_in_english(cast):
    enter_english(cast)
    cast.english_customer.refresh_from_db()
    quote = issue_quote(make_license_id(cast.english_customer, "LIC-1004", ("SMP-BS", 45)), by=cast.staff)
    assert sender(quote) == [*ENGLISH.values(), "Yoko Aoki"]
    text = read_text(bytes(quote.pdf.content))
    for said in (*ENGLISH.values(), "Contact: Yoko Aoki"):
        assert said in text
    assert cast.aoba.name not in text


def test_the_sender_of_a_quote_in_japanese_stays_japanese(cast):
    enter_english(cast)
    cast.customer.refresh_from_db()
    quote = issue_quote(make_license_id(cast.customer, "LIC-1005", ("SMP-BS", 45)), by=cast.staff)
    assert sender(quote) == [cast.aoba.name, cast.aoba.address, cast.staff.name]


def test_without_latin_letters_the_japanese_is_shown(cast):
    quote = issue_quote(make_license_id(cast.english_customer, "LIC-1006", ("SMP-BS", 45)), by=cast.staff)
    assert sender(quote) == [cast.aoba.name, cast.aoba.address, cast.staff.name]


def test_the_administration_asks_for_them(cast):
    page = sign_in(cast.admin).get(f"/admin/licensing/reseller/{cast.aoba.pk}/change/").content.decode()
    assert 'name="name_en"' in page
    assert 'name="address_en"' in page


def test_the_administration_asks_for_a_persons_name(cast):
    page = sign_in(cast.admin).get(f"/admin/licensing/user/{cast.staff.pk}/change/").content.decode()
    assert 'name="name_en"' in page
    assert any("name_en" in part["fields"] for _title, part in UserAdmin.fieldsets)
