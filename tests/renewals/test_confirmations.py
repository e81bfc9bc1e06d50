"""数量確認: the customer is asked, answers without a log-in, is reminded once; the answer becomes a draft."""

import re
import uuid
from datetime import date, timedelta
from functools import partial

import pytest
from django.core import mail as django_mail
from django.core.exceptions import ValidationError
from django.utils.translation import override

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.queue import deliver_due
from licensing.models import Contact, Holding
from pricing.engine.values import TaxRounding
from renewals.asked import AskedAddition, AskedHolding, AskedPart, NotReadable, from_json
from renewals.confirmations import needed as values
from renewals.confirmations.answer_form import NeedForm
from renewals.confirmations.needed import NeededHolding, NeededPart, wanted_part
from renewals.confirmations.operations import (
    AlreadyAsked,
    HeldChanged,
    NotOpen,
    draft_of,
    remind,
    withdraw,
)
from renewals.confirmations.queries import confirmed_parts, find_by_token, standings
from renewals.models import ConfirmationAnswer, ConfirmationSettings, QuantityConfirmation, QuoteDraft
from tests.at_once import at_once
from tests.cast import EXPIRY, NOW, TODAY, make_license_id, sign_in
from tests.making import given_quote, load
from tests.renewals.asking import ADDRESS, entry_of, needed_of, put, remind_due, reply

KEY = uuid.UUID("1f4d2c55-1111-4222-8333-444455556666")
LATER = NOW + timedelta(days=7)


@pytest.fixture
def two(cast):
    """Aoba's license ID with two holdings."""
    return load(make_license_id(cast.customer, "LIC-0007", ("SMP-CC", 100), ("SMP-IM", 30)))


class TestWhatIsWanted:
    HELD = (AskedHolding(1, "SMP-CC", 100, EXPIRY), AskedHolding(2, "SMP-IM", 30, EXPIRY))

    @pytest.mark.parametrize(
        ("numbers", "renewed", "added", "is_reduced"),
        [
            ((100, 30), (100, 30), (), False),
            ((80, 30), (80, 30), (), True),
            ((100, 45), (100, 30), (AskedAddition("SMP-IM", 15),), False),
            ((0, 30), (0, 30), (), True),
            ((80, 45), (80, 30), (AskedAddition("SMP-IM", 15),), True),
        ],
    )
    def test_fewer_reduces_more_adds_nothing_discontinues(self, numbers, renewed, added, is_reduced):
        rows = tuple(
            NeededHolding(row.holding, row.product, row.quantity, EXPIRY, number)
            for row, number in zip(self.HELD, numbers, strict=True)
        )
        part = wanted_part(NeededPart(7, rows, 3), license_id="LIC-0007", held=self.HELD)
        assert part == AskedPart(
            "LIC-0007",
            years=3,
            is_reduced=is_reduced,
            holdings=tuple(
                AskedHolding(row.holding, row.product, row.quantity, EXPIRY, number)
                for row, number in zip(self.HELD, renewed, strict=True)
            ),
            additions=added,
        )

    def test_what_was_kept_is_kept_as_it_is_held_by_now_and_what_is_new_is_left_out(self):
        rows = (NeededHolding(1, "SMP-CC", 90, EXPIRY, 90),)
        part = wanted_part(NeededPart(7, rows), license_id="LIC-0007", held=self.HELD)
        assert [row.renewal_quantity for row in part.holdings] == [100, None]
        assert (part.years, part.is_reduced) == (1, False)

    def test_two_holdings_of_one_product_are_added_to_once(self):
        held = (AskedHolding(1, "SMP-CC", 10, EXPIRY), AskedHolding(2, "SMP-CC", 20, EXPIRY))
        rows = tuple(NeededHolding(row.holding, "SMP-CC", row.quantity, EXPIRY, row.quantity + 5) for row in held)
        part = wanted_part(NeededPart(7, rows), license_id="LIC-0007", held=held)
        assert part.additions == (AskedAddition("SMP-CC", 10),)

    def test_nobody_answered(self):
        part = wanted_part(None, license_id="LIC-0007", held=self.HELD)
        assert [row.renewal_quantity for row in part.holdings] == [100, 30]

    def test_what_is_stored_comes_back_and_nothing_else_does(self, two):
        said = needed_of(two, 80, 30, years=2)
        assert values.from_json(values.to_json(said)) == said
        for wrong in ({}, {"parts": [], "format": 1}, {**values.to_json(said), "more": 1}):
            with pytest.raises(NotReadable):
                values.from_json(wrong)


class TestAsking:
    def test_the_letter_goes_once_and_says_what_is_asked(self, cast, two):
        confirmation, [token] = put([two], cast.staff, key=KEY)
        assert put([two], cast.staff, key=KEY)[0] == confirmation
        deliver_due(clock=lambda: NOW)
        [message] = django_mail.outbox
        assert (message.subject, message.to) == ("数量のご確認 株式会社髙﨑製作所", [f'"佐伯 美和" <{ADDRESS}>'])
        assert message.body.strip().split("\n") == [
            "佐伯 美和 様",
            "  LIC-0007（サポート満了日：2027年3月31日）",
            "2027年2月5日",
            f"https://portal.example.jp/c/{token}/",
            "青葉見本システム株式会社 青木 陽子",
        ]
        assert find_by_token(token) == confirmation
        assert token not in str(list(QuantityConfirmation.objects.values()))
        assert find_by_token("another") is None

    def test_who_can_still_answer_is_not_asked_again(self, cast, two):
        put([two], cast.staff)
        other = load(make_license_id(cast.customer, "LIC-0008", ("SMP-CC", 10)))
        with pytest.raises(AlreadyAsked) as refused:
            put([other, two], cast.colleague)
        assert refused.value.codes == ["LIC-0007"]
        assert (QuantityConfirmation.objects.count(), OutgoingMail.objects.count()) == (1, 1)

    @pytest.mark.parametrize(
        ("until", "remind"),
        [(TODAY - timedelta(days=1), None), (TODAY, TODAY + timedelta(days=1)), (TODAY, TODAY - timedelta(days=1))],
    )
    def test_days_that_make_no_sense(self, cast, two, until, remind):
        with pytest.raises(ValueError, match="cannot be answered"):
            put([two], cast.staff, open_until=until, remind_on=remind)
        assert not QuantityConfirmation.objects.exists()

    def test_an_address_that_cannot_be_writes_nothing(self, cast, two):
        with pytest.raises(ValidationError):
            put([two], cast.staff, to="nobody at all")
        assert not QuantityConfirmation.objects.exists()

    def test_a_withdrawn_question_is_not_sent_any_more(self, cast, two):
        confirmation, _tokens = put([two], cast.staff)
        assert withdraw(confirmation=confirmation, by=cast.colleague, now=NOW)
        assert not withdraw(confirmation=confirmation, by=cast.staff, now=NOW)
        deliver_due(clock=lambda: NOW)
        assert django_mail.outbox == []
        assert OutgoingMail.objects.get().state == OutgoingMail.State.CANCELLED
        put([two], cast.staff)


class TestAnswering:
    def test_the_answer_is_kept_and_told(self, cast, two):
        confirmation, _tokens = put([two], cast.staff)
        given = reply(confirmation, needed_of(two, 80, 45, years=3), message="3年で", now=LATER)
        assert reply(confirmation, needed_of(two, 80, 45, years=3), message="3年で", now=LATER) == given
        [told] = OutgoingMail.objects.filter(about__startswith="confirmed:")
        assert (told.to, told.subject) == (cast.staff.email, "【数量確認】株式会社髙﨑製作所様の回答")
        deliver_due(clock=lambda: LATER)
        body = django_mail.outbox[-1].body
        assert "LIC-0007 3年" in body
        assert "SMP-CC: 100 -> 80" in body
        assert "SMP-IM: 30 -> 45" in body
        assert "3年で" in body
        assert confirmed_parts([two])[two.pk].years == 3
        assert standings([two.pk], on=TODAY)[two.pk].is_answered

    def test_an_answer_is_corrected_by_another_one(self, cast, two):
        confirmation, _tokens = put([two], cast.staff)
        reply(confirmation, needed_of(two, 80, 30), now=LATER)
        reply(confirmation, needed_of(two, 90, 30), now=LATER + timedelta(hours=1))
        assert ConfirmationAnswer.objects.count() == 2
        assert confirmed_parts([two])[two.pk].holdings[0].needed == 90

    def test_what_is_held_has_changed(self, cast, two):
        confirmation, _tokens = put([two], cast.staff)
        said = needed_of(two, 80, 30)
        Holding.objects.filter(licenseid=two, product__code="SMP-CC").update(quantity=110)
        with pytest.raises(HeldChanged):
            reply(confirmation, said, now=LATER)
        assert not ConfirmationAnswer.objects.exists()

    def test_a_quote_closes_it_by_itself_and_taking_it_back_opens_it(self, cast, two):
        confirmation, _tokens = put([two], cast.staff)
        given_quote(two, by=cast.staff, now=NOW + timedelta(hours=1))
        with pytest.raises(NotOpen):
            reply(confirmation, needed_of(two, 80, 30), now=LATER)
        assert (confirmed_parts([two]), standings([two.pk], on=TODAY)[two.pk].is_open) == ({}, False)
        assert remind_due(cast, now=LATER) == 0

    def test_another_license_id_that_was_quoted_is_left_away(self, cast, two):
        other = load(make_license_id(cast.customer, "LIC-0008", ("SMP-CC", 10)))
        confirmation, _tokens = put([two, other], cast.staff)
        given_quote(other, by=cast.staff, now=NOW + timedelta(hours=1))
        reply(confirmation, needed_of(two, 80, 30), now=LATER)

    def test_after_its_last_day_or_when_it_was_withdrawn(self, cast, two):
        confirmation, _tokens = put([two], cast.staff)
        with pytest.raises(NotOpen):
            reply(confirmation, needed_of(two, 80, 30), now=NOW + timedelta(days=22))
        withdraw(confirmation=confirmation, by=cast.staff, now=NOW)
        with pytest.raises(NotOpen):
            reply(confirmation, needed_of(two, 80, 30), now=LATER)

    def test_a_license_id_that_came_to_another_customer_is_not_asked_about(self, cast, two):
        confirmation, _tokens = put([two], cast.staff)
        two.customer = cast.english_customer
        two.save()
        with pytest.raises(NotOpen):
            reply(confirmation, needed_of(two, 80, 30), now=LATER)
        put([load(two)], cast.staff)


class TestReminding:
    def test_once_on_its_day_with_a_link_of_its_own(self, cast, two):
        confirmation, [token] = put([two], cast.staff)
        assert remind_due(cast, now=NOW + timedelta(days=6)) == 0
        assert remind_due(cast, now=LATER) == 1
        assert remind_due(cast, now=LATER + timedelta(days=1)) == 0
        deliver_due(clock=lambda: LATER)
        reminder = django_mail.outbox[-1]
        assert reminder.subject == "【再度のご確認】数量のご確認 株式会社髙﨑製作所"
        [second] = re.findall(r"/c/([\w-]+)/", reminder.body)
        assert second != token
        assert find_by_token(second) == find_by_token(token) == confirmation

    def test_not_after_an_answer(self, cast, two):
        confirmation, _tokens = put([two], cast.staff)
        reply(confirmation, needed_of(two, 100, 30), now=NOW + timedelta(days=1))
        assert remind_due(cast, now=LATER) == 0
        assert not remind(confirmation=confirmation, make_address=str, now=LATER)

    def test_one_that_cannot_be_written_to_keeps_back_no_other(self, cast, two):
        put([two], cast.staff)
        QuantityConfirmation.objects.update(to="broken")
        other = load(make_license_id(cast.english_customer, "LIC-0008", ("SMP-CC", 10)))
        put([other], cast.staff)
        assert remind_due(cast, now=LATER) == 1
        assert remind_due(cast, now=LATER) == 0


class TestDraft:
    def test_the_answer_becomes_a_draft_in_one_go(self, cast, two):
        confirmation, _tokens = put([two], cast.staff)
        reply(confirmation, needed_of(two, 80, 45, years=3), now=LATER)
        key = uuid.uuid4()
        draft = draft_of(confirmation=confirmation, key=key, by=cast.colleague, now=LATER)
        assert draft_of(confirmation=confirmation, key=key, by=cast.colleague, now=LATER) == draft
        asked = from_json(draft.asked)
        [part] = asked.parts
        assert {row.product: row.renewal_quantity for row in part.holdings} == {"SMP-CC": 80, "SMP-IM": 30}
        assert (part.years, part.is_reduced, part.additions) == (3, True, (AskedAddition("SMP-IM", 15),))
        assert asked.tax_rounding == TaxRounding.DOWN
        assert QuoteDraft.objects.count() == 1


class TestFormOfNeeds:
    @pytest.mark.parametrize(
        ("choice", "typed", "said"),
        [
            ("fewer", "", "Type how many licenses you need."),
            ("fewer", "100", "You hold 100: fewer is a number from 0 below it."),
            ("more", "１００", "You hold 100: more is a number above it, at most 9,999,999."),
            ("more", "many", "“many” is not a whole number. Write it in digits, like 12."),
        ],
    )
    def test_what_cannot_be_meant(self, two, choice, typed, said):
        number = self.first(two)
        with override("en"):
            form = self.form(two, choice, typed)
            assert form.errors[f"quantity-{number}"] == [said]

    @pytest.mark.parametrize(
        ("choice", "typed", "needed"),
        [
            ("keep", "", 100),
            ("keep", "rubbish", 100),
            ("none", "9", 0),
            ("fewer", "８０", 80),
            ("more", " 1,200 ", 1200),
        ],
    )
    def test_what_is_meant(self, two, choice, typed, needed):
        form = self.form(two, choice, typed)
        assert form.errors == {}
        rows = {row.product: row.needed for row in form.needed().parts[0].holdings}
        assert rows == {"SMP-CC": needed, "SMP-IM": 30}

    def first(self, two):
        return two.holdings.get(product__code="SMP-CC").pk

    def form(self, two, choice, typed):
        other = two.holdings.get(product__code="SMP-IM").pk
        data = {"name": "佐伯", f"need-{other}": "keep", f"years-{two.pk}": ""}
        data |= {f"need-{self.first(two)}": choice, f"quantity-{self.first(two)}": typed}
        form = NeedForm(data, licenseids=[two])
        form.is_valid()
        return form


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_ask_about_one_license_id_and_one_is_told(self, cast, two):
        answers = at_once(*(partial(put, [load(two)], by) for by in (cast.staff, cast.colleague)))
        assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyAsked", "tuple"]
        assert (QuantityConfirmation.objects.count(), OutgoingMail.objects.count()) == (1, 1)

    def test_reminded_by_two_workers_once(self, cast, two):
        put([two], cast.staff)
        assert sorted(at_once(*[lambda: remind_due(cast, now=LATER)] * 2)) == [0, 1]
        assert OutgoingMail.objects.count() == 2


class TestPages:
    def test_from_the_question_to_the_draft(self, cast, two, desk, clock, client):
        """What staff and the customer press: two pages and three buttons."""
        Contact.objects.create(customer=cast.customer, name="佐伯 美和", email=ADDRESS)
        page = desk.get("/confirmations/new/", {"license_id": two.code})
        entry = entry_of(page)
        answer_to = desk.post("/confirmations/new/", {**entry, "act": "send"}, follow=True)
        assert "1 customer is asked." in answer_to.content.decode()
        deliver_due(clock=lambda: NOW)
        [path] = re.findall(r"(/c/[\w-]+/)", django_mail.outbox[0].body)
        shown = client.get(path)
        assert (shown.status_code, shown["X-Robots-Tag"]) == (200, "noindex, nofollow, noarchive")
        typed = entry_of(shown)
        first = two.holdings.get(product__code="SMP-CC").pk
        typed |= {f"need-{first}": ["fewer"], f"quantity-{first}": ["８０"], "name": ["佐伯 美和"]}
        done = client.post(path, typed, follow=True)
        assert "ご回答を受け付けました。" in done.content.decode()
        confirmation = QuantityConfirmation.objects.get()
        asked = desk.get(f"/confirmations/{confirmation.key}/")
        key = entry_of(asked)["key"]
        led = desk.post(f"/confirmations/{confirmation.key}/quote/", {"key": key})
        assert led["Location"] == f"/drafts/{key[0]}/"
        assert desk.get(led["Location"]).status_code == 200

    def test_what_was_wrong_keeps_what_was_typed_and_writes_nothing(self, cast, two, client, clock):
        _confirmation, [token] = put([two], cast.staff)
        first = two.holdings.get(product__code="SMP-CC").pk
        shown = client.get(f"/c/{token}/")
        typed = entry_of(shown)
        typed |= {f"need-{first}": ["fewer"], f"quantity-{first}": ["200"], "message": ["お願いします"]}
        refused = client.post(f"/c/{token}/", typed)
        said = refused.content.decode()
        assert refused.status_code == 422
        assert "保有数量は100です。減らす場合は、それより少ない数を入力してください。" in said
        assert 'value="200"' in said
        assert "お願いします" in said
        assert not ConfirmationAnswer.objects.exists()

    def test_what_is_held_changed_while_the_page_was_open(self, cast, two, client, clock):
        _confirmation, [token] = put([two], cast.staff)
        typed = entry_of(client.get(f"/c/{token}/")) | {"name": ["佐伯"]}
        Holding.objects.filter(licenseid=two).update(support_expires_on=date(2028, 3, 31))
        refused = client.post(f"/c/{token}/", typed)
        assert refused.status_code == 409
        assert "保有内容が変わりました" in refused.content.decode()
        assert not ConfirmationAnswer.objects.exists()

    def test_no_price_unless_the_reseller_wants_it(self, cast, two, client, clock):
        _one, [token] = put([two], cast.staff)
        assert "円" not in (plain := client.get(f"/c/{token}/").content.decode())
        assert "¥" not in plain
        QuantityConfirmation.objects.update(with_prices=True)
        assert "¥" not in client.get(f"/c/{token}/").content.decode()
        ConfirmationSettings.objects.create(reseller=cast.aoba, shows_prices=True)
        # R6: 100 and 30 at the rank that 100 reaches; with 10 % tax
        assert "¥" in client.get(f"/c/{token}/").content.decode()

    def test_nothing_to_answer_any_more(self, cast, two, client, clock):
        confirmation, [token] = put([two], cast.staff)
        withdraw(confirmation=confirmation, by=cast.staff, now=NOW)
        over = client.get(f"/c/{token}/")
        assert over.status_code == 410
        assert "この確認依頼は取り下げられました。" in over.content.decode()
        assert client.post(f"/c/{token}/", {"name": "x"}).status_code == 410
        assert client.get("/c/nothing/").status_code == 404

    def test_a_typed_address_becomes_a_contact(self, cast, clock):
        foreign = make_license_id(cast.english_customer, "LIC-0009", ("SMP-CC", 10))
        desk = sign_in(cast.staff)
        entry = entry_of(desk.get("/confirmations/new/", {"license_id": foreign.code}))
        number = cast.english_customer.pk
        wrong = desk.post("/confirmations/new/", {**entry, "act": "send"})
        assert wrong.status_code == 422
        assert "Type the address to which the question goes." in wrong.content.decode()
        typed = {**entry, f"to-{number}": "ｋｅｎ@example.jp", f"to_name-{number}": "Ken Sample", "act": "send"}
        assert desk.post("/confirmations/new/", typed).status_code == 302
        [contact] = Contact.objects.filter(customer=cast.english_customer)
        assert (contact.name, contact.email, contact.language) == ("Ken Sample", "ken@example.jp", "en")

    def test_a_chosen_and_a_typed_address_are_not_guessed_between(self, cast, two, clock):
        Contact.objects.create(customer=cast.customer, name="佐伯 美和", email=ADDRESS)
        desk, number = sign_in(cast.staff), cast.customer.pk
        entry = entry_of(desk.get("/confirmations/new/", {"license_id": two.code}))
        wrong = desk.post("/confirmations/new/", {**entry, f"to-{number}": "x@example.jp", "act": "send"})
        assert f"You chose {ADDRESS}, and typed another address here." in wrong.content.decode()
        assert not QuantityConfirmation.objects.exists()

    def test_a_reseller_asks_in_its_own_way(self, cast, clock):
        page = sign_in(cast.manager).get("/manage/confirmations/")
        entry = entry_of(page)
        typed = entry | {"days_open": ["１０"], "remind_after": [""], "shows_prices": ["on"], "subject_ja": ["ご確認"]}
        assert sign_in(cast.manager).post("/manage/confirmations/", typed).status_code == 302
        kept = ConfirmationSettings.objects.get()
        assert (kept.days_open, kept.remind_after, kept.shows_prices) == (10, None, True)
        assert (kept.subject_ja, kept.body_ja, kept.subject_en) == ("ご確認", "", "")
        wrong = sign_in(cast.manager).post("/manage/confirmations/", typed | {"body_ja": ["no place for it"]})
        assert "Without {link} in the text nobody could answer." in wrong.content.decode()


def test_the_list_of_renewals_leads_to_the_answer(cast, two, desk, clock):
    confirmation, _tokens = put([two], cast.staff)
    assert f"/confirmations/{confirmation.key}/" not in desk.get("/?due=all").content.decode()
    reply(confirmation, needed_of(two, 80, 30), now=NOW)
    assert f"/confirmations/{confirmation.key}/" in desk.get("/?due=all").content.decode()
