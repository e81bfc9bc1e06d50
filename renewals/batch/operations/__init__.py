"""What changes a run: started, priced, reviewed, approved, issued."""

from .asking import ask_rows
from .files import FilesWork, start_files
from .issuing import IssueWork, pause, resume, start_issue
from .reviewing import acknowledge, follow, leave_out, open_row, price_again
from .sending import SendWork, share_address, start_sending
from .starting import MOST, PriceWork, RunRefused, Settings, start_run

__all__ = [
    "MOST",
    "FilesWork",
    "IssueWork",
    "PriceWork",
    "RunRefused",
    "SendWork",
    "Settings",
    "acknowledge",
    "ask_rows",
    "follow",
    "leave_out",
    "open_row",
    "pause",
    "price_again",
    "resume",
    "share_address",
    "start_files",
    "start_issue",
    "start_run",
    "start_sending",
]
