"""The pages by which lists of what is held come in: who may, what they show, and that nothing typed is lost."""

from collections.abc import Iterator

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from foundation.jobs.models import Batch
from foundation.jobs.operations import work_off
from licensing.holdings.operations import CheckList, UndoList, WriteList
from licensing.models import HeldImport, Holding, Reseller
from tests.cast import NOW, Cast, make_cast, make_license_id, sign_in

from .lists import HEAD, as_csv


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield make_cast()


@pytest.fixture
def desk(cast: Cast) -> Client:
    """The manager's."""
    return sign_in(cast.manager)


def work() -> None:
    for batch in Batch.objects.filter(state="waiting"):
        name = batch.task_path.rpartition(".")[2]
        kind = {"check_held_list": CheckList, "write_held_list": WriteList, "undo_held_list": UndoList}[name]()
        work_off(batch_pk=batch.pk, work=kind, clock=timezone.now)


def pasted(*rows: list[str]) -> str:
    return as_csv(HEAD, *rows, encoding="utf-8", delimiter="\t").decode()


def test_pasted_rows_are_looked_at_checked_confirmed_and_undone(cast: Cast, desk: Client) -> None:
    code = min(cast.products)
    sent = desk.post(
        "/holdings/import/", {"pasted": pasted(["緑建設", "L-1", code, "5", "2027/3/31"], ["", "", "", "合計", ""])}
    )
    upload = HeldImport.objects.get()
    columns = f"/holdings/import/{upload.key}/columns/"
    assert (sent.status_code, sent["Location"], str(upload)) == (302, columns, "Pasted rows")
    page = desk.get(columns)
    assert [select.value() for select in page.context["form"].selects] == [
        "name",
        "license_id",
        "product_code",
        "quantity",
        "expires_on",
    ]
    assert page.context["rows"][0] == (2, ["緑建設", "L-1", code, "5", "2027/3/31"])

    chosen = {
        f"column-{n}": name for n, name in enumerate(("name", "license_id", "product_code", "quantity", "quantity"))
    }
    wrong = desk.post(columns, {**chosen, "sheet": "0"})
    assert wrong.status_code == 422
    assert wrong.context["form"].errors == {"column-4": ["Held quantity is chosen twice: columns D and E."]}
    assert [select.value() for select in wrong.context["form"].selects] == list(chosen.values())
    wrong = desk.post(columns, {**chosen, "column-4": "-", "sheet": "0"})
    assert wrong.context["form"].non_field_errors() == [
        "These columns are missing: Support expiry. Say which columns they are."
    ]
    assert Batch.objects.count() == 0

    own = f"/holdings/import/{upload.key}/"
    assert desk.post(columns, {**chosen, "column-4": "expires_on", "sheet": "0"})["Location"] == own
    assert "It waits for its turn." in desk.get(own).text
    assert desk.get(f"{own}progress/").status_code == 200
    work()
    assert desk.get(f"{own}progress/")["HX-Refresh"] == "true"
    page = desk.get(own)
    ((name, changes),) = page.context["groups"]
    assert (name, [(row.change.kind, row.change.subject) for row in changes]) == (
        "緑建設",
        [("new", "customer"), ("new", "license_id"), ("new", "holding")],
    )
    pairs = (changes[2].quantity, changes[2].expires_on)
    assert [(pair.label, pair.old, pair.new) for pair in pairs] == [
        ("Held quantity", "", "5"),
        ("Support expiry", "", "2027-03-31"),
    ]
    for show, groups, problems in (("new", 1, None), ("gone", 0, None), ("wrong", None, 0), ("x", 1, None)):
        context = desk.get(f"{own}?show={show}&page=7").context
        assert (len(context["groups"]) if "groups" in context else None) == groups
        assert (len(context["problems"]) if "problems" in context else None) == problems
    assert "There is none of this kind." in desk.get(f"{own}?show=gone").text
    assert Holding.objects.count() == 0
    assert desk.post(own)["Location"] == own
    work()
    assert "The list is written." in desk.get(own).text
    assert Holding.objects.get().quantity == 5
    desk.post(f"{own}undo/")
    assert "It waits for its turn." in desk.get(own).text
    work()
    assert "This import is undone" in desk.get(own).text
    assert Holding.objects.count() == 0


def test_what_cannot_be_read_is_told_and_what_was_pasted_stays(cast: Cast, desk: Client) -> None:
    both = {"pasted": "A\tB", "file": SimpleUploadedFile("a.csv", b"x,y")}
    for sent, error in (
        ({}, "Choose a file, or paste rows: one of the two."),
        (both, "Choose a file, or paste rows: one of the two."),
        ({"pasted": "<html><body>"}, "This is a web page or XML, not a spreadsheet. Save the table as XLSX or CSV."),
    ):
        page = desk.post("/holdings/import/", sent)
        assert page.status_code == 422
        assert [str(each) for errors in page.context["form"].errors.values() for each in errors] == [error]
        assert page.context["form"]["pasted"].value() == sent.get("pasted")
    assert HeldImport.objects.count() == 0
    desk.post("/holdings/import/", {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04broken")})
    page = desk.get(f"/holdings/import/{HeldImport.objects.get().key}/columns/")
    assert (page.status_code, page.context["why"][:24]) == (422, "The workbook is damaged ")
    for sheet in ("99", "x", "-1", "1" * 30):
        assert desk.get(f"/holdings/import/{HeldImport.objects.get().key}/columns/?sheet={sheet}").status_code == 422


def test_staff_may_where_their_manager_lets_them_and_portal_admins_for_each_reseller(cast: Cast) -> None:
    staff, stranger = sign_in(cast.staff), sign_in(cast.stranger)
    assert (staff.get("/holdings/import/").status_code, "/holdings/import/" in staff.get("/customers/").text) == (
        403,
        False,
    )
    Reseller.objects.filter(pk=cast.aoba.pk).update(holdings_kept_by="staff")
    assert (staff.get("/holdings/import/").status_code, "/holdings/import/" in staff.get("/customers/").text) == (
        200,
        True,
    )
    assert stranger.get("/holdings/import/").status_code == 403
    admin = sign_in(cast.admin)
    sent = {"pasted": pasted(["緑建設", "L-1", "X", "5", "2027/3/31"])}
    assert list(admin.post("/holdings/import/", sent).context["form"].errors) == ["reseller"]
    admin.post("/holdings/import/", {**sent, "reseller": cast.minato.pk})
    upload = HeldImport.objects.get()
    assert upload.reseller == cast.minato
    Reseller.objects.filter(pk=cast.minato.pk).update(holdings_kept_by="staff")
    for client, status in ((staff, 404), (sign_in(cast.manager), 404), (stranger, 200)):
        assert client.get(f"/holdings/import/{upload.key}/columns/").status_code == status
        assert client.post(f"/holdings/import/{upload.key}/undo/").status_code == (404 if status == 404 else 302)


def test_files_hold_the_own_resellers_holdings_and_no_others(cast: Cast) -> None:
    code = min(cast.products)
    make_license_id(cast.customer, "L-1", (code, 5))
    make_license_id(cast.foreign_customer, "M-1", (code, 7))
    text = sign_in(cast.manager).get(f"/holdings/export.csv?reseller={cast.minato.pk}")
    assert text.status_code == 404
    text = sign_in(cast.manager).get("/holdings/export.csv")
    assert ("L-1" in text.text, "M-1" in text.text, cast.foreign_customer.name in text.text) == (True, False, False)
    text = sign_in(cast.admin).get(f"/holdings/export.csv?reseller={cast.minato.pk}")
    assert ("L-1" in text.text, "M-1" in text.text) == (False, True)
    assert sign_in(cast.manager).get("/holdings/template.xlsx").content[:2] == b"PK"


def test_a_preview_asks_as_many_queries_however_long_it_is(cast: Cast, desk: Client) -> None:
    code = min(cast.products)
    counts = []
    for number in (2, 60):
        rows = [[f"会社{n}", f"L-{n}", code, "5", "2027/3/31"] for n in range(number)]
        desk.post("/holdings/import/", {"pasted": pasted(*rows)})
        upload = HeldImport.objects.latest("pk")
        chosen = dict(
            zip(
                (f"column-{n}" for n in range(5)),
                ("name", "license_id", "product_code", "quantity", "expires_on"),
                strict=True,
            )
        )
        desk.post(f"/holdings/import/{upload.key}/columns/", {**chosen, "sheet": "0"})
        work()
        desk.get(f"/holdings/import/{upload.key}/")
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(f"/holdings/import/{upload.key}/")
        assert len(page.context["page"].object_list) == min(3 * number, 100)
        counts.append(len(queries))
    assert counts[0] == counts[1]
