"""A price list takes a product out of sale (R9): quoting, copying, checking, and that it is kept."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, transaction

from pricing.check.operations import check_price_list
from pricing.lists.operations.copy import copy_price_list
from pricing.lists.operations.publish import publish
from pricing.loader import load_ends, load_prices
from pricing.models import EndOfSale, PriceTable
from renewals.calculation.calculate import calculate
from tests.cast import TODAY, make_license_id, sign_in
from tests.making import fill

DAY = date(2027, 1, 10)
NOW = datetime(2027, 1, 8, 1, 0, tzinfo=UTC)


@pytest.fixture
def licenseid(cast):
    return make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), ("SMP-AO", 50))


@pytest.fixture
def draft(cast, licenseid):
    """The list in force, without SMP-BS, which SMP-AO takes the place of."""
    draft = copy_price_list(price_list=cast.price_list, effective_on=DAY, by=cast.admin, now=NOW)
    PriceTable.objects.get(price_list=draft, product__code="SMP-BS").delete()
    return draft


def end_sale(draft, cast):
    return EndOfSale.objects.create(
        price_list=draft, product=cast.products["SMP-BS"], since_on=DAY, successor=cast.products["SMP-AO"]
    )


def test_a_held_product_that_is_not_sold_any_more_is_not_missing(cast, draft):
    def codes():
        found = check_price_list(price_list=draft, on=TODAY).findings
        return [one.code for one in found if one.product_code == "SMP-BS"]

    assert codes() == ["held-product-missing"]
    end_sale(draft, cast)
    assert codes() == ["product-ended"]


def test_quoting_it_is_refused_with_its_successor_and_it_is_not_offered(cast, draft, licenseid):
    end_sale(draft, cast)
    publish(price_list=draft, by=cast.admin, now=NOW, acknowledged={"product-ended"})
    form = fill(licenseid, on=TODAY)
    pricing = calculate(asked=form.to_asked(), customer=form.licenseid.customer, on=TODAY).pricing
    assert [(one.problem.code, one.problem.what("ja")) for one in pricing.refusals] == [
        ("product-discontinued", "SMP-BS は 2027/01/10 に販売終了となりました。後継製品は SMP-AO です。")
    ]
    before = calculate(asked=form.to_asked(), customer=form.licenseid.customer, on=date(2027, 1, 9)).pricing
    assert before.refusals == ()
    page = sign_in(cast.staff).get(f"/license-ids/{licenseid.code}/quote/").content.decode()
    assert '<option value="SMP-AO"' in page
    assert '<option value="SMP-BS"' not in page


@pytest.mark.both_databases
def test_a_published_list_keeps_what_it_says_and_a_copy_takes_it_along(cast, draft):
    end = end_sale(draft, cast)
    publish(price_list=draft, by=cast.admin, now=NOW, acknowledged={"product-ended"})
    for change in (
        lambda: EndOfSale.objects.filter(pk=end.pk).update(since_on=TODAY),
        lambda: EndOfSale.objects.filter(pk=end.pk).delete(),
        lambda: EndOfSale.objects.create(price_list=draft, product=cast.products["SMP-CC"], since_on=DAY),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert [(row.product.code, row.since_on) for row in draft.ended.all()] == [("SMP-BS", DAY)]
    copied = copy_price_list(price_list=draft, effective_on=date(2027, 4, 1), by=cast.admin, now=NOW)
    assert load_ends(price_list=copied) == load_prices(on=TODAY).tables.ended
    assert [end.successor.code for end in load_ends(price_list=copied).values()] == ["SMP-AO"]


def test_the_administration_refuses_a_product_that_still_has_prices(cast, draft):
    client = sign_in(cast.admin)
    address = f"/admin/pricing/pricelist/{draft.pk}/change/"
    known = {"name": draft.name, "effective_on": "2027-01-10", "note": "", "ended-INITIAL_FORMS": "0"}
    known |= {"ended-TOTAL_FORMS": "1", "ended-0-since_on": "2027/01/10"}
    refused = client.post(address, known | {"ended-0-product": cast.products["SMP-CC"].pk})
    assert "SMP-CC still has a price table in this list. Delete that first." in refused.content.decode()
    assert not draft.ended.exists()
    row = {"ended-0-product": cast.products["SMP-BS"].pk, "ended-0-successor": cast.products["SMP-AO"].pk}
    assert client.post(address, known | row).status_code == 302
    assert [(row.product.code, row.successor.code) for row in draft.ended.all()] == [("SMP-BS", "SMP-AO")]
