"""Tax rates: only ever added, withdrawn before their first day, and then out of the way. Japan's day counts."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from licensing.models import Reseller, User
from pricing.loader import load_tax_rates
from pricing.models import TaxRate
from pricing.taxes.operations import TaxRateRefused, add_tax_rate, withdraw_tax_rate
from tests.cast import sign_in

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]
KEPT = "a tax rate is never changed or deleted, only withdrawn before its first day"
NOW = datetime(2026, 11, 23, 14, 59, tzinfo=UTC)  # one minute before midnight in Japan
LIST = reverse("admin:pricing_taxrate_changelist")
ADD = reverse("admin:pricing_taxrate_add")


@pytest.fixture
def rate() -> TaxRate:
    return TaxRate.objects.create(percent=Decimal(10), effective_on=date(2019, 10, 1))


@pytest.fixture
def coming(rate: TaxRate) -> TaxRate:
    return TaxRate.objects.create(percent=Decimal(12), effective_on=date(2026, 11, 24))


@pytest.fixture
def desk(time_machine) -> Client:
    time_machine.move_to(NOW, tick=False)
    admin = User.objects.create_user(email="admin@portal.example.jp", name="管理 太郎", role=User.Role.ADMIN)
    return sign_in(admin, language="ja")


def make_staff() -> User:
    reseller = Reseller.objects.create(code="aoba", name="青葉見本システム株式会社")
    return User.objects.create_user(email="s@aoba.example.jp", name="青木", role=User.Role.STAFF, reseller=reseller)


def stored() -> list[tuple[object, ...]]:
    return list(TaxRate.objects.order_by("effective_on", "pk").values_list("percent", "effective_on", "withdrawn_on"))


# --- In the database ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"percent": Decimal(12)},
        {"effective_on": date(2030, 1, 1)},
        {"category": "reduced"},
        {"withdrawn_on": date(2026, 11, 24)},  # the day has come
        {"withdrawn_on": date(2026, 11, 23), "percent": Decimal(0)},
    ],
)
def test_the_database_changes_no_rate(coming, change):
    before = stored()
    with pytest.raises(IntegrityError, match=KEPT), transaction.atomic():
        TaxRate.objects.filter(pk=coming.pk).update(**change)
    assert stored() == before


def test_the_database_deletes_no_rate_and_brings_none_back(coming):
    TaxRate.objects.filter(pk=coming.pk).update(withdrawn_on=date(2026, 11, 23))
    before = stored()
    for rows in (TaxRate.objects.filter(pk=coming.pk), TaxRate.objects.all()):
        with pytest.raises(IntegrityError, match=KEPT), transaction.atomic():
            rows.delete()
        with pytest.raises(IntegrityError, match=KEPT), transaction.atomic():
            rows.update(withdrawn_on=None)
    with pytest.raises(IntegrityError, match=KEPT), transaction.atomic():
        TaxRate.objects.create(percent=5, effective_on=date(2030, 1, 1), withdrawn_on=date(2020, 1, 1))
    assert stored() == before


@pytest.mark.postgres
def test_the_table_is_not_emptied(rate):
    with pytest.raises(IntegrityError, match=KEPT), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE pricing_taxrate CASCADE")


# --- In code --------------------------------------------------------------------------------------------------------


def test_a_rate_is_withdrawn_until_the_day_before_and_never_counts(coming):
    assert load_tax_rates(on=date(2026, 11, 24)) == {"standard": Decimal(12)}
    withdraw_tax_rate(tax_rate=coming, now=NOW)
    assert stored()[1] == (Decimal(12), date(2026, 11, 24), date(2026, 11, 23))
    assert load_tax_rates(on=date(2026, 11, 24)) == {"standard": Decimal(10)}
    with pytest.raises(TaxRateRefused, match="すでに取り下げられています"):
        withdraw_tax_rate(tax_rate=coming, now=NOW)
    again = add_tax_rate(category="standard", percent=Decimal(11), effective_on=date(2026, 11, 24), now=NOW)
    assert load_tax_rates(on=again.effective_on) == {"standard": Decimal(11)}


def test_a_rate_whose_day_has_come_in_japan_is_not_withdrawn(coming):
    with pytest.raises(TaxRateRefused, match="2026年11月24日に適用が始まり"):
        withdraw_tax_rate(tax_rate=coming, now=datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    assert stored()[1][2] is None


@pytest.mark.parametrize(
    ("day", "said"), [(date(2026, 11, 22), "過去の日付です"), (date(2026, 11, 24), "すでにあります")]
)
def test_a_rate_that_cannot_be_added_is_refused(coming, day, said):
    before = stored()
    with pytest.raises(TaxRateRefused, match=said):
        add_tax_rate(category="standard", percent=Decimal(15), effective_on=day, now=NOW)
    assert stored() == before


# --- In the administration ------------------------------------------------------------------------------------------

ASKED = {"category": "standard", "percent": "１２％", "effective_on": "令和9年4月1日"}


def test_a_rate_is_added_after_a_look_at_what_it_does(desk, rate):
    page = desk.post(ADD, ASKED)
    text = page.content.decode()
    assert "2027年4月1日から、税区分「標準税率」の見積は 10 % ではなく 12 % で計算されます。" in text
    assert "適用開始日の前日までは取り下げられます。" in text
    assert len(stored()) == 1
    asked = ASKED | {"confirmed": page.context["asked"]}
    answer = desk.post(ADD, asked | {"percent": "13"})  # another rate than the one that was shown
    assert (answer.status_code, len(stored())) == (200, 1)
    answer = desk.post(ADD, asked, follow=True)
    assert "税率 12 % を追加しました。2027年4月1日から適用されます。" in answer.content.decode()
    assert stored()[1] == (Decimal(12), date(2027, 4, 1), None)


def test_a_rate_from_today_says_that_it_counts_at_once(desk, coming):
    text = desk.post(ADD, ASKED | {"effective_on": "2026/11/23"}).content.decode()
    assert "本日からの適用のため、追加するとすぐに見積に使われます。" in text
    assert "2026年11月24日に 12 % が始まるまで有効です。" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"effective_on": "2019/10/01"}, "2019年10月1日は過去の日付です"),
        ({"effective_on": "27/04/01"}, "年は4桁"),
        ({"percent": "100"}, "99.99"),
        ({"percent": "-1"}, "0"),
        ({"percent": "\x00"}, ""),
        ({"category": "other"}, ""),
    ],
)
def test_what_cannot_be_added_is_told_and_nothing_is_written(desk, rate, changes, said):
    answer = desk.post(ADD, ASKED | changes)
    errors = answer.context["form"].errors
    assert answer.status_code == 422
    assert [*errors] == [*changes]
    assert said in " ".join(errors[next(iter(changes))])
    assert len(stored()) == 1


def test_rates_are_only_read(desk, rate):
    url = reverse("admin:pricing_taxrate_change", args=[rate.pk])
    assert 'name="_save"' not in desk.get(url).content.decode()
    assert desk.post(url, {"category": "standard", "percent": "12", "effective_on": "2019-10-01"}).status_code == 403
    assert desk.post(reverse("admin:pricing_taxrate_delete", args=[rate.pk]), {"post": "yes"}).status_code == 403
    desk.post(LIST, {"action": "delete_selected", "_selected_action": rate.pk, "post": "yes"})
    assert stored() == [(Decimal(10), date(2019, 10, 1), None)]
    withdraw = reverse("admin:pricing_taxrate_withdraw", args=[rate.pk])
    assert withdraw not in desk.get(url).content.decode()
    assert "2019年10月1日に適用が始まり" in desk.post(withdraw, {"reason": "誤り"}).content.decode()
    assert stored() == [(Decimal(10), date(2019, 10, 1), None)]


def test_a_rate_that_waits_is_withdrawn_with_a_reason(desk, coming):
    withdraw = reverse("admin:pricing_taxrate_withdraw", args=[coming.pk])
    change = reverse("admin:pricing_taxrate_change", args=[coming.pk])
    assert withdraw in desk.get(change).content.decode()
    assert desk.post(withdraw, {"reason": " "}).status_code == 422
    assert desk.post(withdraw, {"reason": "法案の廃案"}).status_code == 302
    assert stored()[1][2] == date(2026, 11, 23)
    history = desk.get(reverse("admin:pricing_taxrate_history", args=[coming.pk])).content.decode()
    assert "取下げ：法案の廃案" in history
    assert withdraw not in desk.get(change).content.decode()


def test_the_list_tells_category_and_state_in_words(desk, coming):
    old = TaxRate.objects.create(percent=Decimal(8), effective_on=date(2014, 4, 1))
    rows = {rate.pk: rate.state for rate in desk.get(LIST).context["cl"].result_list}
    first = TaxRate.objects.exclude(pk__in=[old.pk, coming.pk]).get()
    assert rows == {old.pk: "superseded", first.pk: "in_force", coming.pk: "waiting"}
    text = desk.get(LIST).content.decode()
    assert text.count("標準税率") == 3
    assert ">standard<" not in text


def test_a_missing_rate_and_strangers_are_turned_away(desk, rate):
    assert desk.get(reverse("admin:pricing_taxrate_withdraw", args=[rate.pk + 999])).status_code == 302
    stranger = sign_in(make_staff())
    for answer in (stranger.get(ADD), stranger.post(ADD, ASKED)):
        assert answer.status_code in {302, 403}
    assert len(stored()) == 1
