"""How people stand on quotes and under letters: entered on their own page, frozen with the quote, signed with."""

import pytest
from django.urls import reverse

from licensing.models import LicenseID, Reseller, User
from quotes.archive.verification import Report, verify_records
from quotes.letters.texts import Filling, fill_letter
from quotes.letters.words import signature_of
from quotes.paper.sheet import lay_out
from tests.cast import make_license_id, sign_in
from tests.making import given_quote
from tests.page import Page
from tests.quotes.conftest import cast, clock
from tests.quotes.paper.reading import join, read_text

__all__ = ["cast", "clock"]

TYPED = {
    "department": "営業部 第一営業課",
    "department_en": "Sales",
    "job_title": "主任",
    "job_title_en": "",
    "direct_phone": "０３－００００－０１１１",
    "printed_email": "ＡＯＫＩ@aoba.example.jp",
    "mail_signature": "青葉見本システム株式会社\r\n営業部 青木\r\nTEL 03-0000-0111",
}
URL = "/accounts/words/"


def test_everybody_says_it_of_themselves(cast):
    desk = sign_in(cast.staff, language="ja")
    others = list(User.objects.exclude(pk=cast.staff.pk).order_by("pk").values())
    assert URL in desk.get("/").text
    assert desk.post(URL, {**TYPED, "name": "別人", "role": "manager"}).status_code == 302
    found = User.objects.get(pk=cast.staff.pk)
    assert (found.department, found.job_title, found.direct_phone, found.printed_email) == (
        "営業部 第一営業課", "主任", "03-0000-0111", "aoki@aoba.example.jp",
    )  # fmt: skip
    assert (found.name, found.role) == (cast.staff.name, cast.staff.role)
    assert list(User.objects.exclude(pk=cast.staff.pk).order_by("pk").values()) == others
    page = Page(desk.get(URL))
    assert page.by_id("id_department")["value"] == "営業部 第一営業課"


def test_what_is_wrong_is_said_at_its_field_and_kept(cast):
    answer = sign_in(cast.staff, language="ja").post(URL, {**TYPED, "printed_email": "nobody", "department": "🍣"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"printed_email", "department"}
    assert answer.context["form"]["job_title"].value() == "主任"
    assert not User.objects.get(pk=cast.staff.pk).department


def test_who_saved_meanwhile_is_not_overwritten(cast):
    desk = sign_in(cast.staff, language="ja")
    seen = desk.get(URL).context["form"].version
    User.objects.filter(pk=cast.staff.pk).update(job_title="課長")
    answer = desk.post(URL, {**TYPED, "_version": seen})
    assert answer.status_code == 422
    assert User.objects.get(pk=cast.staff.pk).job_title == "課長"


@pytest.fixture
def quote(cast):
    User.objects.filter(pk=cast.staff.pk).update(
        department="営業部", job_title="主任", direct_phone="03-0000-0111", printed_email="aoki@aoba.example.jp"
    )
    Reseller.objects.update(
        bank_name="架空銀行", bank_branch="若葉支店", bank_account_number="0012345",
        bank_account_holder="アオバミホンシステム（カ", prints_bank_account=True,
    )  # fmt: skip
    cast.staff.refresh_from_db()
    return given_quote(make_license_id(cast.customer, "LIC-4001", ("SMP-CC", 100)), by=cast.staff)


def test_quotes_show_the_person_and_the_account_and_keep_them(cast, quote):
    issuer = quote.document["issuer"]
    assert [issuer[name] for name in ("department", "job_title", "person_phone", "person_email")] == [
        "営業部", "主任", "03-0000-0111", "aoki@aoba.example.jp",
    ]  # fmt: skip
    assert quote.document["bank"] == {
        "name": "架空銀行", "branch": "若葉支店", "kind": "ordinary", "number": "0012345",
        "holder": "アオバミホンシステム（カ",
    }  # fmt: skip
    sheet = lay_out(quote.document)
    assert [line for line in sheet["issuer"]["lines"] if "担当" in line or "直通" in line] == [
        f"担当 営業部 主任 {cast.staff.name}", "直通 03-0000-0111",
    ]  # fmt: skip
    assert sheet["bank"] == ["お振込先", "架空銀行　若葉支店　普通 0012345　口座名義 アオバミホンシステム（カ"]
    text = join(read_text(bytes(quote.pdf.content)))
    assert join("お振込先 架空銀行 若葉支店 普通 0012345") in text
    User.objects.filter(pk=cast.staff.pk).update(department="別の部署")
    Reseller.objects.update(prints_bank_account=False, bank_name="別の銀行", customers_see_quotes="issued")
    for client, name in ((cast.staff, "quotes:detail"), (cast.contact, "quotes:received-quote")):
        words = Page(sign_in(client, language="ja").get(reverse(name, args=[quote.key]))).root.text()
        assert f"営業部 主任 {cast.staff.name}" in words
        assert "架空銀行 若葉支店 普通 0012345" in words


def test_a_quote_in_english_shows_the_account_in_english_letters_and_keeps_it(cast, quote):
    licenseid = make_license_id(cast.english_customer, "LIC-4002", ("SMP-CC", 100))
    plain = given_quote(licenseid, by=cast.staff)
    assert plain.document["bank"]["name"] == "架空銀行"  # nothing else is known
    Reseller.objects.update(
        bank_name_en="Kaku Bank", bank_branch_en="Wakaba Branch", bank_account_holder_en="AOBA SAMPLE SYSTEM",
        customers_see_quotes="issued",
    )  # fmt: skip
    english = given_quote(LicenseID.objects.get(pk=licenseid.pk), by=cast.staff)
    assert english.document["bank"] == {
        "name": "Kaku Bank", "branch": "Wakaba Branch", "kind": "ordinary", "number": "0012345",
        "holder": "AOBA SAMPLE SYSTEM",
    }  # fmt: skip
    said = "Ordinary account 0012345"
    assert lay_out(english.document)["bank"][0] == "Bank account"
    text = join(read_text(bytes(english.pdf.content)))
    assert join(f"Kaku Bank Wakaba Branch {said} Account holder AOBA SAMPLE SYSTEM") in text
    japanese = given_quote(make_license_id(cast.customer, "LIC-4003", ("SMP-CC", 100)), by=cast.staff)
    assert japanese.document["bank"] == quote.document["bank"]
    Reseller.objects.update(bank_name_en="Other Bank")
    words = Page(sign_in(cast.staff).get(reverse("quotes:detail", args=[english.key]))).root.text()
    assert ("Kaku Bank" in words, "Other Bank" in words) == (True, False)
    assert [*verify_records(report=Report())] == []


def test_letters_end_with_the_own_signature(cast, quote):
    usual = signature_of(cast.staff, "青葉見本システム株式会社", "ja")
    assert usual == f"青葉見本システム株式会社\n{cast.staff.name}"
    filling = Filling("佐伯", with_link=True, with_pdf=False)
    assert fill_letter(quote=quote, sender=cast.staff, filling=filling).body.endswith(f"--\n{usual}\n")
    cast.staff.mail_signature = TYPED["mail_signature"]
    body = fill_letter(quote=quote, sender=cast.staff, filling=filling).body
    assert body.endswith("--\n青葉見本システム株式会社\n営業部 青木\nTEL 03-0000-0111\n")
