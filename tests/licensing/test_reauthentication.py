"""Before what could do great harm, whoever logged in long ago proves once more who they are, and loses nothing."""

from datetime import date, timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.urls import path, reverse

from config.urls import urlpatterns as addresses
from licensing.models import Invitation, User
from licensing.views import reauthenticate_first
from pricing.engine.lint import SEVERITIES
from pricing.lists.operations.copy import copy_price_list
from pricing.models import PriceList
from tests.accounts import alerts_on, forget_proof, log_in, stored_sessions
from tests.cast import NOW, PASSWORD, Cast, make_cast

CONFIRM = "/accounts/reauthenticate/"

urlpatterns = [path("secret/", reauthenticate_first(lambda request: HttpResponse())), *addresses]
"""The portal's, and one with a password in its form: it has none so far."""


@pytest.fixture
def cast(db, settings) -> Cast:
    settings.ZEAL_ALLOWLIST = [{"model": "sessions.Session"}, {"model": "licensing.User"}]
    return make_cast()


@pytest.fixture
def draft(cast: Cast) -> PriceList:
    return copy_price_list(price_list=cast.price_list, effective_on=date(2027, 4, 1), by=cast.admin, now=NOW)


def publish_address(draft: PriceList) -> str:
    return reverse("admin:pricing_pricelist_publish", args=[draft.pk])


def test_the_page_that_publishes_asks_first_and_then_opens(cast, draft):
    address = publish_address(draft)
    with time_machine.travel(NOW, tick=False) as clock:
        office = log_in(cast.admin)
        assert office.get(address).status_code == 200
        clock.shift(timedelta(seconds=15 * 60 - 1))
        assert office.get(address).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert office.get(address)["Location"] == f"{CONFIRM}?next={address.replace('/', '%2F')}"
        assert office.get(reverse("admin:pricing_pricelist_change", args=[draft.pk])).status_code == 200
        wrong = office.post(CONFIRM, {"password": "wrong", "next": address})
        assert alerts_on(wrong) == ["This is not your password. Type it again."]
        assert office.get(address).status_code == 302
        assert office.post(CONFIRM, {"password": PASSWORD, "next": address})["Location"] == address
        assert office.get(address).status_code == 200
        clock.shift(timedelta(minutes=15))
        assert office.get(address).status_code == 302


def test_what_was_sent_too_late_is_kept_and_sent_again(cast, draft):
    with time_machine.travel(NOW, tick=False):
        office = log_in(cast.admin)
        page = office.get(publish_address(draft))
        entry = {"seen": page.context["seen"], "acknowledged": SEVERITIES}
        forget_proof(office)
        asked = office.post(publish_address(draft), entry)
        assert asked["Location"].startswith(CONFIRM)
        draft.refresh_from_db()
        assert not draft.is_published
        answer = office.post(CONFIRM, {"password": PASSWORD, "next": publish_address(draft)}, follow=True)
        draft.refresh_from_db()
        assert draft.is_published, answer.text
        assert (draft.published_by, draft.published_at) == (cast.admin, NOW)
        assert answer.redirect_chain[-1][0] == reverse("admin:pricing_pricelist_change", args=[draft.pk])


def test_withdrawing_asks_too(cast, draft):
    with time_machine.travel(NOW, tick=False):
        office = log_in(cast.price_admin)
        forget_proof(office)
        assert office.get(reverse("admin:pricing_pricelist_withdraw", args=[draft.pk]))["Location"].startswith(CONFIRM)


def test_a_users_form_is_sent_again_with_all_that_was_typed(cast):
    address = reverse("admin:licensing_user_change", args=[cast.staff.pk])
    office = log_in(cast.admin)
    fields = office.get(address).context["adminform"].form.initial
    entry = {name: fields[name] or "" for name in ("email", "name", "name_en", "role", "reseller", "customer")}
    entry |= {"name": "青木 <陽>", "is_active": "on"}
    forget_proof(office)
    asked = office.post(f"{address}?_changelist_filters=role__exact%3Dstaff", entry)
    assert asked["Location"] == f"{CONFIRM}?next={address.replace('/', '%2F')}"
    cast.staff.refresh_from_db()
    assert cast.staff.name == "青木 陽子"
    done = office.post(CONFIRM, {"password": PASSWORD, "next": address})
    assert done["Location"] == "/admin/licensing/user/?role__exact=staff"
    cast.staff.refresh_from_db()
    assert cast.staff.name == "青木 <陽>"


@pytest.mark.parametrize("page", ["change", "delete"])
def test_pages_of_a_user_ask(cast, page):
    office = log_in(cast.admin)
    address = f"/admin/licensing/user/{cast.contact.pk}/{page}/"
    assert office.get(address).status_code == 200
    forget_proof(office)
    assert office.get(address)["Location"].startswith(CONFIRM)
    assert office.post(address, {"post": "yes"})["Location"].startswith(CONFIRM)
    assert office.get("/admin/licensing/user/").status_code == 200
    assert User.objects.filter(pk=cast.contact.pk).exists()


def test_inviting_asks_and_then_invites_once(cast):
    desk = log_in(cast.manager)
    address = reverse("manage_invite")
    assert desk.get(address).status_code == 200
    forget_proof(desk)
    entry = {"email": "new@aoba.example.jp", "name": "新田 花", "role": "staff", "language": "ja"}
    assert desk.post(address, entry)["Location"].startswith(CONFIRM)
    assert Invitation.objects.count() == 0
    page = desk.post(CONFIRM, {"password": PASSWORD, "next": address})
    assert "new@aoba.example.jp" in page.text
    assert Invitation.objects.count() == 1


@pytest.mark.urls(__name__)
def test_passwords_that_were_typed_are_not_kept(cast):
    desk = log_in(cast.staff)
    forget_proof(desk)
    desk.post("/secret/", {"name": "kept", "password1": "a-very-secret-phrase", "password": "another-secret"})
    assert "name=kept" in stored_sessions()
    assert "secret-phrase" not in stored_sessions()
    assert "another-secret" not in stored_sessions()


def test_changing_ones_own_second_factors_asks(cast):
    desk = log_in(cast.contact)
    for what in ("app/add", "passkeys/add", "recovery-codes/new"):
        assert desk.get(f"/accounts/security/{what}/").status_code == 200
    forget_proof(desk)
    for what in ("app/add", "passkeys/add", "recovery-codes/new"):
        assert desk.get(f"/accounts/security/{what}/")["Location"].startswith(CONFIRM)


def test_it_leads_nowhere_else(cast):
    desk = log_in(cast.staff)
    answer = desk.post(CONFIRM, {"password": PASSWORD, "next": "https://evil.example/"})
    assert answer["Location"] == "/"
