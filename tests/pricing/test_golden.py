"""Golden cases: they hold a list back, are accepted with a reason, and what was accepted is expected from then on."""

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from licensing.models import Product
from pricing.golden.operations import (
    AcceptRefused,
    NoListInForce,
    accept_differences,
    calculate_case,
    check_golden_cases,
    keep_case,
)
from pricing.lists.operations.copy import copy_price_list
from pricing.lists.operations.publish import PublishRefused, list_publish_problems, publish, withdraw
from pricing.models import GoldenAcceptance, GoldenCase, GoldenChange, PriceList, PriceListEvent, PriceRank, TaxRate
from tests.cast import NOW, TODAY, make_cast

ASKED = {
    "years": 1,
    "is_reduced": False,
    "tax_rounding": "down",
    "holdings": [
        {"product": "SMP-CC", "quantity": 120, "renewal_quantity": 120, "expires_in_days": 75},
        {"product": "SMP-IM", "quantity": 30, "renewal_quantity": 30, "expires_in_days": 75},
    ],
    "additions": [],
}
E2 = {
    "lines": [
        {"product": "SMP-CC", "kind": "renewal", "quantity": 120, "rank": "D", "price": 1920, "amount": 230_400},
        {"product": "SMP-IM", "kind": "renewal", "quantity": 30, "rank": "D", "price": 1330, "amount": 39_900},
    ],
    "subtotal": 270_300,
    "tax": 27_030,
    "total": 297_330,
    "refusals": [],
}
"""The worked example of the rules."""


@pytest.fixture
def cast(db):
    return make_cast()


def keep(cast, name="E2", asked=ASKED, now=NOW, case=None):
    price_list, result = calculate_case(asked=asked, name=name, on=TODAY)
    case = case or GoldenCase(name=name)
    return keep_case(case=case, asked=asked, expected=result, expected_from=price_list, by=cast.admin, now=now)


def copy(cast, day, source=None):
    return copy_price_list(
        price_list=source or cast.price_list, effective_on=day, by=cast.admin, now=NOW, name=f"版 {day:%Y-%m-%d}"
    )


def set_price(price_list, code, rank, yen):
    found = PriceRank.objects.filter(price_table__price_list=price_list, price_table__product__code=code, rank=rank)
    assert found.update(renewal_price=yen) == 1


def dearer(cast, day=date(2027, 4, 1), yen=2000, source=None):
    draft = copy(cast, day, source)
    set_price(draft, "SMP-CC", "D", yen)
    return draft


def check(price_list, name="E2"):
    [found] = [row for row in check_golden_cases(price_list=price_list) if row.case.name == name]
    return found


def accept(cast, draft, reason="メーカーの改定", now=NOW, case="E2"):
    found = check(draft, case)
    [accepted] = accept_differences(
        price_list=draft, seen={found.case.pk: found.fingerprint}, reason=reason, by=cast.admin, now=now
    )
    return accepted


def test_a_case_gives_what_the_rules_say(cast):
    case = keep(cast)
    case.refresh_from_db()
    assert case.expected == E2
    assert (case.expected_from, case.kept_by, case.kept_at) == ("2026年10月版", cast.admin, NOW)


def test_a_refusal_is_a_result_too(cast):
    asked = deepcopy(ASKED)
    asked["holdings"] = [{"product": "SMP-IW", "quantity": 25, "renewal_quantity": 20, "expires_in_days": 5}]
    asked["is_reduced"] = True
    refused = {"lines": [], "subtotal": 0, "tax": 0, "total": 0, "refusals": ["below-first-rank", "below-minimum"]}
    assert keep(cast, "E10", asked).expected == refused


def test_a_draft_with_the_same_prices_is_published(cast):
    keep(cast)
    draft = copy(cast, date(2027, 4, 1))
    assert not check(draft).differs
    assert publish(price_list=draft, by=cast.admin, now=NOW).is_published
    assert GoldenChange.objects.count() == 0


def test_another_result_holds_the_draft_back_until_it_is_accepted(cast):
    keep(cast)
    draft = dearer(cast)
    told = [
        "基準ケースの結果が期待値と異なります：E2。価格を直すか、この版の「基準ケース」の画面で、"
        "差異ごとに理由を書いて承認してください。"
    ]
    assert list_publish_problems(price_list=draft, now=NOW) == told
    with pytest.raises(PublishRefused):
        publish(price_list=draft, by=cast.admin, now=NOW)
    draft.refresh_from_db()
    assert not draft.is_published
    acceptance = accept(cast, draft)
    assert (acceptance.expected, acceptance.found["total"]) == (E2, 307_890)
    event = PriceListEvent.objects.get(kind="accepted")
    assert (event.price_list, event.by, event.at) == (draft, cast.admin, NOW)
    assert event.detail == {"from": "E2", "reason": "メーカーの改定", "totals": [297_330, 307_890]}
    assert list_publish_problems(price_list=draft, now=NOW) == []
    publish(price_list=draft, by=cast.admin, now=NOW)


def test_many_differences_are_told_in_one_sentence(cast):
    for number in range(1, 6):
        keep(cast, f"ケース{number}")
    [told] = list_publish_problems(price_list=dearer(cast), now=NOW)
    assert "：ケース1 / ケース2 / ケース3、ほか2件。" in told


def test_prices_are_those_of_the_drafts_first_day(cast):
    keep(cast)
    draft = copy(cast, date(2027, 4, 1))
    TaxRate.objects.create(percent=Decimal(12), effective_on=date(2027, 4, 1))
    assert check(draft).found["tax"] == 32_436
    fixed = deepcopy(ASKED)
    fixed["holdings"][0] |= {"expires_on": "2027-03-31"}
    del fixed["holdings"][0]["expires_in_days"]
    fixed["additions"] = [{"product": "SMP-CC", "quantity": 500}]
    keep(cast, "fixed", fixed)
    # On 1 April the fixed expiry is past: the addition is not summed any more and is ranked alone (R7).
    found = check(draft, "fixed")
    assert [line["rank"] for line in found.expected["lines"]] != [line["rank"] for line in found.found["lines"]]


def test_an_acceptance_counts_for_what_was_seen_only(cast):
    keep(cast)
    draft = dearer(cast)
    accept(cast, draft)
    set_price(draft, "SMP-CC", "D", 2100)
    assert check(draft).blocks
    set_price(draft, "SMP-CC", "D", 2000)
    assert not check(draft).blocks
    other = dearer(cast, date(2027, 5, 1))
    assert check(other).blocks


def test_what_cannot_be_accepted(cast):
    case = keep(cast)
    draft = dearer(cast)
    seen = {case.pk: check(draft).fingerprint}

    def refused(**changes):
        given = {"price_list": draft, "seen": seen, "reason": "改定", "by": cast.admin, "now": NOW}
        with pytest.raises(AcceptRefused) as raised:
            accept_differences(**given | changes)
        return str(raised.value)

    assert refused(reason=" 　") == "差異が正しい理由を書いてください。"
    assert (
        refused(price_list=cast.price_list)
        == "2026年10月版はすでに公開されています。差異の承認は公開前の下書きに対してのみ行えます。"
    )
    set_price(draft, "SMP-CC", "D", 2100)
    assert refused() == "画面を開いた後に E2 の結果が変わりました。もう一度確認してください。"
    set_price(draft, "SMP-CC", "D", 1920)
    assert refused() == "E2 に承認が必要な差異はありません。"
    GoldenCase.objects.update(is_active=False)
    assert refused() == "無効になった基準ケースがあります。差異をもう一度確認してください。"
    assert refused(seen={}) == "無効になった基準ケースがあります。差異をもう一度確認してください。"
    assert GoldenAcceptance.objects.count() == 0
    assert not PriceListEvent.objects.filter(kind="accepted").exists()


@pytest.mark.both_databases
def test_several_are_accepted_all_or_none(cast):
    keep(cast)
    keep(cast, "second")
    draft = dearer(cast)
    seen = {row.case.pk: row.fingerprint for row in check_golden_cases(price_list=draft)}
    given = {"price_list": draft, "reason": "改定", "by": cast.admin, "now": NOW}
    with pytest.raises(AcceptRefused):
        accept_differences(seen={number: "x" for number in seen} | dict(list(seen.items())[:1]), **given)
    assert GoldenAcceptance.objects.count() == 0
    assert len(accept_differences(seen=seen, **given)) == 2
    assert list_publish_problems(price_list=draft, now=NOW) == []


def test_what_was_accepted_and_published_is_expected_of_later_lists(cast):
    case = keep(cast)
    april = dearer(cast)
    accept(cast, april)
    may = dearer(cast, date(2027, 5, 1))
    assert check(may).blocks  # April is a draft still
    publish(price_list=april, by=cast.admin, now=NOW)
    found = check(may)
    assert (found.differs, found.expected["total"], found.expected_from) == (False, 307_890, "版 2027-04-01")
    assert check(dearer(cast, date(2027, 3, 1))).blocks  # comes before April
    case.refresh_from_db()
    assert case.expected == E2  # history, not written over
    assert not check(april).blocks  # shown again, it is accepted still


def test_the_latest_list_before_the_day_counts(cast):
    keep(cast)
    april = dearer(cast)
    accept(cast, april)
    publish(price_list=april, by=cast.admin, now=NOW)
    june = dearer(cast, date(2027, 6, 1), yen=2100, source=april)
    accept(cast, june)
    publish(price_list=june, by=cast.admin, now=NOW)
    assert check(dearer(cast, date(2027, 5, 1))).expected_from == "版 2027-04-01"
    assert check(dearer(cast, date(2027, 7, 1))).expected_from == "版 2027-06-01"


def test_a_list_that_is_withdrawn_takes_its_expectations_back(cast):
    keep(cast)
    april = dearer(cast)
    accept(cast, april)
    publish(price_list=april, by=cast.admin, now=NOW)
    withdraw(price_list=april, reason="誤り", by=cast.admin, now=NOW + timedelta(hours=1))
    may = dearer(cast, date(2027, 5, 1))
    assert check(may).expected == E2
    set_price(april, "SMP-CC", "D", 1920)  # put right: as expected, nothing to accept
    publish(price_list=april, by=cast.admin, now=NOW + timedelta(hours=2))
    assert check(may).expected == E2
    assert GoldenChange.objects.count() == 1


def test_whoever_confirms_a_case_anew_starts_afresh(cast):
    case = keep(cast)
    april = dearer(cast)
    accept(cast, april)
    publish(price_list=april, by=cast.admin, now=NOW)
    keep(cast, now=NOW + timedelta(days=1), case=case)
    assert check(dearer(cast, date(2027, 5, 1))).expected == E2
    assert check(april).blocks


def test_a_case_at_rest_is_not_asked(cast):
    keep(cast)
    GoldenCase.objects.update(is_active=False)
    assert list_publish_problems(price_list=dearer(cast), now=NOW) == []


def test_a_product_that_is_gone_is_a_refusal(cast):
    keep(cast)
    Product.objects.filter(code="SMP-IM").update(code="SMP-IM2")
    assert check(copy(cast, date(2027, 4, 1))).found["refusals"] == ["unknown-product"]


def test_nothing_can_be_calculated_without_a_list(cast):
    with pytest.raises(NoListInForce):
        calculate_case(asked=ASKED, name="x", on=date(2026, 9, 30))


HOLDING = ASKED["holdings"][0]


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {"years": 1},
        ASKED | {"years": 7},
        ASKED | {"years": True},
        ASKED | {"years": "1"},
        ASKED | {"tax_rounding": "nearest"},
        ASKED | {"is_reduced": 1},
        ASKED | {"holdings": []},
        ASKED | {"holdings": "x"},
        ASKED | {"more": 1},
        ASKED | {"holdings": [HOLDING | {"quantity": 0}]},
        ASKED | {"holdings": [HOLDING | {"quantity": 10_000_000}]},
        ASKED | {"holdings": [HOLDING | {"renewal_quantity": -1}]},
        ASKED | {"holdings": [HOLDING | {"product": 1}]},
        ASKED | {"holdings": [HOLDING | {"expires_on": "2027-03-31"}]},
        ASKED | {"holdings": [{"product": "SMP-CC", "quantity": 1, "renewal_quantity": 1, "expires_on": "x"}]},
        ASKED | {"additions": [{"product": "SMP-CC", "quantity": 0}]},
        ASKED | {"additions": [1]},
    ],
)
def test_only_what_can_be_priced_is_kept(cast, wrong):
    case = GoldenCase(name="x")
    with pytest.raises(ValidationError) as raised:
        keep_case(case=case, asked=wrong, expected=E2, expected_from=cast.price_list, by=cast.admin, now=NOW)
    assert list(raised.value.message_dict) == ["asked"]
    assert GoldenCase.objects.count() == 0


@pytest.mark.both_databases
def test_what_was_accepted_is_never_changed_or_deleted(cast):
    keep(cast)
    april = dearer(cast)
    accept(cast, april)
    publish(price_list=april, by=cast.admin, now=NOW)
    for model in (GoldenAcceptance, GoldenChange):
        table = model._meta.db_table
        for sql in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
                execute(sql)
    with pytest.raises(ProtectedError):
        GoldenCase.objects.get().delete()


def execute(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.both_databases
def test_an_acceptance_outlives_the_draft(cast):
    keep(cast)
    draft = dearer(cast)
    accept(cast, draft)
    PriceList.objects.filter(pk=draft.pk).delete()
    assert GoldenAcceptance.objects.get().price_list_name == "版 2027-04-01"
    assert check(dearer(cast)).blocks


def test_many_cases_take_the_queries_of_one(cast):
    keep(cast)
    draft = dearer(cast)

    def count():
        with CaptureQueriesContext(connection) as queries:
            check_golden_cases(price_list=draft)
        return len(queries)

    of_one = count()
    for number in range(20):
        keep(cast, f"E2 {number}")
        if number < 5:
            accept(cast, draft, case=f"E2 {number}")
    assert count() == of_one


def test_the_clock_is_an_argument(cast):
    moment = datetime(2030, 5, 5, 3, 0, tzinfo=UTC)
    assert keep(cast, now=moment).kept_at == moment
