"""The app, and how it keeps watch over what was issued."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from foundation.integrity import watch_triggers


class QuotesConfig(AppConfig):
    name = "quotes"
    verbose_name = _("Quotes: what was offered")

    def ready(self) -> None:
        from licensing.operations.mail import watch_mail  # needs the models
        from licensing.operations.registration import watch_registration

        from .operations.letters import is_mail_wanted, note_mail_settled
        from .operations.registration import tell_quotes

        watch_triggers(app=self, kept="issued quotes")
        watch_registration(tell=tell_quotes)
        watch_mail(kind="quote", settled=note_mail_settled, is_wanted=is_mail_wanted)
