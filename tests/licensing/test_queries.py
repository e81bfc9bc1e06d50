"""What a user may see, what expires when, and what a search finds."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from foundation.text.search import search_words
from licensing.models import Customer, Holding
from licensing.queries import (
    customers_by_name,
    expiry_rows,
    license_ids_by_expiry,
    visible_customers,
    visible_license_ids,
    with_holdings,
)
from tests.cast import TODAY, Cast, make_cast, make_license_id

pytestmark = pytest.mark.both_databases


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


def codes(license_ids) -> list[str]:
    return [licenseid.code for licenseid in license_ids]


class TestWhoSeesWhat:
    @pytest.fixture(autouse=True)
    def _license_ids(self, cast: Cast) -> None:
        make_license_id(cast.customer, "LIC-1", ("SMP-CC", 10))
        make_license_id(cast.english_customer, "LIC-2", ("SMP-CC", 20))
        make_license_id(cast.foreign_customer, "LIC-3", ("SMP-CC", 30))

    def seen(self, user) -> tuple[set[str], set[str]]:
        return (
            set(visible_customers(user).values_list("name", flat=True)),
            set(visible_license_ids(user).values_list("code", flat=True)),
        )

    def test_staff_see_their_own_resellers_customers(self, cast: Cast) -> None:
        assert self.seen(cast.staff) == ({"株式会社髙﨑製作所", "Sample Trading K.K."}, {"LIC-1", "LIC-2"})
        assert self.seen(cast.stranger) == ({"有限会社波止場商会"}, {"LIC-3"})

    def test_a_customer_contact_sees_their_own_company(self, cast: Cast) -> None:
        assert self.seen(cast.contact) == ({"株式会社髙﨑製作所"}, {"LIC-1"})

    def test_a_portal_admin_sees_all(self, cast: Cast) -> None:
        assert self.seen(cast.admin)[1] == {"LIC-1", "LIC-2", "LIC-3"}

    def test_nobody_else_sees_anything(self, cast: Cast) -> None:
        cast.staff.is_active = False
        for user in (cast.staff, AnonymousUser()):
            assert self.seen(user) == (set(), set())

    def test_lists_and_searches_stay_within_it(self, cast: Cast) -> None:
        find = license_ids_by_expiry
        assert set(codes(find(cast.staff, on=TODAY))) == {"LIC-1", "LIC-2"}
        assert codes(find(cast.staff, on=TODAY, text="LIC-3")) == []
        assert codes(find(cast.staff, on=TODAY, text="波止場")) == []
        assert codes(find(cast.stranger, on=TODAY, text="波止場")) == ["LIC-3"]

    def test_a_moved_customer_is_gone_at_once(self, cast: Cast) -> None:
        Customer.objects.filter(pk=cast.customer.pk).update(reseller=cast.minato)
        assert codes(license_ids_by_expiry(cast.staff, on=TODAY)) == ["LIC-2"]


class TestExpiry:
    def test_the_next_expiry_comes_first_and_the_day_itself_still_counts(self, cast: Cast) -> None:
        for code, days in (("B", 30), ("A", 30), ("TODAY", 0), ("LATER", 31), ("PAST", -1), ("OLD", -61)):
            make_license_id(cast.customer, code, ("SMP-CC", 1), expires=day(days))
        found = codes(license_ids_by_expiry(cast.staff, on=TODAY))
        assert found == ["TODAY", "A", "B", "LATER", "PAST", "OLD"]

    def test_all_are_in_the_list_of_all_once(self, cast: Cast) -> None:
        make_license_id(cast.customer, "NONE")
        make_license_id(cast.customer, "OLD", ("SMP-CC", 1), expires=day(-400))
        make_license_id(cast.customer, "PAST", ("SMP-CC", 1), expires=day(-1))
        make_license_id(cast.customer, "MIXED", ("SMP-CC", 1, day(-5)), ("SMP-IM", 1, day(90)), ("SMP-CC", 2, day(60)))
        make_license_id(cast.customer, "SOON", ("SMP-CC", 1), expires=day(1))
        assert codes(license_ids_by_expiry(cast.staff, on=TODAY)) == ["SOON", "MIXED", "PAST", "OLD", "NONE"]

    def test_a_license_id_of_several_expiries_stands_for_the_next(self, cast: Cast) -> None:
        make_license_id(
            cast.customer,
            "MIXED",
            ("SMP-CC", 1, day(-50)),
            ("SMP-CC", 2, day(-5)),
            ("SMP-IM", 3, day(60)),
            ("SMP-CC", 4, day(60)),
            ("SMP-BS", 5, day(90)),
        )
        [coming] = expiry_rows(with_holdings(license_ids_by_expiry(cast.staff, on=TODAY)), on=TODAY)
        assert (coming.expires_on, coming.days_left, coming.days_past) == (day(60), 60, 0)
        assert [holding.quantity for holding in coming.expiring] == [4, 3]
        assert [holding.quantity for holding in coming.others] == [1, 2, 5]
        assert [programme.code for programme in coming.programmes] == ["TRSL", "通常"]

    def test_one_whose_support_has_all_expired_stands_for_the_last(self, cast: Cast) -> None:
        make_license_id(cast.customer, "PAST", ("SMP-CC", 1, day(-50)), ("SMP-CC", 2, day(-5)))
        [past] = expiry_rows(with_holdings(license_ids_by_expiry(cast.staff, on=TODAY)), on=TODAY)
        assert (past.expires_on, past.days_left, past.days_past) == (day(-5), -5, 5)
        assert [holding.quantity for holding in past.expiring] == [2]

    def test_a_license_id_without_holdings_has_no_expiry(self, cast: Cast) -> None:
        make_license_id(cast.customer, "NONE")
        [row] = expiry_rows(with_holdings(license_ids_by_expiry(cast.staff, on=TODAY)), on=TODAY)
        assert (row.expires_on, row.days_left, row.expiring, row.others) == (None, None, [], [])


class TestSearch:
    @pytest.fixture(autouse=True)
    def _license_ids(self, cast: Cast) -> None:
        make_license_id(cast.customer, "TM-0048-2210", ("SMP-CC", 10))
        make_license_id(cast.english_customer, "TM-0051-0007", ("SMP-CC", 20))
        yoshida = Customer.objects.create(reseller=cast.aoba, name="有限会社𠮷田サーバー工房")
        make_license_id(yoshida, "TM-0099-0001", ("SMP-CC", 5))

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("TM-0048-2210", ["TM-0048-2210"]),
            ("tm00482210", ["TM-0048-2210"]),
            ("ＴＭ－００４８", ["TM-0048-2210"]),  # full width, hyphen too
            ("TM−0048‐2210", ["TM-0048-2210"]),  # minus sign and typographic hyphen
            ("髙﨑", ["TM-0048-2210"]),
            ("高崎", ["TM-0048-2210"]),
            ("㈱高崎", ["TM-0048-2210"]),
            ("（株）髙崎", ["TM-0048-2210"]),
            ("(株)高﨑", ["TM-0048-2210"]),
            ("株式会社 高崎", ["TM-0048-2210"]),
            ("たかさき", ["TM-0048-2210"]),
            ("ﾀｶｻｷ", ["TM-0048-2210"]),
            ("吉田　さーば", ["TM-0099-0001"]),  # full-width space, hiragana, no long-vowel mark
            ("㈲吉田", ["TM-0099-0001"]),
            ("sample", ["TM-0051-0007"]),
            ("ＳＡＭＰＬＥ trading", ["TM-0051-0007"]),
            ("K.K.", ["TM-0051-0007"]),
            ("TM", ["TM-0048-2210", "TM-0051-0007", "TM-0099-0001"]),
        ],
    )
    def test_all_ways_of_writing_find_it(self, cast: Cast, text: str, found: list[str]) -> None:
        assert codes(license_ids_by_expiry(cast.staff, on=TODAY, text=text)) == found

    @pytest.mark.parametrize("text", ["高崎 0051", "髙﨑 吉田", "%", "0048_2210x", "TM-0048-2210-9", "波止場"])
    def test_every_word_must_be_found(self, cast: Cast, text: str) -> None:
        assert codes(license_ids_by_expiry(cast.staff, on=TODAY, text=text)) == []

    @pytest.mark.parametrize("text", ["", "   ", "　", "- ・ ー"])
    def test_a_search_for_nothing_is_no_search(self, cast: Cast, text: str) -> None:
        assert search_words(text) == []
        assert len(codes(license_ids_by_expiry(cast.staff, on=TODAY, text=text))) == 3

    def test_the_words_may_stand_in_the_name_and_in_the_license_id(self, cast: Cast) -> None:
        assert codes(license_ids_by_expiry(cast.staff, on=TODAY, text="0048 高崎 株式会社")) == ["TM-0048-2210"]


class TestCustomers:
    def test_numbers_are_not_multiplied_by_what_is_held(self, cast: Cast) -> None:
        make_license_id(cast.customer, "A", ("SMP-CC", 1), ("SMP-IM", 1), ("SMP-BS", 1, day(20)))
        make_license_id(cast.customer, "B", ("SMP-CC", 1), expires=day(-1))
        make_license_id(cast.foreign_customer, "C", ("SMP-CC", 1), expires=day(1))
        found = {customer.name: customer for customer in customers_by_name(cast.staff, on=TODAY)}
        assert set(found) == {"株式会社髙﨑製作所", "Sample Trading K.K."}
        assert found["株式会社髙﨑製作所"].license_id_count == 2
        assert found["株式会社髙﨑製作所"].next_expires_on == day(20)
        assert found["株式会社髙﨑製作所"].last_expired_on == day(-1)
        assert found["Sample Trading K.K."].license_id_count == 0
        assert found["Sample Trading K.K."].next_expires_on is None

    def test_a_customer_is_found_by_name_kana_and_license_id(self, cast: Cast) -> None:
        make_license_id(cast.customer, "TM-0048-2210", ("SMP-CC", 1))
        make_license_id(cast.customer, "TM-0048-2211", ("SMP-CC", 1))
        make_license_id(cast.foreign_customer, "TM-0048-2212", ("SMP-CC", 1))
        for text in ("㈱高崎", "たかさき", "tm0048", "0048 高崎"):
            found = customers_by_name(cast.staff, on=TODAY, text=text)
            assert [(customer.name, customer.license_id_count) for customer in found] == [("株式会社髙﨑製作所", 2)]
        assert not customers_by_name(cast.staff, on=TODAY, text="2212").exists()
        assert Holding.objects.count() == 3


def test_codes_are_found_by_whatever_looks_like_a_hyphen():
    for text in ("TM-0048", "ＴＭ－００４８", "TM─0048", "TM━0048", "TM−0048", "TMー0048"):
        assert search_words(text) == ["tm0048"]
