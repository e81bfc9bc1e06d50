"""The app, and how it keeps watch over price lists that were published."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from foundation.integrity import watch_triggers
from foundation.jobs.kinds import watch_jobs


class PricingConfig(AppConfig):
    name = "pricing"
    verbose_name = _("Prices: what things cost")

    def ready(self) -> None:
        from licensing.operations.registration import watch_registration  # needs the models

        from .models.protection import REFUSALS
        from .registration import note_in_lists, tell_lists

        watch_registration(tell=tell_lists, note=note_in_lists)
        watch_triggers(app=self, kept="published price lists", refusals=REFUSALS)
        seen_with = "pricing.view_pricelist"
        watch_jobs(
            task_path="pricing.files.tasks.check_price_file", name=_("Check of a price file"), permission=seen_with
        )
        watch_jobs(
            task_path="pricing.files.tasks.write_imported_draft",
            name=_("Draft from a price file"),
            permission=seen_with,
        )
