"""What changes a run: started, priced, reviewed, issued."""

from .issuing import IssueWork, pause, resume, start_issue
from .reviewing import acknowledge, follow, leave_out, open_row, price_again
from .starting import MOST, PriceWork, RunRefused, Settings, start_run

__all__ = [
    "MOST",
    "IssueWork",
    "PriceWork",
    "RunRefused",
    "Settings",
    "acknowledge",
    "follow",
    "leave_out",
    "open_row",
    "pause",
    "price_again",
    "resume",
    "start_issue",
    "start_run",
]
