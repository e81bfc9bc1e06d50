"""What is done with price lists and golden cases, and work for the background."""

from .asof import Period, price_license_id, product_periods
from .check import Checked, check_price_list, compared_with
from .copy import copy_price_list, free_name
from .events import record_event
from .golden import (
    AcceptRefused,
    GoldenCheck,
    NoListInForce,
    accept_differences,
    calculate_case,
    check_golden_cases,
    expectations_before,
    golden_result,
    keep_case,
)
from .imports import CheckFile, ImportRefused, WriteDraft, confirm_import, load_products, upload_prices
from .publish import NotAcknowledged, PublishRefused, WithdrawRefused, list_publish_problems, publish, withdraw
from .taxes import TaxChange, TaxRateRefused, add_tax_rate, check_tax_rate, find_change, withdraw_tax_rate

__all__ = [
    "AcceptRefused",
    "CheckFile",
    "Checked",
    "GoldenCheck",
    "ImportRefused",
    "NoListInForce",
    "NotAcknowledged",
    "Period",
    "PublishRefused",
    "TaxChange",
    "TaxRateRefused",
    "WithdrawRefused",
    "WriteDraft",
    "accept_differences",
    "add_tax_rate",
    "calculate_case",
    "check_golden_cases",
    "check_price_list",
    "check_tax_rate",
    "compared_with",
    "confirm_import",
    "copy_price_list",
    "expectations_before",
    "find_change",
    "free_name",
    "golden_result",
    "keep_case",
    "list_publish_problems",
    "load_products",
    "price_license_id",
    "product_periods",
    "publish",
    "record_event",
    "upload_prices",
    "withdraw",
    "withdraw_tax_rate",
]
