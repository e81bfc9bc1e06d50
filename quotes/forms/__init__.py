"""Where what people send becomes values, a module for each page."""

from .check import CheckForm
from .records import ExportForm, RecordSearchForm
from .renewal import MOST_ADDED, MOST_ADDITIONS, AdditionRow, RenewalForm, entry_data, without_addition
from .states import LossForm, ReasonForm, RemarkForm

__all__ = [
    "MOST_ADDED",
    "MOST_ADDITIONS",
    "AdditionRow",
    "CheckForm",
    "ExportForm",
    "LossForm",
    "ReasonForm",
    "RecordSearchForm",
    "RemarkForm",
    "RenewalForm",
    "entry_data",
    "without_addition",
]
