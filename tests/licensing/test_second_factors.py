"""Authenticator apps, passkeys, recovery codes; and who must have one of them."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from licensing.adapters import MFAAdapter
from licensing.models import Reseller, User
from licensing.queries import must_use_mfa
from tests.accounts import (
    alerts_on,
    code_for,
    forget_proof,
    is_in,
    kinds_of,
    log_in,
    secret_on,
    set_up_app,
)
from tests.cast import Cast, make_cast, sign_in
from tests.mailbox import arrived

ADD_APP = "/accounts/security/app/add/"
SECURITY = "/accounts/security/"
CODES = "/accounts/security/recovery-codes/"
CODE = "/accounts/security/code/"
NOT_RIGHT = "This did not work: the code or the passkey is not right, or no longer. Try again."


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def _as_outside_a_test(monkeypatch, settings):
    """What waits for a transaction's end happens at once: a test's own transaction never ends. And logging in reads
    the session under its old key and under its new one; that is no query row by row.
    """
    monkeypatch.setattr(transaction, "on_commit", lambda func, using=None, robust=False: func())
    settings.ZEAL_ALLOWLIST = [{"model": "sessions.Session"}, {"model": "licensing.User"}]


LIKE_ONE = {
    "id": "AA",
    "rawId": "AA",
    "type": "public-key",
    "response": dict.fromkeys(("clientDataJSON", "attestationObject", "authenticatorData", "signature"), "AA")
    | {"userHandle": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"},
}
UNREADABLE = [
    "",
    "x",
    "[]",
    "{}",
    "5",
    "null",
    "[" * 5000,
    '{"response":' + "[" * 5000,
    json.dumps(LIKE_ONE),
    json.dumps(LIKE_ONE | {"response": {}}),
]


class TestApp:
    def test_it_is_set_up_with_a_picture_and_a_code_in_any_width(self, cast):
        desk = log_in(cast.staff)
        page = desk.get(ADD_APP)
        secret = secret_on(page)
        assert 'src="data:image/svg+xml;base64,' in page.text
        assert "no-store" in page["Cache-Control"]
        wrong = desk.post(ADD_APP, {"code": "000000" if code_for(secret) != "000000" else "111111"})
        assert alerts_on(wrong) == [NOT_RIGHT]
        assert secret_on(wrong) == secret
        assert kinds_of(cast.staff) == []
        wide = code_for(secret).translate({ord("0") + n: ord("０") + n for n in range(10)})
        answer = desk.post(ADD_APP, {"code": f"{wide[:3]}　{wide[3:]}"})
        assert answer["Location"] == CODES
        assert kinds_of(cast.staff) == ["recovery_codes", "totp"]
        assert [(message.subject, message.to) for message in arrived()] == [
            ("Renewal quotes: authenticator app set up", [cast.staff.email])
        ]
        assert "With the browser: Mozilla/5.0 (Windows NT 10.0" in mail.outbox[0].body

    def test_recovery_codes_are_shown_once_and_saved_as_text(self, cast):
        desk = log_in(cast.staff)
        _secret, codes = set_up_app(desk)
        assert len(set(codes)) == 10
        again = desk.get(CODES)
        assert not any(code in again.text for code in codes)
        assert "10 codes are left." in again.text
        assert desk.post("/accounts/security/recovery-codes/new/")["Location"] == CODES
        page = desk.get(CODES)
        assert re.search(
            r'download="recovery-codes.txt"\s+href="data:text/plain;charset=utf-8,Recovery%20codes', page.text
        )
        assert not any(code in page.text for code in codes)

    def test_secrets_lie_in_the_database_unreadable(self, cast, settings):
        secret, codes = set_up_app(log_in(cast.staff))
        stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
        assert secret not in stored
        assert not any(code in stored for code in codes)
        encrypted = Authenticator.objects.get(type="totp").data["secret"]
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
        assert MFAAdapter().decrypt(encrypted) == secret

    def test_after_the_password_the_code_is_asked_for_and_counts_once(self, cast):
        secret, codes = set_up_app(log_in(cast.staff))
        entered = log_in(cast.staff)
        assert not is_in(entered)
        assert entered.get("/accounts/login/")["Location"] == CODE
        assert alerts_on(entered.post(CODE, {"code": "12345"})) == [NOT_RIGHT]
        code = code_for(secret)
        assert entered.post(CODE, {"code": code})["Location"] == "/"
        assert is_in(entered)
        second = log_in(cast.staff)
        assert alerts_on(second.post(CODE, {"code": code})) == [NOT_RIGHT]
        assert second.post(CODE, {"code": codes[3]})["Location"] == "/"
        third = log_in(cast.staff)
        assert alerts_on(third.post(CODE, {"code": codes[3]})) == [NOT_RIGHT]
        assert not is_in(third)

    def test_removing_it_needs_no_second_app_for_those_who_may_go_without(self, cast):
        desk = log_in(cast.contact)
        set_up_app(desk)
        assert desk.post("/accounts/security/app/remove/")["Location"] == SECURITY
        assert kinds_of(cast.contact) == []
        assert is_in(desk)
        assert is_in(log_in(cast.contact))

    def test_the_first_one_ends_sessions_that_know_only_the_password(self, cast):
        elsewhere, desk = log_in(cast.staff), log_in(cast.staff)
        assert is_in(elsewhere)
        set_up_app(desk)
        assert is_in(desk)
        assert not is_in(elsewhere)
        assert is_in(log_in(cast.stranger))


class TestPasskeys:
    @pytest.mark.parametrize("answer", UNREADABLE)
    def test_an_answer_that_no_passkey_gives_is_refused(self, cast, answer):
        desk = log_in(cast.staff)
        desk.get("/accounts/security/passkeys/add/")
        page = desk.post("/accounts/security/passkeys/add/", {"credential": answer, "name": "仕事用"})
        assert page.status_code == 200
        assert alerts_on(page)
        assert 'value="仕事用"' in page.text
        visitor = Client(headers={"accept": "application/json"})
        options = visitor.get("/accounts/passkey/").json()["request_options"]["publicKey"]
        assert (options["rpId"], options["userVerification"]) == ("testserver", "required")
        assert visitor.post("/accounts/passkey/", {"credential": answer})["Location"] == "/accounts/login/"
        assert not is_in(visitor)
        Authenticator.objects.create(user=cast.staff, type="totp", data={"secret": MFAAdapter().encrypt("A" * 32)})
        entered = log_in(cast.staff)
        entered.get(CODE)
        assert entered.post(CODE, {"credential": answer}).status_code == 200
        assert not is_in(entered)
        assert kinds_of(cast.staff) == ["totp"]

    def test_they_are_made_for_the_host_in_the_settings(self, cast, settings):
        settings.WEBAUTHN_HOST = "portal.example.jp"
        page = log_in(cast.staff).get("/accounts/security/passkeys/add/")
        assert page.context["js_data"]["creation_options"]["publicKey"]["rp"] == {
            "id": "portal.example.jp",
            "name": "Renewal quotes",
        }

    def test_nobody_elses_can_be_touched(self, cast):
        theirs = Authenticator.objects.create(user=cast.stranger, type="totp", data={})
        desk = sign_in(cast.staff)
        for what in ("rename", "remove"):
            assert desk.get(f"/accounts/security/passkeys/{theirs.pk}/{what}/").status_code == 404
            assert desk.post(f"/accounts/security/passkeys/{theirs.pk}/{what}/", {"name": "x"}).status_code == 404
        assert kinds_of(cast.stranger) == ["totp"]


class TestWhoMust:
    @pytest.mark.parametrize("asked_of_admins", [True, False])
    def test_admins_always_and_a_resellers_people_where_it_asks(self, cast, settings, asked_of_admins):
        settings.REQUIRE_ADMIN_MFA = asked_of_admins
        Reseller.objects.filter(pk=cast.aoba.pk).update(requires_mfa=True)
        users = {user.email: must_use_mfa(user) for user in User.objects.all()}
        ours = {user.email for user in User.objects.filter(reseller=cast.aoba)}
        admins = {user.email for user in User.objects.filter(role__in=["admin", "price_admin"])}
        assert len(ours) >= 2
        assert len(admins) >= 2
        assert {email for email, must in users.items() if must} == ours | (admins if asked_of_admins else set())

    def test_they_go_nowhere_before_it_is_set_up(self, cast, settings):
        settings.REQUIRE_ADMIN_MFA = True
        desk = log_in(cast.admin)
        for address in ("/", "/admin/", "/admin/licensing/user/", "/quotes/", "/accounts/password/change/"):
            assert desk.get(address)["Location"] == SECURITY, address
            assert desk.post(address)["Location"] == SECURITY, address
        assert desk.get("/customers/", headers={"hx-request": "true"})["HX-Redirect"] == SECURITY
        assert desk.get("/no/such/page/").status_code == 404
        page = desk.get(SECURITY)
        assert "A second factor is needed before you can go on." in page.text
        assert desk.post("/i18n/setlang/", {"language": "en"}).status_code == 302
        set_up_app(desk)
        assert is_in(desk)
        assert desk.get("/admin/").status_code == 200
        assert "A second factor is needed" not in desk.get(SECURITY).text

    def test_log_out_stays_open(self, cast, settings):
        settings.REQUIRE_ADMIN_MFA = True
        desk = log_in(cast.admin)
        assert desk.post("/accounts/logout/")["Location"] == "/accounts/login/"
        assert desk.get("/")["Location"] == "/accounts/login/?next=/"

    def test_staff_go_on_once_theirs_is_set_up_and_others_as_before(self, cast):
        desk, foreign, contact = log_in(cast.staff), log_in(cast.stranger), log_in(cast.contact)
        assert is_in(desk)
        Reseller.objects.filter(pk=cast.aoba.pk).update(requires_mfa=True)
        assert desk.get("/")["Location"] == SECURITY
        assert is_in(foreign)
        assert is_in(contact)
        set_up_app(desk)
        assert is_in(desk)
        desk.post("/accounts/security/app/remove/")
        assert desk.get("/")["Location"] == SECURITY

    def test_a_session_that_proved_only_the_password_may_do_nothing_but_prove_more(self, cast):
        """Whoever stole the password and waits until the owner has set up an app gains nothing."""
        Reseller.objects.filter(pk=cast.aoba.pk).update(requires_mfa=True)
        secret, _codes = set_up_app(log_in(cast.staff))
        thief = sign_in(cast.staff)  # past the log-in, as before there was an app
        confirm = "/accounts/security/confirm/code/"
        assert thief.get("/quotes/?q=x")["Location"] == f"{confirm}?next=%2Fquotes%2F%3Fq%3Dx"
        for address in (SECURITY, "/accounts/security/passkeys/add/", CODES, "/accounts/reauthenticate/"):
            assert thief.get(address)["Location"].startswith(confirm), address
        assert alerts_on(thief.post(confirm, {"code": "000"})) == [NOT_RIGHT]
        assert thief.get("/quotes/").status_code == 302
        assert thief.post(confirm, {"code": code_for(secret), "next": "/quotes/"})["Location"] == "/quotes/"
        assert thief.get("/quotes/").status_code == 200


class TestLost:
    def remove(self, desk: Client, *users: User) -> str:
        entry = {"action": "remove_second_factors", "_selected_action": [user.pk for user in users]}
        return desk.post("/admin/licensing/user/", entry, follow=True).text

    def test_a_portal_admin_removes_them_and_it_is_recorded(self, cast):
        lost, contact = log_in(cast.staff), log_in(cast.contact)
        set_up_app(lost)
        set_up_app(contact)
        office = log_in(cast.admin)
        set_up_app(office)
        said = self.remove(office, cast.staff, cast.stranger, cast.admin)
        assert "青木 陽子: 1 second factor removed, logged out everywhere." in said
        assert "渚 さくら had no second factor, and was logged out everywhere." in said
        assert "Your own second factors were left alone" in said
        assert kinds_of(cast.staff) == []
        assert kinds_of(cast.admin) == kinds_of(cast.contact) == ["recovery_codes", "totp"]
        assert not is_in(lost)
        assert is_in(contact)
        assert is_in(log_in(cast.staff))
        [entry] = LogEntry.objects.all()
        assert (entry.user, entry.object_id, entry.change_message) == (
            cast.admin,
            str(cast.staff.pk),
            "Second factors removed, logged out everywhere.",
        )

    def test_it_is_asked_for_who_does_it(self, cast):
        lost, office = log_in(cast.staff), log_in(cast.admin)
        set_up_app(lost)
        forget_proof(office)
        self.remove(office, cast.staff)
        assert kinds_of(cast.staff) == ["recovery_codes", "totp"]

    def test_a_command_helps_the_last_admin(self, cast, capsys):
        office = log_in(cast.admin)
        set_up_app(office)
        call_command("remove_second_factors", " Admin@portal.example.jp")
        assert (
            capsys.readouterr().out == "1 second factors removed. admin@portal.example.jp is logged out everywhere.\n"
        )
        assert kinds_of(cast.admin) == []
        assert not is_in(office)
        with pytest.raises(CommandError, match=r"There is no user with the e-mail address x@example\.jp"):
            call_command("remove_second_factors", "x@example.jp")
