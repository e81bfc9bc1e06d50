"""Check codes: by them whoever holds a paper finds out whether it still counts."""

import secrets

from django.conf import settings
from django.urls import reverse

from ..models.records import CHECK_ALPHABET, CHECK_LENGTH
from ..paper.check import Check, group_code


def new_check_code() -> str:
    """One that nobody guesses: 60 random bits."""
    return "".join(secrets.choice(CHECK_ALPHABET) for _ in range(CHECK_LENGTH))


def check_of(code: str) -> Check:
    """What a paper says of its code."""
    return {"address": f"{settings.PUBLIC_URL}{reverse('quotes:check')}", "code": group_code(code)}
