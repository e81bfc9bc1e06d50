"""Price files in and out: spreadsheets become price tables, and price tables spreadsheets."""

from foundation.spreadsheets.bounds import MOST_BYTES
from foundation.spreadsheets.bounds import USUAL_ROWS as MOST_ROWS
from foundation.spreadsheets.files import open_file
from foundation.spreadsheets.refusals import FileRefused, check_head, check_size

from .differences import (
    Change,
    RankChange,
    TableChange,
    compare_tables,
    kind_of,
    largest_percent,
    short_discounts,
    table_as_json,
    table_from_json,
)
from .ended import Ended, end_from_json, ends_of
from .export import make_dataset
from .facts import Newcomers, newcomers_from_json
from .found import MOST_PROBLEMS, CellProblem, ReadPrices
from .tables import read_book, read_prices

__all__ = [
    "MOST_BYTES",
    "MOST_PROBLEMS",
    "MOST_ROWS",
    "CellProblem",
    "Change",
    "Ended",
    "FileRefused",
    "Newcomers",
    "RankChange",
    "ReadPrices",
    "TableChange",
    "check_head",
    "check_size",
    "compare_tables",
    "end_from_json",
    "ends_of",
    "kind_of",
    "largest_percent",
    "make_dataset",
    "newcomers_from_json",
    "open_file",
    "read_book",
    "read_prices",
    "short_discounts",
    "table_as_json",
    "table_from_json",
]
