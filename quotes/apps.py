"""The app, and how it keeps watch over what was issued."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from foundation.integrity import watch_triggers
from foundation.integrity.backup.facts import watch_backup
from foundation.jobs.kinds import watch_jobs


class QuotesConfig(AppConfig):
    name = "quotes"
    verbose_name = _("Quotes: what was offered")

    def ready(self) -> None:
        from foundation.mail.operations.queue import watch_mail  # needs the models
        from licensing.operations.registration import watch_registration

        from .models.protection import REFUSALS
        from .operations.letters import is_mail_wanted, note_mail_settled
        from .operations.registration import tell_quotes
        from .operations.verification.heads import HEADS

        watch_triggers(app=self, kept="issued quotes", refusals=REFUSALS)
        watch_jobs(task_path="quotes.tasks.export_records", name=_("Records as a file"), permission="quotes.view_quote")
        watch_registration(tell=tell_quotes)
        watch_backup(name="heads", fact=HEADS)
        watch_mail(kind="quote", settled=note_mail_settled, is_wanted=is_mail_wanted)
