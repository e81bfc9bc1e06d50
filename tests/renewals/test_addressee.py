"""To whom a quote is addressed: a contact, chosen for each quote, kept with draft and revision, copied at issue."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from licensing.contacts.operations import mark_contact
from licensing.models import Contact, LicenseID
from quotes.letters.queries import known_recipients
from quotes.models import Quote
from renewals.asked import from_json, to_json
from renewals.models import QuoteDraft
from tests.cast import NOW, Cast, make_cast, make_license_id, sign_in
from tests.forms import sent_by
from tests.making import NOTHING, count_rows, issue_quote
from tests.page import Page, open_form, send

NEW = reverse("renewals:new", args=["LIC-1001"])


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield make_cast()


@pytest.fixture
def licenseid(cast: Cast) -> LicenseID:
    return make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))


def contact(cast: Cast, name: str = "堀 桜", department: str = "購買部", **more: object) -> Contact:
    return Contact.objects.create(customer=cast.customer, name=name, department=department, **more)


def test_the_chosen_contact_is_copied_and_stays_in_a_revision(cast: Cast, licenseid: LicenseID) -> None:
    hori = contact(cast)
    desk = sign_in(cast.staff)
    page = open_form(desk, NEW)
    assert page.fields["contact"] == [""]
    page = Page(send(desk, NEW, page.fields | {"contact": str(hori.pk)}, "calculate"))
    answer = send(desk, NEW, page.fields, "issue")
    assert answer.status_code == 302
    quote = Quote.objects.get()
    assert quote.asked["contact"] == hori.pk
    addressee = {name: quote.document["addressee"][name] for name in ("name", "department", "person", "address")}
    assert addressee == {
        "name": "株式会社髙﨑製作所", "department": "購買部", "person": "堀 桜", "address": "見本県高崎町7-8",
    }  # fmt: skip
    hori.department = "総務部"
    hori.save()
    desk.post(reverse("renewals:revise", args=[quote.key]))
    draft = QuoteDraft.objects.get()
    assert from_json(draft.asked).contact == hori.pk
    address = reverse("renewals:draft", args=[draft.key])
    assert open_form(desk, address).fields["contact"] == [str(hori.pk)]
    assert Quote.objects.get().document["addressee"]["department"] == "購買部"

    mark_contact(contact=hori, is_gone=True)
    page = Page(desk.get(address))
    assert page.errors_of("contact") == [
        "This contact was removed, or is none of this customer’s. Choose the addressee again."
    ]
    assert page.fields["contact"] == [""]
    send(desk, address, page.fields, "save")
    assert from_json(QuoteDraft.objects.get().asked).contact is None


def test_a_contact_that_is_gone_or_anothers_is_told_and_nothing_written(cast: Cast, licenseid: LicenseID) -> None:
    theirs = Contact.objects.create(customer=cast.foreign_customer, name="並木 渉")
    desk = sign_in(cast.staff)
    page = open_form(desk, NEW)
    gone = contact(cast)
    mark_contact(contact=gone, is_gone=True)
    for wrong in (str(theirs.pk), str(gone.pk), "999999", "9" * 40, "x", "１", "-1"):
        answer = send(desk, NEW, page.fields | {"contact": wrong, "note": "備考"}, "issue")
        assert answer.status_code == 422
        shown = Page(answer)
        assert shown.errors_of("contact") == [
            "This contact was removed, or is none of this customer’s. Choose the addressee again."
        ]
        assert (shown.fields["contact"], shown.fields["note"]) == ([""], ["備考"])
        assert "並木" not in shown.text
    assert count_rows() == NOTHING


def test_a_preview_asks_for_contacts_only_where_one_is_chosen(cast: Cast, licenseid: LicenseID) -> None:
    hori = contact(cast)
    desk = sign_in(cast.staff)
    preview, fields = reverse("renewals:preview", args=["LIC-1001"]), open_form(desk, NEW).fields
    asked = []
    for chosen in ("", str(hori.pk)):
        with CaptureQueriesContext(connection) as queries:
            assert desk.post(preview, fields | {"contact": chosen}).status_code == 200
        asked.append(sum("licensing_contact" in query["sql"] for query in queries))
    assert asked == [0, 1]


def test_none_chosen_is_addressed_as_the_customers_data_says(cast: Cast, licenseid: LicenseID) -> None:
    contact(cast)
    quote = issue_quote(licenseid, by=cast.staff)
    addressee = quote.document["addressee"]
    assert (addressee["department"], addressee["person"]) == ("情報システム部", "佐伯 美和")
    old = {name: value for name, value in quote.asked.items() if name != "contact"}
    assert from_json(old) == from_json(quote.asked)
    assert to_json(replace(from_json(old), contact=7))["contact"] == 7


def test_one_is_added_on_the_way_without_losing_what_was_typed(cast: Cast, licenseid: LicenseID) -> None:
    desk = sign_in(cast.staff)
    page = open_form(desk, NEW)
    typed = page.fields | {"subject": "春の更新", "note": "備考", "addition-0-quantity": "abc"}
    away = send(desk, NEW, typed, "add-contact").headers["Location"]
    draft = QuoteDraft.objects.get()
    back = reverse("renewals:draft", args=[draft.key])
    assert away.startswith(reverse("contact_new", args=[cast.customer.pk]))
    shown = desk.get(away)
    assert f'href="{back}"' in shown.text
    new = {"name": "堀 桜", "department": "購買部", "language": "ja", "for_quotes": "on", "next": back}
    wrong = desk.post(away, new | {"name": ""})
    assert (wrong.status_code, wrong.context["back"]) == (422, back)
    led = desk.post(away, new).headers["Location"]
    assert led == f"{back}?contact={Contact.objects.get().pk}"
    form = open_form(desk, led)
    kept = ("subject", "note", "addition-0-quantity", "contact")
    assert [form.fields[name] for name in kept] == [["春の更新"], ["備考"], ["abc"], [str(Contact.objects.get().pk)]]
    send(desk, back, form.fields, "save")
    assert from_json(QuoteDraft.objects.get().asked).contact == Contact.objects.get().pk


def test_letters_and_links_offer_contacts_those_for_quotes_first(cast: Cast, licenseid: LicenseID) -> None:
    contact(cast, "岩永 技", email="gi@takasaki.example.jp", for_quotes=False, for_technical=True)
    contact(cast, "堀 桜", email="hori@takasaki.example.jp", kana="ホリ")
    addressee = contact(cast, "和田 見", email="wada@takasaki.example.jp", kana="ワダ")
    mark_contact(contact=contact(cast, "旧 担当", email="old@takasaki.example.jp"), is_gone=True)
    quote = issue_quote(licenseid, by=cast.staff, changes={"contact": str(addressee.pk)})
    assert [name for _address, name in known_recipients(cast.staff, quote)] == [
        "和田 見", "堀 桜", "佐伯 美和", "岩永 技",
    ]  # fmt: skip
    desk = sign_in(cast.staff)
    assert (
        desk.get(reverse("quotes:send", args=[quote.key])).context["form"].initial["recipient"]
        == "wada@takasaki.example.jp"
    )
    links = desk.get(reverse("quotes:links", args=[quote.key]))
    assert links.context["known"] == ["購買部 堀 桜", "購買部 和田 見", "購買部 岩永 技"]
    assert links.context["form"].initial["recipient"] == "購買部 和田 見"
    assert mail.outbox == []


def test_what_is_held_is_corrected_on_the_way_without_losing_what_was_typed(cast: Cast, licenseid: LicenseID) -> None:
    assert "holdings LIC-1001" not in sign_in(cast.staff).get(NEW).text
    desk = sign_in(cast.manager)
    page = open_form(desk, NEW)
    holding = licenseid.holdings.get()
    typed = page.fields | {"note": "備考", "years": "3", "addition-0-quantity": "abc"}
    away = send(desk, NEW, typed, "holdings LIC-1001").headers["Location"]
    back = reverse("renewals:draft", args=[QuoteDraft.objects.get().key])
    assert away.startswith(reverse("holdings", args=["LIC-1001"]))
    entry = sent_by(desk.get(away), f"held-{holding.pk}-quantity") | {f"held-{holding.pk}-quantity": "50"}
    assert desk.post(away, entry).headers["Location"] == back
    form = open_form(desk, back)
    kept = ("note", "years", "addition-0-quantity", f"quantity-{holding.pk}")
    assert [form.fields[name] for name in kept] == [["備考"], ["3"], ["abc"], ["50"]]
    assert form.notices == [
        "The holdings of this license ID have changed since the draft was saved. Check the quantities.",
    ]
