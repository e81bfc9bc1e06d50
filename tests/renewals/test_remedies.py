"""What is refused offers its remedy as a button: with scripts and without, and it cures what it says."""

import json

import pytest

from licensing.models import LicenseID, User
from tests.cast import make_license_id
from tests.making import everything_written, holding_of
from tests.page import Page, open_form, send
from tests.quotes.answers import URL
from tests.renewals.sheets import answer

CC = "/license-ids/LIC-1002/quote/"


def buttons(page):
    """Label and what it sends, of each remedy."""
    [box] = page.all(lambda element: element["id"] == "refusals")
    return {element.text(): element["value"] for element in box.walk() if element.tag == "button"}


def press(desk, url, typed, label):
    """Press it without scripts; with scripts the same fields are told and the same price is answered."""
    before = everything_written()
    licenseid = LicenseID.objects.get(code=url.split("/")[2])
    by = User.objects.get(pk=desk.session["_auth_user_id"])
    found = answer(licenseid, {name: value for name, value in typed.items() if name != "csrfmiddlewaretoken"}, by=by)
    action = {one.label: one.action for said in found.sheet.refusals for one in said.remedies}[label]
    page = Page(send(desk, url, typed, action))
    swapped = send(desk, f"{url}change/", typed, action)
    told = json.loads(swapped["HX-Trigger"])["portal:fields"]
    assert Page(swapped).total == page.total
    for name, text in told.items():
        assert page.fields.get(name, [""]) == [text], name
    assert everything_written() == before
    return page


def test_what_is_beyond_the_held_becomes_an_addition(desk, licenseid, entry):
    pk = holding_of(licenseid).pk
    typed = entry | {"is_reduced": ["on"], f"quantity-{pk}": ["65"]}
    page = press(desk, URL, typed, "Enter the 20 beyond as an addition")
    assert page.codes == []
    assert page.fields[f"quantity-{pk}"] == ["45"]
    assert (page.fields["addition-0-product"], page.fields["addition-0-quantity"]) == (["SMP-BS"], ["20"])
    there = {"addition-0-product": ["SMP-BS"], "addition-0-quantity": ["5"]}
    page = press(desk, URL, typed | there, "Enter the 20 beyond as an addition")
    assert page.fields["addition-0-quantity"] == ["25"]
    other = {"addition-0-product": ["SMP-AO"], "addition-0-quantity": ["5"]}
    page = press(desk, URL, typed | other, "Enter the 20 beyond as an addition")
    assert (page.fields["addition-1-product"], page.fields["addition-1-quantity"]) == (["SMP-BS"], ["20"])


@pytest.mark.parametrize(
    ("years", "label", "then"), [("9", "Set the years to 6", "6"), ("0", "Set the years to 1", "1")]
)
def test_a_term_that_no_programme_has(desk, entry, years, label, then):
    page = press(desk, URL, entry | {"years": [years]}, label)
    assert (page.fields["years"], page.codes) == ([then], [])


def test_nothing_to_quote(desk, licenseid, entry):
    page = press(desk, URL, entry | {f"renew-{holding_of(licenseid).pk}": None}, "Renew what expires first, as held")
    assert (page.codes, page.total) == ([], "¥222,750")


def test_the_same_product_twice(desk, entry):
    twice = {
        "addition-0-product": ["SMP-BS"], "addition-0-quantity": ["10"],
        "addition-1-product": ["SMP-BS"], "addition-1-quantity": ["5"],
    }  # fmt: skip
    page = press(desk, URL, entry | twice, "Put them together: 15")
    assert page.codes == []
    assert (page.fields["addition-0-quantity"], page.fields["addition-1-product"]) == (["15"], [""])


def test_a_reduction_below_the_minimum(desk, licenseid, entry):
    pk = holding_of(licenseid).pk
    typed = entry | {"is_reduced": ["on"], f"quantity-{pk}": ["1"]}
    found = buttons(Page(send(desk, URL, typed, "calculate")))
    [label] = [label for label in found if label.startswith("Make it ")]
    page = press(desk, URL, typed, label)
    assert page.codes == []
    assert page.fields[f"quantity-{pk}"] == [label.removeprefix("Make it ")]
    assert press(desk, URL, typed, "Leave this product out").codes == ["nothing-to-quote"]


def test_less_is_held_than_the_minimum(cast, desk):
    make_license_id(cast.customer, "LIC-1002", ("SMP-CC", 1))
    typed = open_form(desk, CC).fields
    [label] = [label for label in buttons(Page(send(desk, CC, typed, "calculate"))) if "more as an addition" in label]
    page = press(desk, CC, typed, label)
    assert page.codes == []
    assert page.fields["addition-0-product"] == ["SMP-CC"]


def test_fields_left_empty(desk, licenseid, entry):
    pk = holding_of(licenseid).pk
    typed = entry | {"is_reduced": ["on"], f"quantity-{pk}": [""], "subject": [""]}
    page = press(desk, URL, typed, "Renew all 45")
    assert page.fields[f"quantity-{pk}"] == ["45"]
    page = press(desk, URL, typed, "Enter “ライセンス更新（LIC-1001）”")
    assert page.fields["subject"] == ["ライセンス更新（LIC-1001）"]
    assert press(desk, URL, typed, "Do not renew it").fields[f"quantity-{pk}"] == ["0"]


def test_what_is_no_number_or_less_than_nothing(desk, licenseid, entry):
    name = f"quantity-{holding_of(licenseid).pk}"
    for typed in ("many", "-3"):
        reduced = entry | {"is_reduced": ["on"], name: [typed]}
        assert press(desk, URL, reduced, "Renew all 45").codes == []
        assert press(desk, URL, reduced, "Do not renew it").fields[name] == ["0"]


def test_an_addition_of_less_than_nothing_is_a_reduction(desk, licenseid, entry):
    name = f"quantity-{holding_of(licenseid).pk}"
    added = {"addition-0-product": ["SMP-BS"], "addition-0-quantity": ["-5"]}
    page = press(desk, URL, entry | added, "Reduce the renewal to 40")
    assert page.codes == []
    assert (page.fields["is_reduced"], page.fields[name]) == (["on"], ["40"])
    assert page.fields["addition-0-quantity"] == [""]
    page = press(desk, URL, entry | added | {"is_reduced": ["on"], name: ["30"]}, "Reduce the renewal to 25")
    assert page.fields[name] == ["25"]
    too_many = added | {"addition-0-quantity": ["-45"]}
    assert list(buttons(Page(send(desk, URL, entry | too_many, "calculate")))) == ["Take this line out"]
    page = press(desk, URL, entry | too_many, "Take this line out")
    assert (page.codes, page.total) == ([], "¥222,750")
    unknown = {"addition-0-product": ["SMP-NONE"], "addition-0-quantity": ["5"]}
    assert press(desk, URL, entry | unknown, "Take this line out").total == "¥222,750"


def test_what_is_held_now_is_taken_over(cast, desk):
    licenseid = make_license_id(cast.customer, "LIC-1005", ("SMP-CC", 100), ("SMP-IM", 30), ("SMP-CS", 60))
    url = f"/license-ids/{licenseid.code}/quote/"
    changed, kept, gone = (holding_of(licenseid, code).pk for code in ("SMP-CC", "SMP-IM", "SMP-CS"))
    typed = open_form(desk, url).fields | {"is_reduced": ["on"], f"quantity-{kept}": ["25"], f"quantity-{gone}": ["50"]}
    licenseid.holdings.filter(pk=changed).update(quantity=80)
    licenseid.holdings.filter(pk=gone).delete()
    new = licenseid.holdings.create(
        product=cast.products["SMP-BS"], quantity=20, support_expires_on=licenseid.holdings.first().support_expires_on
    ).pk
    shown = Page(send(desk, f"{url}preview/", typed))
    [button] = [
        e for e in shown.by_id("refusals").walk() if e.tag == "button" and e.text() == "Take over what is held now"
    ]
    assert button["data-hx-post"] == "", "rows come and go: the page is drawn anew"
    before = everything_written()
    page = Page(send(desk, url, typed, button["value"]))
    assert page.codes == []
    assert [page.fields.get(f"quantity-{pk}") for pk in (changed, kept, gone, new)] == [["80"], ["25"], None, ["20"]]
    assert page.fields[f"renew-{new}"] == ["on"]
    assert everything_written() == before


@pytest.mark.parametrize("action", ["remedy ", "remedy 9 x y", "remedy 0 renewal-exceeds-held holding:999", "remedy x"])
def test_a_remedy_that_is_none_changes_nothing(desk, entry, action):
    response = send(desk, f"{URL}change/", entry, action)
    assert (response.status_code, "HX-Trigger" in response.headers) == (200, False)
    page = Page(send(desk, URL, entry, action))
    assert (page.fields["years"], page.total) == (["1"], "¥222,750")
