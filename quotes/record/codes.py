"""Issued quotes that name a license ID by its code: they keep what they say."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from licensing.models import LicenseID
from licensing.operations.registration import MOST_NAMED, Effect

from ..models import Quote


def tell_issued(licenseid: LicenseID) -> Iterable[Effect]:
    quotes = Quote.objects.filter(parts__licenseid=licenseid).order_by("-issued_at", "-pk")
    names = tuple(quotes.values_list("number", flat=True)[:MOST_NAMED])
    yield Effect(_("issued quotes (they keep the code that they say)"), quotes.count(), names)
