"""The app of the crafts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FoundationConfig(AppConfig):
    name = "foundation"
    verbose_name = _("Operation: e-mail and background work")

    def ready(self) -> None:
        from .text import parts  # noqa: F401 - how search keys are compared on PostgreSQL
