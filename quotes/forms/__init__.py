"""Where what people send becomes values, a module for each page."""

from .answers import AnswerForm
from .check import CheckForm
from .letters import SendForm, TemplatesForm
from .links import LinkForm
from .part import MOST_ADDED, MOST_ADDITIONS, OPEN_AT_ONCE, AdditionRow, FormPart, first_moved_up, without_addition
from .records import ExportForm, RecordSearchForm
from .renewal import RenewalForm, asked_data
from .states import LossForm, ReasonForm, RemarkForm

__all__ = [
    "MOST_ADDED",
    "MOST_ADDITIONS",
    "OPEN_AT_ONCE",
    "AdditionRow",
    "AnswerForm",
    "CheckForm",
    "ExportForm",
    "FormPart",
    "LinkForm",
    "LossForm",
    "ReasonForm",
    "RecordSearchForm",
    "RemarkForm",
    "RenewalForm",
    "SendForm",
    "TemplatesForm",
    "asked_data",
    "first_moved_up",
    "without_addition",
]
