"""Contacts in the administration: for portal admins, searched as people write, kept with history, never deleted."""

import pytest

from licensing.models import Contact, Customer
from tests.forms import sent_by

URL = "/admin/licensing/contact/"


@pytest.fixture
def customer(reseller):
    return Customer.objects.create(reseller=reseller, name="株式会社髙﨑製作所", kana="タカサキセイサクショ")


def test_one_is_added_found_corrected_and_marked_as_gone(desk, customer):
    typed = {"customer": customer.pk, "name": "相沢 葵", "kana": "アイザワ アオイ", "department": "", "language": "ja",
             "email": "ａ＠example.jp", "phone": "０３-1", "for_quotes": "on"}  # fmt: skip
    answer = desk.post(f"{URL}add/", typed)
    assert answer.status_code == 302, answer.context["errors"]
    contact = Contact.objects.get()
    assert (contact.email, contact.phone, contact.for_billing) == ("a@example.jp", "03-1", False)
    for text in ("高崎", "あいざわ", "A@EXAMPLE"):
        assert "相沢 葵" in desk.get(URL, {"q": text}).content.decode(), text
    assert "相沢 葵" not in desk.get(URL, {"q": "別人"}).content.decode()
    merged = Customer.objects.create(reseller=customer.reseller, name="旧社", merged_into=customer)
    refused = desk.post(f"{URL}add/", {**typed, "customer": merged.pk})
    assert refused.status_code == 200
    assert Contact.objects.count() == 1
    twice = desk.post(f"{URL}add/", typed)
    assert "This customer has a contact of this name, department and e-mail address already." in twice.content.decode()
    sent = {**sent_by(desk.get(f"{URL}{contact.pk}/change/"), "kana"), "is_gone": "on"}
    assert desk.post(f"{URL}{contact.pk}/change/", sent).status_code == 302
    contact.refresh_from_db()
    assert contact.is_gone
    assert desk.get(f"{URL}{contact.pk}/delete/").status_code == 403
    assert "相沢 葵" in desk.get(f"{URL}{contact.pk}/history/").content.decode()
