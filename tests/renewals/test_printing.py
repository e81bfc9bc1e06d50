"""What cannot be printed is told at the form and refused at issue, by code point, with the place to change it."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from licensing.models import Customer, LicenseID, Product, Programme, Reseller, User
from renewals.issue.printing import refuse_unprintable
from renewals.refusals import CannotBePrinted, Unprintable
from tests.cast import NOW, Cast, make_cast, make_license_id, sign_in
from tests.html import tight
from tests.making import NOTHING, count_rows, fill, issue_quote


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield make_cast()


@pytest.fixture
def licenseid(cast: Cast) -> LicenseID:
    return make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))


def places(licenseid: LicenseID, by: User, **changes: Any) -> list[tuple[str, str, str]]:
    """Where the issue is refused: model, column, characters. Nothing is written."""
    with pytest.raises(CannotBePrinted) as refused:
        issue_quote(licenseid, by=by, changes=changes)
    assert count_rows() == NOTHING
    return [
        (one.row._meta.model_name or "" if one.row else "", one.field, "".join(one.characters))
        for one in refused.value.places
    ]


def test_all_that_is_stored_and_printed_is_looked_at(cast: Cast, licenseid: LicenseID) -> None:
    Customer.objects.update(department="総務部\ue123", person="山田 🍣", kana="\ue999", address="東京都\x07")
    Reseller.objects.update(payment_terms="前払い\u0378", phone="03\ue001", payment_terms_en="\ue998")
    User.objects.filter(pk=cast.staff.pk).update(name="青木\ue002", name_en="\ue997")
    Product.objects.filter(code="SMP-BS").update(unit="本\ue000", name_en="\ue996")
    Product.objects.filter(code="SMP-AO").update(name="追加\ue003")
    by = User.objects.get(pk=cast.staff.pk)
    added = {"addition-0-product": "SMP-AO", "addition-0-quantity": "10"}
    assert places(licenseid, by, **added) == [
        ("customer", "department", "\ue123"),
        ("customer", "person", "🍣"),
        ("customer", "address", "\x07"),
        ("reseller", "phone", "\ue001"),
        ("reseller", "payment_terms", "\u0378"),
        ("user", "name", "\ue002"),
        ("product", "name", "\ue003"),
        ("product", "unit", "\ue000"),
    ]


def test_an_english_quote_prints_english_columns(cast: Cast) -> None:
    licenseid = make_license_id(cast.english_customer, "LIC-1001", ("SMP-BS", 45))
    Reseller.objects.update(
        payment_terms="前払い\ue999", payment_terms_en="Prepaid 🍣", delivery_en="", delivery="\ue123"
    )
    User.objects.filter(pk=cast.staff.pk).update(name_en="Yoko\ue002")
    assert places(licenseid, User.objects.get(pk=cast.staff.pk)) == [
        ("reseller", "delivery", "\ue123"),
        ("reseller", "payment_terms_en", "🍣"),
        ("user", "name_en", "\ue002"),
    ]


def test_what_is_typed_is_looked_at(cast: Cast, licenseid: LicenseID) -> None:
    assert places(licenseid, cast.staff, subject="更新🎉", note="😀です\n二行目") == [
        ("", "subject", "🎉"), ("", "note", "😀"),
    ]  # fmt: skip


def test_what_no_place_is_known_of_is_refused_too() -> None:
    document: Any = {"seal": {"base64": "\ue009"}, "lines": [{"rank": "A\ue005", "unit": "本🍣"}], "total": 1}
    unit = Unprintable(("🍣",), Product(), "unit")
    other = Unprintable(("\ue006",), Product(), "name")  # not on this quote
    with pytest.raises(CannotBePrinted) as refused:
        refuse_unprintable(document, [unit, other])
    assert refused.value.places == [unit, Unprintable(("\ue005",), None, "")]


def test_what_the_fonts_have_is_issued(cast: Cast, licenseid: LicenseID) -> None:
    Customer.objects.update(name="株式会社𠮷野髙﨑㈱ヶ葛\U000e0100")
    Programme.objects.update(name_en="\ue123")  # not on a quote in Japanese
    assert issue_quote(licenseid, by=cast.staff).customer_name == "株式会社𠮷野髙﨑㈱ヶ葛\U000e0100"


def test_the_form_says_so_and_where_it_is_changed(cast: Cast, licenseid: LicenseID) -> None:
    Customer.objects.filter(pk=cast.customer.pk).update(name="株式会社\ue123")
    Product.objects.filter(code="SMP-BS").update(unit="本\ue000")
    url, customer = "/license-ids/LIC-1001/quote/", cast.customer.pk
    page = tight(sign_in(cast.staff).get(url).text)
    assert "These characters cannot be printed, so the quote is not issued with them. Have them changed:" in page
    assert f'<a href="/customers/{customer}/">Customer: Company name</a>: \ue123 U+E123' in page
    assert "Your managers change this." in page
    assert 'SMP-BS: Unit: \ue000 U+E000<br><span class="small">Portal admins change this.</span>' in page
    page = tight(sign_in(cast.manager).get(url).text)
    assert f'<a href="/manage/customers/{customer}/">Customer: Company name</a>: \ue123 U+E123</li>' in page


def test_issuing_is_refused_in_words_and_nothing_is_written(cast: Cast, licenseid: LicenseID) -> None:
    Customer.objects.filter(pk=cast.customer.pk).update(name="株式会社\ue123")
    entry = fill(licenseid, {"note": "寿司🍣"}).data.dict() | {"action": "issue", "seen_total": "222750"}
    for language, words in {
        "en": "Characters that cannot be printed: Note to the customer 🍣 U+1F363; "
        "Customer: Company name \ue123 U+E123. Have them changed, then issue the quote.",
        "ja": "印刷できない文字があります：お客様への備考 🍣 U+1F363; "
        "お客様: 会社名 \ue123 U+E123。修正してから発行してください。",
    }.items():
        answer = sign_in(cast.staff, language=language).post("/license-ids/LIC-1001/quote/", entry)
        assert answer.status_code == 422
        assert words in answer.text
        assert 'href="#unprintable"' in answer.text
        assert "寿司🍣</textarea>" in answer.text
    assert count_rows() == NOTHING
