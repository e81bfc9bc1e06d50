"""What new prices would do to open quotes and coming renewals."""

from .impact import ImpactFile, ImpactRow, ImpactRun

__all__ = ["ImpactFile", "ImpactRow", "ImpactRun"]
