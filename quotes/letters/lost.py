"""Letters that were not delivered are told to the reseller's chat rooms."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from foundation.chat.cards import Notice
from foundation.chat.queue import announce
from foundation.mail.models import OutgoingMail

from ..models import Quote, Shared


def tell_lost(*, quote: Shared, mail: OutgoingMail, now: datetime) -> None:
    """Announce once that a letter failed, in the caller's transaction; nothing of one that was sent."""
    if mail.state != OutgoingMail.State.FAILED:
        return

    def make() -> Notice:
        title = gettext("%(number)s: the e-mail to %(customer)s was not delivered")
        told = title % {"number": quote.number, "customer": quote.customer_name}
        why = str(OutgoingMail.Error(mail.error).label)
        page = "quotes:detail" if isinstance(quote, Quote) else "quotes:comparison"
        return Notice(told, [why], settings.PUBLIC_URL + reverse(page, args=[quote.key]), gettext("Open"))

    with translation.override(settings.LANGUAGE_CODE):
        announce(kind="bounce", reseller=quote.reseller_id, key=f"bounce:{mail.pk}", make=make, now=now)
