"""A list whose customers or license IDs have come to somebody else since it was compared, or written."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from licensing.holdings.operations.changes import Change
from licensing.holdings.operations.comparing import Comparison
from licensing.holdings.operations.locked import NotAsItWas
from licensing.holdings.operations.undoing import take_back
from licensing.holdings.operations.works import load_catalogue
from licensing.holdings.operations.writing import write_changes
from licensing.holdings.reading import read_held
from licensing.models import Contact, Customer, HeldImport, Holding, LicenseID
from tests.cast import NOW, Cast, make_cast, make_license_id
from tests.renewals.transferring import merge, move

from .lists import HEAD, as_csv

ROW = ("SMP-AO", "40", "2027/9/30", "山田")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def compare(cast: Cast, *names_and_codes: tuple[str, str]) -> list[Change]:
    rows = [[*each, *ROW] for each in names_and_codes]
    read = read_held(as_csv([*HEAD, "担当者"], *rows, encoding="utf-8"), catalogue=load_catalogue())
    plan = Comparison(reseller=cast.aoba, rows=read.rows, answers={}).run()
    assert (plan.problems, plan.questions) == ([], [])
    return plan.changes


def everything() -> list[object]:
    models = (Customer, Contact, LicenseID, Holding)
    return [list(model._base_manager.order_by("pk").values()) for model in models]


def test_nothing_is_written_into_a_license_id_that_was_moved_meanwhile(cast: Cast) -> None:
    one = make_license_id(cast.customer, "L-1", ("SMP-AO", 10))
    upload = HeldImport(reseller=cast.aoba)
    changes = compare(cast, (cast.customer.name, "L-1"))
    move(cast, one, cast.english_customer)
    before = everything()
    with pytest.raises(NotAsItWas, match="License ID L-1 belongs to another customer by now"):
        write_changes(upload=upload, changes=changes, removes_gone=False, by=cast.manager, at=NOW)
    assert everything() == before


@pytest.mark.parametrize("what", ["license ID", "contact"])
def test_what_has_come_to_another_customer_is_not_taken_back(cast: Cast, what: str) -> None:
    name = cast.customer.name if what == "contact" else "緑建設"
    upload, changes = HeldImport(reseller=cast.aoba), compare(cast, (name, "L-1"))
    write_changes(upload=upload, changes=changes, removes_gone=False, by=cast.manager, at=NOW)
    one = LicenseID.objects.get(code="L-1")
    if what == "contact":
        merge(cast, cast.customer, cast.english_customer)
        changes = [change for change in changes if change.subject == "contact"]
    else:
        move(cast, one, cast.english_customer)
    before = everything()
    with pytest.raises(NotAsItWas, match=r"belongs to another customer|not there any more"):
        take_back(upload=upload, changes=changes, by=cast.manager, at=NOW)
    assert everything() == before


def test_an_answer_that_names_a_customer_merged_meanwhile_is_asked_anew(cast: Cast) -> None:
    chosen = Customer.objects.create(reseller=cast.aoba, name="㈱緑建設工業", address="見本県緑町1-2")
    stays = Customer.objects.create(reseller=cast.aoba, name="緑の会社")
    rows = read_held(as_csv(HEAD, ["緑建設工業", "L-1", *ROW[:3]], encoding="utf-8"), catalogue=load_catalogue()).rows
    [question] = Comparison(reseller=cast.aoba, rows=rows, answers={}).run().questions
    answers = {question["key"]: chosen.pk}
    assert Comparison(reseller=cast.aoba, rows=rows, answers=answers).run().questions == []
    merge(cast, chosen, stays)
    plan = Comparison(reseller=cast.aoba, rows=rows, answers=answers).run()
    assert ([choice[0] for choice in plan.questions[0]["choices"]], plan.changes) == ([stays.pk], [])
