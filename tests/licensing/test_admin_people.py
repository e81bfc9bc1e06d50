"""People in the administration: who is added, what their role gives them, how they log in."""

from datetime import date

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from licensing.models import Customer, Invitation, User
from licensing.operations.invitations import invite

EXPIRY = date(2027, 3, 31)
PASSWORD = "a-long-pass-phrase"
ROLE_MESSAGE = (
    "Reseller staff and managers belong to one reseller, customer contacts to one customer, "
    "price admins and portal admins to neither."
)
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)


def address(model: str, view: str = "changelist", *args: object) -> str:
    return reverse(f"admin:licensing_{model}_{view}", args=args)


def invite_data(**changes: object) -> dict[str, object]:
    return {
        "email": "Ａｏｋｉ@Aoba.Example.JP",
        "name": "青木 陽子",
        "language": "ja",
        "role": "staff",
        "reseller": "",
        "customer": "",
    } | changes


def test_nobody_is_added_by_typing_a_password(desk, reseller):
    assert desk.post(address("user", "add"), {"email": "a@example.jp", "password1": PASSWORD}).status_code == 403
    user = User.objects.create_user(email="a@example.jp", name="A", role="staff", reseller=reseller)
    assert desk.get(f"/admin/licensing/user/{user.pk}/password/").status_code in (302, 404)
    page = desk.get(address("user")).content.decode()
    assert f'href="{address("invitation", "add")}"' in page
    assert address("user", "add") not in page


@pytest.mark.parametrize("role", ["staff", "manager", "price_admin", "admin", "customer"])
def test_people_of_every_role_are_invited(desk, admin, reseller, role):
    customer = Customer.objects.create(reseller=reseller, name="株式会社髙﨑製作所")
    company = {"staff": ("reseller", reseller.pk), "manager": ("reseller", reseller.pk)}
    company["customer"] = ("customer", customer.pk)
    data = invite_data(role=role, **dict([company[role]] if role in company else []))
    answer = desk.post(address("invitation", "add"), data)
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.invited_by) == ("aoki@aoba.example.jp", role, admin)
    link = answer.context["link"]
    assert link.startswith(f"{settings.PUBLIC_URL}/invitations/")
    assert f'value="{link}"' in answer.content.decode()
    assert link not in desk.get(address("invitation", "change", invitation.pk)).content.decode()
    assert User.objects.count() == 1


@pytest.mark.parametrize("role", ["staff", "customer"])
def test_role_and_company_must_fit(desk, role):
    answer = desk.post(address("invitation", "add"), invite_data(role=role))
    assert answer.context["adminform"].form.non_field_errors() == [ROLE_MESSAGE]
    assert Invitation.objects.count() == 0


def test_a_portal_admin_has_no_company(desk, reseller):
    answer = desk.post(address("invitation", "add"), invite_data(role="admin", reseller=reseller.pk))
    assert answer.context["adminform"].form.non_field_errors() == [ROLE_MESSAGE]


def test_an_address_that_is_known_is_not_invited_again(desk, reseller):
    User.objects.create_user(email="aoki@aoba.example.jp", name="青木 陽子", role="staff", reseller=reseller)
    answer = desk.post(address("invitation", "add"), invite_data(reseller=reseller.pk), follow=True)
    assert [str(said) for said in answer.context["messages"]] == ["青木 陽子 has an account with this address already."]
    assert answer.context["adminform"].form["name"].value() == "青木 陽子"
    assert Invitation.objects.count() == 0


def test_an_invitation_is_sent_again_or_revoked(desk, reseller):
    first = desk.post(address("invitation", "add"), invite_data(reseller=reseller.pk)).context["link"]
    invitation = Invitation.objects.get()
    page = desk.get(address("invitation", "change", invitation.pk)).content.decode()
    renew, revoke = (address("invitation", view, invitation.pk) for view in ("renew", "revoke"))
    assert renew in page
    assert revoke in page
    second = desk.post(renew).context["link"]
    assert second != first
    assert desk.post(revoke).status_code == 302
    for link in (first, second):
        assert Client().get(link).status_code in (404, 410)
    assert revoke not in desk.get(address("invitation", "change", invitation.pk)).content.decode()


@pytest.mark.usefixtures("_user_read_twice")
def test_all_permissions_come_and_go_with_the_role(desk, reseller):
    user = User.objects.create_user(email="aoki@aoba.example.jp", name="A", role="staff", reseller=reseller)
    data = {"email": user.email, "name": "A", "role": "admin", "is_active": "on"}
    assert desk.post(address("user", "change", user.pk), data).status_code == 302
    user.refresh_from_db()
    assert (user.role, user.is_superuser) == ("admin", True)
    data |= {"role": "staff", "reseller": reseller.pk}
    assert desk.post(address("user", "change", user.pk), data).status_code == 302
    user.refresh_from_db()
    assert (user.role, user.is_superuser) == ("staff", False)


@pytest.mark.usefixtures("_user_read_twice")
def test_an_address_that_was_replaced_stops_working(desk, reseller):
    user = User.objects.create_user(email="old@aoba.example.jp", name="A", role="staff", reseller=reseller)
    EmailAddress.objects.create(user=user, email="old@aoba.example.jp", primary=True)
    data = {"email": "new@aoba.example.jp", "name": "A", "role": "staff", "reseller": reseller.pk, "is_active": "on"}
    assert desk.post(address("user", "change", user.pk), data).status_code == 302
    assert not EmailAddress.objects.exists()
    user.refresh_from_db()
    assert user.email == "new@aoba.example.jp"


@pytest.mark.usefixtures("_user_read_twice")
def test_nobody_takes_their_own_role_or_log_in_away(desk, admin, reseller):
    data = {"email": admin.email, "name": "香坂 新", "role": "staff", "reseller": reseller.pk}
    assert desk.post(address("user", "change", admin.pk), data).status_code == 302
    admin.refresh_from_db()
    assert (admin.name, admin.role, admin.reseller, admin.is_active) == ("香坂 新", "admin", None, True)
    assert desk.post(address("user", "delete", admin.pk), {"post": "yes"}).status_code == 403
    desk.post(address("user"), {"action": "delete_selected", "_selected_action": admin.pk, "post": "yes"})
    assert User.objects.filter(pk=admin.pk).exists()


@pytest.mark.usefixtures("_user_read_twice")
def test_taking_the_mark_away_ends_every_session(desk, admin, reseller):
    user = User.objects.create_user(
        email="a@example.jp", name="A", role="manager", reseller=reseller, password=PASSWORD
    )
    theirs = Client()
    assert theirs.login(email=user.email, password=PASSWORD)
    assert theirs.get("/").status_code == 200
    data = {"email": user.email, "name": "A", "role": "manager", "reseller": reseller.pk}
    assert desk.post(address("user", "change", user.pk), data).status_code == 302
    assert theirs.get("/").status_code == 302
    user.refresh_from_db()
    assert (user.is_active, user.has_usable_password()) == (False, False)


@pytest.mark.usefixtures("_user_read_twice")
def test_whoever_made_something_is_deactivated_instead_of_deleted(desk, admin, reseller):
    user = User.objects.create_user(email="a@example.jp", name="青木 陽子", role="manager", reseller=reseller)
    invite(email="b@example.jp", name="B", role="staff", reseller=reseller, by=user, now=timezone.now())
    answer = desk.post(address("user", "delete", user.pk), {"post": "yes"}, follow=True)
    assert answer.redirect_chain == [(address("user", "change", user.pk), 302)]
    assert [str(said) for said in answer.context["messages"]] == [
        "青木 陽子 cannot be deleted: quotes and other records keep the name of who made them. Take the mark “active” "
        "away instead; then nobody comes in as this person any more."
    ]
    assert User.objects.filter(pk=user.pk).exists()


def test_somebody_who_made_nothing_can_be_deleted(desk, reseller):
    user = User.objects.create_user(email="a@example.jp", name="A", role="staff", reseller=reseller)
    assert desk.post(address("user", "delete", user.pk), {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=user.pk).exists()


@pytest.mark.usefixtures("_user_read_twice")
def test_nothing_of_a_password_is_shown(desk, reseller):
    user = User.objects.create_user(email="a@example.jp", name="A", role="staff", reseller=reseller, password=PASSWORD)
    content = desk.get(address("user", "change", user.pk)).content.decode()
    assert "A password is set." in content
    assert not [part for part in user.password.split("$") if part in content]
    user.set_unusable_password()
    user.save()
    assert "No password is set." in desk.get(address("user", "change", user.pk)).content.decode()


def test_a_list_names_the_company_of_each(desk, reseller):
    customer = Customer.objects.create(reseller=reseller, name="株式会社髙﨑製作所")
    User.objects.create_user(email="a@example.jp", name="A", role="staff", reseller=reseller)
    User.objects.create_user(email="b@example.jp", name="B", role="customer", customer=customer)
    answer = desk.get(address("user"), {"o": "3"})  # by company
    assert [row.name for row in answer.context["cl"].result_list if row.name in "AB"] == ["B", "A"]
    for name in (reseller.name, customer.name):
        assert f'<td class="field-company">{name}</td>' in answer.content.decode()
