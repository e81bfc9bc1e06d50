"""Whether the portal can do its work: asked by a load balancer or a monitor, without logging in."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.jobs.queries import worker_last_seen_at

PATH = "/healthz"


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, else 503. In three lines: `ok`, the version, and when a worker was last seen.

    A worker that is away changes no status: the pages work, and a load balancer would only make it worse.
    """
    try:
        lines = ["ok", f"version {settings.PORTAL_VERSION}", _worker(now=timezone.now())]  # noqa: TID251 - a view
    except Error:
        return HttpResponse("database does not answer", status=503, content_type="text/plain")
    return HttpResponse("\n".join(lines), content_type="text/plain")


def with_health(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Answers `/healthz` before anything asks the database who has come with which cookie."""

    def answer(request: HttpRequest) -> HttpResponse:
        return healthz(request) if request.path == PATH else get_response(request)

    return answer


def _worker(*, now: datetime) -> str:
    seen_at = worker_last_seen_at()
    if seen_at is None:
        return "worker never seen"
    return f"worker seen {max(0, int((now - seen_at).total_seconds()))} s ago"
