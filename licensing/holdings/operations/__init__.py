"""What is done with lists of what is held, and how they come out of the portal again."""

from .exports import held_dataset, template_dataset
from .uploads import (
    ImportRefused,
    answer_questions,
    choose_columns,
    confirm_list,
    keep_list,
    look_at_list,
    names_key,
    undo_list,
)
from .works import CheckList, UndoList, WriteList

__all__ = [
    "CheckList",
    "ImportRefused",
    "UndoList",
    "WriteList",
    "answer_questions",
    "choose_columns",
    "confirm_list",
    "held_dataset",
    "keep_list",
    "look_at_list",
    "names_key",
    "template_dataset",
    "undo_list",
]
