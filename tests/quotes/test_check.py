"""The document check: whoever holds a quote learns whether it still counts, and nothing else."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pricing.lists.operations.copy import copy_price_list
from pricing.lists.operations.publish import publish
from pricing.models import PriceList
from quotes.customers.forms import CheckForm
from quotes.models.records import CHECK_ALPHABET
from quotes.paper.check import group_code
from quotes.record.transitions import record_loss, record_order, withdraw
from renewals.calculation.calculate import calculate
from renewals.issue.operations import draw_draft
from tests.cast import NOW, TODAY, make_license_id, sign_in
from tests.making import everything_written, fill, given_quote
from tests.quotes.test_transitions import revise

UNKNOWN = "There is no document with this code."
CURRENT = "Yes: this quote is current."
SUPERSEDED = "No: this quote was superseded by revision 0{}."
WITHDRAWN = "No: this quote was withdrawn."
PASSED = "No: the validity of this quote has passed."
SECRETS = ("青葉", "髙﨑", "青木", "佐伯", "LIC-1001", "Q2701", "2027", "¥", "235", "SMP-BS", "波止場")
VERDICTS = (CURRENT, "No: this quote was superseded", WITHDRAWN, PASSED)


@pytest.fixture
def quote(cast, licenseid):
    make_license_id(cast.foreign_customer, "LIC-9", ("SMP-BS", 777))
    return given_quote(licenseid, by=cast.staff)


@pytest.fixture
def visitor(clock):
    """Somebody who is not logged in."""
    return Client(headers={"accept-language": "en"})


def address(quote):
    return f"/check/{group_code(quote.check_code)}/"


def text_of(response):
    body = re.sub(r"(?s)<head>.*?</head>|<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", body)


def verdict(visitor, quote):
    """The one sentence that the page says of the quote."""
    said = text_of(visitor.get(address(quote)))
    found = [verdict for verdict in VERDICTS if verdict in said]
    assert len(found) == 1, said
    return said[said.index(found[0]) :].partition(". ")[0].rstrip(".") + "."


# --- The code -------------------------------------------------------------------------------------------------------


def test_a_quote_gets_a_code_of_its_own_and_its_paper_says_it(cast, licenseid, settings):
    settings.PUBLIC_URL = "https://portal.example.jp"
    quotes = [given_quote(licenseid, by=cast.staff, changes={"years": str(years)}) for years in (1, 2, 3)]
    codes = {quote.check_code for quote in quotes}
    assert len(codes) == 3
    assert all(len(code) == 12 and set(code) <= set(CHECK_ALPHABET) for code in codes)
    assert len(CHECK_ALPHABET) ** 12 == 2**60
    assert [quote.document["check"] for quote in quotes] == [
        {"address": "https://portal.example.jp/check/", "code": group_code(quote.check_code)} for quote in quotes
    ]


def test_a_draft_has_none(cast, licenseid):
    form = fill(licenseid)
    asked = form.to_asked()
    calculation = calculate(asked=asked, customer=form.licenseid.customer, on=form.on)
    document, _pdf = draw_draft(
        customer=form.licenseid.customer,
        asked=asked,
        calculation=calculation,
        drawn_by=cast.staff,
        now=NOW,
    )
    assert document["check"] is None


@pytest.mark.parametrize(
    "typed",
    [
        "8K3M-Q2ZT-7W0C",
        "8k3m q2zt 7w0c",
        "  8K3MQ2ZT7W0C ",
        "８Ｋ３Ｍ－Ｑ２ＺＴ－７Ｗ０Ｃ",
        "８ｋ３ｍ　ｑ２ｚｔ　７ｗｏｃ",
        "8K3M‐Q2ZT—7WOC",
        "https://portal.example.jp/check/8K3M-Q2ZT-7W0C/",
    ],
)
def test_a_code_is_taken_as_people_type_it(typed):
    form = CheckForm({"code": typed})
    assert form.is_valid()
    assert form.cleaned_data["code"] == "8K3MQ2ZT7W0C"


def test_one_and_the_letters_like_it_are_one():
    form = CheckForm({"code": "iIlL-1111-oO00"})
    assert form.is_valid()
    assert form.cleaned_data["code"] == "111111110000"


@pytest.mark.parametrize(
    "typed", ["8K3M-Q2ZT", "8K3M-Q2ZT-7W0C-1", "8K3M-Q2ZT-7W0U", "かくにんコード", "' OR 1=1 --", "x" * 300]
)
def test_what_is_no_code_is_refused_with_words(db, visitor, typed):
    answer = visitor.get("/check/", {"code": typed})
    assert answer.status_code == 422
    assert "A check code has 12 letters and digits, such as 8K3M-Q2ZT-7W0C." in text_of(answer)
    assert answer.context["form"]["code"].value() == typed


@pytest.mark.parametrize("typed", ["", " ", "x" * 301, "\x00"])
def test_nothing_and_too_much_are_refused_too(db, visitor, typed):
    answer = visitor.get("/check/", {"code": typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors["code"]


# --- What the page says ---------------------------------------------------------------------------------------------


def test_a_typed_code_leads_to_its_page(visitor, quote):
    answer = visitor.get("/check/", {"code": f" {quote.check_code.lower()} "})
    assert (answer.status_code, answer["Location"]) == (302, address(quote))
    assert verdict(visitor, quote) == CURRENT


def test_the_page_says_how_the_quote_stands(cast, visitor, quote):
    second = revise(quote, by=cast.staff)
    assert (verdict(visitor, quote), verdict(visitor, second)) == (SUPERSEDED.format(1), CURRENT)
    withdraw(quote=second, reason="誤り", by=cast.staff, now=NOW)
    assert (verdict(visitor, quote), verdict(visitor, second)) == (SUPERSEDED.format(1), WITHDRAWN)


def test_a_quote_that_was_revised_twice_names_the_revision_that_counts(cast, visitor, quote):
    third = revise(revise(quote, by=cast.staff), by=cast.staff)
    assert third.revision == 2
    assert (verdict(visitor, quote), verdict(visitor, third)) == (SUPERSEDED.format(2), CURRENT)


def test_validity_ends_with_its_day_in_japan(visitor, quote, clock):
    assert quote.valid_until.isoformat() == "2027-02-14"
    clock.move_to("2027-02-14T23:59:59+09:00")
    assert verdict(visitor, quote) == CURRENT
    clock.move_to("2027-02-15T00:00:00+09:00")
    assert verdict(visitor, quote) == PASSED


@pytest.mark.parametrize("outcome", [record_order, record_loss])
def test_what_became_of_it_is_not_told(cast, visitor, quote, outcome):
    outcome(quote=quote, reason="競合に決定", by=cast.staff, now=NOW)
    assert verdict(visitor, quote) == CURRENT


def test_nothing_else_is_told(cast, visitor, quote):
    pages = visitor.get(address(quote)), sign_in(cast.stranger).get(address(quote)), visitor.get("/check/")
    for page in pages:
        assert page.status_code == 200
        body = page.content.decode().replace("渚 さくら", "").replace("株式会社みなと見本情報", "")
        body = re.sub(r"[0-9A-Za-z]{32,}", "", body)  # in hashes and tokens, any three digits may stand
        for secret in (*SECRETS, quote.number):
            assert secret not in body, secret


def test_the_hash_is_that_of_the_pdf(visitor, quote):
    page = visitor.get(address(quote))
    sha256 = hashlib.sha256(bytes(quote.pdf.content)).hexdigest()
    assert f'data-sha256="{sha256}"' in page.text
    assert f"<code>{sha256}</code>" in page.text


def test_a_sample_says_that_it_has_no_effect(cast, visitor, licenseid, quote):
    sample = copy_price_list(price_list=cast.price_list, effective_on=TODAY, by=cast.admin, now=NOW)
    PriceList.objects.filter(pk=sample.pk).update(is_sample=True)
    publish(price_list=sample, by=cast.admin, now=NOW - timedelta(days=1))
    told = "It was made with sample prices, and has no effect."
    assert told in text_of(visitor.get(address(given_quote(licenseid, by=cast.staff))))
    assert told not in text_of(visitor.get(address(quote)))


def test_it_reads_only_and_asks_little(visitor, quote):
    before = everything_written()
    visitor.get(address(quote))
    with CaptureQueriesContext(connection) as queries:
        visitor.get(address(quote))
    asked = [query["sql"] for query in queries if "quotes_" in query["sql"]]
    assert len(asked) == 2
    assert not any('"content"' in sql or '"document"' in sql for sql in asked)
    assert everything_written() == before


def test_staff_find_the_way_there_on_the_quotes_page(desk, quote):
    assert f'href="/check/{quote.check_code}/"' in desk.get(f"/quotes/{quote.key}/").text


# --- What it does not say -------------------------------------------------------------------------------------------


def test_unknown_codes_and_impossible_ones_are_answered_alike(visitor, quote):
    pages = set()
    for code in ("0000-0000-0000", "nonsense", "8K3M-Q2ZT", quote.number, str(quote.key), quote.pdf.sha256):
        answer = visitor.get(f"/check/{code}/")
        assert answer.status_code == 404
        assert UNKNOWN in text_of(answer)
        pages.add(answer.content.decode().replace(code, "CODE").replace(code[:40], "CODE"))
    assert len({re.sub(r'csrf\w*" value="\w+"|X-CSRFToken[^}]+', "", page) for page in pages}) == 1


def test_who_tries_the_portal_with_debug_on_is_told_the_same(visitor, quote, settings):
    settings.DEBUG, settings.TECHNICAL_ERROR_PAGES = True, False
    answer = visitor.get("/check/nonsense/")
    assert answer.status_code == 404
    assert UNKNOWN in text_of(answer)


def test_quotes_of_earlier_releases_have_no_code_to_be_found_by(visitor, quote):
    for code in ("None", "null", "NONE-NONE-NONE"):
        assert visitor.get(f"/check/{code}/").status_code == 404


def test_guessing_is_slowed_down(visitor, quote, settings):
    settings.CHECK_RATE = "3/10m"
    for _ in range(3):
        assert visitor.get("/check/0000-0000-0000/").status_code == 404
    answer = visitor.get(address(quote))
    assert answer.status_code == 429
    assert "Too many attempts. Wait a few minutes, then try again." in text_of(answer)
    assert CURRENT not in text_of(answer)
    elsewhere = Client(headers={"accept-language": "en"}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.get(address(quote)).status_code == 200


def test_it_is_kept_and_listed_nowhere(visitor, quote):
    for page in ("/check/", address(quote), "/check/0000-0000-0000/"):
        answer = visitor.get(page)
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert '<meta name="robots" content="noindex, nofollow">' in answer.text


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_only_shows(visitor, quote, method):
    assert getattr(visitor, method)("/check/").status_code == 405
    assert getattr(visitor, method)(address(quote)).status_code == 405


def test_in_japanese(quote, clock):
    said = text_of(Client(headers={"accept-language": "ja"}).get(address(quote)))
    assert "この見積書は現在有効です。" in said
    assert "ファイルのSHA-256ハッシュ値が次の値と一致すれば、発行時のファイルと同一です。" in said
