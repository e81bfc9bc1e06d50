"""Addresses of packages that the portal does not offer. Who may open the others: docs/access.md."""

import pytest
from django.test import Client
from django.urls import reverse

from licensing.models import User
from tests.cast import make_cast, sign_in


@pytest.mark.django_db
def test_nobody_signs_up() -> None:
    cast = make_cast()
    data = {"email": "x@aoba.example.jp", "password1": "a-long-pass-phrase", "password2": "a-long-pass-phrase"}
    for browser in (Client(), *(sign_in(user) for user in (cast.staff, cast.manager, cast.contact, cast.admin))):
        assert browser.post(reverse("account_signup"), data).status_code == 404
    assert not User.objects.filter(email="x@aoba.example.jp").exists()
