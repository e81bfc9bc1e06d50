"""Notices to chat rooms: posted once over a real connection, never to servers behind the portal's own walls."""

from datetime import UTC, datetime, timedelta

import pytest

from foundation.chat import queue
from foundation.chat.cards import Notice, payload_of
from foundation.chat.models import ChatMessage
from foundation.chat.queue import Room, announce, post_due
from foundation.chat.webhook import MOST_READ, NotPosted, is_public, post, split
from foundation.sealing import seal
from tests.at_once import at_once
from tests.foundation.chat.chat_server import run_chat_server

NOW = datetime(2027, 1, 15, 1, 0, tzinfo=UTC)
NOTICE = Notice("<https://evil.example|佐伯>", ["[x](https://evil.example)"], "https://portal.example.jp/q/1", "開く")


@pytest.fixture
def server(settings):
    settings.CHAT_TO_LOOPBACK = True
    with run_chat_server() as server:
        yield server


@pytest.fixture
def rooms(server, monkeypatch):
    """Reseller 7 has one of each, Slack with prices."""

    def find(kind, reseller):
        address = seal(server.address, purpose="chat")
        found = [Room("teams", "7:teams", address, False), Room("slack", "7:slack", address, True)]
        return found if (kind, reseller) == ("wish", 7) else []

    monkeypatch.setattr(queue, "_rooms", [find])


def tell(key="wish:1", **more):
    given = {"kind": "wish", "reseller": 7, "make": lambda: NOTICE, "prices": ["¥1,000"], "now": NOW}
    return announce(key=key, **{**given, **more})


def states():
    return list(ChatMessage.objects.order_by("pk").values_list("state", "error", "status"))


@pytest.mark.django_db
class TestQueue:
    def test_each_room_gets_it_once_and_prices_only_where_they_are_wanted(self, rooms, server):
        assert [tell(), tell(), tell(kind="digest"), tell(reseller=8)] == [2, 2, 0, 0]
        row = ChatMessage.objects.first()
        assert b"secret" not in bytes(row.sealed_address) + bytes(row.sealed_text)
        assert (post_due(clock=lambda: NOW), post_due(clock=lambda: NOW)) == (2, 0)
        assert states() == [("sent", "", 200)] * 2
        assert not ChatMessage.objects.exclude(sealed_address=None, sealed_text=None).exists()
        (path, teams), (_path, slack) = server.posted
        assert path == "/services/T0/secret"
        assert ("¥1,000" in str(teams), "¥1,000" in str(slack)) == (False, True)

    @pytest.mark.parametrize("status", [429, 503])
    def test_where_the_server_asks_for_it_it_is_tried_again(self, rooms, server, status):
        server.status = status
        tell()
        post_due(clock=lambda: NOW)
        assert states() == [("queued", "try_later", status)] * 2
        assert post_due(clock=lambda: NOW + timedelta(seconds=59)) == 0
        server.status = 202
        post_due(clock=lambda: NOW + timedelta(minutes=1))
        assert states() == [("sent", "", 202)] * 2

    def test_it_is_given_up_after_a_while(self, rooms, server):
        server.status = 503
        tell()
        for attempt in range(8):
            post_due(clock=lambda later=attempt: NOW + timedelta(hours=3 * later))
        assert states() == [("failed", "try_later", 503)] * 2
        assert len(server.posted) == 10

    @pytest.mark.parametrize(
        ("status", "error"), [(404, "refused"), (500, "refused"), (302, "refused"), (None, "unclear")]
    )
    def test_what_was_refused_or_may_have_arrived_is_not_repeated(self, rooms, server, status, error):
        server.status, server.headers = status, {"Location": server.address}
        tell()
        for _ in range(2):
            post_due(clock=lambda: NOW + timedelta(days=1))
        assert states() == [("failed", error, status)] * 2
        assert len(server.posted) == 2

    def test_a_worker_that_died_before_and_after_it_left(self, rooms, server):
        tell()
        lease = {"state": "sending", "leased_by": "x", "leased_until": NOW}
        first, second = ChatMessage.objects.order_by("pk")
        ChatMessage.objects.filter(pk=first.pk).update(**lease)
        ChatMessage.objects.filter(pk=second.pk).update(**lease, handing_over_at=NOW)
        post_due(clock=lambda: NOW + timedelta(minutes=1))
        assert states() == [("sent", "", 200), ("failed", "unclear", None)]
        assert len(server.posted) == 1

    def test_after_a_change_of_the_secret_key_it_says_so(self, rooms, server, settings):
        tell()
        settings.SECRET_KEY = "another"
        post_due(clock=lambda: NOW)
        assert states() == [("failed", "unreadable", None)] * 2
        assert not server.posted

    def test_no_log_holds_an_address(self, rooms, server, caplog):
        server.status = 404
        tell()
        post_due(clock=lambda: NOW)
        assert "refused" in caplog.text
        assert "secret" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_workers_post_each_once(rooms, server):
    for number in range(5):
        tell(f"wish:{number}")
    at_once(*[lambda: post_due(clock=lambda: NOW)] * 2)
    assert len(server.posted) == 10


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "http://hooks.slack.com/x", "https://", "https://user@hooks.slack.com/x", "https://hooks.slack.com:8443/x",
            "ftp://hooks.slack.com/x", "https://hooks.slack.com/a b", "https://hooks.slack.com/\n", "hooks.slack.com",
            "https://hooks.slack.com:x/", "https://hooks.slack.com/" + "x" * 1000,
        ],
    )  # fmt: skip
    def test_what_is_no_webhook(self, address):
        with pytest.raises(ValueError, match=r".+"):
            split(address)

    @pytest.mark.parametrize(
        "address",
        ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
         "224.0.0.1", "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "x"],
    )  # fmt: skip
    def test_what_lies_behind_walls(self, address):
        assert not is_public(address)

    def test_what_is_on_the_internet(self):
        assert is_public("34.226.37.1")
        assert is_public("2a00:1450:4001:80b::200e")

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"])
    def test_names_that_lead_inside_are_refused_before_anything_is_sent(self, host, settings):
        settings.CHAT_TO_LOOPBACK = False
        with pytest.raises(NotPosted) as refused:
            post(address=f"https://{host}/x", payload={})
        assert refused.value.error == "not_allowed"

    def test_a_long_answer_is_read_in_part(self, server):
        server.body = "x" * 1_000_000
        assert len(post(address=server.address, payload={}).text) == MOST_READ

    def test_nobody_there(self, settings):
        settings.CHAT_TO_LOOPBACK = True
        with pytest.raises(NotPosted) as failed:
            post(address="http://127.0.0.1:9/x", payload={})
        assert (failed.value.error, failed.value.is_final) == ("no_connection", False)


class TestCards:
    def test_names_are_text_in_both(self):
        teams, slack = payload_of("teams", NOTICE), payload_of("slack", NOTICE)
        body = teams["attachments"][0]["content"]["body"]
        assert {block["type"] for block in body} == {"RichTextBlock"}
        assert body[1]["inlines"][0]["text"] == "[x](https://evil.example)"
        assert slack["text"] == "&lt;https://evil.example|佐伯&gt;"
        assert slack["blocks"][0]["text"]["type"] == "plain_text"
        assert slack["blocks"][1]["text"]["text"] == "<https://portal.example.jp/q/1|開く>"
