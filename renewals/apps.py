"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from foundation.jobs.kinds import watch_jobs


class RenewalsConfig(AppConfig):
    name = "renewals"
    verbose_name = _("Renewals: what is wanted")

    def ready(self) -> None:
        from licensing.operations.registration import watch_registration  # needs the models

        from .registration import tell_quotes

        watch_registration(tell=tell_quotes)
        watch_jobs(
            task_path="renewals.impact.tasks.calculate_impact",
            name=_("Impact of a price list"),
            permission="renewals.view_impactrun",
        )
