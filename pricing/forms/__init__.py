"""Where what price admins type becomes values: golden cases, days, files, copies."""

from .asof import LicenseDayForm, ProductDayForm
from .golden import MOST_ROWS, CaseEntry
from .imports import ConfirmForm, UploadForm
from .life import CopyForm, WithdrawForm
from .taxes import TaxRateForm, WithdrawTaxRateForm

__all__ = [
    "MOST_ROWS",
    "CaseEntry",
    "ConfirmForm",
    "CopyForm",
    "LicenseDayForm",
    "ProductDayForm",
    "TaxRateForm",
    "UploadForm",
    "WithdrawForm",
    "WithdrawTaxRateForm",
]
