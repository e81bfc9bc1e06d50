"""Many rows to list: copies of an issued quote, where issuing each is not what is tested."""

import uuid
from collections.abc import Sequence
from copy import copy
from datetime import timedelta

from licensing.models import LicenseID
from quotes.models import Quote, QuotedHolding, QuotePart, QuoteStatus


def quotes_alike(quote: Quote, count: int, *, licenseids: Sequence[LicenseID] = ()) -> list[Quote]:
    """Issued a minute after each other, under the numbers that follow, each for one of the license IDs if any are
    given, which hold one product each. What a list shows, without lines, PDF and events.
    """
    status, part = QuoteStatus.objects.get(pk=quote.pk), quote.parts.get()
    made, parts, stand = [], [], []
    for n in range(1, count + 1):
        licenseid = licenseids[n - 1] if licenseids else part.licenseid
        one, its_part, its_status = copy(quote), copy(part), copy(status)
        for row in (one, its_part):
            row.pk, row._state = None, type(row._state)()
        one.key, one.check_code, one.license_codes = uuid.uuid4(), None, licenseid.code
        one.sequence, one.issued_at = quote.sequence + n, quote.issued_at + timedelta(minutes=n)
        one.number = f"Q{one.month}-{one.sequence:04d}-00"
        its_part.quote, its_part.licenseid, its_part.license_code = one, licenseid, licenseid.code
        its_status.quote, its_status.sequence = one, one.sequence
        made.append(one)
        parts.append(its_part)
        stand.append(its_status)
    Quote.objects.bulk_create(made)
    QuotePart.objects.bulk_create(parts)
    if licenseids:
        held = quote.holdings.get()
        terms = {"term_from": held.term_from, "term_until": held.term_until}
        QuotedHolding.objects.bulk_create(
            QuotedHolding(quote=its_part.quote, part=its_part, holding=holding.pk, **terms)
            for its_part in parts
            for holding in its_part.licenseid.holdings.all()
        )
    for row in stand:
        row.pk = row.quote.pk
    QuoteStatus.objects.bulk_create(stand)
    return made
