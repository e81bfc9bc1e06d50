"""A quote that is issued while a price list is published is of one list, wholly: the old one or the new one."""

import threading

import pytest
from django.db import transaction

from pricing.engine.lint import SEVERITIES
from pricing.lists.operations.copy import copy_price_list
from pricing.lists.operations.publish import publish
from pricing.models import PriceList, PriceRank
from quotes.models import Quote, QuoteLine
from renewals.models import QuoteRun
from renewals.refusals import PriceChanged
from tests.at_once import at_once
from tests.cast import NOW, TODAY, make_license_id
from tests.making import issue_quote
from tests.renewals.batches import assert_done, press, reviewed, work_issue

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

OLD, NEW = "2026年10月版", "2027年1月版"
HELD = (("SMP-BS", 45), ("SMP-DS", 10), ("SMP-AO", 40))
TOTALS = {OLD: 1_084_490, NEW: 2_168_980}
PRICES = {OLD: [7_200, 4_500, 49_540], NEW: [14_400, 9_000, 99_080]}


@pytest.fixture
def twice_as_dear(cast) -> PriceList:
    """A draft that takes effect on the day itself."""
    draft = copy_price_list(price_list=cast.price_list, name=NEW, effective_on=TODAY, by=cast.admin, now=NOW)
    ranks = list(PriceRank.objects.filter(price_table__price_list=draft))
    for rank in ranks:
        rank.renewal_price, rank.addition_price = rank.renewal_price * 2, rank.addition_price * 2
    PriceRank.objects.bulk_update(ranks, ["renewal_price", "addition_price"])
    return draft


def make_many(cast, count):
    return [make_license_id(cast.customer, f"LIC-{number}", *HELD) for number in range(count)]


def publish_it(draft, cast):
    return publish(price_list=draft, by=cast.admin, now=NOW, acknowledged=SEVERITIES)


def whole(quote):
    """Of which list it is, after looking that all of it is."""
    name = quote.price_list.name
    prices = list(QuoteLine.objects.filter(quote=quote).order_by("position").values_list("renewal_price", flat=True))
    assert (prices, quote.total, quote.document["price_list"]) == (PRICES[name], TOTALS[name], name)
    return name


def test_before_and_after_it_is_written(cast, twice_as_dear):
    """Nobody who issues waits for whoever publishes; what was seen at the old prices is not issued at the new ones."""
    before, after, seen = make_many(cast, 3)
    is_published, is_issued = threading.Event(), threading.Event()

    def publish_slowly():
        with transaction.atomic():
            publish_it(twice_as_dear, cast)
            is_published.set()
            assert is_issued.wait(30)

    def issue_meanwhile():
        assert is_published.wait(30)
        try:
            return issue_quote(before, by=cast.staff, seen_total=TOTALS[OLD])
        finally:
            is_issued.set()

    _published, quote = at_once(publish_slowly, issue_meanwhile)
    assert whole(quote) == OLD
    assert whole(issue_quote(after, by=cast.staff)) == NEW
    with pytest.raises(PriceChanged):
        issue_quote(seen, by=cast.staff, seen_total=TOTALS[OLD])
    assert Quote.objects.count() == 2


def test_whenever_it_is(cast, twice_as_dear):
    many = make_many(cast, 8)
    issues = [lambda one=one: [issue_quote(half, by=cast.staff) for half in one] for one in (many[:4], many[4:])]
    *issued, published = at_once(*issues, lambda: publish_it(twice_as_dear, cast))
    assert published.is_published
    for quotes in issued:
        names = [whole(quote) for quote in quotes]
        assert names == sorted(names)  # once it is published, nothing more comes of the old one


def test_a_batch_whose_chunks_are_issued_meanwhile(cast, twice_as_dear):
    """What was reviewed at the old prices and is issued after it says so instead, and has no number."""
    run: QuoteRun = reviewed(make_many(cast, 6), cast.staff)
    assert press(run, cast.staff) == 6
    _issued, published = at_once(lambda: work_issue(run), lambda: publish_it(twice_as_dear, cast))
    assert published.is_published
    assert_done(run)
    rows = list(run.rows.order_by("position"))
    assert {whole(quote) for quote in Quote.objects.all()} <= {OLD}
    assert {row.state for row in rows} in ({"issued"}, {"look"})  # six are one chunk
    for row in rows:
        if row.state == "look":
            assert (row.unread, row.total, row.price_list[: len(NEW)]) == (" changed ", TOTALS[NEW], NEW)
