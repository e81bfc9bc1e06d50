"""Where a search looks: by license IDs and customers that few have, it finds just what it finds in all rows."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from licensing.models import Contact, Customer, FormerCode, LicenseID
from renewals.desk.filters import Filter
from renewals.desk.queries import ANYWHERE, count_found_stages, count_some_stages, found_rows, near_of
from tests.cast import NOW, TODAY, Cast, make_cast, make_license_id, sign_in
from tests.renewals.desk.test_refresh import refresh_all

pytestmark = pytest.mark.both_databases


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        made = make_cast()
        Contact.objects.create(customer=made.customer, name="佐伯 美和", email="saeki@takasaki.example.jp")
        Contact.objects.create(customer=made.customer, name="退職 者", email="gone@takasaki.example.jp", is_gone=True)
        Customer.objects.create(reseller=made.aoba, name="旧高崎工業", merged_into=made.customer)
        FormerCode.objects.create(product=made.products["SMP-BS"], code="OLD-BS")
        for number in range(4):
            make_license_id(made.customer, f"LIC-10{number}", ("SMP-BS", 10 + number))
        make_license_id(made.english_customer, "LIC-2000", ("SMP-CC", 10))
        make_license_id(made.foreign_customer, "LIC-1003", ("SMP-BS", 10))
        refresh_all()
        yield made


def codes(rows: Any) -> list[str]:
    return sorted(row.code for row in rows)


@pytest.mark.parametrize(
    ("text", "is_near", "count"),
    [
        ("LIC-103", True, 1),
        ("lic10", True, 4),
        ("高﨑", True, 4),
        ("髙崎 LIC-102", True, 1),
        ("佐伯", True, 4),
        ("saeki@takasaki.example.jp", True, 4),
        ("gone@takasaki.example.jp", True, 0),  # nobody's any more
        ("旧高崎工業", True, 4),
        ("nobody", True, 0),
        ("SMP-CC", False, 1),
        ("OLD-BS", False, 4),
        ("SMP-CC LIC-2000", True, 1),
        ("LIC-2000 SMP-BS", True, 0),
        ("", False, 5),
    ],
)
def test_the_same_is_found_as_in_all_rows(cast: Cast, text: str, is_near: bool, count: int) -> None:
    for user in (cast.staff, cast.admin):
        wanted = Filter(due="all", text=text)
        near = near_of(user, wanted)
        assert (near != ANYWHERE) is is_near
        rows = found_rows(user, wanted, on=TODAY)
        assert codes(found_rows(user, wanted, on=TODAY, near=near)) == codes(rows)
        counted = count_found_stages(user, wanted, on=TODAY)
        assert count_some_stages(user, wanted, on=TODAY, near=near) == counted
        assert user != cast.staff or len(codes(rows)) == count


def test_where_many_have_a_word_all_rows_are_looked_at(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr("licensing.queries.search.MOST_FEW", 3)
    wanted = Filter(due="all", text="LIC-10")
    with CaptureQueriesContext(connection) as asked:
        assert near_of(cast.staff, wanted) == ANYWHERE
    assert len(asked) == 1
    assert near_of(cast.staff, Filter(due="all", text="LIC-10 LIC-103")) != ANYWHERE


def test_license_ids_that_hold_nothing_are_found_beside_by_their_code_or_customer(cast: Cast) -> None:
    LicenseID.objects.create(code="EMPTY-1", customer=cast.customer)
    LicenseID.objects.create(code="EMPTY-2", customer=cast.foreign_customer)
    for text in ("EMPTY", "髙﨑", "髙﨑 EMPTY-1"):
        page = sign_in(cast.staff).get("/", {"q": text}).content.decode()
        assert ("EMPTY-1" in page, "EMPTY-2" in page) == (True, False)
    assert "EMPTY-1" not in sign_in(cast.staff).get("/", {"q": "髙﨑 EMPTY-2"}).content.decode()
