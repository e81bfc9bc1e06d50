"""What is wanted and not issued yet, and what new prices would do to open quotes and coming renewals."""

from .drafts import QuoteDraft, QuoteDraftPart
from .impact import ImpactFile, ImpactRow, ImpactRun

__all__ = ["ImpactFile", "ImpactRow", "ImpactRun", "QuoteDraft", "QuoteDraftPart"]
