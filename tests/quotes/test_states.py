"""How a quote stands, on screen: its page, what may be pressed there, and the lists."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.timezone import localdate

from licensing.models import Customer, LicenseID
from quotes.archive.listing import find_quotes
from quotes.models import Quote, QuoteStatus, State
from quotes.record.transitions import record_loss, record_order, withdraw
from renewals.impact.subjects import open_quotes
from renewals.revisions.operations import begin_revision
from tests.cast import NOW, TODAY, make_license_id, sign_in
from tests.making import everything_written, given_quote
from tests.page import Page, open_form
from tests.quotes.alike import quotes_alike
from tests.quotes.test_list import count_queries
from tests.snapshot import written_again

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=2)
OPEN = ["Send by e-mail…", "Ordered…", "Lost…", "Withdraw…", "Revise", "Copy", "New quote"]
WAYS = {
    "issued": OPEN,
    "expired": OPEN,
    "superseded": ["Copy", "New quote"],
    "withdrawn": ["Revise", "Copy", "New quote"],
    "ordered": ["Send by e-mail…", "Take back the outcome…", "Copy", "New quote"],
    "lost": ["Send by e-mail…", "Take back the outcome…", "Revise", "Copy", "New quote"],
}

MEANINGS = {
    "Revise": "Correct this quote under the same number. Once issued, the revision takes its place.",
    "Copy": "A second quote with the same choices under a new number. This one stays as it is.",
    "New quote": "Begin afresh from what the license ID holds today.",
}


@pytest.fixture
def quote(cast, licenseid) -> Quote:
    return given_quote(licenseid, by=cast.staff)


@pytest.fixture
def url(quote) -> str:
    return f"/quotes/{quote.key}/"


def put(quote: Quote, state: str, by, reason: str = "社内の理由") -> None:
    doors = {"withdrawn": withdraw, "ordered": record_order, "lost": record_loss}
    if state == "superseded":
        draft, _ = begin_revision(quote=quote, by=by, now=LATER)
        given_quote(quote.parts.get().licenseid, by=by, key=draft.key, now=LATER)
    elif state in doors:
        doors[state](quote=quote, reason=reason, by=by, now=LATER)


def answer(quote: Quote, choice: str = "order") -> None:
    QuoteStatus.objects.filter(pk=quote.pk).update(answer=choice, answered_at=LATER)


# --- The page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", WAYS)
def test_the_page_offers_what_the_state_allows(cast, desk, quote, url, clock, state):
    if state == "expired":
        clock.move_to(datetime(2027, 2, 14, 15, 0, tzinfo=UTC))
        desk = sign_in(cast.staff)
    put(quote, state, cast.colleague)
    page = open_form(desk, url)
    groups = page.all(lambda e: e.has_class("quote-ways") or e.has_class("next-quotes"))
    offered = [e for group in groups for e in group.walk() if e.tag in ("a", "button")]
    assert [e.text() for e in offered] == WAYS[state]
    told = {e.text(): page.by_id(e["aria-describedby"]).text() for e in offered if e["aria-describedby"]}
    assert told == {name: text for name, text in MEANINGS.items() if name in WAYS[state]}
    [badge] = [e for e in page.by_id("main").walk() if e.tag == "h1"]
    assert badge.text() == f"Q2701-0001-00 {state.capitalize()}"
    assert not sign_in_page(cast.admin, url).all(lambda e: e.has_class("quote-ways")), "portal admins only read"


def sign_in_page(user, url) -> Page:
    return open_form(sign_in(user), url)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("withdrawn", "This quote was withdrawn. 2027-01-15 12:00, 速水 悠斗 Reason: 社内の理由"),
        ("ordered", "The customer ordered by this quote. 2027-01-15 12:00, 速水 悠斗 Remark: 社内の理由"),
        ("lost", "The customer did not order by this quote. 2027-01-15 12:00, 速水 悠斗 Reason: 社内の理由"),
        (
            "superseded",
            "This revision is no longer current. It was superseded (2027-01-15 12:00, 速水 悠斗). The current "
            "revision is Q2701-0001-01. The PDF here stays as it was delivered.",
        ),
    ],
)
def test_the_page_says_since_when_by_whom_and_why(cast, desk, quote, url, state, said):
    put(quote, state, cast.colleague)
    page = open_form(desk, url)
    [notice] = page.all(lambda e: e.tag == "p" and e.has_class("notice") and not e["role"])
    assert notice.text() == said
    assert ("Reason: " in page.text) == (state in ("withdrawn", "lost")), "what is noted with an order is no reason"


def test_all_revisions_of_a_number_are_listed(cast, desk, quote, url):
    assert not open_form(desk, url).has_id("revisions-title")
    put(quote, "superseded", cast.colleague)
    put(Quote.objects.get(revision=1), "superseded", cast.staff)
    for revision in Quote.objects.all():
        page = open_form(desk, f"/quotes/{revision.key}/")
        rows = [e.text() for e in page.all(lambda e: e.tag == "tr") if "Q2701" in e.text()]
        assert [row.split()[:2] for row in rows] == [
            ["Q2701-0001-00", "Superseded"], ["Q2701-0001-01", "Superseded"], ["Q2701-0001-02", "Issued"],
        ]  # fmt: skip
    assert "The current revision is Q2701-0001-02." in open_form(desk, url).text


def test_the_queries_do_not_grow_with_the_revisions(cast, desk, quote, url):
    put(quote, "superseded", cast.staff)
    few = count_queries(desk, url)
    for number in range(1, 5):
        put(Quote.objects.get(revision=number), "superseded", cast.staff)
    assert count_queries(desk, url) == few


@pytest.mark.parametrize(
    ("choice", "said", "pressed"),
    [
        ("order", "The customer wishes to order by this quote.", "Ordered…"),
        ("decline", "The customer has declined this quote.", "Lost…"),
    ],
)
def test_an_answer_is_said_and_its_outcome_is_offered(desk, quote, url, choice, said, pressed):
    answer(quote, choice)
    page = open_form(desk, url)
    assert said in page.text
    [main] = [e for e in page.all(lambda e: e.has_class("quote-ways"))[0].walk() if e.has_class("main")]
    assert main.text() == pressed


# --- Walking the ways -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "before", "typed", "after", "reason"),
    [
        ("withdraw", "issued", {"reason": " 宛先の誤り　"}, "withdrawn", "宛先の誤り"),
        ("order", "issued", {"ordered_on": "2027/01/15", "reason": ""}, "ordered", ""),
        ("order", "issued", {"ordered_on": "2027/01/15", "reason": "注文書 12"}, "ordered", "注文書 12"),
        ("loss", "issued", {"cause": "price", "reason": ""}, "lost", "Price"),
        (
            "loss",
            "issued",
            {"cause": "supplier", "reason": "三割安い"},
            "lost",
            "Another supplier was chosen: 三割安い",
        ),
        ("loss", "issued", {"cause": "other", "reason": "倒産"}, "lost", "倒産"),
        ("reopen", "ordered", {"reason": "誤記録"}, "issued", "誤記録"),
    ],
)
def test_a_way_is_walked_once(cast, desk, quote, url, path, before, typed, after, reason):
    put(quote, before, cast.staff)
    assert open_form(desk, f"{url}{path}/").notices == []
    events = quote.events.count()
    for _ in range(2):  # a double click
        assert desk.post(f"{url}{path}/", typed).url == url
    status = QuoteStatus.objects.get(pk=quote.pk)
    assert (status.state, status.reason, status.changed_by) == (after, reason, cast.staff)
    assert quote.events.count() == events + 1
    assert "Q2701-0001-00" in open_form(desk, url).text


@pytest.mark.parametrize(
    ("path", "state", "typed", "said"),
    [
        ("withdraw", "issued", {"reason": " 　"}, ["Enter the reason."]),
        ("withdraw", "issued", {"reason": "長" * 501}, ["Ensure this value has at most 500 characters (it has 501)."]),
        ("withdraw", "issued", {"reason": "a\x00b"}, ["Null characters are not allowed."]),
        ("loss", "issued", {"reason": "なぜ"}, ["Choose the reason."]),
        ("loss", "issued", {"cause": "x", "reason": "なぜ"}, None),
        ("loss", "issued", {"cause": "other", "reason": ""}, ["Describe the other reason."]),
        ("reopen", "lost", {}, ["Enter the reason."]),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(cast, desk, quote, url, path, state, typed, said):
    put(quote, state, cast.staff)
    before = everything_written()
    page = Page(desk.post(f"{url}{path}/", typed))
    assert page.status == 422
    errors = [e.text() for e in page.all(lambda e: e.has_class("field-error"))]
    assert errors == said if said else len(errors) == 1
    if "\x00" not in typed.get("reason", ""):
        assert page.by_id("id_reason").raw() == typed.get("reason", "")
    assert everything_written() == before


@pytest.mark.parametrize(
    ("path", "state", "said"),
    [
        ("withdraw", "ordered", "was recorded as ordered by 速水 悠斗 (2027-01-15 12:00). It cannot be withdrawn."),
        ("order", "withdrawn", "was withdrawn by 速水 悠斗 (2027-01-15 12:00). No order can be recorded."),
        (
            "loss",
            "superseded",
            "was superseded by a revision of 速水 悠斗 (2027-01-15 12:00). No loss can be recorded.",
        ),
        ("reopen", "issued", "is open: no outcome is recorded. There is no outcome to take back."),
    ],
)
def test_a_way_that_closed_meanwhile_is_told(cast, desk, quote, url, path, state, said):
    put(quote, state, cast.colleague)
    before = everything_written()
    told = [f"Nothing was changed. Q2701-0001-00 {said}"]
    assert open_form(desk, f"{url}{path}/").notices == told
    page = Page(desk.post(f"{url}{path}/", {"cause": "price", "reason": "入力したもの"}))
    assert (page.status, page.notices) == (422, told)
    assert page.by_id("id_reason").raw() == "入力したもの"
    assert [e.text() for e in page.by_id("main").walk() if e.tag == "button"] == []
    assert everything_written() == before


# --- Lists ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def one_of_each(cast, licenseid) -> dict[str, Quote]:
    """A quote in each state, by state; `today`, an open one of today; one of Minato's that is answered."""

    def make() -> dict[str, Quote]:
        found = {}
        for number, state in enumerate(["expired", "issued", "superseded", "withdrawn", "ordered", "lost"]):
            row = make_license_id(cast.customer, f"LIC-7{number:03d}", ("SMP-BS", 45))
            found[state] = given_quote(row, by=cast.staff, now=NOW - timedelta(days=40) if number == 0 else NOW)
            put(found[state], state, cast.staff)
            if number == 0:  # it comes after the one of 40 days ago
                found["today"] = given_quote(licenseid, by=cast.staff)
        foreign = given_quote(make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45)), by=cast.stranger)
        answer(foreign)
        return found

    return written_again(make, asked="one quote of each state")


def test_the_list_is_filtered_by_the_state_shown(cast, desk, one_of_each):
    def shown(status: str, text: str = "") -> list[str]:
        found = find_quotes(user=cast.staff, text=text, status=status, on=TODAY)
        return sorted(found.values_list("number", flat=True))

    answer(one_of_each["today"], "decline")
    answer(one_of_each["ordered"])
    of = {state: row.number for state, row in one_of_each.items()}
    revision = of["superseded"][:-1] + "1"
    assert shown("issued") == sorted([of["today"], of["issued"], revision])
    for state in ("expired", "superseded", "withdrawn", "ordered", "lost"):
        assert shown(state) == [of[state]], state
    assert shown("answered") == [of["today"]], "with its outcome recorded, an answer waits no more"
    everything = {revision, *of.values()}
    assert set(shown("current")) == everything - {of["superseded"]}
    assert set(shown("closed")) == {of["withdrawn"], of["ordered"], of["lost"]}
    assert set(shown("all")) == everything
    assert shown("current", of["superseded"]) == []
    usual = ["Latest revisions 7", "Answered 1", "Valid 3", "Expired 1", "Ordered 1", "Closed 3", "Drafts 0"]
    page = open_form(desk, "/quotes/")
    assert (set(numbers_on(page)), tabs(page)) == (everything - {of["superseded"]}, usual)
    page = open_form(desk, "/quotes/?status=lost")
    told = [*usual[:-1], "Lost 1", usual[-1]]
    assert (numbers_on(page), tabs(page)) == ([of["lost"]], told), "an address from before says it"
    told = [
        "All revisions 1",
        "Latest revisions 0",
        "Answered 0",
        "Valid 0",
        "Expired 0",
        "Ordered 0",
        "Closed 0",
        "Drafts 0",
    ]
    page = open_form(desk, f"/quotes/?q={of['superseded']}")
    assert numbers_on(page) == [of["superseded"]], "a search finds superseded ones too"
    assert tabs(page) == told, "the tabs count what was searched for"


def numbers_on(page: Page) -> list[str]:
    """The quotes that a list shows, from above."""
    links = page.all(lambda e: e.tag == "a" and e["href"].startswith("/quotes/") and e.has_class("code"))
    return [link.text() for link in links]


def tabs(page: Page) -> list[str]:
    """The tabs of the list with their counts."""
    [bar] = page.all(lambda e: e.has_class("segments"))
    return [e.text() for e in bar.walk() if e.tag == "a"]


def test_names_in_lists_lead_to_their_pages_and_are_plain_where_they_would_not_open(cast, desk, quote):
    moved = given_quote(make_license_id(cast.customer, "LIC-8001", ("SMP-BS", 45)), by=cast.staff)
    new_owner = Customer.objects.create(reseller=cast.minato, name="移管先株式会社")
    LicenseID.objects.filter(pk=moved.parts.get().licenseid_id).update(customer=new_owner)
    ours, code = f"/customers/{cast.customer.pk}/", f"/license-ids/{quote.license_code}/"
    for address in ("/quotes/", "/records/", f"/quotes/{quote.key}/"):
        led = {e["href"]: e.text() for e in open_form(desk, address).by_id("main").walk() if e.tag == "a"}
        assert (led[ours], led[code]) == ("株式会社髙﨑製作所", quote.license_code), address
        assert "/license-ids/LIC-8001/" not in led, "the license ID is another reseller's by now"
    assert desk.get("/license-ids/LIC-8001/").status_code == 404
    assert "LIC-8001" in open_form(desk, f"/quotes/{moved.key}/").text
    led = [e["href"] for e in open_form(sign_in(cast.admin), "/quotes/").by_id("main").walk() if e.tag == "a"]
    assert {ours, code, "/license-ids/LIC-8001/"} <= set(led)


def test_answers_stand_on_the_start_page_until_the_outcome_is_recorded(cast, desk, foreign_desk, one_of_each):
    quote = one_of_each["today"]
    assert not open_form(desk, "/").has_id("answers-title")
    answer(quote)
    text = open_form(desk, "/").text
    assert "Customers have answered" in text
    assert "wishes to order Q2701-0001-00 株式会社髙﨑製作所 ¥222,750 2027-01-15 12:00" in text
    assert "髙﨑" not in open_form(foreign_desk, "/").text
    assert not open_form(sign_in(cast.admin), "/").has_id("answers-title")
    put(quote, "ordered", cast.colleague)
    assert not open_form(desk, "/").has_id("answers-title")


def test_many_answers_lead_on_to_the_list(cast, desk, licenseid):
    quote = given_quote(licenseid, by=cast.staff)
    for one in (quote, *quotes_alike(quote, 5)):
        answer(one)
    page = open_form(desk, "/")
    [box] = page.all(lambda e: e.has_class("answers"))
    assert len([e for e in box.walk() if e.tag == "li"]) == 5
    assert "/quotes/?status=answered" in [e["href"] for e in box.walk() if e.tag == "a"]


def test_a_customers_page_shows_the_revisions_that_count(cast, desk, one_of_each):
    page = open_form(desk, f"/customers/{cast.customer.pk}/")
    [card] = page.all(lambda e: e["aria-labelledby"] == "customer-quotes-title")
    shown = [e.text() for e in card.walk() if e.has_class("code")]
    assert len(shown) == 5
    assert one_of_each["superseded"].number not in shown
    assert "Quotes of this customer" in card.text()


# --- What counts as open --------------------------------------------------------------------------------------------


def test_an_impact_looks_at_what_may_still_be_ordered(one_of_each):
    found = set(open_quotes(on=localdate(NOW)).values_list("number", "reseller__code"))
    of = {state: row.number for state, row in one_of_each.items()}
    revision = of["superseded"][:-1] + "1"
    ours = {of["today"], of["issued"], revision}
    assert found == {(number, "aoba") for number in ours} | {("Q2701-0001-00", "minato")}
    assert State.ISSUED == "issued"


def test_the_administration_says_how_a_quote_stands(cast, quote):
    put(quote, "withdrawn", cast.staff)
    office = sign_in(cast.admin)
    listed = office.get("/admin/quotes/quote/").content.decode()
    assert "Withdrawn" in listed
    page = office.get(f"/admin/quotes/quote/{quote.pk}/change/").content.decode()
    for said in ("Withdrawn", "社内の理由", "青木 陽子", "2027-01-15 12:00"):
        assert said in page, said
