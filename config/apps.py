"""The admin site's place in the project, and how every request is begun."""

from importlib import import_module

from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest


class PortalAdminConfig(AdminConfig):
    default_site = "config.admin_site.PortalAdminSite"

    def ready(self) -> None:
        super().ready()
        import_module("config.checks")
        HttpRequest._set_content_type_params = import_module("config.requests").read_content_type  # type: ignore[attr-defined]
