"""The list of renewals, which is the start page, and what is entered there."""

from .entries import act, change_owner, delete_filter, keep_filter, keep_table, renewal
from .files import export
from .listing import count, start

__all__ = ["act", "change_owner", "count", "delete_filter", "export", "keep_filter", "keep_table", "renewal", "start"]
