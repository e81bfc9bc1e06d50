"""Does background work, takes up again what another worker left behind when it died, and sends the e-mail."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django_tasks_db.management.commands import db_worker

from licensing.operations.mail import deliver_due

logger = logging.getLogger(__name__)
MAIL_EVERY_SECONDS = 2


class Command(db_worker.Command):
    help = "Do background work: imports, impact runs, e-mail. Several may run at once on PostgreSQL."

    def handle(self, **options: Any) -> None:
        """Sweeps beside the work, so that the only worker also finds what it left behind itself.

        E-mail has a thread of its own: it does not wait for the end of an import.
        """
        translation.activate(settings.LANGUAGE_CODE)
        options["reload"] = False  # a reload would end work in the middle
        stop = threading.Event()
        sweep_all()
        beside = [
            _start("sweeper", stop, settings.BATCH_LEASE_SECONDS / 3, sweep_all),
            _start("postman", stop, MAIL_EVERY_SECONDS, lambda: deliver_due(clock=timezone.now)),
        ]
        try:
            super().handle(**options)
        finally:
            stop.set()
            for thread in beside:
                thread.join(timeout=10)


def _start(name: str, stop: threading.Event, every: float, act: Callable[[], object]) -> threading.Thread:
    """Act again and again until told to stop; a database that is away for a while is no reason to end."""

    def keep_acting() -> None:
        while not stop.wait(every):
            try:
                act()
            except Exception:
                logger.exception("%s failed", name)
            finally:
                connection.close()

    thread = threading.Thread(target=keep_acting, name=name, daemon=True)
    thread.start()
    return thread


def sweep_all() -> None:
    """What each app wants looked after beside the work."""
    for path in settings.SWEEPS:
        import_string(path)(now=timezone.now())
