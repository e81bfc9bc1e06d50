"""The app, and how it keeps watch over price lists that were published."""

import logging
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)


class PricingConfig(AppConfig):
    name = "pricing"
    verbose_name = _("Prices: what things cost")

    def ready(self) -> None:
        post_migrate.connect(restore_what_protects, sender=self, dispatch_uid="pricing.triggers")
        register(warn_of_missing_triggers, Tags.database)


def restore_what_protects(*, using: str, **_options: Any) -> None:
    """After `migrate`: triggers that a rebuilt table lost are there again."""
    from .operations.protection import restore_triggers

    if names := restore_triggers(connections[using]):
        logger.warning(
            "triggers that keep published price lists were missing, and are there again: %s", ", ".join(names)
        )


def warn_of_missing_triggers(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """A warning and no error: an error would stop `migrate`, which mends it."""
    from .operations.protection import missing_triggers

    return [
        Warning(
            f"The database {alias} lacks triggers that keep published price lists as they are: {', '.join(missing)}.",
            hint="Run `manage.py migrate`, which creates them again.",
            id="pricing.W001",
        )
        for alias in databases or ()
        if (missing := missing_triggers(connections[alias]))
    ]
