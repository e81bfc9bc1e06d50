"""Invitations: who may invite whom, what a link leads to and how often, and what nobody learns from it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from licensing.models import Invitation, Reseller, User, hash_token
from licensing.operations.invitations import (
    AddressTaken,
    InvitationRefused,
    InvitationUnusable,
    accept_invitation,
    invite,
    renew_invitation,
    revoke_invitation,
    word_invitation,
)
from tests.at_once import at_once
from tests.cast import NOW, PASSWORD, Cast, make_cast, make_user, sign_in

INVITE = "/manage/people/invite/"
LATER = NOW + timedelta(days=7)
NEW = {"email": "arai@aoba.example.jp", "name": "新井 空", "role": "staff", "language": "ja"}
ACCEPT = {"name": "新井 空", "name_en": "Sora Arai", "password": "another-long-phrase", "again": "another-long-phrase"}


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield make_cast()


def invited(cast: Cast, **changes: object) -> tuple[Invitation, str]:
    """An invitation to Aoba's staff by its manager, and its token."""
    made: dict = {"email": "arai@aoba.example.jp", "name": "新井 空", "role": "staff", "reseller": cast.aoba}
    invitation, link = invite(**(made | {"by": cast.manager, "now": NOW} | changes))
    return invitation, link.split("/")[-2]


def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


# --- From the first click to the first log-in ------------------------------------------------------------------------


def test_a_manager_invites_and_the_person_comes_in(cast: Cast) -> None:
    desk = sign_in(cast.manager)
    page = desk.post(INVITE, NEW | {"email": "ＡＲＡＩ@Aoba.example.jp", "role": "manager"})
    link = page.context["link"]
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.reseller) == ("arai@aoba.example.jp", "manager", cast.aoba)
    assert (invitation.invited_by, invitation.created_at, invitation.expires_at) == (cast.manager, NOW, LATER)
    assert link.startswith(f"{settings.PUBLIC_URL}/invitations/")
    token = link.split("/")[-2]
    assert len(token) == 43
    assert invitation.token_hash == hash_token(token)
    assert token not in str(Invitation.objects.values().get())
    assert token not in desk.get("/manage/people/").content.decode()

    browser = visitor()
    browser.cookies["django_language"] = "en"
    shown = browser.get(link)
    assert "水野 恵子 invites you to make renewal quotes for 青葉見本システム株式会社" in shown.text
    assert shown.headers["X-Robots-Tag"] == "noindex, nofollow"
    answer = browser.post(link, ACCEPT)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    user = User.objects.get(email="arai@aoba.example.jp")
    assert (user.name, user.name_en, user.role, user.reseller) == ("新井 空", "Sora Arai", "manager", cast.aoba)
    assert not user.is_superuser
    assert user.check_password("another-long-phrase")
    assert browser.get("/manage/people/").status_code == 200
    invitation.refresh_from_db()
    assert (invitation.accepted_at, invitation.user) == (NOW, user)
    assert user.history.get().history_user_name == "水野 恵子"


def test_a_contact_is_invited_to_their_customer(cast: Cast) -> None:
    desk = sign_in(cast.manager)
    address = reverse("manage_invite_contact", args=[cast.english_customer.pk])
    page = desk.get(address)
    assert page.context["form"]["language"].value() == "en"
    assert page.text.count("Invite a contact") == 3  # the title, where the page is, and the heading
    assert "Invite a person" not in page.text
    link = desk.post(address, {"email": "kim@sample.example.com", "name": "Kim", "language": "en"}).context["link"]
    browser = Client(headers={"accept-language": "ja"})
    shown = browser.get(link)
    assert '<html lang="en">' in shown.text
    assert shown.headers["Content-Language"] == "en"
    assert (
        "水野 恵子 (青葉見本システム株式会社) invites you to see the renewal quotes for Sample Trading K.K."
        in shown.text
    )
    assert "name_en" not in shown.context["form"].fields
    browser.post(link, ACCEPT)
    user = User.objects.get(email="kim@sample.example.com")
    assert (user.role, user.customer, user.reseller) == ("customer", cast.english_customer, None)


def test_the_page_is_in_the_invited_persons_language_until_they_choose_another(cast: Cast) -> None:
    _invitation, token = invited(cast)
    browser = visitor()
    assert (
        "水野 恵子さんから、青葉見本システム株式会社の販売店の担当者として招待されています。"
        in browser.get(f"/invitations/{token}/").text
    )
    browser.cookies["django_language"] = "en"
    assert '<html lang="en">' in browser.get(f"/invitations/{token}/").text


def test_who_invites_cannot_come_in_as_the_person(cast: Cast, settings: Any) -> None:
    settings.SHOW_INVITATION_LINKS = False
    desk, office = sign_in(cast.manager), sign_in(cast.admin)
    made = desk.post(INVITE, NEW)
    invitation = Invitation.objects.get()
    again = desk.post(f"/manage/invitations/{invitation.pk}/renew/")
    admins = office.post(f"/admin/licensing/invitation/{invitation.pk}/renew/")
    for answer in (made, again, admins):
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "/invitations/" not in page.replace("/manage/invitations/", "").replace("/licensing/invitation/", "")
        assert "The list tells whether the e-mail arrived." in page


# --- What a link leads to --------------------------------------------------------------------------------------------


def test_a_link_that_leads_to_nothing_says_so(cast: Cast, settings: Any) -> None:
    """Nothing about accounts in it, and nothing is written."""
    expired, revoked, used = (invited(cast, email=f"{name}@new.example.jp") for name in ("a", "b", "c"))
    Invitation.objects.filter(pk=expired[0].pk).update(expires_at=NOW, created_at=NOW - timedelta(days=7))
    revoke_invitation(invitation=revoked[0], now=NOW)
    accept_invitation(token=used[1], name="C", name_en="", password=PASSWORD, now=NOW)
    people = User.objects.count()
    for token, status, text in (
        (expired[1], 410, "This invitation has expired."),
        (revoked[1], 410, "This invitation is not valid any more."),
        (used[1], 410, "This invitation was used already."),
        ("x" * 43, 404, "There is no such invitation."),
        ("é‘", 404, "There is no such invitation."),
    ):
        for answer in (visitor().get(f"/invitations/{token}/"), visitor().post(f"/invitations/{token}/", ACCEPT)):
            assert (answer.status_code, answer.context.get("form")) == (status, None)
            assert text in answer.text
            assert "example.jp" not in answer.text
            assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert User.objects.count() == people
    settings.DEBUG, settings.TECHNICAL_ERROR_PAGES = True, False
    assert "There is no such invitation." in visitor().get("/invitations/x/").text


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        (
            {"password": "short", "again": "short"},
            "password",
            "This password is too short. It must contain at least 12",
        ),
        (
            {"password": "arai@aoba.example.jp", "again": "arai@aoba.example.jp"},
            "password",
            "too similar to the e-mail",
        ),
        ({"again": "another"}, "again", "The two passwords are not the same. Type both again."),
        ({"name": ""}, "name", "This field is required."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(cast: Cast, changes: dict[str, str], field: str, message: str) -> None:
    _invitation, token = invited(cast, language="en")
    answer = visitor().post(f"/invitations/{token}/", ACCEPT | {"name_en": "Sora"} | changes)
    assert answer.status_code == 422
    assert message in str(answer.context["form"].errors[field])
    assert answer.context["form"]["name_en"].value() == "Sora"
    assert not User.objects.filter(email="arai@aoba.example.jp").exists()


def test_whoever_is_logged_in_is_told_to_log_out_first(cast: Cast) -> None:
    _invitation, token = invited(cast, language="en")
    desk = sign_in(cast.colleague)
    assert "You are logged in as hayami@aoba.example.jp." in desk.get(f"/invitations/{token}/").text
    assert desk.post(f"/invitations/{token}/", ACCEPT).status_code == 422
    assert not User.objects.filter(email="arai@aoba.example.jp").exists()


def test_one_address_tries_no_more_than_thirty_times_a_minute(cast: Cast) -> None:
    _invitation, token = invited(cast)
    browser = visitor()
    assert {browser.get(f"/invitations/{number}/").status_code for number in range(30)} == {404}
    assert browser.get(f"/invitations/{token}/").status_code == 429
    assert browser.post(f"/invitations/{token}/", ACCEPT).status_code == 429
    assert not User.objects.filter(email="arai@aoba.example.jp").exists()


# --- Who may invite whom ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["staff", "stranger", "contact", "price_admin"])
def test_only_managers_and_portal_admins_invite(cast: Cast, who: str) -> None:
    by = getattr(cast, who)
    for company in ({"reseller": cast.aoba}, {"reseller": None, "customer": cast.customer, "role": "customer"}):
        with pytest.raises(InvitationRefused, match="You may not invite this person"):
            invited(cast, by=by, **company)
    assert sign_in(by).post(INVITE, NEW).status_code == 403
    assert Invitation.objects.count() == 0


def test_a_manager_invites_for_the_own_reseller_only(cast: Cast) -> None:
    for changes in (
        {"reseller": cast.minato},
        {"reseller": None, "customer": cast.foreign_customer, "role": "customer"},
        {"reseller": None, "role": "price_admin"},
        {"reseller": None, "role": "admin"},
        {"role": "admin"},
    ):
        with pytest.raises(InvitationRefused):
            invited(cast, **changes)
    assert Invitation.objects.count() == 0
    desk = sign_in(cast.manager)
    for role in ("admin", "price_admin", "customer", ""):
        answer = desk.post(INVITE, NEW | {"role": role, "reseller": cast.minato.pk, "customer": cast.customer.pk})
        assert answer.status_code == 422
    desk.post(INVITE, NEW | {"reseller": cast.minato.pk, "customer": cast.foreign_customer.pk})
    invitation = Invitation.objects.get()
    assert (invitation.reseller, invitation.customer) == (cast.aoba, None)


def test_a_known_address_of_the_same_reseller_is_refused_in_words(cast: Cast) -> None:
    desk = sign_in(cast.manager)
    cast.colleague.is_active = False
    cast.colleague.save()
    for user, text in (
        (cast.staff, "青木 陽子 has an account with this address already."),
        (cast.contact, "佐伯 美和 has an account with this address already."),
        (cast.colleague, "速水 悠斗 has an account with this address. It is deactivated: reactivate it instead."),
    ):
        answer = desk.post(INVITE, NEW | {"email": user.email.upper()})
        assert answer.status_code == 422
        assert answer.context["form"].errors == {"email": [text]}
        assert answer.context["form"]["name"].value() == "新井 空"
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("who", ["stranger", "foreign_contact", "admin", "price_admin"])
def test_of_others_people_nobody_learns(cast: Cast, who: str) -> None:
    """It looks as with any other address; the invited person is told by mail, and nobody gets a second account."""
    other = getattr(cast, who)
    answer = sign_in(cast.manager).post(INVITE, NEW | {"email": other.email})
    assert answer.status_code == 200
    assert other.name not in answer.text
    invitation = Invitation.objects.get()
    _subject, text = word_invitation(invitation=invitation, link="https://portal.example.jp/x")
    assert f"{other.email} はすでに当ポータルのアカウントに登録されています" in text
    assert "https://" not in text
    browser = visitor()
    browser.cookies["django_language"] = "en"
    answer = browser.post(urlpath(answer.context["link"]), ACCEPT)
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [
        "This invitation cannot be used with this e-mail address. Ask for one to another address."
    ]
    assert User.objects.filter(email=other.email).count() == 1
    other.refresh_from_db()
    assert other.check_password(PASSWORD)


def urlpath(link: str) -> str:
    return urlsplit(link).path


@pytest.mark.both_databases
def test_two_resellers_may_invite_the_same_person(cast: Cast) -> None:
    """Neither learns of the other; who comes in first, stays."""
    _first, ours = invited(cast)
    _second, theirs = invited(cast, reseller=cast.minato, by=cast.admin)
    accept_invitation(token=theirs, name="新井 空", name_en="", password=PASSWORD, now=NOW)
    with pytest.raises(AddressTaken):
        accept_invitation(token=ours, name="新井 空", name_en="", password=PASSWORD, now=NOW)
    assert User.objects.get(email="arai@aoba.example.jp").reseller == cast.minato


@pytest.mark.both_databases
def test_there_is_one_open_invitation_for_an_address(cast: Cast) -> None:
    first, token = invited(cast)
    with pytest.raises(InvitationRefused, match="新井 空 has an open invitation already"):
        invited(cast)
    assert Invitation.objects.get() == first
    _later, second = invited(cast, now=LATER)  # the first has expired
    assert [row.state_at(LATER) for row in Invitation.objects.order_by("pk")] == ["revoked", "open"]
    with pytest.raises(InvitationUnusable):
        accept_invitation(token=token, name="A", name_en="", password=PASSWORD, now=NOW)
    accept_invitation(token=second, name="A", name_en="", password=PASSWORD, now=LATER)


# --- Renew and revoke ------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_a_new_link_ends_the_old_one(cast: Cast) -> None:
    invitation, old = invited(cast)
    now = NOW + timedelta(days=3)
    with time_machine.travel(now, tick=False):
        answer = sign_in(cast.manager).post(reverse("manage_renew", args=[invitation.pk]))
        link = answer.context["link"]
        invitation.refresh_from_db()
        assert invitation.expires_at == now + timedelta(days=7)
        assert visitor().get(f"/invitations/{old}/").status_code == 404
        assert visitor().get(urlpath(link)).status_code == 200


@pytest.mark.both_databases
def test_what_was_accepted_or_revoked_stays_so(cast: Cast) -> None:
    accepted, token = invited(cast)
    revoked, _token = invited(cast, email="b@new.example.jp")
    accept_invitation(token=token, name="A", name_en="", password=PASSWORD, now=NOW)
    with pytest.raises(InvitationRefused, match="came in with this invitation meanwhile"):
        revoke_invitation(invitation=accepted, now=NOW)
    revoke_invitation(invitation=revoked, now=NOW)
    for invitation in (accepted, revoked):
        with pytest.raises(InvitationRefused, match="accepted or revoked meanwhile"):
            renew_invitation(invitation=invitation, by=cast.manager, now=NOW)
    desk = sign_in(cast.manager)
    for view in ("manage_renew", "manage_revoke"):
        for invitation in (accepted, revoked):
            assert desk.post(reverse(view, args=[invitation.pk])).status_code == 404


def test_others_invitations_are_not_there(cast: Cast) -> None:
    foreign, token = invited(cast, reseller=cast.minato, by=cast.admin)
    desk = sign_in(cast.manager)
    for view in ("manage_renew", "manage_revoke"):
        assert desk.post(reverse(view, args=[foreign.pk])).status_code == 404
    assert "arai@aoba.example.jp" not in desk.get("/manage/people/").text
    assert visitor().get(f"/invitations/{token}/").status_code == 200


# --- At once ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_user() -> None:
    with translation.override("en"):
        aoba = Reseller.objects.create(code="aoba", name="青葉見本システム株式会社")
        manager = make_user("mizuno@aoba.example.jp", "水野 恵子", User.Role.MANAGER, reseller=aoba)
        now = timezone.now()
        given = {"email": "arai@aoba.example.jp", "name": "新井 空", "role": "staff", "reseller": aoba}
        _invitation, link = invite(**given, by=manager, now=now)

        def accept() -> User:
            return accept_invitation(token=link.split("/")[-2], name="新井 空", name_en="", password=PASSWORD, now=now)

        results = at_once(*[accept] * 4)
        assert len([result for result in results if isinstance(result, User)]) == 1
        assert {type(result) for result in results} == {User, InvitationUnusable}
        assert User.objects.filter(email="arai@aoba.example.jp").count() == 1

        def ask() -> tuple[Invitation, str]:
            return invite(**given | {"email": "b@aoba.example.jp"}, by=manager, now=now)

        results = at_once(*[ask] * 4)
        assert sorted(type(result).__name__ for result in results) == [*["InvitationRefused"] * 3, "tuple"]
        assert Invitation.objects.filter(email="b@aoba.example.jp").count() == 1
