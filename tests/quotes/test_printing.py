"""What cannot be printed of what is stored is told at the form, by code point, with the place to change it."""

from collections.abc import Iterator

import pytest
import time_machine

from licensing.models import Product
from quotes.forms.printing import find_unprintable
from tests.cast import NOW, Cast, make_cast, make_license_id, sign_in


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield make_cast()


def test_everything_that_is_stored_and_printed_is_looked_at(cast: Cast) -> None:
    cast.customer.department, cast.customer.person = "総務部\ue123", "山田 🍣"
    cast.aoba.payment_terms = "前払い\u0378"
    cast.customer.reseller = cast.aoba
    licenseid = make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))
    licenseid.customer = cast.customer
    Product.objects.filter(code="SMP-BS").update(unit="本\ue000")
    holdings = list(licenseid.holdings.select_related("product__programme"))
    assert [(one.characters, bool(one.url)) for one in find_unprintable(licenseid, holdings)] == [
        ("\ue123 U+E123", True), ("🍣 U+1F363", True), ("\u0378 U+0378", False), ("\ue000 U+E000", False),
    ]  # fmt: skip


def test_what_the_fonts_have_is_not_told(cast: Cast) -> None:
    licenseid = make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))
    cast.customer.name = "株式会社𠮷野髙﨑㈱ヶ"
    licenseid.customer = cast.customer
    assert find_unprintable(licenseid, licenseid.holdings.select_related("product__programme")) == []


def test_the_form_says_so(cast: Cast) -> None:
    cast.customer.name = "株式会社\ue123"
    cast.customer.save()
    make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))
    page = sign_in(cast.staff).get("/license-ids/LIC-1001/quote/").text
    assert "These characters cannot be printed and will appear as 〓. Have them changed before you issue:" in page
    assert f'<a href="/customers/{cast.customer.pk}/">' in page
    assert "U+E123" in page
