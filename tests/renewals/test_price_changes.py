"""Customers worth telling before prices rise: who they are, and the letter, which each gets once."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.urls import reverse

from foundation.jobs.models import Batch
from foundation.jobs.operations import work_off
from foundation.mail.models import OutgoingMail
from foundation.mail.operations.compose import unseal
from licensing.models import Contact, Customer, LicenseID
from pricing.lists.operations.publish import publish, withdraw
from pricing.models import PriceList, PriceRank
from quotes.letters.templates import save_templates
from quotes.letters.words import Letter
from quotes.record.transitions import record_order
from renewals.confirmations.recipients import Addressed
from renewals.desk.refresh import refresh
from renewals.models import ImpactRow, PriceLetter
from renewals.price_changes.operations import NobodyToTell, TellWork, is_mail_wanted, start_telling
from renewals.price_changes.queries import Filter, current_run, rises_of, rising_customers
from renewals.price_changes.tasks import tell_customers
from tests.at_once import at_once
from tests.cast import NOW, TODAY, make_license_id, sign_in
from tests.making import given_quote
from tests.renewals.asking import entry_of
from tests.renewals.impacts import calculate, given_run, make_draft

ADDRESS = "saeki@takasaki.example.jp"
TEXTS = {
    ("prices", "ja"): Letter(
        "{until}まで {customer}", "{person}\n{license_ids}\n{today} {coming} {difference} {from_day}"
    )
}


@pytest.fixture
def prices(cast):
    """A list that makes everything dearer from 1 February, published; two customers of Aoba, one of Minato."""
    Contact.objects.create(customer=cast.customer, name="佐伯 美和", email=ADDRESS)
    make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
    make_license_id(cast.customer, "LIC-2", ("SMP-BS", 60))
    make_license_id(cast.english_customer, "LIC-3", ("SMP-BS", 20))
    make_license_id(cast.foreign_customer, "LIC-4", ("SMP-BS", 777))
    Customer.objects.filter(pk=cast.english_customer.pk).update(owner=cast.staff)
    draft = make_draft(cast)
    given_run(draft, cast.admin)
    publish(price_list=draft, by=cast.admin, now=NOW)
    draft.refresh_from_db()
    refresh(on=TODAY)
    return draft


def found(prices, user, **wanted):
    """The customers' names with what gets dearer."""
    rows = rising_customers(current_run(prices), user, Filter(**wanted))
    return [
        (one.customer.name, [code for code, _day in one.codes], one.old, one.new)
        for one in rises_of(rows, current_run(prices), user, on=TODAY)
    ]


def tell(prices, by, *customers, now=NOW):
    """Start a letter to each of these."""
    addressed = [Addressed(one, ADDRESS, "佐伯 美和", "ja") for one in customers]
    return start_telling(
        price_list=prices, run=current_run(prices), addressed=addressed, letters=TEXTS, task=tell_customers, by=by,
        now=now,
    )  # fmt: skip


def work(kind=TellWork):
    for batch in Batch.objects.filter(task_path__contains="price_changes").exclude(state="done"):
        work_off(batch_pk=batch.pk, work=kind(lambda: NOW), clock=lambda: NOW)


class TestWhoIsWorthTelling:
    def test_a_resellers_own_the_most_first_with_both_amounts(self, cast, prices):
        rows = list(ImpactRow.objects.filter(licenseid__customer=cast.customer))
        assert len(rows) == 2
        assert found(prices, cast.staff) == [
            (cast.customer.name, ["LIC-1", "LIC-2"], sum(r.old_amount for r in rows), sum(r.new_amount for r in rows)),
            (cast.english_customer.name, ["LIC-3"], *ImpactRow.objects.values_list("old_amount", "new_amount").get(
                licenseid__code="LIC-3")),
        ]  # fmt: skip
        assert [name for name, *_rest in found(prices, cast.stranger)] == [cast.foreign_customer.name]
        assert len(found(prices, cast.admin)) == 3
        rise = sum(row.difference for row in rows)
        assert [name for name, *_rest in found(prices, cast.staff, at_least=rise)] == [cast.customer.name]
        assert found(prices, cast.staff, at_least=rise + 1) == []
        assert [name for name, *_rest in found(prices, cast.staff, owner="mine")] == [cast.english_customer.name]
        assert [name for name, *_rest in found(prices, cast.staff, owner="nobody")] == [cast.customer.name]

    def test_what_is_ordered_is_not_among_it_and_an_open_quote_stands_beside(self, cast, prices):
        first, second = LicenseID.objects.filter(customer=cast.customer).order_by("code")
        ordered, offered = given_quote(first, by=cast.staff), given_quote(second, by=cast.staff)
        record_order(quote=ordered, by=cast.staff, now=NOW, ordered_on=TODAY)
        refresh(on=TODAY)
        rows = rising_customers(current_run(prices), cast.staff, Filter())
        one = next(r for r in rises_of(rows, current_run(prices), cast.staff, on=TODAY) if r.customer == cast.customer)
        assert ([code for code, _day in one.codes], one.quotes) == (["LIC-2"], [offered])

    def test_only_an_impact_of_these_very_prices_counts(self, cast, prices):
        assert current_run(prices) is not None
        withdraw(price_list=prices, reason="誤り", by=cast.admin, now=NOW)
        rank = PriceRank.objects.filter(price_table__price_list=prices).first()
        PriceRank.objects.filter(pk=rank.pk).update(renewal_price=rank.renewal_price + 1)
        publish(price_list=prices, by=cast.admin, now=NOW + timedelta(minutes=1))
        prices.refresh_from_db()
        assert current_run(prices) is None
        calculate(prices, cast.admin)
        assert current_run(prices) is not None


class TestLetter:
    def test_each_is_told_once_with_the_amounts_of_the_moment(self, cast, prices):
        assert tell(prices, cast.staff, cast.customer) == 1
        with pytest.raises(NobodyToTell):
            tell(prices, cast.colleague, cast.customer)
        LicenseID.objects.get(code="LIC-2").holdings.update(quantity=100)
        work()
        work()
        mail = OutgoingMail.objects.get()
        assert (mail.to, mail.subject) == (ADDRESS, f"2027年1月31日まで {cast.customer.name}")
        text = unseal(bytes(mail.sealed_text))
        assert text.startswith("佐伯 美和 様\n  LIC-1（サポート満了日 2027年")
        row = ImpactRow.objects.get(licenseid__code="LIC-1")
        assert f"：¥{row.old_amount:,} → ¥{row.new_amount:,}（+¥{row.difference:,}）" in text
        assert f"¥{ImpactRow.objects.get(licenseid__code='LIC-2').old_amount:,}" not in text
        assert text.endswith("2027年2月1日")
        letter = PriceLetter.objects.get()
        assert (letter.customer, letter.by, letter.at, letter.mail) == (cast.customer, cast.staff, NOW, mail)
        assert Batch.objects.get(task_path__contains="price_changes").result == {"told": 1, "left": 0, "names": []}
        with pytest.raises(NobodyToTell):
            tell(prices, cast.staff, cast.customer)
        assert is_mail_wanted(mail)
        assert [name for name, *_rest in found(prices, cast.staff, is_told=False)] == [cast.english_customer.name]

    def test_whom_nothing_concerns_any_more_is_not_written_to_and_named(self, cast, prices):
        tell(prices, cast.staff, cast.customer, cast.english_customer)
        quote = given_quote(LicenseID.objects.get(code="LIC-3"), by=cast.staff)
        record_order(quote=quote, by=cast.staff, now=NOW, ordered_on=TODAY)
        work()
        assert OutgoingMail.objects.count() == 1
        result = Batch.objects.get(task_path__contains="price_changes").result
        assert result == {"told": 1, "left": 1, "names": [cast.english_customer.name]}

    def test_a_letter_that_waits_is_given_up_with_its_list(self, cast, prices):
        tell(prices, cast.staff, cast.customer)
        work()
        mail = OutgoingMail.objects.get()
        withdraw(price_list=prices, reason="誤り", by=cast.admin, now=NOW)
        assert not is_mail_wanted(mail)

    def test_where_it_reached_nobody_it_may_be_sent_again(self, cast, prices):
        tell(prices, cast.staff, cast.customer)
        work()
        OutgoingMail.objects.update(
            state="failed", error="unknown_address", settled_at=NOW, next_attempt_at=None, sealed_text=None
        )
        assert tell(prices, cast.colleague, cast.customer) == 1
        work()
        assert OutgoingMail.objects.filter(state="queued").count() == 1
        assert PriceLetter.objects.get().by == cast.colleague
        OutgoingMail.objects.filter(state="queued").update(
            state="failed", error="unclear", settled_at=NOW, next_attempt_at=None, sealed_text=None
        )
        with pytest.raises(NobodyToTell):  # nobody knows: it is not written a second time
            tell(prices, cast.staff, cast.customer)

    def test_a_worker_that_died_is_followed_by_one_that_writes_nobody_twice(self, cast, prices, monkeypatch):
        monkeypatch.setattr("renewals.price_changes.operations.CHUNK", 1)
        tell(prices, cast.staff, cast.customer, cast.english_customer)

        class Died(BaseException):
            """As a process that is killed: nothing handles it."""

        class Dying(TellWork):
            def do_item(self, batch, position, beat):
                if position == 1:
                    raise Died
                return super().do_item(batch, position, beat)

        with pytest.raises(Died):
            work(Dying)
        assert OutgoingMail.objects.count() == 1
        Batch.objects.update(leased_until=NOW)
        work()
        assert OutgoingMail.objects.count() == 2
        assert PriceLetter.objects.exclude(mail=None).count() == 2

    def test_who_was_merged_with_somebody_told_is_told_already(self, cast, prices):
        tell(prices, cast.staff, cast.customer)
        Customer.objects.filter(pk=cast.customer.pk).update(merged_into=cast.english_customer)
        with pytest.raises(NobodyToTell):
            tell(prices, cast.staff, cast.english_customer)


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_tell_a_customer_once(cast, prices):
    answers = at_once(*(partial(tell, prices, by, cast.customer) for by in (cast.staff, cast.colleague)))
    assert sorted(type(answer).__name__ for answer in answers) == ["NobodyToTell", "int"]
    assert (PriceLetter.objects.count(), Batch.objects.filter(state="waiting").count()) == (1, 1)


class TestPages:
    def test_from_the_list_to_the_letter_and_back(self, cast, prices):
        desk = sign_in(cast.staff)
        assert reverse("renewals:price-change", args=[prices.pk]) in desk.get("/").content.decode()
        page = desk.get(reverse("renewals:price-change", args=[prices.pk]))
        assert [row.customer for row in page.context["rows"]] == [cast.customer, cast.english_customer]
        address = reverse("renewals:price-letters", args=[prices.pk])
        ticked = {"customer": [cast.customer.pk, cast.english_customer.pk]}
        letters = desk.post(address, ticked)
        assert (letters.context["missing"], OutgoingMail.objects.count()) == (1, 0)
        entry = entry_of(letters)
        english = cast.english_customer.pk
        typed = entry | {f"to-{english}": "jo@trading.example.jp", f"to_name-{english}": "Jo Field"}
        look = desk.post(address, {**typed, "act": "look"})
        assert "LIC-3 (support until" in look.context["previews"][0]["body"]
        wrong = desk.post(address, {**typed, "body_en": "{until} {nothing}", "act": "send"})
        assert (wrong.status_code, sorted(wrong.context["form"].errors)) == (422, ["body_en"])
        assert not PriceLetter.objects.exists()
        for _twice in range(2):
            answer = desk.post(address, {**typed, "act": "send"})
            assert answer["Location"] == reverse("renewals:price-change", args=[prices.pk])
        work()
        assert OutgoingMail.objects.count() == 2
        assert Contact.objects.get(customer=english).email == "jo@trading.example.jp"
        page = desk.get(reverse("renewals:price-change", args=[prices.pk]), {"told": "yes"})
        assert [(row.is_told, row.letter.by) for row in page.context["rows"]] == [(True, cast.staff)] * 2
        assert "2 customers were told." in page.content.decode()

    def test_texts_are_the_resellers_own(self, cast, prices):
        own = {("prices", "ja"): Letter("価格改定 {from_day}", "{license_ids}\n{until}")}
        save_templates(reseller=cast.aoba, letters=own, by=cast.manager, now=NOW)
        page = sign_in(cast.staff).post(
            reverse("renewals:price-letters", args=[prices.pk]), {"customer": [cast.customer.pk]}
        )
        assert page.context["form"]["subject_ja"].value() == "価格改定 {from_day}"

    def test_nothing_ticked_and_what_is_not_theirs(self, cast, prices):
        desk, address = sign_in(cast.staff), reverse("renewals:price-letters", args=[prices.pk])
        assert desk.post(address, {}).status_code == 302
        assert desk.post(address, {"customer": [cast.foreign_customer.pk]}).status_code == 404
        back = desk.get(address)
        assert (back.status_code, back["Location"]) == (302, reverse("renewals:price-change", args=[prices.pk]))
        assert sign_in(cast.admin).post(address, {"customer": [cast.customer.pk]}).status_code == 403

    def test_a_list_that_is_not_to_come_has_no_such_page(self, cast, prices):
        desk = sign_in(cast.staff)
        assert desk.get(reverse("renewals:price-change", args=[cast.price_list.pk])).status_code == 404
        draft = PriceList.objects.create(name="下書き", effective_on=date(2027, 6, 1))
        assert desk.get(reverse("renewals:price-change", args=[draft.pk])).status_code == 404

    def test_before_its_impact_was_calculated_it_says_whom_to_ask(self, cast):
        draft = make_draft(cast)
        publish(price_list=draft, by=cast.admin, now=NOW)
        page = sign_in(cast.staff).get(reverse("renewals:price-change", args=[draft.pk])).content.decode()
        assert "What this list changes has not been worked out yet." in page
