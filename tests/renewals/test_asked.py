"""What is wanted as a value: to and from JSON, fitted to other holdings, priced part by part."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.engine.values import ANYBODY, FreeLine, OfferedPrice, Product, Programme, RankBasis, TaxRounding
from renewals.asked import (
    Asked,
    AskedAddition,
    AskedFreeLine,
    AskedHolding,
    AskedOffer,
    AskedPart,
    AskedTerms,
    NotReadable,
    fit,
    free_lines_of,
    from_json,
    product_codes,
    schema,
    to_json,
    to_requests,
)

EXPIRY = date(2027, 3, 31)
PART = AskedPart(
    license_id="TM-0048-2210",
    years=3,
    is_reduced=True,
    holdings=(AskedHolding(7, "SMP-CC", 100, EXPIRY, 99), AskedHolding(9, "SMP-IM", 30, EXPIRY)),
    additions=(AskedAddition("SMP-IM", 30),),
)
ASKED = Asked((PART,), "ライセンス更新", "備考", with_calculation=True, tax_rounding=TaxRounding.UP)

numbers = st.integers(-(2**53), 2**53)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
holdings = st.builds(AskedHolding, numbers, texts.filter(bool), numbers, st.dates(), st.none() | numbers)
additions = st.builds(AskedAddition, texts.filter(bool), numbers)
parts = st.builds(
    AskedPart,
    texts.filter(bool),
    numbers,
    st.booleans(),
    st.lists(holdings, max_size=3).map(tuple),
    st.lists(additions, max_size=3).map(tuple),
)
whatever = st.builds(
    Asked, st.lists(parts, min_size=1, max_size=3).map(tuple), texts, texts, st.booleans(), st.sampled_from(TaxRounding)
)


def test_as_it_is_stored():
    assert to_json(ASKED) == {
        "format": 1,
        "parts": [
            {
                "license_id": "TM-0048-2210",
                "years": 3,
                "is_reduced": True,
                "holdings": [
                    {"holding": 7, "product": "SMP-CC", "quantity": 100, "support_expires_on": "2027-03-31",
                     "renewal_quantity": 99},
                    {"holding": 9, "product": "SMP-IM", "quantity": 30, "support_expires_on": "2027-03-31",
                     "renewal_quantity": None},
                ],
                "additions": [{"product": "SMP-IM", "quantity": 30}],
            }
        ],
        "subject": "ライセンス更新",
        "note": "備考",
        "with_calculation": True,
        "tax_rounding": "up",
        "contact": None,
    }  # fmt: skip


@given(whatever)
def test_what_is_stored_comes_back(asked):
    assert from_json(to_json(asked)) == asked


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 4}, "format: Input should be 1, 2 or 3"),
        ({"colour": "red"}, "colour: Unexpected keyword argument"),
        ({"parts": []}, "parts: Tuple should have at least 1 item after validation, not 0"),
        ({"subject": 5}, "subject: Input should be a valid string"),
        ({"subject": "\ud800"}, "asked: not a text"),
        ({"tax_rounding": "sideways"}, "tax_rounding: Input should be 'down', 'half_up' or 'up'"),
        ({"with_calculation": 1}, "with_calculation: Input should be a valid boolean"),
    ],
)
def test_nothing_is_guessed(change, said):
    with pytest.raises(NotReadable) as refused:
        from_json({**to_json(ASKED), **change})
    assert str(refused.value) == said


@pytest.mark.parametrize("field", ["quantity", "renewal_quantity", "holding"])
@pytest.mark.parametrize("value", ["5", 5.5, True, 2**53 + 1])
def test_numbers_are_whole(field, value):
    stored = to_json(ASKED)
    stored["parts"][0]["holdings"][0][field] = value
    with pytest.raises(NotReadable, match=f"holdings.0.{field}"):
        from_json(stored)


@pytest.mark.parametrize("stored", [None, [], "asked", 5, {}])
def test_what_is_no_asked_at_all(stored):
    with pytest.raises(NotReadable):
        from_json(stored)


def test_the_schema_names_every_value():
    found = schema()
    assert sorted(found["properties"]) == sorted(to_json(OFFERED) | to_json(WITH_TERMS))
    assert found["additionalProperties"] is False
    assert sorted(found["$defs"]["AskedHolding"]["properties"]) == sorted(to_json(OFFERED)["parts"][0]["holdings"][0])


def test_it_becomes_what_the_engine_prices():
    programme = Programme("P", "P", RankBasis.OWN_QUANTITY)
    products = {code: Product(code, code, programme) for code in product_codes(ASKED)}
    asked = replace(ASKED, parts=(PART, replace(PART, license_id="TM-2")), tax_rounding=TaxRounding.UP)
    request, second = to_requests(asked, on=date(2027, 1, 15), products=products, customer_segment=ANYBODY)
    assert (request.license_id, request.on, request.years, request.is_reduced) == (
        "TM-0048-2210", date(2027, 1, 15), 3, True,
    )  # fmt: skip
    assert [(row.holding.key, row.holding.product.code, row.renewal_quantity) for row in request.holdings] == [
        ("7", "SMP-CC", 99),
        ("9", "SMP-IM", None),
    ]
    assert [(row.key, row.product.code, row.quantity) for row in request.additions] == [("added-0", "SMP-IM", 30)]
    assert (second.license_id, [row.key for row in second.additions]) == ("TM-2", ["added-1"])
    assert (request.tax_rounding, request.customer_segment) == (TaxRounding.UP, ANYBODY)
    with pytest.raises(KeyError):
        to_requests(asked, on=EXPIRY, products={}, customer_segment=None)


def test_it_is_fitted_to_the_holdings_of_today():
    """Whole stays whole, reduced stays reduced, left out stays left out; what is gone goes, what is new waits."""
    was = replace(
        PART,
        holdings=(
            AskedHolding(1, "SMP-A", 20, EXPIRY, 20),
            AskedHolding(2, "SMP-B", 40, EXPIRY, 12),
            AskedHolding(3, "SMP-C", 5, EXPIRY),
            AskedHolding(4, "SMP-D", 8, EXPIRY, 8),
            AskedHolding(5, "SMP-E", 8, EXPIRY, 0),
        ),
    )
    later = date(2028, 3, 31)
    held = [
        AskedHolding(1, "SMP-A", 30, later), AskedHolding(2, "SMP-B", 50, later), AskedHolding(3, "SMP-C", 9, later),
        AskedHolding(5, "SMP-E", 6, later), AskedHolding(9, "SMP-N", 7, later),
    ]  # fmt: skip
    now = fit(was, held=held)
    assert [(row.holding, row.quantity, row.support_expires_on, row.renewal_quantity) for row in now.holdings] == [
        (1, 30, later, 30), (2, 50, later, 12), (3, 9, later, None), (5, 6, later, 0), (9, 7, later, None),
    ]  # fmt: skip
    assert replace(now, holdings=()) == replace(was, holdings=())


OFFERED = replace(
    ASKED,
    parts=(
        replace(
            PART,
            holdings=(replace(PART.holdings[0], offered=AskedOffer(percent=Decimal("10.5"))), PART.holdings[1]),
            additions=(replace(PART.additions[0], offered=AskedOffer(amount=172_800)),),
        ),
    ),
    reduction=2_800,
    offer_reason="他社対抗",
)


def test_offers_are_stored_only_where_there_are_any():
    """What is asked for at list prices is stored to the letter as before there were offers, and read likewise."""
    stored = to_json(OFFERED)
    [part] = stored["parts"]
    assert (stored["format"], stored["reduction"], stored["offer_reason"]) == (2, 2_800, "他社対抗")
    assert part["holdings"][0]["offered"] == {"percent": "10.5", "amount": None}
    assert "offered" not in part["holdings"][1]
    assert part["additions"][0]["offered"] == {"percent": None, "amount": 172_800}
    assert from_json(stored) == OFFERED
    listed = replace(from_json(stored), reduction=0, offer_reason="", parts=(PART,))
    assert to_json(listed) == to_json(ASKED)
    with pytest.raises(NotReadable, match="format: 1 has no offers"):
        from_json({**stored, "format": 1})


@pytest.mark.parametrize(
    ("offered", "said"),
    [
        ({"percent": "10.5", "amount": 5}, "one of the two"),
        ({}, "one of the two"),
        ({"percent": "NaN"}, "finite number"),
        ({"percent": "1e30"}, "no more than 9 digits"),
        ({"amount": 1.5}, "valid integer"),
    ],
)
def test_an_offer_is_one_thing(offered, said):
    stored = to_json(OFFERED)
    stored["parts"][0]["holdings"][0]["offered"] = offered
    with pytest.raises(NotReadable, match=said):
        from_json(stored)


def test_offers_reach_the_engine_and_stay_with_their_holdings():
    programme = Programme("P", "P", RankBasis.OWN_QUANTITY)
    products = {code: Product(code, code, programme) for code in product_codes(OFFERED)}
    [request] = to_requests(OFFERED, on=date(2027, 1, 15), products=products, customer_segment=ANYBODY)
    assert [row.offered for row in (*request.holdings, *request.additions)] == [
        OfferedPrice(percent=Decimal("10.5")), None, OfferedPrice(amount=172_800),
    ]  # fmt: skip
    held = [AskedHolding(7, "SMP-CC", 200, EXPIRY), AskedHolding(8, "SMP-NEW", 1, EXPIRY)]
    fitted = fit(OFFERED.parts[0], held=held)
    assert [row.offered for row in fitted.holdings] == [AskedOffer(percent=Decimal("10.5")), None]
    assert fitted.additions == OFFERED.parts[0].additions


WITH_TERMS = replace(
    ASKED,
    free_lines=(
        AskedFreeLine("設定作業費", 1, "式", 30_000, "standard"),
        AskedFreeLine("初回相談", 2, "", 0, "exempt"),
    ),
    terms=AskedTerms(payment_terms="納品月末締め翌々月末払い", valid_days=14),
)


def test_free_lines_and_terms_have_a_format_of_their_own():
    stored = to_json(WITH_TERMS)
    assert stored["format"] == 3
    assert stored["free_lines"][1] == {
        "description": "初回相談", "quantity": 2, "unit": "", "price": 0, "tax_category": "exempt",
    }  # fmt: skip
    assert stored["terms"] == {
        "payment_terms": "納品月末締め翌々月末払い", "delivery": "", "remarks": "", "valid_until": None,
        "valid_days": 14,
    }  # fmt: skip
    assert from_json(stored) == WITH_TERMS
    for number in (1, 2):
        with pytest.raises(NotReadable, match=f"format: {number} has no free lines or terms"):
            from_json({**stored, "format": number})
    assert {"free_lines", "terms"} & to_json(ASKED).keys() == set()
    assert to_json(replace(ASKED, terms=AskedTerms())) == to_json(ASKED)


def test_a_last_day_or_a_number_of_days():
    with pytest.raises(ValueError, match="one of the two"):
        AskedTerms(valid_until=date(2027, 2, 1), valid_days=14)
    stored = to_json(WITH_TERMS)
    stored["terms"]["valid_until"] = "2027-02-01"
    with pytest.raises(NotReadable, match="one of the two"):
        from_json(stored)


def test_free_lines_reach_the_engine_in_their_order():
    assert free_lines_of(WITH_TERMS) == (
        FreeLine("0", "設定作業費", 1, 30_000, "standard"),
        FreeLine("1", "初回相談", 2, 0, "exempt"),
    )
    assert free_lines_of(ASKED) == ()
