"""What customers have chosen of comparisons, and nobody has quoted yet: by license ID and expiry. Reads only."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db.models import Exists, F, OuterRef

from foundation.among import among
from quotes.models import Alternative, ComparedLicenseID, QuoteOrigin

from ..asked import from_json


@dataclass(frozen=True, slots=True)
class Choice:
    """The last plan that was chosen for a renewal."""

    at: datetime
    until: date
    """The day until which its prices hold."""
    key: str
    """The comparison's."""
    number: str
    alternative: Alternative


def choices_of(licenseids: Collection[int]) -> dict[tuple[int, date], Choice]:
    """By license ID and the expiry that the chosen plan renews or ends. Two queries, one where nothing was chosen.

    Of comparisons that count: not withdrawn, no quote made of them, nothing of them gone to another reseller.
    """
    quoted = QuoteOrigin.objects.filter(alternative__comparison=OuterRef("comparison"))
    rows = ComparedLicenseID.objects.filter(
        ~Exists(quoted),
        licenseid__in=among(licenseids),
        comparison__status__chosen__isnull=False,
        comparison__status__withdrawn_at=None,
        comparison__reseller=F("licenseid__customer__reseller"),
        comparison__customer__reseller=F("comparison__reseller"),
    )
    found = list(
        rows.order_by("comparison__status__chosen_at", "comparison").values_list(
            "licenseid",
            "license_code",
            "comparison__status__chosen",
            "comparison__status__chosen_at",
            "comparison__valid_until",
            "comparison__key",
            "comparison__number",
        )
    )
    if not found:
        return {}
    chosen = {one.pk: one for one in Alternative.objects.filter(pk__in=among(row[2] for row in found))}
    choices: dict[tuple[int, date], Choice] = {}
    for number, code, alternative, at, until, key, name in found:
        choice = Choice(cast(datetime, at), until, str(key), name, chosen[alternative])
        for part in from_json(choice.alternative.asked).parts:
            for row in part.holdings:
                if part.license_id == code and not row.is_left_out:
                    choices[number, row.support_expires_on] = choice
    return choices
