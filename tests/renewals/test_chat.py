"""A reseller's chat rooms: off by default, entered by managers, told of what happened, once."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from foundation.chat.models import ChatMessage
from foundation.chat.queue import post_due
from foundation.mail.models import OutgoingMail
from foundation.mail.operations.queue import queue_mail, record_failure
from foundation.sealing import unseal
from quotes.customers.notices import tell_answer
from renewals.chat.operations import save_chat
from renewals.desk.refresh import refresh
from renewals.models import ChatSettings
from renewals.reminders.tasks import keep_rhythm
from tests.cast import NOW, TODAY, sign_in
from tests.foundation.chat.chat_server import run_chat_server
from tests.making import given_quote

SLACK = "https://hooks.slack.com/services/T0/B0/verysecret"
ALL = ("tells_answers", "tells_wishes", "tells_digest", "tells_bounces", "tells_approvals")


def keep(cast, address=SLACK, *, only=ALL, with_prices=False):
    values = {name: name in only for name in ALL} | {"with_prices": with_prices}
    save_chat(reseller=cast.aoba, values=values, addresses={"slack": address}, look=lambda _row: None)


def texts():
    return [json.loads(unseal(one.sealed_text, purpose="chat")) for one in ChatMessage.objects.order_by("pk")]


class TestWhatIsTold:
    def test_a_wish_to_order_without_prices_unless_they_are_wanted(self, cast, licenseid):
        quote = given_quote(licenseid, by=cast.staff)
        told = {"quote": quote, "answer": "order", "by_name": "佐伯", "message": ""}
        tell_answer(**told, now=NOW)
        assert not ChatMessage.objects.exists()  # off by default
        keep(cast)
        for _twice in range(2):
            tell_answer(**told, now=NOW)
        tell_answer(**told | {"answer": "decline"}, now=NOW)
        [text] = texts()
        assert (quote.number in str(text), "¥" in str(text)) == (True, False)
        keep(cast, with_prices=True)
        tell_answer(**told, now=NOW + timedelta(minutes=1))
        assert f"¥{quote.total:,}" in str(texts()[1])
        keep(cast, only=())
        tell_answer(**told, now=NOW + timedelta(minutes=2))
        assert ChatMessage.objects.count() == 2

    def test_a_letter_that_came_back(self, cast, licenseid):
        keep(cast)
        quote = given_quote(licenseid, by=cast.staff)
        mail = queue_mail(key="1", to="x@y.example.jp", subject="s", body="b", about=f"quote:{quote.key}", now=NOW)
        OutgoingMail.objects.update(state="sent", sealed_text=None, settled_at=NOW, next_attempt_at=None)
        record_failure(mail=mail, error="bounced", now=NOW)
        [text] = texts()
        assert quote.number in text["text"]
        assert "x@y.example.jp" not in str(text)

    def test_the_morning_in_short_once_a_day(self, cast, licenseid):
        keep(cast)
        refresh(on=TODAY)
        for minute in range(2):
            keep_rhythm(now=NOW + timedelta(minutes=minute))
        rows = ChatMessage.objects.all()
        assert [(one.key, one.about) for one in rows] == [
            (f"{cast.aoba.pk}:slack:digest:{TODAY}", f"{cast.aoba.pk}:slack")
        ]


class TestPage:
    def test_a_manager_enters_an_address_that_is_never_shown_again(self, cast):
        desk = sign_in(cast.manager)
        page = desk.get(reverse("renewals:chat"))
        entry = {name: True for name in ALL if page.context["form"][name].value()}
        answer = desk.post(reverse("renewals:chat"), {**entry, "slack": SLACK}, follow=True)
        assert "verysecret" not in answer.content.decode()
        assert "hooks.slack.com/…cret" in answer.content.decode()
        kept = ChatSettings.objects.get()
        assert (unseal(kept.sealed_slack, purpose="chat"), kept.sealed_teams, kept.with_prices) == (SLACK, None, False)
        desk.post(reverse("renewals:chat"), {**entry, "with_prices": "on"})  # the address stays
        kept.refresh_from_db()
        assert (unseal(kept.sealed_slack, purpose="chat"), kept.with_prices) == (SLACK, True)
        desk.post(reverse("renewals:chat"), {**entry, "slack_gone": "on"})
        kept.refresh_from_db()
        assert kept.sealed_slack is None

    @pytest.mark.parametrize("wrong", ["http://hooks.slack.com/x", "https://a@b/", "hooks"])
    def test_what_is_no_address_is_refused(self, cast, wrong):
        answer = sign_in(cast.manager).post(reverse("renewals:chat"), {"slack": wrong})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["slack"])
        assert not ChatSettings.objects.exists()

    def test_the_try_says_what_came_back(self, cast, settings):
        settings.CHAT_TO_LOOPBACK = True
        desk, address = sign_in(cast.manager), reverse("renewals:chat-try", args=["slack"])
        assert "Save an address first." in desk.post(address, follow=True).content.decode()
        with run_chat_server() as server:
            keep(cast, server.address)
            assert "Slack took the notice: 200 ok" in desk.post(address, follow=True).content.decode()
            server.status, server.body = 403, "invalid_token <b>"
            page = desk.post(address, follow=True).content.decode()
            assert "refused the notice. Check the webhook’s address. (403 invalid_token &lt;b&gt;)" in page
            assert len(server.posted) == 2
            settings.CHAT_TO_LOOPBACK = False
            assert "This address is not allowed" in desk.post(address, follow=True).content.decode()
            assert len(server.posted) == 2
        assert desk.post(reverse("renewals:chat-try", args=["irc"])).status_code == 404

    def test_what_waits_is_posted_and_the_page_says_how_the_last_went(self, cast, settings, licenseid):
        settings.CHAT_TO_LOOPBACK = True
        quote = given_quote(licenseid, by=cast.staff)
        with run_chat_server() as server:
            keep(cast, server.address)
            tell_answer(quote=quote, answer="order", by_name="佐伯", message="", now=NOW)
            post_due(clock=lambda: NOW)
            assert len(server.posted) == 1
        assert "posted (200)" in " ".join(sign_in(cast.manager).get(reverse("renewals:chat")).content.decode().split())
