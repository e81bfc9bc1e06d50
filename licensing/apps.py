"""The app, and how it keeps watch over the history of master data."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from .operations.protection import watch_triggers


class LicensingConfig(AppConfig):
    name = "licensing"
    verbose_name = _("Licenses: who holds what")

    def ready(self) -> None:
        watch_triggers(app=self, kept="the history")
