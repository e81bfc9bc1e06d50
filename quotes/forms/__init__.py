"""Where what people send becomes values: the renewal form, one module per form."""

from .renewal import MOST_ADDED, MOST_ADDITIONS, AdditionRow, RenewalForm, entry_data, without_addition

__all__ = ["MOST_ADDED", "MOST_ADDITIONS", "AdditionRow", "RenewalForm", "entry_data", "without_addition"]
