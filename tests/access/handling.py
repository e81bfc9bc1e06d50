"""What answers the requests of the access table."""

from functools import cache

from django.conf import settings
from django.test import override_settings
from django.test.client import ClientHandler


@cache
def handler_without_zeal() -> ClientHandler:
    """The pages' own tests count queries."""
    with override_settings(MIDDLEWARE=[name for name in settings.MIDDLEWARE if not name.startswith("zeal")]):
        handler = ClientHandler(enforce_csrf_checks=False)
        handler.load_middleware()
    return handler
