"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from foundation.integrity import watch_triggers
from foundation.jobs.kinds import watch_jobs


class RenewalsConfig(AppConfig):
    name = "renewals"
    verbose_name = _("Renewals: what is wanted")

    def ready(self) -> None:
        from foundation.chat.queue import watch_notices  # needs the models
        from foundation.mail.operations.queue import doubt_mail, watch_mail
        from licensing.operations.codes import watch_codes
        from licensing.operations.registration import watch_registration
        from quotes.letters.templates import watch_letters
        from quotes.record.basis import watch_basis

        from .approval.notices import is_mail_wanted as is_approval_wanted
        from .batch.chosen import watch_filters
        from .carrying_out.queries import quotes_on_old
        from .chat.queries import rooms_of
        from .confirmations.notices import is_mail_wanted
        from .desk.selection import license_ids_of_filter
        from .drafts.codes import follow_code, tell_drafts
        from .models.protection import NOTES, REFUSALS
        from .price_changes.operations import is_mail_wanted as is_price_letter_wanted
        from .price_changes.texts import KIND as PRICES
        from .price_changes.texts import OF_PRICES, OF_REFUSED, REFUSED_KIND
        from .registration import tell_quotes
        from .reminders.operations import is_mail_wanted as is_expiry_wanted
        from .reminders.operations import is_still_written

        watch_triggers(
            app=self,
            kept="what is noted for the renewal desk, and requests for approval",
            refusals=REFUSALS,
            notes=NOTES,
        )
        watch_filters(resolve=license_ids_of_filter)
        watch_codes(tell=tell_drafts, follow=follow_code)
        watch_basis(find=quotes_on_old)
        watch_registration(tell=tell_quotes)
        watch_notices(rooms=rooms_of)
        watch_mail(kind="confirmation", is_wanted=is_mail_wanted)
        watch_mail(kind="approval", is_wanted=is_approval_wanted)
        watch_mail(kind="expiry", is_wanted=is_expiry_wanted)
        for kind in ("confirmation", "quote"):
            doubt_mail(kind=kind, is_wanted=is_still_written)
        watch_mail(kind=PRICES, is_wanted=is_price_letter_wanted)
        watch_letters(kind=PRICES, letter=OF_PRICES)
        watch_letters(kind=REFUSED_KIND, letter=OF_REFUSED)
        watch_jobs(
            task_path="renewals.confirmations.tasks.ask_many",
            name=_("Quantity confirmations"),
            permission="renewals.view_quantityconfirmation",
        )
        watch_jobs(
            task_path="renewals.price_changes.tasks.tell_customers",
            name=_("Letters before prices rise"),
            permission="renewals.view_priceletter",
        )
        watch_jobs(
            task_path="renewals.impact.tasks.calculate_impact",
            name=_("Impact of a price list"),
            permission="renewals.view_impactrun",
        )
        watch_jobs(
            task_path="renewals.batch.tasks.price_run",
            name=_("Pricing of a batch of quotes"),
            permission="renewals.view_quoterun",
        )
        watch_jobs(
            task_path="renewals.batch.tasks.issue_run",
            name=_("Issue of a batch of quotes"),
            permission="renewals.view_quoterun",
        )
        watch_jobs(
            task_path="renewals.batch.tasks.send_run",
            name=_("Sending of a batch of quotes"),
            permission="renewals.view_quoterun",
        )
        watch_jobs(
            task_path="renewals.batch.tasks.put_together",
            name=_("Files of a batch of quotes"),
            permission="renewals.view_quoterun",
        )
