"""Contacts of a customer: added, corrected, marked as gone, by the reseller's people, also by two at once."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from licensing.contacts.operations import ContactGone, add_contact, change_contact, mark_contact
from licensing.models import Contact, Customer
from licensing.queries import contact_rows, customers_by_name
from tests.at_once import at_once
from tests.cast import NOW, TODAY, Cast, make_cast, sign_in
from tests.forms import sent_by

pytestmark = pytest.mark.both_databases

HORI = {
    "name": "堀 桜",
    "kana": "ホリ サクラ",
    "department": "購買部",
    "email": "ｈｏｒｉ＠takasaki.example.jp",
    "phone": "０３－１２３４－５６７８",
    "language": "en",
    "for_quotes": "on",
    "for_billing": "on",
}
VALUES: dict[str, Any] = {
    "name": "堀 桜",
    "kana": "",
    "department": "購買部",
    "email": "",
    "phone": "",
    "language": "ja",
    "for_quotes": True,
    "for_technical": False,
    "for_billing": False,
}


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield make_cast()


def test_staff_add_and_correct_one_on_the_customers_page(cast: Cast) -> None:
    desk = sign_in(cast.staff)
    customer = reverse("customer", args=[cast.customer.pk])
    new = reverse("contact_new", args=[cast.customer.pk])
    assert f'href="{new}"' in desk.get(customer).text
    refused = desk.post(new, HORI | {"name": " ", "email": "hori"})
    assert refused.status_code == 422
    assert {name: len(errors) for name, errors in refused.context["form"].errors.items()} == {"name": 1, "email": 1}
    assert refused.context["form"]["kana"].value() == "ホリ サクラ"
    assert not Contact.objects.exists()

    assert desk.post(new, HORI).headers["Location"] == f"{customer}#contacts"
    made = Contact.objects.get()
    stored = (
        made.customer,
        made.email,
        made.phone,
        made.language,
        made.for_quotes,
        made.for_technical,
        made.for_billing,
    )
    assert stored == (cast.customer, "hori@takasaki.example.jp", "03-1234-5678", "en", True, False, True)
    shown = desk.get(customer)
    assert [(row.contact.name, row.log_in, row.purposes) for row in shown.context["contacts"]] == [
        ("堀 桜", None, ["quotes", "billing"])
    ]
    again = desk.post(new, HORI)
    assert again.context["form"].non_field_errors() == [
        "This customer has a contact of this name, department and e-mail address already."
    ]
    assert Contact.objects.count() == 1

    page = desk.get(reverse("contact", args=[made.pk]))
    assert (
        desk.post(reverse("contact", args=[made.pk]), sent_by(page, "kana") | {"department": "総務部"}).status_code
        == 302
    )
    made.refresh_from_db()
    assert (made.department, made.for_billing) == ("総務部", True)
    changes = [change for change in desk.get(customer).context["changes"] if change.model == "contact"]
    assert [(change.kind, change.name, change.by) for change in changes] == [
        ("changed", "堀 桜", "青木 陽子"),
        ("added", "堀 桜", "青木 陽子"),
    ]
    assert [(one.label, one.old, one.new) for one in changes[0].values] == [("department", "購買部", "総務部")]


def test_two_corrections_of_one_meet(cast: Cast) -> None:
    made = Contact.objects.create(customer=cast.customer, **VALUES)
    address = reverse("contact", args=[made.pk])
    mine, theirs = sign_in(cast.staff), sign_in(cast.manager)
    seen = sent_by(mine.get(address), "kana")
    theirs.post(address, sent_by(theirs.get(address), "kana") | {"phone": "03-0000-0001"})
    met = mine.post(address, seen | {"phone": "03-0000-0002", "kana": "ホリ"})
    assert met.status_code == 422
    assert [(one.label, one.theirs, one.yours) for one in met.context["form"].conflict.differences] == [
        ("Telephone", "03-0000-0001", "03-0000-0002")
    ]
    assert Contact.objects.get().phone == "03-0000-0001"
    mine.post(address, sent_by(met, "kana"))
    assert (Contact.objects.get().phone, Contact.objects.get().kana) == ("03-0000-0002", "ホリ")


def test_one_that_is_removed_stays_and_comes_back(cast: Cast) -> None:
    made = Contact.objects.create(customer=cast.customer, **VALUES)
    desk = sign_in(cast.staff)
    address = reverse("contact", args=[made.pk])
    entry = sent_by(desk.get(address), "kana")
    assert desk.post(reverse("contact_remove", args=[made.pk])).status_code == 302
    made.refresh_from_db()
    assert made.is_gone
    assert contact_rows(cast.customer) == []
    refused = desk.post(address, entry | {"kana": "ホリ"})
    assert refused.status_code == 422
    assert refused.context["form"].non_field_errors() == [
        "This contact was removed, so nothing is saved. Bring the contact back first, then save again."
    ]
    assert refused.context["form"]["kana"].value() == "ホリ"
    with pytest.raises(ContactGone):
        change_contact(contact=made, values=VALUES)
    twin = add_contact(customer=cast.customer, values=VALUES)
    assert (
        desk.post(reverse("contact_restore", args=[made.pk])).headers["Location"] == f"/customers/{cast.customer.pk}/"
    )
    assert Contact.objects.get(pk=made.pk).is_gone
    mark_contact(contact=twin, is_gone=True)
    assert desk.post(reverse("contact_restore", args=[made.pk])).headers["Location"] == address
    assert [row.contact for row in contact_rows(cast.customer)] == [made]
    assert not mark_contact(contact=made, is_gone=False)


def test_who_logs_in_is_known_by_the_e_mail_address(cast: Cast) -> None:
    for email in ("Saeki@takasaki.example.jp", "namiki@hatoba.example.jp", ""):
        Contact.objects.create(customer=cast.customer, **VALUES | {"email": email, "kana": email})
    by_address = {row.contact.email: row.log_in for row in contact_rows(cast.customer)}
    assert by_address == {"": None, "namiki@hatoba.example.jp": None, "Saeki@takasaki.example.jp": cast.contact}


def test_a_manager_invites_one_with_what_is_known(cast: Cast) -> None:
    made = Contact.objects.create(customer=cast.customer, **VALUES | {"email": "hori@takasaki.example.jp"})
    theirs = Contact.objects.create(customer=cast.foreign_customer, **VALUES | {"name": "並木 渉"})
    desk = sign_in(cast.manager)
    way = f"{reverse('manage_invite_contact', args=[cast.customer.pk])}?contact="
    assert f'href="{way}{made.pk}"' in desk.get(reverse("customer", args=[cast.customer.pk])).text
    form = desk.get(f"{way}{made.pk}").context["form"]
    assert (form["email"].value(), form["name"].value()) == ("hori@takasaki.example.jp", "堀 桜")
    for wrong in (theirs.pk, "x", "９", "9" * 30, ""):
        assert desk.get(f"{way}{wrong}").context["form"]["name"].value() == ""


def test_the_search_finds_a_customer_by_a_contact(cast: Cast) -> None:
    made = Contact.objects.create(customer=cast.customer, **VALUES)
    assert list(customers_by_name(cast.staff, on=TODAY, text="堀桜")) == [cast.customer]
    shown = sign_in(cast.staff).get("/customers/?q=堀").context["rows"]
    assert [(row.pk, [(why.kind, why.text) for why in reasons]) for row, reasons in shown] == [
        (cast.customer.pk, [("contact", "堀 桜")])
    ]
    mark_contact(contact=made, is_gone=True)
    assert not customers_by_name(cast.staff, on=TODAY, text="堀桜").exists()


def test_only_the_portals_own_pages_are_gone_back_to(cast: Cast) -> None:
    desk = sign_in(cast.staff)
    for number, way in enumerate(
        ("//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)")
    ):
        answer = desk.post(
            reverse("contact_new", args=[cast.customer.pk]), HORI | {"kana": "", "name": f"N{number}", "next": way}
        )
        assert answer.headers["Location"] == f"/customers/{cast.customer.pk}/#contacts"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_the_same_one_is_told() -> None:
    customer = Customer.objects.get(pk=make_cast().customer.pk)
    done = at_once(*[lambda: add_contact(customer=customer, values=VALUES)] * 2)
    assert sorted(type(one).__name__ for one in done) == ["Contact", "ValidationError"]
    [error] = [one for one in done if isinstance(one, ValidationError)]
    assert error.messages == ["同じ氏名・部署・メールアドレスの担当者がすでに登録されています。"]
    assert Contact.objects.count() == 1
