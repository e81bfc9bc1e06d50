"""The app, and how it keeps watch over what was issued."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from licensing.operations.protection import watch_triggers


class QuotesConfig(AppConfig):
    name = "quotes"
    verbose_name = _("Quotes: what was offered")

    def ready(self) -> None:
        watch_triggers(app=self, kept="issued quotes")
