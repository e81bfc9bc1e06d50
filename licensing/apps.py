"""The app, how it keeps watch over the history of master data, and what it hears of second factors."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from foundation.integrity import watch_triggers


class LicensingConfig(AppConfig):
    name = "licensing"
    verbose_name = _("Licenses: who holds what")

    def ready(self) -> None:
        from allauth.mfa import signals

        from . import adapters  # reads models, as do the others: they are there only now
        from .operations.invitations import KIND, is_mail_wanted
        from .operations.mail import watch_mail

        signals.authenticator_used.connect(adapters.note_second_factor)
        signals.authenticator_added.connect(adapters.note_new_second_factor)
        signals.authenticator_removed.connect(adapters.note_removed_second_factor)
        watch_triggers(app=self, kept="the history")
        watch_mail(kind=KIND, is_wanted=is_mail_wanted)
