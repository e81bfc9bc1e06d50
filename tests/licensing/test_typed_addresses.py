"""Wherever an address is typed, nobody is kept out, or written to in vain, by what cannot be seen."""

import pytest
import time_machine
from django.test import Client

from foundation.mail.models import OutgoingMail
from licensing.models import Invitation, User
from tests.accounts import is_in
from tests.cast import NOW, PASSWORD, Cast, make_cast, sign_in

TYPED = [
    "\ufeffＡｏｋｉ＠aoba.example.jp\u3000",
    "aoki\u200b@aoba.example\u00ad.jp\u00a0",
    "青木 陽子 <aoki@aoba.example.jp>",
]


@pytest.fixture
def cast(db):
    with time_machine.travel(NOW, tick=False):
        yield make_cast()


@pytest.mark.parametrize("typed", TYPED)
def test_at_log_in_and_for_a_new_password(cast: Cast, typed: str) -> None:
    browser = Client()
    browser.post("/accounts/login/", {"login": typed, "password": PASSWORD})
    assert is_in(browser)
    Client().post("/accounts/password/reset/", {"email": typed})
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject) == ("aoki@aoba.example.jp", "更新見積：パスワードの再設定")


def test_in_invitations_and_in_the_administration(cast: Cast) -> None:
    entry = {
        "email": "\u202a新 人 <new\u200b@aoba.example.jp>\u202c",
        "name": "新 人",
        "role": "staff",
        "language": "ja",
    }
    sign_in(cast.manager).post("/manage/people/invite/", entry)
    assert Invitation.objects.get().email == "new@aoba.example.jp"
    sign_in(cast.admin).post(
        f"/admin/licensing/user/{cast.colleague.pk}/change/",
        {**entry, "email": "ｋｏｎｄｏ＠aoba.example.jp\ufeff", "reseller": cast.aoba.pk, "is_active": "on"},
    )
    assert User.objects.get(pk=cast.colleague.pk).email == "kondo@aoba.example.jp"
    user = User.objects.create_user(email=" ABC\u200b@x.example.jp", name="A", role="admin")
    assert user.email == "abc@x.example.jp"
