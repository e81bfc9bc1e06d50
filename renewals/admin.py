"""What is wanted, in the administration: the impact of price lists."""

from .impact.admin import ImpactRunAdmin

__all__ = ["ImpactRunAdmin"]
