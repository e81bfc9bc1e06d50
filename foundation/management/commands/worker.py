"""Does background work, takes up again what another worker left behind when it died, and sends the e-mail."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django_tasks_db.management.commands import db_worker

from ...chat.queue import post_due
from ...jobs.operations import note_worker
from ...mail.operations.queue import deliver_due

logger = logging.getLogger(__name__)
MAIL_EVERY_SECONDS = 2
CHAT_EVERY_SECONDS = 2
KEEP_EVERY_SECONDS = 3
AGAIN_AFTER_SECONDS = 2


class Command(db_worker.Command):
    help = "Do background work: imports, impact runs, e-mail. Several may run at once on PostgreSQL."

    def handle(self, **options: Any) -> None:
        """Sweeps beside the work, so that the only worker also finds what it left behind itself.

        E-mail has a thread of its own: it does not wait for the end of an import. So have notices to chat rooms, and
        what is kept up to date.
        """
        translation.activate(settings.LANGUAGE_CODE)
        options["reload"] = False  # a reload would end work in the middle
        stop = threading.Event()
        beside = [
            _start("sweeper", stop, settings.BATCH_LEASE_SECONDS / 3, sweep_all),
            _start("keeper", stop, KEEP_EVERY_SECONDS, keep_all),
            _start("messenger", stop, CHAT_EVERY_SECONDS, lambda: post_due(clock=timezone.now)),
            _start("postman", stop, MAIL_EVERY_SECONDS, lambda: deliver_due(clock=timezone.now)),
        ]
        try:
            self._work(**options)
        finally:
            stop.set()
            for thread in beside:
                thread.join(timeout=10)

    def _work(self, **options: Any) -> None:
        """Works until it is told to stop. A database that is away is waited for: what was begun is taken up again."""
        while True:
            try:
                return super().handle(**options)
            except (InterfaceError, OperationalError) as error:
                logger.warning("the database does not answer (%s); next try in %s s", error, AGAIN_AFTER_SECONDS)
                connection.close()
                time.sleep(AGAIN_AFTER_SECONDS)


def _start(name: str, stop: threading.Event, every: float, act: Callable[[], object]) -> threading.Thread:
    """Act again and again until told to stop; a database that is away for a while is no reason to end."""

    def keep_acting() -> None:
        while True:
            try:
                act()
            except (InterfaceError, OperationalError) as error:
                logger.warning("%s: the database does not answer (%s)", name, error)
            except Exception:
                logger.exception("%s failed", name)
            finally:
                connection.close()
            if stop.wait(every):
                return

    thread = threading.Thread(target=keep_acting, name=name, daemon=True)
    thread.start()
    return thread


def sweep_all() -> None:
    """What each app wants looked after beside the work; and a note that this worker lives."""
    now = timezone.now()
    note_worker(name=f"{socket.gethostname()}:{os.getpid()}", version=settings.PORTAL_VERSION, now=now)
    _call(settings.SWEEPS, now)


def keep_all() -> None:
    """What each app keeps up to date with what has changed."""
    _call(settings.KEEPERS, timezone.now())


def _call(paths: Sequence[str], now: datetime) -> None:
    """One after the other; one that fails keeps back no other."""
    for path in paths:
        try:
            import_string(path)(now=now)
        except (InterfaceError, OperationalError):
            raise  # the database is away, for all of them
        except Exception:
            logger.exception("%s failed", path)
