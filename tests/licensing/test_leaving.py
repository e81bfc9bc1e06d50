"""Somebody leaves, or gets another role: what ends at once, what stays, and who may decide that."""

import uuid
from collections.abc import Iterator

import pytest
import time_machine
import zeal
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from licensing.models import Invitation, Reseller, User
from licensing.operations.invitations import InvitationUnusable, accept_invitation, invite
from licensing.operations.people import PersonRefused, change_person, deactivate_person, reactivate_person
from quotes.models import Quote
from renewals.drafts.operations import save_draft
from renewals.models import QuoteDraft
from tests.at_once import at_once
from tests.cast import NOW, PASSWORD, Cast, make_cast, make_license_id, make_user, sign_in
from tests.mailbox import arrived
from tests.making import fill, given_quote, typed


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield make_cast()


def log_in(user: User) -> Client:
    """As a person does: by the page, with the password."""
    browser = Client(headers={"accept-language": "en"})
    answer = browser.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return browser


def deactivate(cast: Cast, person: User) -> None:
    answer = sign_in(cast.manager).post(reverse("manage_deactivate", args=[person.pk]), follow=True)
    assert [str(said) for said in answer.context["messages"]] == [
        f"{person.name} cannot come in any more, from now on."
    ]


# --- What ends -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["staff", "contact"])
def test_access_ends_at_once_in_every_browser(cast: Cast, who: str) -> None:
    person = getattr(cast, who)
    browsers = [log_in(person), log_in(person)]
    assert not any("login" in browser.get("/").headers.get("Location", "") for browser in browsers)
    deactivate(cast, person)
    for browser in browsers:
        answer = browser.get("/")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/login/?next=/")
    answer = Client().post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 200
    assert "_auth_user_id" not in Client().session
    person.refresh_from_db()
    assert (person.is_active, person.has_usable_password()) == (False, False)


def test_sessions_from_before_are_not_good_any_more_after_coming_back(cast: Cast) -> None:
    browser = log_in(cast.staff)
    stolen = browser.cookies["sessionid"].value
    deactivate(cast, cast.staff)
    answer = sign_in(cast.manager).post(reverse("manage_reactivate", args=[cast.staff.pk]), follow=True)
    assert [str(said) for said in answer.context["messages"]] == [
        "青木 陽子 may come in again, after choosing a new password with “Password forgotten”."
    ]
    cast.staff.refresh_from_db()
    assert cast.staff.is_active
    other = Client()
    other.cookies["sessionid"] = stolen
    with zeal.zeal_ignore([{"model": "sessions.Session", "field": "*"}]):  # a session is read, found void, and deleted
        assert other.get("/").status_code == 302
        assert browser.get("/").status_code == 302
    assert not Session.objects.filter(session_key=stolen).exists()
    assert Client().post(reverse("account_login"), {"login": cast.staff.email, "password": PASSWORD}).status_code == 200


def test_links_to_reset_the_password_end_and_no_new_one_is_sent(cast: Cast) -> None:
    key = f"{user_pk_to_url_str(cast.staff)}-{default_token_generator.make_token(cast.staff)}"
    link = f"/accounts/password/reset/key/{key}/"
    assert Client().get(link).status_code == 302
    deactivate(cast, cast.staff)
    page = Client().get(link)
    assert page.context["token_fail"]
    mail.outbox.clear()
    Client().post(reverse("account_reset_password"), {"email": cast.staff.email})
    assert [letter for letter in arrived() if "/password/reset/key/" in letter.body] == []
    reactivate_person(person=cast.staff, by=cast.manager)
    assert Client().get(link).context["token_fail"]
    Client().post(reverse("account_reset_password"), {"email": cast.staff.email})
    assert [letter.to for letter in arrived() if "/password/reset/key/" in letter.body] == [[cast.staff.email]]


def test_invitations_that_they_made_end(cast: Cast) -> None:
    """They were shown the links, and could come in again with one."""
    second = make_user("hori@aoba.example.jp", "堀 桜", User.Role.MANAGER, reseller=cast.aoba)
    tokens = []
    for number, by in enumerate((second, second, cast.manager)):
        made = {"email": f"{number}@new.example.jp", "name": "X", "role": "staff", "reseller": cast.aoba}
        tokens.append(invite(**made, by=by, now=NOW)[1].split("/")[-2])
    deactivate(cast, second)
    assert list(Invitation.objects.filter(revoked_at=None).values_list("email", flat=True)) == ["2@new.example.jp"]
    for token in tokens[:2]:
        with pytest.raises(InvitationUnusable):
            accept_invitation(token=token, name="X", name_en="", password=PASSWORD, now=NOW)


# --- What stays ------------------------------------------------------------------------------------------------------


def test_quotes_and_drafts_stay_with_the_name(cast: Cast) -> None:
    licenseid = make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))
    quote = given_quote(licenseid, by=cast.staff)
    entry = typed(fill(licenseid))
    draft = save_draft(key=uuid.uuid4(), licenseids=[licenseid], **entry, pricing=None, saved_by=cast.staff, now=NOW)
    deactivate(cast, cast.staff)
    desk = sign_in(cast.colleague)
    assert "青木 陽子" in desk.get(reverse("quotes:detail", args=[quote.key])).text
    assert desk.get(reverse("renewals:draft", args=[draft.key])).status_code == 200
    assert (Quote.objects.count(), QuoteDraft.objects.count()) == (1, 1)


# --- Another role ----------------------------------------------------------------------------------------------------


def test_another_role_counts_at_once(cast: Cast) -> None:
    second = make_user("hori@aoba.example.jp", "堀 桜", User.Role.MANAGER, reseller=cast.aoba)
    made = {"email": "x@new.example.jp", "name": "X", "role": "staff", "reseller": cast.aoba}
    token = invite(**made, by=second, now=NOW)[1].split("/")[-2]
    theirs, desk = log_in(second), sign_in(cast.manager)
    assert theirs.get("/manage/people/").status_code == 200
    data = {"name": "堀 さくら", "name_en": "Sakura Hori", "role": "staff"}
    answer = desk.post(reverse("manage_person", args=[second.pk]), data, follow=True)
    assert [str(said) for said in answer.context["messages"]] == ["堀 さくら is saved."]
    assert theirs.get("/manage/people/").status_code == 403
    assert theirs.get("/customers/").status_code == 200
    second.refresh_from_db()
    assert (second.name, second.name_en, second.role) == ("堀 さくら", "Sakura Hori", "staff")
    assert (second.history.first().history_user_name, second.history.count()) == ("水野 恵子", 2)
    with pytest.raises(InvitationUnusable):
        accept_invitation(token=token, name="X", name_en="", password=PASSWORD, now=NOW)
    desk.post(reverse("manage_person", args=[second.pk]), data | {"role": "manager"})
    assert theirs.get("/manage/people/").status_code == 200


# --- Who decides -----------------------------------------------------------------------------------------------------


def test_nobody_takes_the_own_role_or_access_away(cast: Cast) -> None:
    desk = sign_in(cast.manager)
    page = desk.get(reverse("manage_person", args=[cast.manager.pk]))
    assert "role" not in page.context["form"].fields
    assert reverse("manage_deactivate", args=[cast.manager.pk]) not in page.text
    desk.post(reverse("manage_person", args=[cast.manager.pk]), {"name": "水野 恵", "role": "staff"})
    answer = desk.post(reverse("manage_deactivate", args=[cast.manager.pk]), follow=True)
    assert [str(said) for said in answer.context["messages"]][1:] == [
        "Nobody takes their own role or access away. Ask another manager or a portal admin."
    ]
    cast.manager.refresh_from_db()
    assert (cast.manager.name, cast.manager.role, cast.manager.is_active) == ("水野 恵", "manager", True)
    with pytest.raises(PersonRefused):
        change_person(person=cast.manager, name="X", name_en="", role="staff", by=cast.manager, now=NOW)


@pytest.mark.parametrize("who", ["stranger", "foreign_contact", "admin", "price_admin"])
def test_others_people_are_not_there(cast: Cast, who: str) -> None:
    other = getattr(cast, who)
    desk = sign_in(cast.manager)
    assert desk.get(reverse("manage_person", args=[other.pk])).status_code == 404
    assert desk.post(reverse("manage_person", args=[other.pk]), {"name": "X", "role": "staff"}).status_code == 404
    for view in ("manage_deactivate", "manage_reactivate"):
        assert desk.post(reverse(view, args=[other.pk])).status_code == 404
    with pytest.raises(PersonRefused, match="You do not look after this person any more"):
        deactivate_person(person=other, by=cast.manager, now=NOW)
    assert other.email not in desk.get("/manage/people/").text
    before = (other.name, other.role, other.is_active)
    other.refresh_from_db()
    assert (other.name, other.role, other.is_active) == before


def test_roles_beyond_the_reseller_are_not_given(cast: Cast) -> None:
    desk = sign_in(cast.manager)
    for person in (cast.staff, cast.contact):
        for role in ("admin", "price_admin", "customer"):
            desk.post(reverse("manage_person", args=[person.pk]), {"name": "X", "role": role, "is_superuser": "on"})
            with pytest.raises(PersonRefused):
                change_person(person=cast.contact, name="X", name_en="", role="staff", by=cast.manager, now=NOW)
        before = person.role
        person.refresh_from_db()
        assert (person.role, person.is_superuser) == (before, False)


@pytest.mark.django_db(transaction=True)
def test_two_managers_who_deactivate_each_other_leave_one() -> None:
    aoba = Reseller.objects.create(code="aoba", name="青葉見本システム株式会社")
    one, two = (
        make_user(f"{name}@aoba.example.jp", name, User.Role.MANAGER, reseller=aoba) for name in ("mizuno", "hori")
    )
    results = at_once(
        lambda: deactivate_person(person=two, by=one, now=NOW), lambda: deactivate_person(person=one, by=two, now=NOW)
    )
    assert sorted(type(result).__name__ for result in results) == ["PersonRefused", "User"]
    assert User.objects.filter(role="manager", is_active=True).count() == 1


# --- The right to see margins ----------------------------------------------------------------------------------------


def test_a_manager_lets_staff_see_margins_and_takes_it_back(cast: Cast) -> None:
    desk, page = sign_in(cast.manager), reverse("manage_person", args=[cast.staff.pk])
    assert not cast.staff.sees_margins
    assert cast.manager.sees_margins
    data = {"name": cast.staff.name, "role": "staff", "may_see_margins": "on"}
    desk.post(page, data)
    cast.staff.refresh_from_db()
    assert cast.staff.sees_margins
    assert "sees cost and margin" in desk.get(reverse("manage_people")).text
    assert (cast.staff.history.first().history_user_name, cast.staff.history.count()) == ("水野 恵子", 2)
    desk.post(page, {name: text for name, text in data.items() if name != "may_see_margins"})
    cast.staff.refresh_from_db()
    assert not cast.staff.sees_margins
    assert "sees cost and margin" not in desk.get(reverse("manage_people")).text


def test_the_right_to_see_margins_is_for_a_resellers_people_and_not_for_oneself(cast: Cast) -> None:
    for person in (cast.contact, cast.manager):
        page = sign_in(cast.manager).get(reverse("manage_person", args=[person.pk]))
        assert "may_see_margins" not in page.context["form"].fields
        with pytest.raises(PersonRefused):
            change_person(
                person=person, name="X", name_en="", role=None, by=cast.manager, now=NOW, may_see_margins=True
            )
    for person in (cast.contact, cast.admin, cast.price_admin):
        person.may_see_margins = True  # whatever the row says
        assert not person.sees_margins


def test_who_comes_to_another_reseller_does_not_see_its_margins(cast: Cast) -> None:
    User.objects.filter(pk=cast.staff.pk).update(may_see_margins=True)
    data = {"email": cast.staff.email, "name": cast.staff.name, "role": "staff", "is_active": "on"}
    data |= {"reseller": cast.minato.pk, "may_see_margins": "on"}
    desk = sign_in(cast.admin)
    answer = desk.post(reverse("admin:licensing_user_change", args=[cast.staff.pk]), data)
    assert answer.status_code == 302
    cast.staff.refresh_from_db()
    assert (cast.staff.reseller, cast.staff.may_see_margins) == (cast.minato, False)
