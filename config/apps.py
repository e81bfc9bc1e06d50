"""The admin site's place in the project."""

from importlib import import_module

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "config.admin_site.PortalAdminSite"

    def ready(self) -> None:
        super().ready()
        import_module("config.checks")
