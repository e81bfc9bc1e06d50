"""Where what people send becomes values, a module for each page."""

from .answers import AnswerForm
from .check import CheckForm
from .letters import SendForm, TemplatesForm
from .links import LinkForm
from .records import ExportForm, RecordSearchForm
from .renewal import MOST_ADDED, MOST_ADDITIONS, AdditionRow, RenewalForm, asked_data, without_addition
from .states import LossForm, ReasonForm, RemarkForm

__all__ = [
    "MOST_ADDED",
    "MOST_ADDITIONS",
    "AdditionRow",
    "AnswerForm",
    "CheckForm",
    "ExportForm",
    "LinkForm",
    "LossForm",
    "ReasonForm",
    "RecordSearchForm",
    "RemarkForm",
    "RenewalForm",
    "SendForm",
    "TemplatesForm",
    "asked_data",
    "without_addition",
]
