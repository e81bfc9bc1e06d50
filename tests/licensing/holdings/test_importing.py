"""Lists of what is held, from the file to the rows: compared, asked about, written as a whole, undone."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.utils import timezone, translation

from foundation.jobs.operations import work_off
from foundation.spreadsheets.datasets import Csv, Xlsx
from licensing.holdings import tasks
from licensing.holdings.operations import (
    CheckList,
    ImportRefused,
    UndoList,
    WriteList,
    answer_questions,
    choose_columns,
    confirm_list,
    held_dataset,
    keep_list,
    look_at_list,
    names_key,
    template_dataset,
    undo_list,
)
from licensing.holdings.reading import EXPORTED, LABELS
from licensing.holdings.reading.columns import find_field
from licensing.models import Contact, Customer, HeldImport, HeldLayout, Holding, LicenseID, Product
from tests.cast import EXPIRY, NOW, Cast, make_cast, make_license_id

from .lists import HEAD, as_csv

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def product_codes() -> list[str]:
    return list(Product.objects.order_by("code").values_list("code", flat=True)[:3])


def bring(cast: Cast, content: bytes, *, is_whole: bool = False, by: Any = None) -> HeldImport:
    """Upload and check a list, with the columns as they are guessed."""
    upload = keep_list(content=content, file_name="一覧.csv", reseller=cast.aoba, by=by or cast.manager, now=NOW)
    look, fields = look_at_list(upload=upload)
    upload = choose_columns(
        upload=upload,
        sheet=look.layout.sheet.position,
        fields=fields,
        names_key=names_key(look.layout),
        is_whole=is_whole,
        task=tasks.check_held_list,
        by=cast.manager,
        now=NOW,
    )
    return work(upload, CheckList())


def work(upload: HeldImport, what: Any) -> HeldImport:
    name = {CheckList: "check_batch", WriteList: "confirm_batch", UndoList: "undo_batch"}[type(what)]
    batch = getattr(upload, name)
    assert batch is not None
    work_off(batch_pk=batch.pk, work=what, clock=timezone.now)
    return HeldImport.objects.select_related("reseller", "check_batch", "confirm_batch", "undo_batch").get(pk=upload.pk)


def write(cast: Cast, upload: HeldImport, *, removes_gone: bool = False, leaves_wrong: bool = False) -> HeldImport:
    upload = confirm_list(
        upload=upload,
        removes_gone=removes_gone,
        leaves_wrong=leaves_wrong,
        task=tasks.write_held_list,
        by=cast.manager,
        now=NOW,
    )
    return work(upload, WriteList())


def undo(cast: Cast, upload: HeldImport) -> HeldImport:
    return work(undo_list(upload=upload, task=tasks.undo_held_list, by=cast.manager, now=NOW), UndoList())


def answer(cast: Cast, upload: HeldImport, **answers: int) -> HeldImport:
    by_text = {question["text"]: question["key"] for question in upload.questions}
    given = {by_text[text]: chosen for text, chosen in answers.items()}
    upload = answer_questions(upload=upload, answers=given, task=tasks.check_held_list, by=cast.manager, now=NOW)
    return work(upload, CheckList())


def changes(upload: HeldImport) -> list[tuple[Any, ...]]:
    rows = upload.changes.order_by("pk")
    return [(each.subject, each.kind, each.customer_name, each.code, each.old, each.new) for each in rows]


def told(upload: HeldImport) -> list[tuple[int, str]]:
    return [(each.row, each.reason) for each in upload.problems.all()]


def made_contact(name: str, **values: Any) -> dict[str, Any]:
    return {
        "name": name, "department": "", "email": "", "phone": "", "language": "ja",
        "for_quotes": True, "for_technical": False, "for_billing": False,
    } | values  # fmt: skip


def held() -> list[tuple[str, str, str, int, str]]:
    rows = Holding.objects.order_by("licenseid__code", "product__code", "support_expires_on")
    return [
        (
            each.licenseid.customer.name,
            each.licenseid.code,
            each.product.code,
            each.quantity,
            f"{each.support_expires_on}",
        )
        for each in rows.select_related("licenseid__customer", "product")
    ]


def test_a_list_makes_customers_license_ids_and_holdings_and_the_same_again_changes_nothing(cast: Cast) -> None:
    first, second, _third = product_codes()
    content = as_csv(
        [*HEAD, "担当者"],
        ["株式会社青空商事", "L-1", first, "10", "2027/3/31", "山田"],
        ["株式会社青空商事", "L-1", second, "20", "2027/3/31", ""],
        ["(株)髙﨑製作所", "L-2", first, "5", "R9.6.30", ""],
    )
    upload = bring(cast, content)
    assert (told(upload), upload.questions) == ([], [])
    assert (
        changes(upload)
        == [
            ("license_id", "new", "株式会社髙﨑製作所", "L-2", None, {"note": ""}),
            ("holding", "new", "株式会社髙﨑製作所", "L-2", None, {"quantity": 5, "expires_on": "2027-06-30"}),
            ("customer", "new", "株式会社青空商事", "", None, {"name": "株式会社青空商事", "person": "山田"}),
            ("contact", "new", "株式会社青空商事", "", None, made_contact("山田")),
            ("license_id", "new", "株式会社青空商事", "L-1", None, {"note": ""}),
            ("holding", "new", "株式会社青空商事", "L-1", None, {"quantity": 10, "expires_on": "2027-03-31"}),
            ("holding", "new", "株式会社青空商事", "L-1", None, {"quantity": 20, "expires_on": "2027-03-31"}),
        ]
        or changes(upload)[0][2] == "株式会社青空商事"
    )
    assert LicenseID.objects.count() == 0  # nothing is written before the confirmation

    upload = write(cast, upload)
    assert upload.written_at == NOW
    assert held() == [
        ("株式会社青空商事", "L-1", first, 10, "2027-03-31"),
        ("株式会社青空商事", "L-1", second, 20, "2027-03-31"),
        ("株式会社髙﨑製作所", "L-2", first, 5, "2027-06-30"),
    ]
    assert Customer.objects.filter(reseller=cast.aoba, search_key__contains="青空").get().person == "山田"
    assert Holding.history.latest("pk").history_user_name == str(cast.manager)

    again = bring(cast, content)
    assert (again.changes.count(), again.counts) == (
        0,
        {"customer same": 2, "contact same": 1, "license_id same": 2, "holding same": 3},
    )
    with pytest.raises(ImportRefused, match=r"^The list changes nothing\.$"):
        write(cast, again)
    with pytest.raises(ImportRefused, match="confirmed already"):
        write(cast, upload)


def test_changed_renewed_and_gone(cast: Cast) -> None:
    first, second, third = product_codes()
    make_license_id(cast.customer, "L-1", (first, 10), (second, 20), (third, 30))
    other = make_license_id(cast.customer, "L-9", (first, 1))
    content = as_csv(
        HEAD,
        ["株式会社髙﨑製作所", "l-1", first, "12", f"{EXPIRY}"],
        ["株式会社髙﨑製作所", "L-1", second, "20", "2028/3/31"],
    )
    partial = bring(cast, content)
    about = ("holding", "changed", "株式会社髙﨑製作所", "L-1")
    old = [{"quantity": quantity, "expires_on": "2027-03-31"} for quantity in (10, 20)]
    new = [{"quantity": 12, "expires_on": "2027-03-31"}, {"quantity": 20, "expires_on": "2028-03-31"}]
    expected = [(*about, old[0], new[0]), (*about, old[1], new[1])]
    assert changes(partial) == expected  # of a partial list nothing is gone
    whole = bring(cast, content, is_whole=True)
    assert [each for each in changes(whole) if each[1] == "gone"] == [
        ("holding", "gone", "株式会社髙﨑製作所", "L-1", {"quantity": 30, "expires_on": "2027-03-31"}, None),
        ("holding", "gone", "株式会社髙﨑製作所", "L-9", {"quantity": 1, "expires_on": "2027-03-31"}, None),
    ]
    write(cast, partial)
    assert Holding.objects.filter(licenseid=other).exists()
    stale = confirm_list(
        upload=whole, removes_gone=True, leaves_wrong=False, task=tasks.write_held_list, by=cast.manager, now=NOW
    )
    stale = work(stale, WriteList())
    assert stale.confirm_batch is not None
    assert (stale.confirm_batch.state, stale.written_at) == ("refused", None)
    assert stale.confirm_batch.message == (
        "A holding of license ID L-1 was changed. Nothing was written. Have the list checked again."
    )
    again = bring(cast, content, is_whole=True)
    again = write(cast, again, removes_gone=True)
    assert [row[1:4] for row in held()] == [("L-1", first, 12), ("L-1", second, 20)]
    again = undo(cast, again)
    assert again.undone_at == NOW
    assert [row[1:4] for row in held()] == [
        ("L-1", first, 12),
        ("L-1", second, 20),
        ("L-1", third, 30),
        ("L-9", first, 1),
    ]


def test_only_own_customers_are_seen_and_of_anothers_license_id_nothing_but_that(cast: Cast) -> None:
    first = product_codes()[0]
    make_license_id(cast.foreign_customer, "M-1", (first, 7))
    before = held()
    upload = bring(
        cast,
        as_csv(
            HEAD,
            ["有限会社波止場商会", "M-1", first, "9", "2027/3/31"],
            ["波止場商会", "M-2", first, "9", "2027/3/31"],
        ),
        is_whole=True,
    )
    assert told(upload) == [(2, "This license ID is registered with somebody else. Ask the portal admin.")]
    assert [each[:4] for each in changes(upload)] == [
        ("customer", "new", "波止場商会", ""),
        ("license_id", "new", "波止場商会", "M-2"),
        ("holding", "new", "波止場商会", "M-2"),
    ]
    assert upload.questions == []  # no word of another reseller's customer
    with pytest.raises(ImportRefused, match="Some rows are wrong"):
        write(cast, upload)
    with pytest.raises(ImportRefused, match="not complete or has wrong rows"):
        write(cast, upload, leaves_wrong=True, removes_gone=True)
    assert held() == before
    write(cast, upload, leaves_wrong=True)
    assert held()[0] == before[0]
    assert Customer.objects.get(name="波止場商会").reseller == cast.aoba


def test_a_license_id_never_goes_to_another_customer_by_a_list(cast: Cast) -> None:
    first = product_codes()[0]
    make_license_id(cast.customer, "L-1", (first, 7))
    upload = bring(cast, as_csv(HEAD, ["緑建設", "L-1", first, "9", "2027/3/31"]))
    assert told(upload) == [
        (2, "In the portal this license ID belongs to 株式会社髙﨑製作所. Correct the list, or move the license ID.")
    ]
    assert changes(upload) == []


def test_likely_doubles_and_near_products_are_asked_and_never_taken(cast: Cast) -> None:
    first = product_codes()[0]
    content = as_csv(
        HEAD,
        ["髙﨑製作所", "L-1", first, "9", "2027/3/31"],
        ["緑建設", "L-2", f"{first}X", "9", "2027/3/31"],
        encoding="utf-8",
    )
    upload = bring(cast, content)
    assert [(each["text"], each["kind"]) for each in upload.questions] == [
        ("髙﨑製作所", "customer"),
        (f"{first}X", "product"),
    ]
    assert upload.questions[0]["choices"] == [
        [cast.customer.pk, "株式会社髙﨑製作所 · 情報システム部 · 見本県高崎町7-8"]
    ]
    with pytest.raises(ImportRefused, match=r"^Answer the questions first\.$"):
        write(cast, upload)
    with pytest.raises(ImportRefused, match="not one of those offered"):
        answer(cast, upload, 髙﨑製作所=cast.foreign_customer.pk)
    product = Product.objects.get(code=first)
    upload = answer(cast, upload, **{"髙﨑製作所": cast.customer.pk, f"{first}X": product.pk})
    assert (upload.open_questions, told(upload)) == (0, [])
    write(cast, upload)
    assert held() == [("株式会社髙﨑製作所", "L-1", first, 9, "2027-03-31"), ("緑建設", "L-2", first, 9, "2027-03-31")]

    as_new = bring(cast, as_csv(HEAD, ["髙﨑製作所", "L-3", first, "9", "2027/3/31"], encoding="utf-8"))
    write(cast, answer(cast, as_new, 髙﨑製作所=0))
    assert LicenseID.objects.get(code="L-3").customer.name == "髙﨑製作所"


def test_undone_as_a_whole_while_nothing_has_touched_it(cast: Cast) -> None:
    first = product_codes()[0]
    upload = write(cast, bring(cast, as_csv(HEAD, ["緑建設", "L-1", first, "9", "2027/3/31"])))
    Holding.objects.update(quantity=10)
    refused = undo(cast, upload)
    assert refused.undo_batch is not None
    assert (refused.undo_batch.state, refused.undo_batch.message, refused.undone_at) == (
        "refused",
        "A holding of license ID L-1 was changed. So this import cannot be undone any more.",
        None,
    )
    assert held() == [("緑建設", "L-1", first, 10, "2027-03-31")]
    Holding.objects.update(quantity=9)
    later = make_license_id(Customer.objects.get(name="緑建設"), "L-2")
    refused = undo(cast, upload)
    assert refused.undo_batch is not None
    assert refused.undo_batch.message.startswith("緑建設 is used by now")
    assert held() != []
    later.delete()
    undo(cast, upload)
    assert (held(), LicenseID.objects.count(), Customer.objects.filter(name="緑建設").count()) == ([], 0, 0)
    with pytest.raises(ImportRefused, match="nothing to undo"):
        undo(cast, upload)
    kinds = list(Holding.history.order_by("history_id").values_list("history_type", "history_user_name"))
    assert kinds == [("+", str(cast.manager)), ("~", ""), ("~", ""), ("-", str(cast.manager))]


@pytest.mark.parametrize("writer", [Xlsx, Csv])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_portals_own_export_comes_back_unchanged(cast: Cast, writer: Any, language: str) -> None:
    first, second, _third = product_codes()
    one = make_license_id(cast.customer, "L-1", (first, 1234), (second, 2), (first, 3, date(2028, 3, 31)))
    LicenseID.objects.filter(pk=one.pk).update(note="=1+1\n二行目")
    make_license_id(cast.english_customer, "0012")
    alone = Customer.objects.create(
        reseller=cast.aoba, name="株式会社髙﨑製作所", department="別の部", person="印刷 一郎"
    )
    Customer.objects.create(
        reseller=cast.aoba, name="旧社名", kana="ア", address="旧住所", language="en", merged_into=cast.customer
    )
    people = (
        (cast.customer, "佐伯 美和", "saeki"),
        (cast.customer, "湯川 葵", "yukawa"),
        (alone, "小泉 紗季", "koizumi"),
    )
    for customer, name, mailbox in people:
        Contact.objects.create(
            customer=customer, name=name, department="購買部", email=f"{mailbox}@example.jp", phone="03-0000-0000",
            language="en", for_quotes=True, for_billing=mailbox != "yukawa",
        )  # fmt: skip
    with translation.override(language):
        content = writer().export_data(held_dataset(reseller=cast.aoba))
        names = {str(LABELS[name]): name for name in EXPORTED}
        template = writer().export_data(template_dataset(on=date(2026, 11, 26)))
    upload = bring(cast, content, is_whole=True)
    assert (changes(upload), upload.questions) == ([], [])
    assert told(upload) == []
    assert {label: found[0] for label in names if (found := find_field(label))} == names
    look, fields = look_at_list(
        upload=keep_list(content=template, file_name="t", reseller=cast.aoba, by=cast.manager, now=NOW)
    )
    assert (sorted(fields.values()), look.layout.missing) == (sorted(EXPORTED), [])


def test_a_corrected_layout_is_remembered_for_the_reseller(cast: Cast) -> None:
    first = product_codes()[0]
    content = as_csv(["A", "B", "C", "D", "E", "F"], ["青空", "L-1", first, "9", "2027/3/31", "2028/3/31"])
    upload = keep_list(content=content, file_name="", reseller=cast.aoba, by=cast.manager, now=NOW)
    look, _fields = look_at_list(upload=upload)
    chosen = {0: "name", 1: "license_id", 2: "product_code", 3: "quantity", 4: "expires_on"}
    choose_columns(
        upload=upload, sheet=0, fields=chosen, names_key=names_key(look.layout), is_whole=False,
        task=tasks.check_held_list, by=cast.manager, now=NOW,
    )  # fmt: skip
    again = keep_list(content=content, file_name="", reseller=cast.aoba, by=cast.manager, now=NOW)
    assert look_at_list(upload=again)[1] == chosen
    elsewhere = keep_list(content=content, file_name="", reseller=cast.minato, by=cast.admin, now=NOW)
    assert look_at_list(upload=elsewhere)[1] != chosen
    assert HeldLayout.objects.count() == 1


def test_rows_that_have_ended_are_not_imported_and_what_the_portal_has_of_them_is_only_proposed_as_gone(
    cast: Cast,
) -> None:
    first, second, third = product_codes()
    make_license_id(cast.customer, "L-1", (first, 10), (second, 20), (third, 30))
    make_license_id(cast.customer, "L-2", (first, 5))
    day = f"{EXPIRY:%Y/%m/%d}"
    name = cast.customer.name
    content = as_csv(
        [*HEAD, "状態"],
        [name, "L-1", first, "10", day, "契約中"],
        [name, "L-1", second, "20", day, "解約済"],
        [name, "L-1", third, "30", "2020/3/31", "解約"],
        [name, "L-2", first, "", "", "終了"],
        [name, "L-3", first, "7", day, "キャンセル"],
        ["新しい会社", "L-4", first, "8", day, "失効"],
        [name, "L-5", first, "9", day, "保留"],
    )
    upload = bring(cast, content)
    expires = EXPIRY.isoformat()
    assert [(question["kind"], question["row"], question["text"]) for question in upload.questions] == [
        ("state", 8, "保留")
    ]
    gone = [
        ("holding", "gone", name, "L-1", {"quantity": 20, "expires_on": expires}, None),
        ("holding", "gone", name, "L-2", {"quantity": 5, "expires_on": expires}, None),
    ]
    assert [each for each in changes(upload) if each[1] == "gone"] == gone
    upload = answer(cast, upload, 保留=2)
    assert (changes(upload), upload.questions, upload.counts["row ended"]) == (gone, [], 6)
    assert [(each.row, each.value) for each in upload.problems.filter(is_ended=True)] == [
        (3, "解約済"), (4, "解約"), (5, "終了"), (6, "キャンセル"), (7, "失効"), (8, "保留"),
    ]  # fmt: skip
    before = held()
    written = write(cast, upload)
    assert (written.written_at is not None, held(), LicenseID.objects.filter(code__in=["L-3", "L-4"]).count()) == (
        True, before, 0,
    )  # fmt: skip
    removed = write(
        cast, bring(cast, content.replace("保留".encode("cp932"), "解約".encode("cp932"))), removes_gone=True
    )
    assert [row[1:4] for row in held()] == [("L-1", first, 10), ("L-1", third, 30)]
    undo(cast, removed)
    assert held() == before
