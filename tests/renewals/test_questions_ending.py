"""When a question about quantities ends, who is reminded of it and when, and what is left of an answer later."""

import uuid
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as django_mail

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.queue import deliver_due
from licensing.models import Contact, Customer, Holding, User
from quotes.record.refusals import AlreadyIssued
from quotes.record.transitions import record_loss, record_order
from renewals.asked import AskedHolding, from_json, held_of
from renewals.batch.wanted import wanted
from renewals.confirmations.answer_form import NeedForm
from renewals.confirmations.forms import AskForm, Group
from renewals.confirmations.needed import NeededHolding, NeededPart, still_meant, wanted_part
from renewals.confirmations.operations import NotOpen, draft_of
from renewals.confirmations.queries import confirmed_parts
from renewals.confirmations.texts import settings_of
from renewals.models import ConfirmationAnswer, DeskEntry, QuantityConfirmation, QuietCustomer
from renewals.reminders.settings import silence
from renewals.reminders.tasks import keep_rhythm
from tests.at_once import at_once
from tests.cast import EXPIRY, NOW, TODAY, make_license_id, sign_in
from tests.making import given_quote, issue_quote, load
from tests.renewals.asking import entry_of, needed_of, put, remind_due, reply

LATER = NOW + timedelta(days=7)
SOON = NOW + timedelta(hours=1)
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def two(cast):
    return load(make_license_id(cast.customer, "LIC-0007", ("SMP-CC", 100), ("SMP-IM", 30)))


def decline(licenseid, by, *, at=SOON):
    entered = {"declined_reason": "不要", "declined_at": at, "entered_by": by, "entered_at": at}
    DeskEntry.objects.create(licenseid=licenseid, expires_on=EXPIRY, **entered)


class TestEarlierQuotes:
    """A quote that was there before the customer was asked."""

    @pytest.mark.parametrize("ends", ["order", "loss", "wish"])
    def test_what_becomes_of_it_closes_the_question(self, cast, two, ends):
        quote = given_quote(two, by=cast.staff)
        confirmation, _tokens = put([two], cast.staff, now=SOON)
        later = SOON + timedelta(hours=1)
        if ends == "order":
            record_order(quote=quote, by=cast.staff, now=later)
        elif ends == "loss":
            record_loss(quote=quote, reason="他社", by=cast.staff, now=later)
        else:
            quote.status.answer, quote.status.answered_at = "order", later
            quote.status.save()
        assert remind_due(cast, now=LATER) == 0
        with pytest.raises(NotOpen):
            reply(confirmation, needed_of(two, 80, 30), now=LATER)

    def test_what_had_become_of_it_before_does_not(self, cast, two):
        record_loss(quote=given_quote(two, by=cast.staff), reason="他社", by=cast.staff, now=NOW)
        confirmation, _tokens = put([two], cast.staff, now=SOON)
        assert reply(confirmation, needed_of(two, 80, 30), now=LATER).by_name == "佐伯 美和"


class TestReminding:
    def test_not_of_what_is_not_renewed_and_still_of_the_rest(self, cast, two):
        other = load(make_license_id(cast.customer, "LIC-0008", ("SMP-CC", 10)))
        put([two, other], cast.staff)
        decline(two, cast.staff)
        assert remind_due(cast, now=LATER) == 1
        deliver_due(clock=lambda: LATER)
        body = django_mail.outbox[-1].body
        assert ("LIC-0007" in body, "LIC-0008" in body) == (False, True)

    @pytest.mark.parametrize("why", ["not renewed", "quiet", "merged one is quiet", "removed"])
    def test_nobody_who_is_to_be_left_in_peace(self, cast, two, why):
        put([two], cast.staff)
        if why == "not renewed":
            decline(two, cast.staff)
        elif why == "removed":
            User.objects.filter(pk=cast.contact.pk).update(is_active=False)
            Contact.objects.create(customer=cast.customer, name="佐伯", email="Saeki@takasaki.example.jp", is_gone=True)
        elif why == "quiet":
            silence(customer=cast.customer, is_quiet=True, by=cast.staff, now=SOON)
        else:
            gone = Customer.objects.create(reseller=cast.aoba, name="旧名", merged_into=cast.customer)
            QuietCustomer.objects.create(customer=gone, by=cast.staff, at=NOW)
        assert remind_due(cast, now=LATER) == 0
        assert OutgoingMail.objects.count() == 1

    def test_what_was_said_of_a_merged_customer_is_taken_back_with_one_press(self, cast):
        gone = Customer.objects.create(reseller=cast.aoba, name="旧名", merged_into=cast.customer)
        QuietCustomer.objects.create(customer=gone, by=cast.staff, at=NOW)
        assert not silence(customer=cast.customer, is_quiet=True, by=cast.staff, now=NOW)
        assert silence(customer=cast.customer, is_quiet=False, by=cast.staff, now=NOW)
        assert not QuietCustomer.objects.exists()

    def test_who_was_asked_when_it_was_known_already(self, cast, two):
        decline(two, cast.staff, at=NOW - timedelta(days=1))
        put([two], cast.staff)
        assert remind_due(cast, now=LATER) == 1

    @pytest.mark.parametrize("ends", ["answer", "not renewed"])
    def test_what_waits_in_the_queue_is_not_sent_any_more(self, cast, two, ends):
        confirmation, _tokens = put([two], cast.staff)
        deliver_due(clock=lambda: NOW)
        assert remind_due(cast, now=LATER) == 1
        if ends == "answer":
            reply(confirmation, needed_of(two, 100, 30), now=LATER)
        else:
            decline(two, cast.staff, at=LATER)
        deliver_due(clock=lambda: LATER)
        assert OutgoingMail.objects.get(key__endswith=":reminder").state == OutgoingMail.State.CANCELLED

    def test_in_the_name_of_somebody_who_is_still_there(self, cast, two):
        put([two], cast.staff)
        cast.staff.is_active = False
        cast.staff.save()
        Customer.objects.filter(pk=cast.customer.pk).update(owner=cast.colleague)
        assert remind_due(cast, now=LATER) == 1
        reminder = OutgoingMail.objects.get(key__endswith=":reminder")
        assert (reminder.reply_to, cast.colleague.name in reminder.sender_name) == (cast.colleague.email, True)

    @pytest.mark.parametrize(
        ("remind_on", "until", "sent"),
        [
            (date(2027, 1, 22), date(2027, 2, 5), date(2027, 1, 22)),
            (date(2027, 1, 23), date(2027, 2, 5), date(2027, 1, 25)),  # a Saturday: on the Monday after
            (date(2027, 1, 23), date(2027, 1, 24), date(2027, 1, 22)),  # nobody could answer on Monday
            (date(2027, 1, 16), date(2027, 1, 17), None),  # nor on the day on which it was asked
        ],
    )
    def test_on_business_days_within_hours_while_it_can_be_answered(self, cast, two, remind_on, until, sent):
        put([two], cast.staff, remind_on=remind_on, open_until=until)
        first = datetime.combine(TODAY, datetime.min.time(), TOKYO)
        for hours in range(10, 24 * 14, 4):
            keep_rhythm(now=first + timedelta(hours=hours))
        at = QuantityConfirmation.objects.get().reminded_at
        assert (at and at.astimezone(TOKYO).date()) == sent
        assert at is None or 9 <= at.astimezone(TOKYO).hour < 18


class TestLater:
    """An answer is about one expiry."""

    def test_what_expires_on_another_day_by_now_is_not_what_was_spoken_of(self):
        held = (AskedHolding(1, "SMP-CC", 100, date(2028, 3, 31)), AskedHolding(2, "SMP-IM", 30, EXPIRY))
        said = [NeededHolding(1, "SMP-CC", 100, EXPIRY, 0), NeededHolding(2, "SMP-IM", 30, EXPIRY, 20)]
        both, first = NeededPart(7, tuple(said)), NeededPart(7, (said[0],))
        part = wanted_part(both, license_id="LIC-0007", held=held)
        assert [row.renewal_quantity for row in part.holdings] == [None, 20]
        assert (still_meant(both, held=held), still_meant(first, held=held)) == (both, None)

    def test_a_years_old_answer_ends_nothing(self, cast, two):
        confirmation, _tokens = put([two], cast.staff)
        reply(confirmation, needed_of(two, 0, 30, years=3), now=LATER)
        Holding.objects.filter(licenseid=two).update(support_expires_on=date(2028, 3, 31))
        now = load(two)
        part = wanted(now, on=date(2028, 2, 1), years=1, needed=confirmed_parts([now])[two.pk])
        assert ([row.renewal_quantity for row in part.holdings], part.years) == ([100, 30], 1)
        draft = draft_of(confirmation=confirmation, key=uuid.uuid4(), by=cast.staff, now=LATER)
        assert [row.renewal_quantity for row in from_json(draft.asked).parts[0].holdings] == [100, 30]
        assert len(held_of(now.holdings.all())) == 2

    def test_quoted_from_a_page_that_is_still_open(self, cast, two):
        confirmation, _tokens = put([two], cast.staff)
        key = uuid.uuid4()
        quote = given_quote(two, by=cast.staff, now=SOON)
        with pytest.raises(NotOpen):
            draft_of(confirmation=confirmation, key=key, by=cast.staff, now=LATER)
        with pytest.raises(AlreadyIssued):
            draft_of(confirmation=confirmation, key=quote.key, by=cast.staff, now=LATER)


class TestAsking:
    def test_nobody_of_many_has_an_address(self, cast, settings):
        customers = [Customer.objects.create(reseller=cast.aoba, name=f"第{number}株式会社") for number in range(21)]
        groups = [Group(one, [make_license_id(one, f"LIC-{one.pk}", ("SMP-CC", 1))], []) for one in customers]
        empty = AskForm(groups=groups, settings=settings_of(cast.aoba), on=TODAY)
        data = {name: empty.get_initial_for_field(field, name) for name, field in empty.fields.items()}
        form = AskForm(data, groups=groups, settings=settings_of(cast.aoba), on=TODAY)
        assert form.non_field_errors() == [
            "登録済みのメールアドレスがありません。1社以上、アドレスを入力してください。"
        ]
        form = AskForm(
            data | {f"to-{customers[3].pk}": "a@example.jp"}, groups=groups, settings=settings_of(cast.aoba), on=TODAY
        )
        assert (form.errors, [one.to for _group, one in form.addressed()]) == ({}, ["a@example.jp"])

    def test_the_only_recipient_has_gone_since_the_page_was_opened(self, cast, two, clock):
        known = Contact.objects.create(customer=cast.customer, name="佐伯 美和", email="saeki@takasaki.example.jp")
        cast.contact.is_active = False
        cast.contact.save()
        desk, number = sign_in(cast.staff), cast.customer.pk
        entry = entry_of(desk.get("/confirmations/new/", {"license_id": two.code}))
        assert entry[f"recipient-{number}"] == [known.email]
        known.delete()
        refused = desk.post("/confirmations/new/", {**entry, "act": "send"})
        assert "Type the address to which the question goes." in refused.content.decode()
        typed = {**entry_of(refused), f"to-{number}": "new@takasaki.example.jp", "act": "send"}
        assert desk.post("/confirmations/new/", typed).status_code == 302
        assert QuantityConfirmation.objects.get().to == "new@takasaki.example.jp"


class TestCustomersPage:
    def test_what_was_typed_stays_but_for_what_has_changed(self, cast, two, client, clock):
        _confirmation, [token] = put([two], cast.staff)
        changed, same = (two.holdings.get(product__code=code) for code in ("SMP-CC", "SMP-IM"))
        typed = entry_of(client.get(f"/c/{token}/")) | {"name": ["佐伯"], f"years-{two.pk}": ["3"]}
        typed |= {f"need-{same.pk}": ["fewer"], f"quantity-{same.pk}": ["２０"], f"need-{changed.pk}": ["none"]}
        Holding.objects.filter(pk=changed.pk).update(quantity=110)
        again = entry_of(client.post(f"/c/{token}/", typed))
        assert (again[f"need-{same.pk}"], again[f"quantity-{same.pk}"]) == (["fewer"], ["２０"])
        assert (again[f"need-{changed.pk}"], again[f"years-{two.pk}"], again["name"]) == (["keep"], ["3"], ["佐伯"])

    def test_what_came_to_somebody_else_was_not_quoted_and_who_asked_is_named(self, cast, two, client, clock):
        _confirmation, [token] = put([two], cast.staff)
        Customer.objects.filter(pk=cast.customer.pk).update(reseller=cast.minato)
        over = client.get(f"/c/{token}/")
        said = over.content.decode()
        assert (over.status_code, cast.aoba.name in said, cast.minato.name in said) == (410, True, False)
        assert "この確認依頼へのご回答は不要になりました。" in said
        assert "見積" not in said.partition("<main")[2].partition("</main>")[0]

    def test_a_line_break_counts_once(self, two):
        form = NeedForm({"name": "佐伯", "message": "あ" * 998 + "\r\n" + "い"}, licenseids=[])
        assert (form.errors, form.cleaned_data["message"]) == ({}, "あ" * 998 + "\n" + "い")


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_answers_are_both_kept_and_the_same_one_once(self, cast, two):
        confirmation, _tokens = put([two], cast.staff)
        said = [needed_of(two, number, 30) for number in (80, 90)]
        at_once(*(partial(reply, confirmation, one, now=LATER) for one in said))
        assert (ConfirmationAnswer.objects.count(), told()) == (2, 2)
        at_once(*[partial(reply, confirmation, needed_of(two, 70, 30), now=LATER + timedelta(hours=1))] * 2)
        assert (ConfirmationAnswer.objects.count(), told()) == (3, 3)

    def test_an_answer_comes_before_the_quote_or_not_at_all(self, cast, two):
        confirmation, _tokens = put([two], cast.staff)
        said = needed_of(two, 80, 30)
        answered, issued = at_once(
            partial(reply, confirmation, said, now=LATER), partial(issue_quote, two, by=cast.staff, now=LATER)
        )
        assert issued.number
        assert isinstance(answered, (ConfirmationAnswer, NotOpen))
        assert ConfirmationAnswer.objects.count() == told() == isinstance(answered, ConfirmationAnswer)


def told():
    return OutgoingMail.objects.filter(about__startswith="confirmed:").count()
