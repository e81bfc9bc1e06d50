"""A reseller's rhythm: what is written by itself, once, on its day, and never after an order."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as django_mail

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.queue import deliver_due
from licensing.models import Contact, Customer
from quotes.letters.operations import send_quote
from quotes.letters.words import Letter
from quotes.record.transitions import record_loss, record_order
from renewals.desk.refresh import refresh
from renewals.models import Digest, QuantityConfirmation, QuietCustomer, Reminder, ReminderSettings
from renewals.reminders.days import is_business_day, last_day_covered
from renewals.reminders.settings import silence
from renewals.reminders.tasks import keep_rhythm
from tests.at_once import at_once, first_and_then
from tests.cast import EXPIRY, NOW, TODAY, make_license_id, sign_in
from tests.making import given_quote
from tests.renewals.asking import entry_of

TOKYO = ZoneInfo("Asia/Tokyo")
ADDRESS = "saeki@takasaki.example.jp"


def at(day, hour=10):
    return datetime(day.year, day.month, day.day, hour, tzinfo=TOKYO)


def rhythm(cast, **days):
    settings = ReminderSettings(reseller=cast.aoba, **{"sends_digest": False, **days})
    settings.save()
    return settings


def go(moment):
    """The worker brings the desk up to date, then keeps the rhythm."""
    refresh(on=moment.astimezone(TOKYO).date(), most=10_000)
    return keep_rhythm(now=moment)


def bodies():
    return [mail.about.partition(":")[0] for mail in OutgoingMail.objects.order_by("pk")]


@pytest.fixture
def known(cast):
    return Contact.objects.create(customer=cast.customer, name="佐伯 美和", email=ADDRESS)


class TestDays:
    @pytest.mark.parametrize(
        ("day", "is_one"),
        [
            (date(2027, 1, 15), True),
            (date(2027, 1, 16), False),
            (date(2027, 1, 11), False),  # 成人の日
            (date(2027, 3, 22), False),  # 振替休日
            (date(2026, 12, 29), False),
            (date(2027, 1, 3), False),
            (date(2027, 1, 4), True),
        ],
    )
    def test_business_days(self, day, is_one):
        assert is_business_day(day) is is_one

    def test_what_becomes_due_on_closed_days_is_due_before_them(self):
        assert last_day_covered(date(2027, 1, 15)) == date(2027, 1, 17)
        assert last_day_covered(date(2026, 12, 28)) == date(2027, 1, 3)
        assert last_day_covered(date(2027, 1, 12)) == date(2027, 1, 12)


class TestCustomers:
    def test_they_are_asked_for_quantities_once_on_the_day(self, cast, known):
        rhythm(cast, confirm_days=60)
        make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
        make_license_id(cast.customer, "LIC-2", ("SMP-BS", 20))
        due = EXPIRY - timedelta(days=60)  # 2027-01-30, a Saturday
        assert go(at(due - timedelta(days=2))) == 0
        assert go(at(due - timedelta(days=1))) == 1  # the Friday before
        assert [go(at(due + timedelta(days=days))) for days in range(-1, 5)] == [0] * 6
        [asked] = QuantityConfirmation.objects.all()
        assert list(asked.parts.order_by("position").values_list("licenseid__code", flat=True)) == ["LIC-1", "LIC-2"]
        assert (asked.to, asked.open_until) == (ADDRESS, date(2027, 2, 19))
        assert Reminder.objects.count() == 2
        assert go(at(due - timedelta(days=1))) == 0  # the clock was put back

    @pytest.mark.parametrize("moment", [at(date(2027, 1, 30)), at(date(2027, 1, 29), 8), at(date(2027, 1, 29), 18)])
    def test_neither_on_closed_days_nor_out_of_hours(self, cast, known, moment):
        rhythm(cast, confirm_days=70, expiry_days=70)
        make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
        assert go(moment) == 0

    def test_a_quote_without_an_answer_is_brought_to_mind_before_its_validity_ends(self, cast, licenseid):
        rhythm(cast, silent_days=3)
        quote = given_quote(licenseid, by=cast.staff)
        assert go(at(quote.valid_until - timedelta(days=1))) == 0  # it was never sent
        send(quote)
        assert go(at(quote.valid_until - timedelta(days=10))) == 0
        assert go(at(quote.valid_until - timedelta(days=5))) == 0
        assert go(at(quote.valid_until - timedelta(days=4))) == 1  # the day after is 建国記念の日
        assert go(at(quote.valid_until - timedelta(days=2))) == 0
        deliver_due(clock=lambda: at(quote.valid_until))
        message = django_mail.outbox[-1]
        assert message.to == [f'"佐伯 美和" <{ADDRESS}>']
        assert message.subject == f"【ご確認】お見積 {quote.number} の有効期限は2027年2月14日です"
        assert "/s/" in message.body
        assert quote.events.filter(kind="mail_queued").count() == 2

    def test_the_expiry_itself_with_its_day(self, cast, known):
        rhythm(cast, expiry_days=14)
        make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
        later = EXPIRY + timedelta(days=90)
        make_license_id(cast.customer, "LIC-2", ("SMP-BS", 20, EXPIRY), ("SMP-CC", 20, later))
        make_license_id(cast.customer, "LIC-3", ("SMP-BS", 20), expires=later)
        assert go(at(EXPIRY - timedelta(days=14))) == 1
        deliver_due(clock=lambda: at(EXPIRY))
        body = django_mail.outbox[-1].body
        assert "LIC-1（サポート満了日：2027年3月31日）" in body
        assert body.count("LIC-2") == 1
        assert "LIC-3" not in body
        assert go(at(EXPIRY)) == 0
        assert go(at(later - timedelta(days=14))) == 1  # of both that expire then
        deliver_due(clock=lambda: at(later))
        assert "LIC-2（サポート満了日：2027年6月29日）" in django_mail.outbox[-1].body

    @pytest.mark.parametrize("ends", ["order", "loss", "quiet", "answer", "decline"])
    def test_never_after_an_order_a_loss_or_where_it_is_switched_off(self, cast, known, licenseid, ends):
        rhythm(cast, confirm_days=90, silent_days=90, expiry_days=90)
        quote = given_quote(licenseid, by=cast.staff)
        send(quote)
        if ends == "order":
            record_order(quote=quote, by=cast.staff, now=NOW)
        elif ends == "loss":
            record_loss(quote=quote, reason="x", by=cast.staff, now=NOW)
        elif ends in ("answer", "decline"):
            quote.status.answer, quote.status.answered_at = {"answer": "order"}.get(ends, ends), NOW
            quote.status.save()
        else:
            QuietCustomer.objects.create(customer=cast.customer, by=cast.manager, at=NOW)
        if ends == "loss":
            licenseid.holdings.all().delete()
        count = OutgoingMail.objects.count()
        assert [go(at(TODAY + timedelta(days=days))) for days in range(0, 76, 5)] == [0] * 16
        assert OutgoingMail.objects.count() == count

    def test_what_waits_in_the_queue_is_not_sent_after_an_order(self, cast, licenseid):
        rhythm(cast, silent_days=90)
        quote = given_quote(licenseid, by=cast.staff)
        send(quote)
        deliver_due(clock=lambda: NOW)
        assert go(at(TODAY, 11)) == 0  # it was sent this morning: that is no silence
        assert go(at(TODAY + timedelta(days=3), 11)) == 1
        record_order(quote=quote, by=cast.staff, now=NOW)
        django_mail.outbox.clear()
        deliver_due(clock=lambda: at(TODAY + timedelta(days=3), 12))
        assert django_mail.outbox == []
        assert OutgoingMail.objects.order_by("pk").last().state == OutgoingMail.State.CANCELLED

    def test_who_has_no_address_keeps_back_no_other(self, cast, known):
        rhythm(cast, expiry_days=90)
        make_license_id(cast.english_customer, "LIC-1", ("SMP-BS", 45))
        make_license_id(cast.customer, "LIC-2", ("SMP-BS", 45))
        assert go(at(TODAY)) == 1
        assert Reminder.objects.get().licenseid.code == "LIC-2"

    def test_a_second_expiry_of_a_license_id_that_is_asked_about_is_not_asked_about_again(self, cast, known):
        rhythm(cast, confirm_days=90)
        later = ("SMP-CC", 10, EXPIRY + timedelta(days=20))
        make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), later)
        assert go(at(TODAY)) == 1
        assert Reminder.objects.count() == 1
        for days in (3, 4, 5, 6):
            go(at(TODAY + timedelta(days=days)))
        assert (QuantityConfirmation.objects.count(), OutgoingMail.objects.count()) == (1, 1)
        assert Reminder.objects.count() == 2

    def test_many_without_an_address_keep_nobody_back(self, cast, monkeypatch):
        monkeypatch.setattr("renewals.reminders.tasks.MOST_AT_ONCE", 2)
        rhythm(cast, expiry_days=90)
        for number in range(4):
            customer = Customer.objects.create(reseller=cast.aoba, name=f"第{number}株式会社")
            make_license_id(customer, f"LIC-{number}", ("SMP-BS", 45))
        Contact.objects.create(customer=customer, name="担当", email="x@example.jp")
        assert go(at(TODAY)) == 1
        assert Reminder.objects.get().licenseid.code == "LIC-3"

    def test_another_resellers_rhythm_is_its_own(self, cast, known):
        make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
        ReminderSettings.objects.create(reseller=cast.minato, sends_digest=False, expiry_days=90)
        ReminderSettings.objects.create(reseller=cast.aoba, sends_digest=False)
        assert go(at(TODAY)) == 0


class TestDigest:
    def test_each_morning_what_is_ones_own_and_nothing_where_there_is_nothing(self, cast, licenseid):
        cast.customer.owner = cast.staff
        cast.customer.save()
        ReminderSettings.objects.create(reseller=cast.minato, sends_digest=False)
        due = EXPIRY - timedelta(days=60)
        assert go(at(due - timedelta(days=10))) == 0
        assert Digest.objects.filter(count=0).count() == 3  # staff, colleague and manager were looked at
        assert go(at(due + timedelta(days=2))) == 1
        assert go(at(due + timedelta(days=2), 15)) == 0
        mail = OutgoingMail.objects.get()
        assert (mail.to, mail.subject) == (cast.staff.email, "対応が必要な更新が1件あります")
        deliver_due(clock=lambda: at(EXPIRY))
        body = django_mail.outbox[-1].body
        assert "LIC-1001  株式会社髙﨑製作所" in body
        assert "¥" not in body

    def test_what_is_nobodys_is_the_managers(self, cast, licenseid):
        assert go(at(EXPIRY - timedelta(days=30))) == 1
        assert OutgoingMail.objects.get().to == cast.manager.email


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_each_letter_once(cast, known):
    rhythm(cast, confirm_days=90, expiry_days=90)
    make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
    refresh(on=TODAY)
    assert sorted(at_once(*[lambda: keep_rhythm(now=at(TODAY))] * 2)) in ([0, 2], [1, 1])
    assert sorted(bodies()) == ["confirmation", "expiry"]
    assert Reminder.objects.count() == 2


def send(quote):
    send_quote(
        quote=quote, form_key="k", to=ADDRESS, to_name="佐伯 美和", cc=[], letter=Letter("見積", "{link}"),
        with_link=True, with_pdf=False, by=quote.issued_by, now=NOW, make_address=lambda token: f"/s/{token}/",
    )  # fmt: skip
    deliver_due(clock=lambda: NOW)


class TestPages:
    def test_a_manager_sets_the_rhythm(self, cast, clock):
        desk = sign_in(cast.manager)
        entry = entry_of(desk.get("/manage/reminders/"))
        assert (entry["sends_digest"], entry["confirm_days"]) == (["on"], [""])
        typed = entry | {"confirm_days": ["６０"], "expiry_body_ja": ["{customer} {license_ids}"]}
        assert desk.post("/manage/reminders/", typed).status_code == 302
        kept = ReminderSettings.objects.get()
        assert (kept.confirm_days, kept.expiry_body_ja, kept.silent_body_ja) == (60, "{customer} {license_ids}", "")

    @pytest.mark.parametrize(
        ("name", "text", "said"),
        [
            ("expiry_body_ja", "満了します", "Without {license_ids} the text does not say what expires."),
            ("silent_body_ja", "{link}", "Without {valid_until} the text does not say until when the quote is valid."),
            ("silent_subject_ja", "{link}", "The link stands in the text, not in the subject."),
            ("expiry_subject_ja", "{license_ids}", "{license_ids} stands in the text, not in the subject."),
            ("expiry_subject_ja", "{total}", "{total} is no placeholder."),
            ("silent_days", "181", "Enter 0 to 180 days, or leave it empty."),
            ("last_hour", "9", "The first hour comes before the last."),
        ],
    )
    def test_what_cannot_be_is_said_and_nothing_is_kept(self, cast, clock, name, text, said):
        desk = sign_in(cast.manager)
        refused = desk.post("/manage/reminders/", entry_of(desk.get("/manage/reminders/")) | {name: [text]})
        assert (refused.status_code, said in refused.content.decode()) == (422, True)
        assert not ReminderSettings.objects.exists()

    def test_a_customer_is_left_in_peace_and_written_to_again(self, cast, desk, known):
        path = f"/customers/{cast.customer.pk}/reminders/"
        page = desk.post(path, {"quiet": "on"}, follow=True).content.decode()
        assert "none, by choice" in page
        assert QuietCustomer.objects.get().by == cast.staff
        desk.post(path, {"quiet": "on"})
        desk.post(path, {})
        assert not QuietCustomer.objects.exists()


class TestWhatIsFound:
    def test_a_quote_goes_to_somebody_who_is_still_there(self, cast, licenseid, known):
        rhythm(cast, silent_days=3)
        quote = given_quote(licenseid, by=cast.staff)
        send(quote)
        known.is_gone = True
        known.save()
        cast.contact.is_active = False
        cast.contact.save()
        Contact.objects.create(customer=cast.customer, name="新任", email="new@takasaki.example.jp", for_quotes=True)
        assert go(at(quote.valid_until - timedelta(days=4))) == 1
        assert OutgoingMail.objects.order_by("-pk").first().to == "new@takasaki.example.jp"

    def test_one_letter_that_fails_keeps_back_no_other(self, cast, known):
        """An address that came in by another way than a form, of the customer whose turn is first."""
        rhythm(cast, expiry_days=90)
        make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
        make_license_id(cast.english_customer, "LIC-2", ("SMP-BS", 45))
        Contact.objects.create(customer=cast.english_customer, name="Ken", email="ken@example.jp")
        Contact.objects.filter(pk=known.pk).update(email="nobody at all", for_quotes=True)
        assert go(at(TODAY)) == 1
        assert OutgoingMail.objects.get().to == "ken@example.jp"

    def test_rows_of_yesterday_tell_nothing(self, cast, known):
        rhythm(cast, sends_digest=True, expiry_days=90)
        make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
        refresh(on=EXPIRY, most=10_000)
        after = EXPIRY + timedelta(days=1)
        assert keep_rhythm(now=at(after)) == 0
        digests = Digest.objects.filter(user__reseller=cast.aoba)
        assert not digests.exists()
        refresh(on=after, most=10_000)
        keep_rhythm(now=at(after))
        assert digests.count() == 3

    def test_nothing_to_a_customer_who_was_merged_and_is_to_be_left_in_peace(self, cast, known):
        rhythm(cast, expiry_days=90)
        make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
        gone = Customer.objects.create(reseller=cast.aoba, name="旧名", merged_into=cast.customer)
        QuietCustomer.objects.create(customer=gone, by=cast.manager, at=NOW)
        assert go(at(TODAY)) == 0
        assert not OutgoingMail.objects.exists()

    @pytest.mark.parametrize("kind", ["confirm", "silent", "expiry"])
    def test_what_waits_is_not_sent_to_who_is_left_in_peace_meanwhile(self, cast, known, kind):
        rhythm(cast, **{f"{kind}_days": 90 if kind != "silent" else 3})
        licenseid, day = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45)), TODAY
        if kind == "silent":
            quote = given_quote(licenseid, by=cast.staff)
            send(quote)
            day = quote.valid_until - timedelta(days=4)
        assert go(at(day)) == 1
        assert Reminder.objects.get().kind == kind
        silence(customer=cast.customer, is_quiet=True, by=cast.manager, now=NOW)
        deliver_due(clock=lambda: at(day, 11))
        assert OutgoingMail.objects.latest("pk").state == OutgoingMail.State.CANCELLED

    def test_what_somebody_wrote_is_sent_to_who_is_left_in_peace(self, cast, known, licenseid):
        silence(customer=cast.customer, is_quiet=True, by=cast.manager, now=NOW)
        send(given_quote(licenseid, by=cast.staff))
        assert OutgoingMail.objects.get().state == OutgoingMail.State.SENT


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_silenced_first", [True, False])
def test_reminders_are_switched_off_while_one_is_written(cast, known, is_silenced_first):
    """Whoever comes first: it is either not written, or it waits and is not sent."""
    rhythm(cast, confirm_days=90)
    make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
    refresh(on=TODAY)
    both = [
        lambda: silence(customer=cast.customer, is_quiet=True, by=cast.manager, now=NOW),
        lambda: keep_rhythm(now=at(TODAY)),
    ]
    said = first_and_then(*(both if is_silenced_first else reversed(both)))
    assert said == ((True, 0) if is_silenced_first else (1, True))
    deliver_due(clock=lambda: at(TODAY, 11))
    states = list(OutgoingMail.objects.values_list("state", flat=True))
    assert states == ([] if is_silenced_first else [OutgoingMail.State.CANCELLED])
