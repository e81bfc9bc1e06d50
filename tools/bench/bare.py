"""The least that a view of this portal can be: one indexed query and a template, behind the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from licensing.models import LicenseID


def bare(request: HttpRequest, code: str) -> HttpResponse:
    """A license ID by its code, which is unique and thereby indexed."""
    return render(request, "bench/bare.html", {"licenseid": get_object_or_404(LicenseID, code=code)})
