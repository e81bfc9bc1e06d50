"""What is done with price lists, and work for the background."""

from .batches import BatchFailed, Beat, LeaseLost, Work, start_batch, sweep, work_off
from .copy import copy_price_list, free_name
from .events import record_event
from .publish import JAPAN, PublishRefused, WithdrawRefused, list_publish_problems, publish, withdraw

__all__ = [
    "JAPAN",
    "BatchFailed",
    "Beat",
    "LeaseLost",
    "PublishRefused",
    "WithdrawRefused",
    "Work",
    "copy_price_list",
    "free_name",
    "list_publish_problems",
    "publish",
    "record_event",
    "start_batch",
    "sweep",
    "withdraw",
    "work_off",
]
