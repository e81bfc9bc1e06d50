"""Where one is logged in, and how to end that."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.accounts import FIREFOX, is_in, log_in
from tests.cast import NOW, PASSWORD, Cast, make_cast, sign_in
from tests.mailbox import arrived

SECURITY = "/accounts/security/"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
NEW = "another-long-pass-phrase"


@pytest.fixture
def cast(db, settings) -> Cast:
    # At log-in the package looks at each of the user's sessions, to forget those that ended.
    settings.ZEAL_ALLOWLIST = [{"model": "sessions.Session"}, {"model": "licensing.User"}]
    return make_cast()


def rows_on(page) -> list[list[str]]:
    """The list of sessions, row by row."""
    table = page.text[page.text.index('id="h-sessions"') :]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    cells = [re.findall(r"<td.*?>(.*?)</td>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells if row]


def test_the_list_tells_device_address_and_when(cast):
    with time_machine.travel(NOW, tick=False) as clock:
        desk = log_in(cast.staff)
        assert is_in(desk)
        clock.shift(timedelta(minutes=4, seconds=59))
        phone = Client(headers={"user-agent": IPHONE, "accept-language": "en"}, REMOTE_ADDR="192.0.2.7")
        log_in(cast.staff, client=phone)
        log_in(cast.stranger)
        sign_in(cast.staff)  # has not opened a page: nobody has seen it
        assert rows_on(desk.get(SECURITY)) == [
            ["Mobile Safari, iOS", "192.0.2.7", "15 January 2027, 10:04", "15 January 2027, 10:04", "Log out there"],
            ["Firefox, Windows this one", "127.0.0.1", "15 January 2027, 10:00", "15 January 2027, 10:00", ""],
        ]
        clock.shift(timedelta(seconds=1))
        desk.get("/")
        assert rows_on(desk.get(SECURITY))[0][2] == "15 January 2027, 10:05"


def test_seeing_writes_only_every_few_minutes(cast):
    desk = log_in(cast.staff)
    desk.get("/customers/")
    seen = UserSession.objects.get().last_seen_at
    desk.get("/customers/")
    assert UserSession.objects.get().last_seen_at == seen


def test_one_is_ended_and_the_others_stay(cast):
    desk, lost, other = log_in(cast.staff), log_in(cast.staff), log_in(cast.staff)
    pk = UserSession.objects.get(session_key=lost.cookies["sessionid"].value).pk
    assert desk.get(f"/accounts/security/sessions/{pk}/end/").status_code == 405
    assert desk.post(f"/accounts/security/sessions/{pk}/end/")["Location"] == SECURITY
    assert (is_in(desk), is_in(lost), is_in(other)) == (True, False, True)
    assert desk.post(f"/accounts/security/sessions/{pk}/end/").status_code == 404


def test_nobody_ends_somebody_elses(cast):
    theirs = log_in(cast.stranger)
    pk = UserSession.objects.get().pk
    for user in (cast.staff, cast.admin):
        assert sign_in(user).post(f"/accounts/security/sessions/{pk}/end/").status_code == 404
    sign_in(cast.admin).post("/accounts/security/sessions/end/")
    assert is_in(theirs)


def test_all_others_are_ended(cast):
    desk, foreign = log_in(cast.staff), log_in(cast.stranger)
    others = [log_in(cast.staff), log_in(cast.staff)]
    page = desk.post("/accounts/security/sessions/end/", follow=True)
    assert "Logged out in 2 other places." in page.text
    assert [is_in(other) for other in others] == [False, False]
    assert is_in(desk)
    assert is_in(foreign)
    assert "You were not logged in anywhere else." in desk.post("/accounts/security/sessions/end/", follow=True).text


def test_a_new_password_ends_the_others(cast):
    desk, other, foreign = log_in(cast.staff), log_in(cast.staff), log_in(cast.stranger)
    entry = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert desk.post("/accounts/password/change/", entry).status_code == 302
    assert (is_in(desk), is_in(other), is_in(foreign)) == (True, False, True)
    assert len(rows_on(desk.get(SECURITY))) == 1
    assert arrived()[-1].subject == "Renewal quotes: your password was changed"


def test_a_password_set_by_e_mail_ends_all(cast):
    desk = log_in(cast.staff)
    visitor = Client()
    visitor.post("/accounts/password/reset/", {"email": cast.staff.email})
    [address] = re.findall(r"http://testserver(/\S+)", arrived()[0].body)
    form = visitor.get(address, follow=True).redirect_chain[-1][0]
    assert visitor.post(form, {"password1": NEW, "password2": NEW}).status_code == 302
    assert not is_in(desk)
    assert not is_in(visitor)
    assert is_in(log_in(cast.staff, password=NEW))


def test_a_deactivated_user_is_out_at_once(cast):
    desk = log_in(cast.staff)
    type(cast.staff).objects.filter(pk=cast.staff.pk).update(is_active=False)
    assert not is_in(desk)


def test_the_number_of_queries_does_not_grow(cast):
    desk = log_in(cast.staff)
    desk.get(SECURITY)
    with CaptureQueriesContext(connection) as one:
        assert len(rows_on(desk.get(SECURITY))) == 1
    for _number in range(30):
        other = Client()
        other.force_login(cast.staff)
        key = other.cookies["sessionid"].value
        UserSession.objects.create(user=cast.staff, ip="192.0.2.7", user_agent=FIREFOX, session_key=key)
    with CaptureQueriesContext(connection) as many:
        assert len(rows_on(desk.get(SECURITY))) == 31
    assert len(many) == len(one) <= 9
