"""Whether all that was issued is still as it was: every record, PDF and entry of the log is hashed again."""

from .difference import Difference
from .run import Head, Report, count_rows, read_heads, verify_records

__all__ = ["Difference", "Head", "Report", "count_rows", "read_heads", "verify_records"]
