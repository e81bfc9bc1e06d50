"""The document check, open to everybody: does a quote still count, and is a file the one that was issued?

It says nothing else. Whoever holds the document knows the rest, and nobody else needs to.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from licensing.views import is_too_often

from ...paper.check import group_code
from ..forms import CheckForm
from ..queries import find_checked

View = Callable[..., HttpResponse]


def unlisted(view: View) -> View:
    """Listed by no search engine. No other site hears the address (SECURE_REFERRER_POLICY), and no cache keeps it."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


@login_not_required
@require_safe
@unlisted
def check(request: HttpRequest) -> HttpResponse:
    """Where a check code is typed."""
    if "code" not in request.GET:
        return render(request, "quotes/customers/check.html", {"form": CheckForm()})
    form = CheckForm(request.GET)
    if form.is_valid():
        return redirect("quotes:check-code", code=group_code(form.cleaned_data["code"]))
    return render(request, "quotes/customers/check.html", {"form": form}, status=422)


@login_not_required
@require_safe
@unlisted
def check_code(request: HttpRequest, code: str) -> HttpResponse:
    """How the quote with this code stands. Codes that cannot be and codes that are not given are answered alike."""
    if is_too_often(request, action="check", rate=settings.CHECK_RATE):
        return render(request, "429.html", status=429)
    form = CheckForm({"code": code})
    found = find_checked(code=form.cleaned_data["code"], on=timezone.localdate()) if form.is_valid() else None
    if found is None:
        context = {"form": CheckForm(initial={"code": code[:40]}), "is_unknown": True}
        response = render(request, "quotes/customers/check.html", context, status=404)
        response.is_own_page = True  # type: ignore[attr-defined]
        return response
    return render(
        request, "quotes/customers/checked.html", {"found": found, "code": group_code(form.cleaned_data["code"])}
    )
