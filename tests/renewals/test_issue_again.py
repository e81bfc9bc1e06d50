"""The same quote a second time on one day: asked about, and issued only where it is meant."""

from datetime import timedelta

import pytest

from quotes.models import Quote
from tests.cast import NOW, make_license_id, sign_in
from tests.page import Page, open_form, send
from tests.quotes.answers import URL, refuse

SAID = (
    "The quote was not issued. A quote of the same content and amount was issued today: "
    "Q2701-0001-00 (青木 陽子) Issue a second, identical quote"
)


@pytest.fixture
def gone_back(desk, entry):
    """What a page sends that was issued, gone back to and loaded anew: all the same, but with a new key."""
    send(desk, URL, entry, "issue")
    assert Quote.objects.count() == 1
    anew = open_form(desk, URL).fields
    assert "already-quoted" in anew["seen_warnings"][0], "the warning is read: it is not what is asked about here (R22)"
    return entry | {name: anew[name] for name in ("key", "seen_warnings")} | {"acknowledge": ["already-quoted"]}


def test_it_is_asked_about_first(desk, gone_back):
    page = refuse(desk, gone_back)
    assert page.notices == [SAID]
    assert page.refusals == []
    [link] = page.all(lambda e: e.tag == "a" and e.text() == "Q2701-0001-00" and "/quotes/" in e["href"])[-1:]
    assert link["href"] == f"/quotes/{Quote.objects.get().key}/"
    assert "again" not in page.fields


def test_in_japanese(cast, gone_back):
    page = refuse(sign_in(cast.staff, language="ja"), gone_back)
    assert page.notices == [
        "見積は発行されていません。 同じ内容・金額の見積が本日すでに発行されています： "
        "Q2701-0001-00 (青木 陽子) 同じ内容の見積をもう1件発行する"
    ]


def test_a_colleagues_counts_too(colleague_desk, gone_back):
    assert refuse(colleague_desk, gone_back).notices == [SAID]


def test_an_empty_row_makes_no_difference(desk, gone_back):
    refuse(desk, gone_back | {"addition-1-product": [""], "addition-1-quantity": [""]})


def test_with_the_tick_it_is_issued(desk, gone_back):
    page = refuse(desk, gone_back)
    answer = Page(send(desk, URL, page.fields | {"again": ["on"]}, "issue", follow=True))
    assert answer.messages == ["Quote Q2701-0002-00 was issued."]
    first, second = Quote.objects.order_by("pk")
    assert first.asked == second.asked


@pytest.mark.both_databases
def test_a_double_click_is_one_quote_and_not_asked_about(desk, entry, gone_back):
    answer = Page(send(desk, URL, entry, "issue", follow=True))
    assert answer.messages == ["Quote Q2701-0001-00 was issued."]
    assert Quote.objects.count() == 1


@pytest.mark.parametrize("changed", [{"note": ["別の備考"]}, {"subject": ["別件"]}, {"with_calculation": ["on"]}])
def test_another_content_is_another_quote(desk, gone_back, changed):
    send(desk, URL, gone_back | changed, "issue")
    assert Quote.objects.count() == 2


def test_another_license_id_is_another_quote(cast, desk, gone_back):
    make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 45))
    url = "/license-ids/LIC-1002/quote/"
    send(desk, url, open_form(desk, url).fields, "issue")
    assert Quote.objects.count() == 2


def test_another_day_is_another_quote(desk, gone_back, clock):
    clock.move_to(NOW + timedelta(days=1))
    send(desk, URL, gone_back, "issue")
    assert Quote.objects.count() == 2
