"""Which quotes and drafts a user may see, and how they are found."""

from .box import quotes_in_box
from .customers import answered_by, find_checked, received_quotes
from .drafts import drafts_with_basis, find_drafts, visible_drafts
from .letters import known_recipients, mails_of
from .links import find_link
from .listing import STATUSES, answered_quotes, count_by_status, find_quotes, quotes_of_customer
from .records import PARTS, latest_revision, revisions_of, visible_quotes, with_answer_message
from .search import RECORD_ORDERS, RecordSearch, find_records, sum_up_records, visible_exports

__all__ = [
    "PARTS",
    "RECORD_ORDERS",
    "STATUSES",
    "RecordSearch",
    "answered_by",
    "answered_quotes",
    "count_by_status",
    "drafts_with_basis",
    "find_checked",
    "find_drafts",
    "find_link",
    "find_quotes",
    "find_records",
    "known_recipients",
    "latest_revision",
    "mails_of",
    "quotes_in_box",
    "quotes_of_customer",
    "received_quotes",
    "revisions_of",
    "sum_up_records",
    "visible_drafts",
    "visible_exports",
    "visible_quotes",
    "with_answer_message",
]
