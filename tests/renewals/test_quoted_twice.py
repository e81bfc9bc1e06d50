"""A holding quoted or ordered twice (R22): warned of in the form, refused at the order, shown where it matters."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quotes.models import Quote, QuoteStatus
from quotes.record.holdings import open_siblings, ordered_elsewhere
from quotes.record.refusals import OrderedElsewhere
from quotes.record.transitions import record_loss, record_order, reopen, withdraw
from renewals.calculation.calculate import calculate
from renewals.issue.operations import issue
from renewals.refusals import NotAcknowledged
from renewals.revisions.operations import begin_revision
from tests.at_once import at_once
from tests.cast import NOW, TODAY, make_license_id, sign_in
from tests.making import (
    ask_several,
    everything_written,
    fill,
    given_quote,
    holding_of,
    issue_quote,
    issue_several,
    load,
)
from tests.page import Page, open_form, send
from tests.quotes.alike import quotes_alike


def told(licenseid, *, changes=None, on=TODAY, key=None):
    """Codes and sentences of R22 that the form would show."""
    form = fill(licenseid, changes, on=on)
    pricing = calculate(asked=form.to_asked(), customer=form.licenseid.customer, on=on, key=key).pricing
    return [(one.problem.code, one.problem.what("en")) for one in pricing.warnings if one.problem.rule == "R22"]


QUOTED = ("already-quoted", "Quote Q2701-0001-00 for the same support is still open: SMP-BS.")
ORDERED = (
    "already-ordered",
    "The new support period is ordered already, by quote Q2701-0001-00: SMP-BS.",
)


def test_what_is_kept_of_each_quote(cast, licenseid):
    two = make_license_id(cast.customer, "LIC-1002", ("SMP-CC", 100), ("SMP-IM", 30), ("SMP-AO", 20))
    discontinued, left_out = holding_of(two, "SMP-IM"), holding_of(two, "SMP-AO")
    changes = {"LIC-1002": {"years": "3", "is_reduced": "on", f"quantity-{discontinued.pk}": "0",
                            f"renew-{left_out.pk}": None}}  # fmt: skip
    asked = ask_several(licenseid, two, changes=changes)
    chosen = {row.holding: row.renewal_quantity for part in asked.parts for row in part.holdings}
    quote = issue(
        key=fill(licenseid).cleaned_data["key"], licenseids=[load(licenseid), load(two)], asked=asked,
        acknowledged=[("LIC-1002", code) for code in ("mixed-programmes", "reduction-does-not-save")],
        seen_total=None, issued_by=cast.staff, now=NOW,
    )  # fmt: skip
    first = date(2027, 4, 1)
    columns = ("part__license_code", "holding", "term_from", "term_until")
    assert list(quote.holdings.order_by("holding").values_list(*columns)) == [
        ("LIC-1001", holding_of(licenseid).pk, first, date(2028, 3, 31)),
        *[
            (("LIC-1002"), pk, first, date(2030, 3, 31) if chosen[pk] else None)
            for pk in sorted(two.holdings.values_list("pk", flat=True))
            if chosen[pk] is not None
        ],
    ]  # fmt: skip
    assert chosen[discontinued.pk] == 0
    assert chosen[left_out.pk] is None


@pytest.mark.both_databases
def test_an_open_quote_warns_and_a_closed_one_does_not(cast, licenseid):
    assert told(licenseid) == []
    quote = given_quote(licenseid, by=cast.staff)
    assert told(licenseid) == [QUOTED]
    assert told(licenseid, on=quote.valid_until) == [QUOTED]
    assert told(licenseid, on=quote.valid_until + timedelta(days=1)) == [], "expired, though still issued (R15)"
    record_loss(quote=quote, reason="価格", by=cast.staff, now=NOW)
    assert told(licenseid) == []
    reopen(quote=quote, reason="誤り", by=cast.staff, now=NOW)
    assert told(licenseid) == [QUOTED]
    record_order(quote=quote, by=cast.staff, now=NOW)
    assert told(licenseid) == [ORDERED]
    assert told(licenseid, on=date(2027, 3, 31)) == [ORDERED], "an order does not expire"
    reopen(quote=quote, reason="誤り", by=cast.staff, now=NOW)
    withdraw(quote=quote, reason="誤り", by=cast.staff, now=NOW)
    assert told(licenseid) == []


def test_only_holdings_that_are_the_same(cast):
    one = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), ("SMP-AO", 40))
    left_out = {f"renew-{holding_of(one, 'SMP-AO').pk}": None}
    quote = given_quote(one, by=cast.staff, changes=left_out)
    assert told(one) == [QUOTED], "SMP-AO is not quoted by the other"
    assert told(one, changes={f"renew-{holding_of(one, 'SMP-BS').pk}": None}) == []
    record_order(quote=quote, by=cast.staff, now=NOW)
    holding_of(one, "SMP-AO").delete()
    holding = holding_of(one, "SMP-BS")
    holding.support_expires_on = date(2028, 3, 31)
    holding.save()
    assert told(one) == [], "next year begins the day after what was ordered"
    holding.support_expires_on = date(2028, 3, 30)
    holding.save()
    assert told(one) == [ORDERED], "one day is shared"


def test_a_revision_says_nothing_of_what_it_revises(cast, licenseid):
    quote = given_quote(licenseid, by=cast.staff)
    draft, _new = begin_revision(quote=quote, by=cast.staff, now=NOW)
    assert told(licenseid, key=draft.key) == []
    other = given_quote(licenseid, by=cast.staff)
    assert told(licenseid, key=draft.key) == [
        ("already-quoted", "Quote Q2701-0002-00 for the same support is still open: SMP-BS.")
    ]
    record_loss(quote=other, reason="価格", by=cast.staff, now=NOW)
    revised = given_quote(licenseid, by=cast.staff, key=draft.key)
    assert revised.acknowledged == []
    assert [text for _code, text in told(licenseid)] == [
        "Quote Q2701-0001-01 for the same support is still open: SMP-BS."
    ], "the superseded one is not open"


def test_another_resellers_quotes_are_nobodys_affair(cast, licenseid):
    given_quote(licenseid, by=cast.staff)
    licenseid.customer = cast.foreign_customer
    licenseid.save()
    assert told(licenseid) == []


def test_it_must_be_ticked_and_the_form_leads_to_the_other_quote(cast, desk, licenseid, entry):
    other = given_quote(licenseid, by=cast.staff)
    before = everything_written()
    page = Page(send(desk, "/license-ids/LIC-1001/quote/", entry | {"note": ["別件"]}, "issue"))
    assert page.status == 422
    assert everything_written() == before
    assert list(page.warnings) == ["already-quoted"]
    assert "Q2701-0001-00" in page.warnings["already-quoted"]
    [link] = [e for e in page.all(lambda e: e.tag == "a" and e.text() == "Open Q2701-0001-00")]
    assert link["href"] == f"/quotes/{other.key}/"
    send(desk, "/license-ids/LIC-1001/quote/", page.fields | {"acknowledge": ["already-quoted"]}, "issue")
    newest = Quote.objects.order_by("pk").last()
    assert newest is not None
    assert (newest.number, [one["code"] for one in newest.acknowledged]) == ("Q2701-0002-00", ["already-quoted"])


def test_twelve_license_ids_take_as_many_queries_as_one(cast):
    def queries(*licenseids):
        asked = ask_several(*licenseids)
        customer = load(licenseids[0]).customer
        with CaptureQueriesContext(
            connection,
        ) as found:
            calculate(asked=asked, customer=customer, on=TODAY)
        return len(found)

    rows = [make_license_id(cast.customer, f"LIC-{n}", ("SMP-BS", 45)) for n in range(12)]
    issue_several(*rows, by=cast.staff)
    assert queries(*rows) == queries(rows[0])


# --- The second order -----------------------------------------------------------------------------------------------


def test_a_second_order_is_refused_until_the_first_is_taken_back(cast, licenseid):
    first, second = given_quote(licenseid, by=cast.staff), given_quote(licenseid, by=cast.staff, changes={"years": "3"})
    record_order(quote=first, by=cast.staff, now=NOW)
    before = everything_written()
    with pytest.raises(OrderedElsewhere) as refused:
        record_order(quote=second, by=cast.colleague, now=NOW)
    assert refused.value.other == first
    assert everything_written() == before
    reopen(quote=first, reason="誤り", by=cast.staff, now=NOW)
    record_order(quote=second, by=cast.staff, now=NOW)
    assert QuoteStatus.objects.get(pk=second.pk).state == "ordered"


@pytest.mark.both_databases
def test_what_one_order_ends_another_does_not_renew(cast):
    one = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), ("SMP-AO", 40))
    ended, kept = holding_of(one, "SMP-AO"), holding_of(one, "SMP-BS")
    reduced = {"is_reduced": "on", f"quantity-{ended.pk}": "0"}
    first = given_quote(one, by=cast.staff, changes=reduced)
    second = given_quote(one, by=cast.staff, changes={f"renew-{kept.pk}": None})
    apart = given_quote(one, by=cast.staff, changes={f"renew-{kept.pk}": None, f"renew-{ended.pk}": None,
                                                     "addition-0-product": "SMP-CC", "addition-0-quantity": "5"},
                        acknowledged=["mixed-programmes"])  # fmt: skip
    record_order(quote=first, by=cast.staff, now=NOW)
    with pytest.raises(OrderedElsewhere):
        record_order(quote=second, by=cast.staff, now=NOW)
    record_order(quote=apart, by=cast.staff, now=NOW)
    assert ordered_elsewhere(apart) is None
    reopen(quote=first, reason="誤り", by=cast.staff, now=NOW)
    record_order(quote=second, by=cast.staff, now=NOW)
    with pytest.raises(OrderedElsewhere):
        record_order(quote=first, by=cast.staff, now=NOW)


def test_next_years_order_is_another_period(cast, licenseid):
    first = given_quote(licenseid, by=cast.staff)
    record_order(quote=first, by=cast.staff, now=NOW)
    holding = holding_of(licenseid)
    holding.support_expires_on = date(2028, 3, 31)
    holding.save()
    second = given_quote(licenseid, by=cast.staff)
    record_order(quote=second, by=cast.staff, now=NOW)
    assert ordered_elsewhere(second) is None


@pytest.mark.django_db(transaction=True)
def test_two_orders_at_once_are_one(cast):
    one = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
    two = make_license_id(cast.customer, "LIC-2", ("SMP-BS", 45))
    quotes = [issue_several(one, two, by=cast.staff), issue_several(two, one, by=cast.staff)]
    quotes += [issue_quote(two, by=cast.staff)]
    answers = at_once(*[lambda quote=quote: record_order(quote=quote, by=cast.staff, now=NOW) for quote in quotes])
    assert sorted(type(answer).__name__ for answer in answers) == [
        "OrderedElsewhere",
        "OrderedElsewhere",
        "QuoteStatus",
    ]
    assert QuoteStatus.objects.filter(state="ordered").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_quotes_at_once_the_second_is_warned(cast, licenseid):
    def make():
        form = fill(licenseid)
        return issue(key=form.cleaned_data["key"], licenseids=[form.licenseid], asked=form.to_asked(), acknowledged=[],
                     seen_total=None, issued_by=cast.staff, now=NOW)  # fmt: skip

    answers = at_once(make, make)
    assert sorted(type(answer).__name__ for answer in answers) == ["NotAcknowledged", "Quote"]
    [refused] = [answer for answer in answers if isinstance(answer, NotAcknowledged)]
    assert [one.problem.code for one in refused.warnings] == ["already-quoted"]


def typed_in(page, name):
    """What the fields of a name send."""
    fields = page.all(lambda e: e.tag == "input" and e["name"] == name)
    return [e["value"] for e in fields if e["type"] != "checkbox" or "checked" in e.attributes]


def order(desk, quote, **typed):
    return send(
        desk, f"/quotes/{quote.key}/order/", {"ordered_on": "2027/01/14", "order_number": "", "reason": ""} | typed
    )


def test_the_page_of_the_order_names_the_other(cast, desk, licenseid):
    first, second = given_quote(licenseid, by=cast.staff), given_quote(licenseid, by=cast.staff)
    record_order(quote=first, by=cast.staff, now=NOW)
    before = everything_written()
    page = Page(order(desk, second, order_number="PO-77"))
    assert page.status == 422
    assert everything_written() == before
    assert typed_in(page, "order_number") == ["PO-77"]
    [notice] = page.all(lambda e: e["data-code"] == "already-ordered")
    assert notice.text() == (
        "Nothing was changed. The same support is ordered already, by quote Q2701-0001-00. Take that order back first, "
        "if this one is the right one."
    )


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2027/01/16", "An order is recorded when it has come: enter today or an earlier day."),
        ("1999/12/31", "This day is too long ago. Look for a typo."),
        ("", "Enter the order day."),
    ],
)
def test_an_order_day_that_cannot_be(cast, desk, licenseid, day, says):
    quote = given_quote(licenseid, by=cast.staff)
    page = Page(order(desk, quote, ordered_on=day))
    assert page.status == 422
    assert says in page.text
    assert QuoteStatus.objects.get(pk=quote.pk).state == "issued"


def test_day_and_number_of_the_order_are_kept_and_go_with_it(cast, desk, licenseid):
    quote = given_quote(licenseid, by=cast.staff)
    assert typed_in(open_form(desk, f"/quotes/{quote.key}/order/"), "ordered_on") == ["2027/01/15"]
    order(desk, quote, order_number=" PO-77 ", reason="電話で確認")
    status = QuoteStatus.objects.get(pk=quote.pk)
    assert (status.ordered_on, status.order_number, status.reason) == (date(2027, 1, 14), "PO-77", "電話で確認")
    event = quote.events.get(kind="ordered")
    assert event.detail == {"reason": "電話で確認", "ordered_on": "2027-01-14", "order_number": "PO-77"}
    page = open_form(desk, f"/quotes/{quote.key}/")
    assert page.by_id("order").text() == "Order day 14 January 2027 Customer’s order number PO-77"
    reopen(quote=quote, reason="誤り", by=cast.staff, now=NOW)
    status.refresh_from_db()
    assert (status.ordered_on, status.order_number) == (None, "")


# --- Sibling quotes, lists, the customer ----------------------------------------------------------------------------


def test_after_an_order_the_siblings_are_proposed_to_be_closed(cast, desk, licenseid):
    first, second, third, fourth = (given_quote(licenseid, by=cast.staff) for _ in range(4))
    other = make_license_id(cast.customer, "LIC-2", ("SMP-BS", 45))
    apart = given_quote(other, by=cast.staff)
    answer = order(desk, first)
    assert answer["Location"] == f"/quotes/{first.key}/order/others/"
    page = open_form(desk, answer["Location"])
    assert typed_in(page, "quote") == [str(second.key), str(third.key), str(fourth.key)]
    assert "Q2701-0002-00 株式会社髙﨑製作所 ¥222,750" in page.text
    send(desk, answer["Location"], {"quote": [str(second.key), str(fourth.key), str(apart.key)]})
    states = {one.quote.number[-7:]: (one.state, one.reason) for one in QuoteStatus.objects.select_related("quote")}
    assert states == {
        "0001-00": ("ordered", ""),
        "0002-00": ("lost", "Superseded by order Q2701-0001-00"),
        "0003-00": ("issued", ""),
        "0004-00": ("lost", "Superseded by order Q2701-0001-00"),
        "0005-00": ("issued", ""),
    }
    assert [event.kind for event in second.events.order_by("pk")] == ["issued", "lost"]
    assert "1 more quote of the same holdings is still open" in open_form(desk, f"/quotes/{first.key}/").text
    assert list(open_siblings(first, on=third.valid_until + timedelta(days=1))) == []


def test_nothing_is_proposed_where_nothing_is_open_or_ordered(cast, desk, licenseid):
    first, second = given_quote(licenseid, by=cast.staff), given_quote(licenseid, by=cast.staff)
    url = f"/quotes/{first.key}/order/others/"
    send(desk, url, {"quote": [str(second.key)]})
    assert QuoteStatus.objects.get(pk=second.pk).state == "issued", "no order, nothing to be superseded by"
    record_loss(quote=second, reason="価格", by=cast.staff, now=NOW)
    assert order(desk, first)["Location"] == f"/quotes/{first.key}/"


def test_lists_show_the_quotes_beside_the_row(cast, desk, licenseid):
    quote = given_quote(licenseid, by=cast.staff)
    for url in (f"/customers/{cast.customer.pk}/", "/license-ids/LIC-1001/"):
        [chip] = open_form(desk, url).all(lambda e: e.has_class("chip") and e["href"] == f"/quotes/{quote.key}/")
        assert chip.text() == "open quote Q2701-0001-00"
    record_order(quote=quote, by=cast.staff, now=NOW)
    row = f"/customers/{cast.customer.pk}/"
    [chip] = open_form(desk, row).all(lambda e: e.has_class("chip") and e["href"] == f"/quotes/{quote.key}/")
    assert chip.text() == "ordered Q2701-0001-00"
    holding = holding_of(licenseid)
    holding.support_expires_on = date(2028, 3, 31)
    holding.save()
    page = open_form(desk, row)
    assert page.all(lambda e: e.has_class("chip") and e["href"] == f"/quotes/{quote.key}/") == []


def test_the_list_takes_as_many_queries_with_one_row_as_with_many(cast, desk, licenseid):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert desk.get("/?due=all").status_code == 200
        return len(found)

    quote = given_quote(licenseid, by=cast.staff)
    queries()
    before = queries()
    others = [make_license_id(cast.customer, f"LIC-{number}", ("SMP-BS", 45)) for number in range(12)]
    quotes_alike(quote, 12, licenseids=others)
    queries()  # brings the rows up to date
    assert queries() == before


def test_a_customer_cannot_order_what_is_ordered(cast, licenseid):
    first, second = given_quote(licenseid, by=cast.staff), given_quote(licenseid, by=cast.staff)
    cast.aoba.customers_see_quotes = "issued"
    cast.aoba.save()
    contact = sign_in(cast.contact)
    url = f"/received/{second.key}/"
    assert "I wish to order by this quote" in open_form(contact, url).text
    record_order(quote=first, by=cast.staff, now=NOW)
    page = open_form(contact, url)
    assert "I wish to order by this quote" not in page.text
    assert "This support has been ordered already." in page.text
    answer = Page(send(contact, f"{url}answer/", {"answer": "order", "message": "お願いします"}))
    assert answer.status == 409
    assert "お願いします" in answer.text
    assert QuoteStatus.objects.get(pk=second.pk).answer == ""
    send(contact, f"{url}answer/", {"answer": "decline", "message": ""})
    assert QuoteStatus.objects.get(pk=second.pk).answer == "decline"
