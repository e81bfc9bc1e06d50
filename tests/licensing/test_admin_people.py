"""People in the administration: who is added, what their role gives them, how they log in."""

from datetime import date

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from licensing.models import Customer, User

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


def user_data(**changes: object) -> dict[str, object]:
    return {
        "email": "Aoki@Aoba.Example.JP",
        "name": "青木 陽子",
        "role": "staff",
        "reseller": "",
        "customer": "",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    } | changes


def test_a_member_of_staff_is_added_and_can_log_in(desk, reseller):
    assert desk.post(address("user", "add"), user_data(reseller=reseller.pk)).status_code == 302
    user = User.objects.get(email="aoki@aoba.example.jp")
    assert (user.role, user.reseller, user.is_superuser) == ("staff", reseller, False)
    assert user.check_password(PASSWORD)


def test_a_user_without_a_password_sets_one_by_mail_later(desk, reseller):
    data = user_data(reseller=reseller.pk, usable_password="false", password1="", password2="")
    assert desk.post(address("user", "add"), data).status_code == 302
    assert not User.objects.get(email="aoki@aoba.example.jp").has_usable_password()


@pytest.mark.parametrize("role", ["staff", "customer"])
def test_role_and_company_must_fit(desk, role):
    answer = desk.post(address("user", "add"), user_data(role=role))
    assert answer.context["adminform"].form.non_field_errors() == [ROLE_MESSAGE]
    assert User.objects.count() == 1


def test_a_portal_admin_has_no_company(desk, reseller):
    answer = desk.post(address("user", "add"), user_data(role="admin", reseller=reseller.pk))
    assert answer.context["adminform"].form.non_field_errors() == [ROLE_MESSAGE]


def test_a_second_user_with_the_address_is_refused_in_any_case(desk, reseller):
    User.objects.create_user(email="aoki@aoba.example.jp", name="A", role="staff", reseller=reseller)
    answer = desk.post(address("user", "add"), user_data(reseller=reseller.pk))
    assert answer.context["adminform"].form.errors == {"email": ["A user with this e-mail address exists already."]}


def test_a_short_password_is_refused(desk, reseller):
    answer = desk.post(address("user", "add"), user_data(reseller=reseller.pk, password1="short", password2="short"))
    assert "password2" in answer.context["adminform"].form.errors
    assert User.objects.count() == 1


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
def test_an_admin_sets_another_password(desk, reseller):
    user = User.objects.create_user(email="a@example.jp", name="A", role="staff", reseller=reseller)
    data = {"password1": "another-pass-phrase", "password2": "another-pass-phrase", "usable_password": "true"}
    assert desk.post(reverse("admin:auth_user_password_change", args=[user.pk]), data).status_code == 302
    user.refresh_from_db()
    assert user.check_password("another-pass-phrase")
    assert LogEntry.objects.filter(object_id=str(user.pk)).count() == 1


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
    answer = desk.get(address("user"), {"o": "4"})  # by company
    assert [row.name for row in answer.context["cl"].result_list if row.name in "AB"] == ["B", "A"]
    for name in (reseller.name, customer.name):
        assert f'<td class="field-company">{name}</td>' in answer.content.decode()
