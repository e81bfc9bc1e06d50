"""What is wanted, in the administration: drafts, and the impact of price lists."""

from .drafts.admin import QuoteDraftAdmin
from .impact.admin import ImpactRunAdmin

__all__ = ["ImpactRunAdmin", "QuoteDraftAdmin"]
