"""The pages of an account's security, in all their states."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client

from licensing.models import User
from tests.accounts import log_in, set_up_app
from tests.cast import sign_in


def security_pages(found: Any, user: User) -> None:
    """What somebody has beside the password, without any and with all of it."""
    desk = sign_in(user, language=found.language)
    page = "/accounts/security/"
    found.add("security without a second factor", desk.get(page))
    found.get(
        desk, f"{page}app/add/", f"{page}passkeys/add/", f"{page}recovery-codes/new/", "/accounts/reauthenticate/"
    )
    found.add("app not set up", desk.post(f"{page}app/add/", {"code": "1"}))
    found.add("passkey not added", desk.post(f"{page}passkeys/add/", {"credential": "{}", "name": "<b>"}))
    set_up_app(desk)
    desk.post(f"{page}recovery-codes/new/")
    found.add("new recovery codes", desk.get(f"{page}recovery-codes/"))
    found.add("old recovery codes", desk.get(f"{page}recovery-codes/"))
    passkey = {"name": "社用 <PC>", "credential": {"clientExtensionResults": {"credProps": {"rk": True}}}}
    key = Authenticator.objects.create(user=user, type="webauthn", data=passkey)
    keys = f"{page}passkeys/{key.pk}/"
    found.get(desk, f"{page}app/remove/", f"{keys}rename/", f"{keys}remove/", f"{page}confirm/code/")
    for name in ("Firefox", ""):  # two devices, one of which says nothing
        log_in(user, client=Client(headers={"user-agent": name}))
    found.add("security with all of it", desk.get(page))
    found.add("code not right", desk.post(f"{page}confirm/code/", {"code": "1"}))
    key.delete()
    entered = log_in(user, language=found.language)
    found.add("second factor", entered.get(f"{page}code/"))
    Authenticator.objects.filter(user=user).delete()
