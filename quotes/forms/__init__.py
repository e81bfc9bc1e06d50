"""Where what people send becomes values: the renewal form, and why a quote stands otherwise."""

from .check import CheckForm
from .renewal import MOST_ADDED, MOST_ADDITIONS, AdditionRow, RenewalForm, entry_data, without_addition
from .states import LossForm, ReasonForm, RemarkForm

__all__ = [
    "MOST_ADDED",
    "MOST_ADDITIONS",
    "AdditionRow",
    "CheckForm",
    "LossForm",
    "ReasonForm",
    "RemarkForm",
    "RenewalForm",
    "entry_data",
    "without_addition",
]
