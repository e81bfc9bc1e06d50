"""License IDs and holdings by hand: who may, what is refused, and what two do at once."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from licensing.keeping.operations import HeldRow, add_license_id, save_holdings
from licensing.models import Holding, LicenseID, Reseller
from tests.at_once import at_once
from tests.cast import EXPIRY, NOW, Cast, make_cast, make_license_id, sign_in
from tests.forms import sent_by

PAGE = "/license-ids/LIC-1001/holdings/"


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield make_cast()


@pytest.fixture
def licenseid(cast: Cast) -> LicenseID:
    return make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45), ("SMP-CC", 100))


def held(code: str = "LIC-1001") -> list[tuple[str, int, date]]:
    rows = Holding.objects.filter(licenseid__code=code).order_by("product__code", "support_expires_on")
    return list(rows.values_list("product__code", "quantity", "support_expires_on"))


def number(code: str) -> int:
    return int(Holding.objects.get(licenseid__code="LIC-1001", product__code=code).pk)


def test_a_setting_says_who_may(cast: Cast, licenseid: LicenseID) -> None:
    def may() -> list[bool]:
        new = reverse("license_id_new", args=[cast.customer.pk])
        people = (cast.staff, cast.manager, cast.admin, cast.contact)
        return [{sign_in(user).get(page).status_code for page in (PAGE, new)} == {200} for user in people]

    assert may() == [False, True, False, False]
    assert f'href="{PAGE}"' not in sign_in(cast.staff).get("/license-ids/LIC-1001/").text
    Reseller.objects.filter(pk=cast.aoba.pk).update(holdings_kept_by="staff")
    assert may() == [True, True, False, False]
    assert f'href="{PAGE}"' in sign_in(cast.staff).get("/license-ids/LIC-1001/").text
    Reseller.objects.filter(pk=cast.aoba.pk).update(holdings_kept_by="nobody")
    assert may() == [False, False, False, False]
    assert sign_in(cast.stranger).post(PAGE, {}).status_code in (403, 404)
    assert held() == [("SMP-BS", 45, EXPIRY), ("SMP-CC", 100, EXPIRY)]


def test_one_is_added_and_filled_in_any_width(cast: Cast) -> None:
    desk = sign_in(cast.manager)
    new = reverse("license_id_new", args=[cast.customer.pk])
    wrong = desk.post(new, {"code": "番号一"})
    assert wrong.context["form"].errors["code"] == ["Use Latin letters, digits, hyphens, dots and underscores only."]
    assert desk.post(new, {"code": "ＬＩＣ─ １００１", "note": "新規"}).headers["Location"] == PAGE
    assert LicenseID.objects.get().customer == cast.customer
    again = desk.post(new, {"code": "LIC-1001"})
    assert again.context["form"].errors["code"] == ["This license ID is registered already."]
    product, other = (cast.products[code].pk for code in ("SMP-BS", "SMP-CC"))
    entry = sent_by(desk.get(PAGE), "note") | {
        "new-0-product": str(product), "new-0-quantity": "１，２００本", "new-0-expires": "令和９年３月３１日",
        "new-1-product": str(other), "new-1-quantity": "", "new-1-expires": "R9.3.31",
    }  # fmt: skip
    part = desk.post(PAGE, entry)
    assert part.status_code == 422
    assert part.context["form"].errors == {"new-1-quantity": ["Enter the quantity."]}
    assert part.context["form"]["new-0-quantity"].value() == "１，２００本"
    assert held() == []
    more = desk.post(PAGE, sent_by(part, "note") | {"action": "add-row"})
    assert (more.status_code, list(more.context["form"].new_rows)) == (200, [0, 1, 2])
    assert (
        desk.post(PAGE, sent_by(more, "note") | {"new-1-quantity": "５"}).headers["Location"]
        == "/license-ids/LIC-1001/"
    )
    assert held() == [("SMP-BS", 1200, EXPIRY), ("SMP-CC", 5, EXPIRY)]
    assert [(entry.history_type, entry.history_user_name) for entry in Holding.history.all()] == [
        ("+", "水野 恵子")
    ] * 2


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("quantity", "0", "The held quantity must be at least 1. Delete the holding if it ended."),
        ("quantity", "-3", "The held quantity must be at least 1. Delete the holding if it ended."),
        ("quantity", "10000000", "The held quantity must be at most 9,999,999."),
        ("quantity", "1.5", "“1.5” is not a whole number. Write it in digits, like 12."),
        ("quantity", "", "Enter the quantity."),
        ("expires", "1999/12/31", "The support expiry must lie between 2000 and 2099. Look for a typo."),
        ("expires", "2100/01/01", "The support expiry must lie between 2000 and 2099. Look for a typo."),
        ("expires", "2027/02/30", "There is no such day: 2027/2 has the days 1 to 28."),
        ("product", "999999", "Choose a product of the list."),
        ("product", "", "Choose the product."),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    cast: Cast, licenseid: LicenseID, field: str, typed: str, message: str
) -> None:
    desk, name = sign_in(cast.manager), f"held-{number('SMP-BS')}-{field}"
    entry = sent_by(desk.get(PAGE), "note") | {name: typed, f"held-{number('SMP-CC')}-quantity": "7"}
    refused = desk.post(PAGE, entry)
    assert (refused.status_code, refused.context["form"].errors) == (422, {name: [message]})
    assert held() == [("SMP-BS", 45, EXPIRY), ("SMP-CC", 100, EXPIRY)]
    ended = desk.post(PAGE, sent_by(refused, "note") | {f"held-{number('SMP-BS')}-ends": "on"})
    assert ended.status_code == 302
    assert held() == [("SMP-CC", 7, EXPIRY)]


@pytest.mark.both_databases
def test_a_product_stands_once_with_one_expiry_and_expiries_may_change_places(cast: Cast, licenseid: LicenseID) -> None:
    later = date(2028, 3, 31)
    Holding.objects.create(licenseid=licenseid, product=cast.products["SMP-BS"], quantity=9, support_expires_on=later)
    first, second = Holding.objects.filter(product__code="SMP-BS").order_by("support_expires_on")
    desk = sign_in(cast.manager)
    entry = sent_by(desk.get(PAGE), "note")
    twice = desk.post(PAGE, entry | {f"held-{first.pk}-expires": "2028/3/31"})
    assert twice.context["form"].errors == {
        f"held-{second.pk}-expires": [
            "A product stands twice with the same support expiry. Enter the sum of both in one row."
        ]
    }
    places = {f"held-{first.pk}-expires": "2028/3/31", f"held-{second.pk}-expires": "2027/3/31"}
    assert desk.post(PAGE, entry | places).status_code == 302
    assert held() == [("SMP-BS", 9, EXPIRY), ("SMP-BS", 45, later), ("SMP-CC", 100, EXPIRY)]
    before = Holding.history.count()
    assert desk.post(PAGE, sent_by(desk.get(PAGE), "note")).status_code == 302
    assert Holding.history.count() == before


@pytest.mark.both_databases
def test_two_who_correct_the_same_meet(cast: Cast, licenseid: LicenseID) -> None:
    mine, theirs = sign_in(cast.manager), sign_in(cast.manager)
    one, other = number("SMP-BS"), number("SMP-CC")
    seen = sent_by(mine.get(PAGE), "note")
    added = {"new-0-product": str(cast.products["SMP-IM"].pk), "new-0-quantity": "3", "new-0-expires": "2027/3/31"}
    theirs.post(PAGE, sent_by(theirs.get(PAGE), "note") | {f"held-{one}-quantity": "46"} | added)
    met = mine.post(PAGE, seen | {f"held-{one}-quantity": "47"})
    assert met.status_code == 422
    assert [(row.label, row.theirs, row.yours) for row in met.context["form"].conflict.differences] == [
        ("Held quantity", "46", "47")
    ]
    assert held()[0] == ("SMP-BS", 46, EXPIRY)
    theirs.post(PAGE, sent_by(theirs.get(PAGE), "note") | {f"held-{other}-ends": "on"})
    gone = mine.post(PAGE, sent_by(met, "note") | {f"held-{other}-quantity": "99"})
    assert gone.status_code == 422
    [told] = gone.context["form"].non_field_errors()
    assert told.startswith("Somebody else ended this holding meanwhile: SMP-CC ")
    assert told.endswith(" · 99 · 2027/03/31. If it is still held, add it in a new row.")
    assert mine.post(PAGE, sent_by(gone, "note")).status_code == 302
    assert held() == [("SMP-BS", 47, EXPIRY), ("SMP-IM", 3, EXPIRY)]


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_is_told() -> None:
    with time_machine.travel(NOW, tick=True):
        cast = make_cast()
    resellers = (cast.customer, cast.foreign_customer)
    done: list[Any] = at_once(
        *[lambda one=one: add_license_id(customer=one, code="LIC-1", note="") for one in resellers]
    )
    assert sorted(type(one).__name__ for one in done) == ["LicenseID", "ValidationError"]
    [error] = [one for one in done if isinstance(one, ValidationError)]
    assert error.messages == ["このライセンスIDはすでに登録されています。"]
    licenseid = LicenseID.objects.get()
    rows = [HeldRow(None, cast.products["SMP-BS"], quantity, EXPIRY) for quantity in (5, 6)]
    saved = at_once(*[lambda row=row: save_holdings(licenseid=licenseid, note="", rows=[row]) for row in rows])
    assert [type(one).__name__ for one in saved] == ["LicenseID", "LicenseID"]
    assert held("LIC-1") in ([("SMP-BS", 5, EXPIRY)], [("SMP-BS", 6, EXPIRY)])
