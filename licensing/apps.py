"""The app, how it keeps watch over the history of master data, and what it hears of second factors."""

from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning, register
from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from foundation.integrity import watch_triggers


def watch_pictures() -> None:
    """The checks warn of a seal or logo whose file is gone; not where there is no database to ask, or no table yet."""

    def warn(**_options: Any) -> list[CheckMessage]:
        from .importing import tell_lost_pictures

        try:
            told = tell_lost_pictures()
        except DatabaseError:
            return []
        hint = "Put the file back from a backup, or have it uploaded again."
        return [Warning(text, hint=hint, id="licensing.W002") for text in told]

    register(warn, "files")


class LicensingConfig(AppConfig):
    name = "licensing"
    verbose_name = _("Licenses: who holds what")

    def ready(self) -> None:
        from allauth.mfa import signals

        from foundation.jobs.kinds import watch_jobs
        from foundation.mail.operations.queue import watch_mail

        from . import adapters  # reads models, as do the others: they are there only now
        from .models.counts import COUNTS
        from .models.protection import REFUSALS
        from .operations.invitations import KIND, is_mail_wanted
        from .operations.registration import tell_held, watch_registration

        signals.authenticator_used.connect(adapters.note_second_factor)
        signals.authenticator_added.connect(adapters.note_new_second_factor)
        signals.authenticator_removed.connect(adapters.note_removed_second_factor)
        watch_triggers(app=self, kept="the history and who owns customers", refusals=REFUSALS, counts=COUNTS)
        watch_pictures()
        watch_registration(tell=tell_held)
        tasks = "licensing.holdings.tasks"
        permission = "licensing.change_holding"
        watch_jobs(task_path=f"{tasks}.check_held_list", name=_("Checking a list of holdings"), permission=permission)
        watch_jobs(task_path=f"{tasks}.write_held_list", name=_("Importing a list of holdings"), permission=permission)
        watch_jobs(task_path=f"{tasks}.undo_held_list", name=_("Undoing an imported list"), permission=permission)
        watch_mail(kind=KIND, is_wanted=is_mail_wanted)
