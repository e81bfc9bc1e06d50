"""What is done with price lists and golden cases, and work for the background."""

from .batches import BatchFailed, Beat, LeaseLost, Work, start_batch, sweep, work_off
from .copy import copy_price_list, free_name
from .events import record_event
from .golden import (
    AcceptRefused,
    GoldenCheck,
    NoListInForce,
    accept_difference,
    calculate_case,
    check_golden_cases,
    expectations_before,
    golden_result,
    keep_case,
)
from .publish import JAPAN, PublishRefused, WithdrawRefused, list_publish_problems, publish, withdraw

__all__ = [
    "JAPAN",
    "AcceptRefused",
    "BatchFailed",
    "Beat",
    "GoldenCheck",
    "LeaseLost",
    "NoListInForce",
    "PublishRefused",
    "WithdrawRefused",
    "Work",
    "accept_difference",
    "calculate_case",
    "check_golden_cases",
    "copy_price_list",
    "expectations_before",
    "free_name",
    "golden_result",
    "keep_case",
    "list_publish_problems",
    "publish",
    "record_event",
    "start_batch",
    "sweep",
    "withdraw",
    "work_off",
]
