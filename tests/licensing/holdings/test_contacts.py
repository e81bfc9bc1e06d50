"""Contacts in lists: the same by e-mail, else by name; blank says nothing; none is removed."""

import json
from typing import Any

import pytest

from licensing.models import Contact, Customer
from tests.cast import Cast

from .lists import as_csv
from .test_importing import _in_english, bring, cast, made_contact, told, undo, write

pytestmark = pytest.mark.both_databases
__all__ = ["_in_english", "cast"]
HEAD = ["会社名", "ご担当者名", "部署", "E-mail", "TEL", "ご担当者の言語", "用途"]
NAME = "株式会社髙﨑製作所"


def said(upload: Any) -> list[tuple[Any, ...]]:
    rows = upload.changes.filter(subject="contact").order_by("pk")
    return [(each.kind, each.customer_name, each.old, each.new) for each in rows]


def in_order(row: tuple[Any, ...]) -> str:
    return json.dumps(row, sort_keys=True)  # PostgreSQL keeps keys in an order of its own


def present() -> list[tuple[str, ...]]:
    rows = Contact.objects.order_by("name", "email").values_list("name", "department", "email", "phone")
    return list(rows)


def test_contacts_are_added_corrected_and_taken_back(cast: Cast) -> None:
    kept = Contact.objects.create(customer=cast.customer, name="山田 太郎", email="yamada@example.jp", for_billing=True)
    named = Contact.objects.create(customer=cast.customer, name="佐藤", department="総務部")
    before = present()
    upload = bring(
        cast,
        as_csv(
            HEAD,
            [NAME, "山田太郎様", "情報部", "Yamada@Example.jp", "312345678", "", ""],
            [NAME, "佐藤", "", "", "", "英語", "請求、技術"],
            [NAME, "西", "営業部", "nishi@example.jp", "", "", "見積"],
            ["緑建設", "東", "", "east@example.jp", "", "", ""],
            ["緑建設", "東", "", "east@example.jp", "", "", ""],
        ),
    )
    purposes = {"for_quotes": False, "for_technical": True, "for_billing": True}
    was = {"for_quotes": True, "for_technical": False, "for_billing": False}
    assert sorted(said(upload), key=in_order) == sorted(
        [
            ("changed", NAME, {"department": "", "phone": ""}, {"department": "情報部", "phone": "0312345678"}),
            ("changed", NAME, {"language": "ja", **was}, {"language": "en", **purposes}),
            ("new", NAME, None, made_contact("西", department="営業部", email="nishi@example.jp")),
            ("new", "緑建設", None, made_contact("東", email="east@example.jp")),
        ],
        key=in_order,
    )
    assert told(upload) == []
    upload = write(cast, upload)
    assert present() == [
        ("佐藤", "総務部", "", ""),
        ("山田 太郎", "情報部", "yamada@example.jp", "0312345678"),
        ("東", "", "east@example.jp", ""),
        ("西", "営業部", "nishi@example.jp", ""),
    ]
    kept.refresh_from_db()
    named.refresh_from_db()
    assert (kept.for_billing, named.language, named.for_technical) == (True, "en", True)
    assert named.history.first().history_user_name == str(cast.manager)
    assert Contact.objects.filter(search_key__contains="nishi@example").count() == 1
    undone = undo(cast, upload)
    assert (undone.undone_at is not None, present()) == (True, before)
    assert Customer.objects.filter(name="緑建設").count() == 0


def test_what_is_used_or_changed_meanwhile_is_told_and_nothing_is_written(cast: Cast) -> None:
    upload = bring(cast, as_csv(HEAD, [NAME, "西", "", "nishi@example.jp", "", "", ""]))
    Contact.objects.create(customer=cast.customer, name="西", email="nishi@example.jp")
    refused = write(cast, upload)
    assert refused.confirm_batch is not None
    assert refused.confirm_batch.message == (
        "Contact 西 is there already. Nothing was written. Have the list checked again."
    )
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["西", "", "nishi@", "", "", ""], "“nishi@” is not an e-mail address."),
        (["西", "", "a@example.jp; b@example.jp", "", "", ""], "There are several addresses."),
        (["西", "", "", "", "仏語", ""], "Write 日本語 (Japanese) or 英語 (English)."),
        (["西", "", "", "", "", "配送"], "Write 見積 (quotes), 技術 (technical questions) or 請求 (billing)"),
        (["", "", "nishi@example.jp", "", "", ""], "A contact needs a name."),
    ],
)
def test_what_is_wrong_is_told_at_its_row(cast: Cast, cells: list[str], reason: str) -> None:
    upload = bring(cast, as_csv(HEAD, [NAME, *cells]))
    ((row, said_why),) = told(upload)
    assert (row, said_why[: len(reason)]) == (2, reason)
    assert said(upload) == []


def test_a_telephone_number_without_a_name_is_told(cast: Cast) -> None:
    upload = bring(cast, as_csv(HEAD, [NAME, "", "", "", "03-0000-0001", "", ""]))
    assert (said(upload), told(upload)) == ([], [(0, "Telephone numbers without the name of a contact are not kept.")])


def test_who_was_removed_stays_so_and_the_person_on_quotes_is_known(cast: Cast) -> None:
    Contact.objects.create(customer=cast.customer, name="北", email="north@example.jp", is_gone=True)
    rows = [[NAME, "北", "", "north@example.jp", "", "", ""]]
    if cast.customer.person:
        rows.append([NAME, cast.customer.person, cast.customer.department, "", "", "", ""])
    upload = bring(cast, as_csv(HEAD, *rows))
    assert (said(upload), upload.changes.count()) == ([], 0)
    assert told(upload) == [
        (2, "北 was removed from the contacts. Bring them back on the customer's page if that is wrong.")
    ]
