"""What a draft of a price list would do to open quotes and coming renewals. Writes nothing to quotes."""

from .run import MOST_DAYS, ImpactRefused, ImpactWork, draft_fingerprint, latest_impact, start_impact
from .totals import PERCENT_EDGES

__all__ = [
    "MOST_DAYS",
    "PERCENT_EDGES",
    "ImpactRefused",
    "ImpactWork",
    "draft_fingerprint",
    "latest_impact",
    "start_impact",
]
