"""What is answered where something broke."""

import sys
from typing import Any

from django.core.signals import got_request_exception
from django.db import Error, connection
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views import defaults

from foundation.disk import disk_trouble, tell_disk

RETRY_SECONDS = 30
INSUFFICIENT_STORAGE = 507


@receiver(got_request_exception, dispatch_uid="what-failed")
def note_what_failed(request: HttpRequest | None = None, **_given: Any) -> None:
    """Also a developer's page is replaced by the right one (`with_own_error_pages`), when the error is over."""
    if request is not None:
        request.what_failed = sys.exc_info()[1]  # type: ignore[attr-defined]


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`: where the database or the disk is what broke, that is said."""
    if not database_answers():
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": str(RETRY_SECONDS)})
    trouble = disk_trouble(getattr(request, "what_failed", None))
    if trouble is None:
        return defaults.server_error(request)
    with translation.override(
        translation.get_language_from_request(request)
    ):  # it may have failed before it was chosen
        page = render_to_string("507.html", {"problem": tell_disk(trouble, with_place=False)})
    return HttpResponse(page, status=INSUFFICIENT_STORAGE)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True
