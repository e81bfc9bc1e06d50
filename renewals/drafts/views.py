"""The list of drafts."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from licensing.models import User
from licensing.views import for_staff
from quotes.archive.views.lists import PER_PAGE, list_page, tabs_for

from .queries import find_drafts


@require_safe
@for_staff
def drafts(request: HttpRequest) -> HttpResponse:
    """The drafts, searched; beside the lists of quotes."""
    user = cast(User, request.user)
    text = request.GET.get("q", "").strip()
    paginator: Paginator[Any] = Paginator(find_drafts(user=user, text=text), PER_PAGE)
    context = {
        "page": paginator.get_page(request.GET.get("page")),
        "text": text,
        "tabs": tabs_for(user=user, text=text, status="", on=timezone.localdate()),
        "number_of_drafts": paginator.count,
    }
    return list_page(request, "renewals/drafts/list.html", "renewals/drafts/_results.html", context)
