"""Texts that lie in the database sealed with the portal's secret key: who reads it, or a copy of it, has no key."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """It was sealed with a secret key that the portal does not have any more."""


def seal(text: str, *, purpose: str) -> bytes:
    """The text as it is kept. What is sealed for one purpose is opened for no other."""
    return _fernet(purpose).encrypt(text.encode())


def unseal(sealed: bytes, *, purpose: str) -> str:
    """Raises Unreadable."""
    try:
        return _fernet(purpose).decrypt(sealed).decode()
    except InvalidToken:
        raise Unreadable from None


def _fernet(purpose: str) -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(purpose.encode() + b"\x00" + secret.encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
