"""What is wanted, in the administration: drafts, requests for approval, and the impact of price lists."""

from .approval.admin import ApprovalRequestAdmin
from .drafts.admin import QuoteDraftAdmin
from .impact.admin import ImpactRunAdmin

__all__ = ["ApprovalRequestAdmin", "ImpactRunAdmin", "QuoteDraftAdmin"]
