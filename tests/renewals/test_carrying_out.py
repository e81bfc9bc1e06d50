"""After the order the holdings become what was ordered, once, and back while nothing else has changed them (R21)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licensing.models import Holding, Product
from quotes.models import QuoteStatus
from quotes.record.refusals import CarriedOut, CustomerMoved, NotOrdered
from quotes.record.transitions import record_order, reopen
from renewals.carrying_out.operations import AlreadyCarriedOut, ChangedSince, NotAsQuoted, carry_out, undo
from renewals.models import CarryingOut
from tests.at_once import at_once
from tests.cast import EXPIRY, NOW, make_license_id, sign_in
from tests.making import everything_written, given_quote, holding_of, issue_several
from tests.page import Page, open_form, send

WARNINGS = ("mixed-programmes", "reduction-does-not-save", "rank-basis-tie", "support-expired")


def held(licenseid):
    """What the license ID holds: product, quantity and expiry."""
    rows = licenseid.holdings.order_by("support_expires_on", "product__code")
    return list(rows.values_list("product__code", "quantity", "support_expires_on"))


def all_written():
    return everything_written(), list(Holding.objects.order_by("pk").values()), list(CarryingOut.objects.values())


def ordered(cast, *licenseids, changes=None):
    """A quote of them that is ordered."""
    if len(licenseids) == 1:
        quote = given_quote(licenseids[0], by=cast.staff, changes=changes, acknowledged=WARNINGS)
    else:
        ticked = [(one.code, code) for one in licenseids for code in WARNINGS]
        quote = issue_several(*licenseids, by=cast.staff, changes=changes, acknowledged=ticked)
    record_order(quote=quote, by=cast.staff, now=NOW)
    return quote


def carry(cast, quote, *licenseids, **more):
    """All its license IDs, or these."""
    parts = quote.parts.filter(licenseid__in=licenseids) if licenseids else quote.parts.all()
    return carry_out(quote=quote, parts=[part.pk for part in parts], by=cast.colleague, now=NOW, **more)


def test_e16_reduced_and_added_for_three_years(cast):
    one = make_license_id(cast.customer, "LIC-1", ("SMP-CC", 100))
    holding = holding_of(one)
    changes = {"years": "3", "is_reduced": "on", f"quantity-{holding.pk}": "80",
               "addition-0-product": "SMP-IM", "addition-0-quantity": "20"}  # fmt: skip
    quote = ordered(cast, one, changes=changes)
    [done] = carry(cast, quote, certificate_number=" C-1 ", certificate_on=date(2027, 1, 10))
    assert held(one) == [("SMP-CC", 80, date(2030, 3, 31)), ("SMP-IM", 20, date(2030, 3, 31))]
    assert holding_of(one, "SMP-CC").pk == holding.pk
    before = {"holding": holding.pk, "product": "SMP-CC", "quantity": 100, "support_expires_on": "2027-03-31"}
    after = [before | {"quantity": 80, "support_expires_on": "2030-03-31"},
             {"holding": holding_of(one, "SMP-IM").pk, "product": "SMP-IM", "quantity": 20,
              "support_expires_on": "2030-03-31"}]  # fmt: skip
    assert (done.before, done.after, done.certificate_number) == ([before], after, "C-1")
    event = quote.events.get(kind="carried_out")
    assert event.by == cast.colleague
    assert event.detail == {
        "license_id": "LIC-1", "before": [before], "after": after, "certificate_number": "C-1",
        "certificate_on": "2027-01-10",
    }  # fmt: skip
    assert QuoteStatus.objects.get(pk=quote.pk).carried_out == 1
    entry = Holding.history.filter(id=holding.pk).latest("history_id")
    assert (entry.quantity, entry.history_user_name) == (80, str(cast.colleague))


def test_what_is_discontinued_ends_and_what_is_left_out_stays(cast):
    one = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), ("SMP-AO", 40), ("SMP-DS", 10))
    ended, left_out = holding_of(one, "SMP-AO"), holding_of(one, "SMP-DS")
    changes = {"is_reduced": "on", f"quantity-{ended.pk}": "0", f"renew-{left_out.pk}": None}
    carry(cast, ordered(cast, one, changes=changes))
    assert held(one) == [("SMP-DS", 10, EXPIRY), ("SMP-BS", 45, date(2028, 3, 31))]
    assert Holding.history.filter(id=ended.pk).latest("history_id").history_type == "-"


def test_an_addition_is_joined_to_the_same_product_and_expiry(cast):
    one = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
    changes = {"addition-0-product": "SMP-BS", "addition-0-quantity": "5"}
    quote = ordered(cast, one, changes=changes)
    [done] = carry(cast, quote)
    assert held(one) == [("SMP-BS", 50, date(2028, 3, 31))]
    undo(done=done, by=cast.staff, now=NOW)
    assert held(one) == [("SMP-BS", 45, EXPIRY)]


@pytest.mark.both_databases
def test_a_renewed_holding_is_joined_to_one_that_was_left_out(cast):
    later = date(2028, 3, 31)
    one = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), ("SMP-BS", 7, later))
    first, second = one.holdings.get(quantity=45), one.holdings.get(quantity=7)
    quote = ordered(cast, one, changes={f"renew-{second.pk}": None})
    [done] = carry(cast, quote)
    assert held(one) == [("SMP-BS", 52, later)]
    assert one.holdings.get().pk == second.pk
    undo(done=done, by=cast.staff, now=NOW)
    assert list(one.holdings.order_by("quantity").values_list("pk", "quantity", "support_expires_on")) == [
        (second.pk, 7, later), (first.pk, 45, EXPIRY),
    ]  # fmt: skip


@pytest.mark.both_databases
def test_each_takes_the_place_of_the_next(cast):
    """Two holdings a year apart, both renewed for a year: the first ends where the second ended before."""
    one = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), ("SMP-BS", 7, date(2028, 3, 31)))
    every = {f"renew-{row.pk}": "on" for row in one.holdings.all()}
    quote = ordered(cast, one, changes=every)
    [done] = carry(cast, quote)
    assert held(one) == [("SMP-BS", 45, date(2028, 3, 31)), ("SMP-BS", 7, date(2029, 3, 31))]
    undo(done=done, by=cast.staff, now=NOW)
    assert held(one) == [("SMP-BS", 45, EXPIRY), ("SMP-BS", 7, date(2028, 3, 31))]


@pytest.mark.both_databases
def test_one_license_id_now_another_later_and_each_once(cast):
    one = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
    two = make_license_id(cast.customer, "LIC-2", ("SMP-BS", 20))
    quote = ordered(cast, one, two)
    carry(cast, quote, one)
    assert (held(one), held(two)) == ([("SMP-BS", 45, date(2028, 3, 31))], [("SMP-BS", 20, EXPIRY)])
    before = all_written()
    with pytest.raises(AlreadyCarriedOut) as already:
        carry(cast, quote)
    assert already.value.done.part.license_code == "LIC-1"
    assert all_written() == before, "not the other one either"
    carry(cast, quote, two)
    assert held(two) == [("SMP-BS", 20, date(2028, 3, 31))]
    assert QuoteStatus.objects.get(pk=quote.pk).carried_out == 2


def test_what_is_not_ordered_is_not_carried_out_and_what_is_carried_out_is_not_taken_back(cast, licenseid):
    quote = given_quote(licenseid, by=cast.staff)
    with pytest.raises(NotOrdered):
        carry(cast, quote)
    record_order(quote=quote, by=cast.staff, now=NOW)
    [done] = carry(cast, quote)
    before = all_written()
    with pytest.raises(CarriedOut):
        reopen(quote=quote, reason="誤り", by=cast.staff, now=NOW)
    assert all_written() == before
    undo(done=done, by=cast.staff, now=NOW)
    reopen(quote=quote, reason="誤り", by=cast.staff, now=NOW)
    with pytest.raises(NotOrdered):
        carry(cast, quote)


@pytest.mark.parametrize("what", ["quantity", "expiry", "product", "gone"])
def test_other_holdings_than_those_quoted_are_refused_and_named(cast, licenseid, what):
    two = make_license_id(cast.customer, "LIC-2", ("SMP-BS", 20))
    quote = ordered(cast, two, licenseid)
    holding = holding_of(licenseid)
    if what == "gone":
        holding.delete()
    else:
        now = {"quantity": 44, "expiry": date(2027, 4, 1), "product": cast.products["SMP-AO"]}[what]
        setattr(holding, {"expiry": "support_expires_on"}.get(what, what), now)
        holding.save()
    before = all_written()
    with pytest.raises(NotAsQuoted) as refused:
        carry(cast, quote)
    assert all_written() == before, "not the license ID that is as it was either"
    [plan] = refused.value.plans
    [difference] = plan.differences
    assert difference.quoted == (45, EXPIRY)
    assert difference.held == {"quantity": (44, EXPIRY), "expiry": (45, date(2027, 4, 1)), "product": (45, EXPIRY)}.get(
        what
    )
    page = open_form(sign_in(cast.staff), f"/quotes/{quote.key}/carry-out/")
    assert "The holdings are no longer those that were quoted:" in page.text
    assert "quoted 45, expiry 2027-03-31; now" in page.text


def test_what_was_left_out_or_is_new_may_be_anything(cast):
    one = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), ("SMP-AO", 40))
    left_out = holding_of(one, "SMP-AO")
    quote = ordered(cast, one, changes={f"renew-{left_out.pk}": None})
    left_out.quantity = 1
    left_out.save()
    Holding.objects.create(licenseid=one, product=cast.products["SMP-CC"], quantity=3, support_expires_on=EXPIRY)
    carry(cast, quote)
    assert held(one) == [("SMP-AO", 1, EXPIRY), ("SMP-CC", 3, EXPIRY), ("SMP-BS", 45, date(2028, 3, 31))]


def test_more_than_can_be_held_is_refused(cast):
    later = date(2028, 3, 31)
    one = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), ("SMP-BS", 7, later))
    quote = ordered(cast, one, changes={f"renew-{one.holdings.get(quantity=7).pk}": None})
    Holding.objects.filter(quantity=7).update(quantity=9_999_999)
    before = all_written()
    with pytest.raises(NotAsQuoted) as refused:
        carry(cast, quote)
    assert refused.value.plans[0].differences[0].is_too_much
    assert all_written() == before


def test_another_resellers_license_id_is_left_alone(cast, licenseid):
    quote = ordered(cast, licenseid)
    licenseid.customer = cast.foreign_customer
    licenseid.save()
    before = all_written()
    with pytest.raises(CustomerMoved):
        carry(cast, quote)
    assert all_written() == before


# --- Back -----------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_undone_everything_is_as_it_was_with_its_numbers(cast):
    one = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), ("SMP-AO", 40))
    changes = {"is_reduced": "on", f"quantity-{holding_of(one, 'SMP-AO').pk}": "0",
               "addition-0-product": "SMP-DS", "addition-0-quantity": "10"}  # fmt: skip
    quote = ordered(cast, one, changes=changes)
    before = list(Holding.objects.order_by("pk").values())
    [done] = carry(cast, quote)
    undo(done=done, by=cast.staff, now=NOW)
    assert list(Holding.objects.order_by("pk").values()) == before
    done.refresh_from_db()
    assert (done.undone_by, done.undone_at) == (cast.staff, NOW)
    assert [event.kind for event in quote.events.order_by("position")] == [
        "issued", "ordered", "carried_out", "carry_out_undone",
    ]  # fmt: skip
    undo(done=done, by=cast.staff, now=NOW)
    assert quote.events.count() == 4, "a second press does nothing"
    carry(cast, quote)
    assert held(one) == [("SMP-BS", 45, date(2028, 3, 31)), ("SMP-DS", 10, date(2028, 3, 31))]


def test_what_ended_of_a_product_with_another_code_since_is_not_undone(cast):
    one = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), ("SMP-AO", 40))
    changes = {"is_reduced": "on", f"quantity-{holding_of(one, 'SMP-AO').pk}": "0"}
    [done] = carry(cast, ordered(cast, one, changes=changes))
    Product.objects.filter(code="SMP-AO").update(code="SMP-AX")
    before = all_written()
    with pytest.raises(ChangedSince):
        undo(done=done, by=cast.staff, now=NOW)
    assert all_written() == before


@pytest.mark.parametrize("what", ["changed", "gone", "in the way"])
def test_what_was_changed_since_is_not_undone(cast, licenseid, what):
    [done] = carry(cast, ordered(cast, licenseid))
    holding = holding_of(licenseid)
    if what == "changed":
        holding.quantity = 44
        holding.save()
    elif what == "gone":
        holding.delete()
    else:
        Holding.objects.create(licenseid=licenseid, product=holding.product, quantity=1, support_expires_on=EXPIRY)
    before = all_written()
    with pytest.raises(ChangedSince):
        undo(done=done, by=cast.staff, now=NOW)
    assert all_written() == before


def test_what_is_new_beside_it_does_not_hinder(cast, licenseid):
    [done] = carry(cast, ordered(cast, licenseid))
    Holding.objects.create(licenseid=licenseid, product=cast.products["SMP-AO"], quantity=1, support_expires_on=EXPIRY)
    undo(done=done, by=cast.staff, now=NOW)
    assert held(licenseid) == [("SMP-AO", 1, EXPIRY), ("SMP-BS", 45, EXPIRY)]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_it_once(cast):
    one = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
    two = make_license_id(cast.customer, "LIC-2", ("SMP-BS", 20))
    quote = ordered(cast, one, two, changes={"LIC-1": {"addition-0-product": "SMP-AO", "addition-0-quantity": "40"}})
    answers = at_once(*[lambda: carry(cast, quote) for _ in range(3)])
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyCarriedOut", "AlreadyCarriedOut", "list"]
    assert held(one) == [("SMP-AO", 40, date(2028, 3, 31)), ("SMP-BS", 45, date(2028, 3, 31))]
    done = CarryingOut.objects.get(part__licenseid=one)
    at_once(*[lambda: undo(done=done, by=cast.staff, now=NOW) for _ in range(2)])
    assert held(one) == [("SMP-BS", 45, EXPIRY)]
    status = QuoteStatus.objects.get(pk=quote.pk)
    assert status.carried_out == 1
    assert quote.events.filter(kind="carry_out_undone").count() == 1


# --- The pages ------------------------------------------------------------------------------------------------------


def ticked(page, name="part"):
    fields = page.all(lambda e: e.tag == "input" and e["name"] == name)
    return [e["value"] for e in fields if "checked" in e.attributes]


def test_from_the_order_to_the_next_quote(cast, desk, licenseid):
    two = make_license_id(cast.customer, "LIC-2", ("SMP-BS", 20))
    quote = ordered(cast, licenseid, two)
    assert f"/quotes/{quote.key}/carry-out/" in {
        e["href"] for e in open_form(desk, f"/quotes/{quote.key}/").all(lambda e: e.tag == "a")
    }
    url = f"/quotes/{quote.key}/carry-out/"
    first, second = quote.parts.order_by("position")
    page = open_form(desk, url)
    assert ticked(page) == [str(first.pk), str(second.pk)]
    assert "2027-03-31 → 2028-03-31" in page.text
    wrong = Page(
        send(desk, url, {"part": [str(first.pk)], "certificate_on": "2027/01/16", "certificate_number": "C-9"})
    )
    assert wrong.status == 422
    assert "Enter today or an earlier day." in wrong.text
    assert ticked(wrong) == [str(first.pk)], "the tick that was taken off stays off"
    none = Page(send(desk, url, {"certificate_on": "", "certificate_number": ""}))
    assert none.by_id("trouble").text() == "Nothing was changed. Tick the license IDs that are carried out."
    assert held(licenseid) == [("SMP-BS", 45, EXPIRY)]
    sent = {"part": [str(first.pk)], "certificate_on": "2027/01/14", "certificate_number": "C-9"}
    page = Page(send(desk, url, sent, follow=True))
    assert page.messages == ["The holdings of 1 license ID are what was ordered by Q2701-0001-00."]
    assert ticked(page) == [str(second.pk)]
    again = Page(send(desk, url, sent))
    assert "LIC-1001 was carried out already, by 青木 陽子 (2027-01-15 10:00)." in again.by_id("trouble").text()
    assert "2028-03-31" in open_form(desk, "/?due=all").text
    assert open_form(desk, "/license-ids/LIC-1001/quote/").warnings == {}, "next year's is another period (R22)"
    refused = Page(send(desk, f"/quotes/{quote.key}/reopen/", {"reason": "誤り"}))
    assert "Undo that first." in refused.by_id("carried-out").text()
    done = CarryingOut.objects.get()
    page = Page(send(desk, f"{url}{done.pk}/undo/", {}, follow=True))
    assert page.messages == ["The holdings of LIC-1001 are as they were before."]
    assert held(licenseid) == [("SMP-BS", 45, EXPIRY)]


def test_several_orders_from_the_list_each_by_itself(cast, desk, licenseid):
    others = [make_license_id(cast.customer, f"LIC-{n}", ("SMP-BS", 20)) for n in range(2)]
    first, second, third = (ordered(cast, one) for one in (licenseid, *others))
    holding = holding_of(others[0])
    holding.quantity = 19
    holding.save()
    carry(cast, third)
    page = open_form(desk, "/quotes/?status=ordered")
    boxes = page.all(lambda e: e.tag == "input" and e["name"] == "quote")
    assert [e["value"] for e in boxes] == [str(second.key), str(first.key)], "the third is carried out already"
    keys = [str(first.key), str(second.key)]
    page = open_form(desk, f"/carry-out/?quote={keys[0]}&quote={keys[1]}&quote=x&quote={cast.aoba.pk}")
    assert ticked(page, "quote") == keys
    page = Page(send(desk, "/carry-out/", {"quote": [*keys, str(third.key)]}))
    told = [e.text() for e in page.by_id("answers").walk() if e.tag == "li"]
    assert told == [
        "Q2701-0001-00 株式会社髙﨑製作所 carried out",
        "Q2701-0002-00 株式会社髙﨑製作所 not changed The holdings of LIC-0 are no longer those that were quoted.",
        "Q2701-0003-00 株式会社髙﨑製作所 not changed It was carried out already.",
    ]
    assert held(licenseid) == [("SMP-BS", 45, date(2028, 3, 31))]
    assert held(others[0]) == [("SMP-BS", 19, EXPIRY)]
    answer = Page(send(desk, "/carry-out/", {}, follow=True))
    assert answer.messages == ["Tick the ordered quotes that are carried out."]


def test_another_resellers_quotes_are_not_found(cast, foreign_desk, licenseid):
    quote = ordered(cast, licenseid)
    before = all_written()
    assert foreign_desk.get(f"/quotes/{quote.key}/carry-out/").status_code == 404
    send(foreign_desk, "/carry-out/", {"quote": [str(quote.key)]})
    assert all_written() == before


def test_as_many_queries_for_one_license_id_as_for_many(cast, desk, licenseid):
    def queries(quote):
        with CaptureQueriesContext(connection) as found:
            assert desk.get(f"/quotes/{quote.key}/carry-out/").status_code == 200
        return len(found)

    few = ordered(cast, licenseid)
    many = ordered(cast, *[make_license_id(cast.customer, f"LIC-{n}", ("SMP-BS", 45)) for n in range(8)])
    queries(few)
    assert queries(few) == queries(many)
