"""What every page of the administration has: versions, search, and how values are shown."""

from .display import PlainPages, ReadOnly, with_separators
from .pages import PortalAdmin
from .search import SearchAdmin

__all__ = ["PlainPages", "PortalAdmin", "ReadOnly", "SearchAdmin", "with_separators"]
