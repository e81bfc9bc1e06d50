"""Where customers answer."""

from django.conf import settings
from django.urls import reverse


def answer_address(token: str) -> str:
    """The whole address of the page on which the holder of a token answers."""
    return f"{settings.PUBLIC_URL}{reverse('renewals:answer', args=[token])}"
