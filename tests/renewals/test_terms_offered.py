"""The form offers the terms that what is quoted can have, and says why there are no longer ones (R1)."""

import pytest

from licensing.models import Programme
from tests.page import Page, open_form, send
from tests.quotes.answers import URL

LIMIT = "Products of %s are renewed for at most 3 years."


@pytest.fixture
def short(cast):
    """The programme of an addition: at most three years."""
    programme = cast.products["SMP-CC"].programme
    Programme.objects.filter(pk=programme.pk).update(most_years=3, name_en="Short")
    return programme


def offered(page):
    """The years of the radio buttons that can be pressed."""
    radios = page.all(lambda element: element.tag == "input" and element["name"] == "years")
    return [int(radio["value"]) for radio in radios if "disabled" not in radio.attributes]


def test_all_terms_without_a_shorter_programme(desk, licenseid):
    page = open_form(desk, URL)
    assert offered(page) == [1, 2, 3, 4, 5, 6]
    assert page.by_id("term-limit").text() == ""


def test_an_addition_of_a_shorter_programme_bounds_the_term(desk, entry, short):
    added = entry | {"addition-0-product": ["SMP-CC"], "addition-0-quantity": ["50"]}
    page = Page(send(desk, URL, added, "calculate"))
    assert offered(page) == [1, 2, 3]
    assert page.by_id("term-limit").text() == LIMIT % "Short"
    preview = Page(send(desk, f"{URL}preview/", added))
    assert [element["data-most"] for element in preview.by_id("term-limit").walk()] == ["3"]


def test_a_longer_term_that_was_chosen_stays_for_the_refusal_to_say_so(desk, entry, short):
    added = entry | {"years": ["5"], "addition-0-product": ["SMP-CC"], "addition-0-quantity": ["50"]}
    page = Page(send(desk, URL, added, "calculate"))
    [button] = [element for element in page.by_id("refusals").walk() if element.tag == "button"]
    assert offered(page) == [1, 2, 3, 5]
    assert (page.fields["years"], page.codes) == (["5"], ["term-out-of-range"])
    page = Page(send(desk, URL, added, button["value"]))
    assert (page.fields["years"], page.codes, offered(page)) == (["3"], [], [1, 2, 3])
