"""Does background work, and takes up again what another worker left behind when it died."""

import logging
import threading
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone, translation
from django_tasks_db.management.commands import db_worker

from ... import operations

logger = logging.getLogger(__name__)


class Command(db_worker.Command):
    help = "Do background work: imports, impact runs. Several may run at once on PostgreSQL."

    def handle(self, **options: Any) -> None:
        """Sweeps beside the work, so that the only worker also finds what it left behind itself."""
        translation.activate(settings.LANGUAGE_CODE)
        options["reload"] = False  # a reload would end work in the middle
        stop = threading.Event()
        sweeper = threading.Thread(target=keep_sweeping, args=(stop,), name="sweeper", daemon=True)
        operations.sweep(now=timezone.now())
        sweeper.start()
        try:
            super().handle(**options)
        finally:
            stop.set()
            sweeper.join(timeout=10)


def keep_sweeping(stop: threading.Event) -> None:
    """Until told to stop; a database that is away for a while is no reason to end."""
    while not stop.wait(settings.BATCH_LEASE_SECONDS / 3):
        try:
            operations.sweep(now=timezone.now())
        except Exception:
            logger.exception("sweeping failed")
        finally:
            connection.close()
