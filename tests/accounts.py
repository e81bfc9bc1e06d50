"""Logging in as people do, and the codes that an authenticator app shows."""

import base64
import hashlib
import hmac
import re
import struct
import time
from html import unescape
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client

from licensing.models import User

from .cast import PASSWORD


def log_in(user: User, *, password: str = PASSWORD, client: Client | None = None, language: str = "en") -> Client:
    """Through the form. With a second factor the log-in is not finished yet."""
    client = client or Client(headers={"accept-language": language, "user-agent": FIREFOX})
    client.post("/accounts/login/", {"login": user.email, "password": password})
    return client


FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def code_for(secret: str, *, at: float | None = None) -> str:
    """The six digits of RFC 6238, calculated here and not by what is tested."""
    counter = struct.pack(">Q", int(time.time() if at is None else at) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def set_up_app(client: Client) -> tuple[str, list[str]]:
    """Set up an authenticator app on its page. Returns the app's secret and the recovery codes."""
    secret = secret_on(client.get("/accounts/security/app/add/"))
    answer = client.post("/accounts/security/app/add/", {"code": code_for(secret)})
    assert answer.status_code == 302, answer.text
    codes = re.findall(r'<li class="code">(\d{8})</li>', client.get("/accounts/security/recovery-codes/").text)
    return secret, codes


def secret_on(page: Any) -> str:
    found = re.search(r'<span class="code">([A-Z2-7]{32})</span>', page.text)
    assert found, page.text
    return found[1]


def kinds_of(user: User) -> list[str]:
    return sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def is_in(client: Client) -> bool:
    """Whether this browser is logged in and may go on."""
    answer = client.get("/", follow=True)
    return answer.status_code == 200 and not answer.request["PATH_INFO"].startswith("/accounts/")


def forget_proof(client: Client) -> None:
    """As if the log-in had been long ago."""
    session = SessionStore(client.cookies["sessionid"].value)
    session[AUTHENTICATION_METHODS_SESSION_KEY] = []
    session.save()


def stored_sessions() -> str:
    """Everything that is kept of anybody's session, as text."""
    return repr([session.get_decoded() for session in Session.objects.all()])


def alerts_on(page: Any) -> list[str]:
    """What the page refuses, in its words."""
    found = re.findall(r'class="field-error">(.*?)</p>|role="alert">(.*?)</(?:div|p)>', page.text, re.DOTALL)
    texts = [unescape(re.sub(r"\s*<[^>]+>\s*", " ", one or other)).strip() for one, other in found]
    return [text for text in texts if text]
