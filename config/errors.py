"""What is answered where something broke."""

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

RETRY_SECONDS = 30


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`: where the database is what broke, 503 and in words, for that mends itself."""
    if database_answers():
        return defaults.server_error(request)
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": str(RETRY_SECONDS)})


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True
