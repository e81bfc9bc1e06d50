"""The admin site: the portal's own name, and the portal's own log-in page."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(AdminSite):
    site_header = _("Renewal quotes: administration")
    site_title = _("Renewal quotes")
    index_title = _("Master data and prices")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """With the order of work, until nothing of it is missing."""
        from .first_steps import first_steps  # reads models, which are not there yet when the site is made

        steps = first_steps(request, on=timezone.localdate())  # noqa: TID251 - a view: the visit is today
        return super().index(request, {"first_steps": steps, **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return response

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The portal's own page, which limits guessing and tells by e-mail."""
        return redirect("account_change_password")
