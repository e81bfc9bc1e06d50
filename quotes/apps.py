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
        from licensing.operations.codes import watch_codes

        from .archive.verification.heads import HEADS
        from .letters.acknowledging import ABOUT, is_order_mail_wanted, note_order_mail_settled
        from .letters.comparing import is_comparison_wanted, note_comparison_settled
        from .letters.kinds import OF_COMPARISON, OF_ONE, OF_ORDER, OF_SEVERAL
        from .letters.operations import is_mail_wanted, note_mail_settled
        from .letters.several import is_several_wanted, note_several_settled
        from .letters.templates import COMPARISON, ORDER, QUOTE, SEVERAL, watch_letters
        from .models.counts import COUNTS
        from .models.protection import REFUSALS
        from .record.codes import tell_issued

        watch_codes(tell=tell_issued)
        watch_triggers(app=self, kept="issued quotes", refusals=REFUSALS, counts=COUNTS)
        watch_jobs(
            task_path="quotes.archive.tasks.export_records", name=_("Records as a file"), permission="quotes.view_quote"
        )
        watch_backup(name="heads", fact=HEADS)
        watch_letters(kind=QUOTE, letter=OF_ONE)
        watch_letters(kind=SEVERAL, letter=OF_SEVERAL)
        watch_letters(kind=COMPARISON, letter=OF_COMPARISON)
        watch_letters(kind=ORDER, letter=OF_ORDER)
        watch_mail(kind="quote", settled=note_mail_settled, is_wanted=is_mail_wanted)
        watch_mail(kind=ABOUT, settled=note_order_mail_settled, is_wanted=is_order_mail_wanted)
        watch_mail(kind=COMPARISON, settled=note_comparison_settled, is_wanted=is_comparison_wanted)
        watch_mail(kind="quotes", settled=note_several_settled, is_wanted=is_several_wanted)
