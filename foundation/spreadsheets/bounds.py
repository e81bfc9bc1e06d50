"""How much of a file is read at all; and how the reading process says that it will not read one."""

MEGABYTE = 1024 * 1024

MOST_BYTES = 10 * MEGABYTE
"""Of an uploaded file."""
MOST_UNPACKED = 200 * MEGABYTE
"""Of all parts of a workbook together; 40,000 rows of prices are about 40 MB, 150,000 holdings about 120 MB."""
MOST_PARTS = 1_000
MOST_SHEETS = 200
MOST_RATIO = 250
"""Unpacked to packed bytes of a large part; spreadsheet programs stay under 50."""
LARGE_PART = 16 * MEGABYTE
MOST_TOKEN = MEGABYTE
"""Bytes of one tag with its attributes: nothing that is read needs more than a hundred."""
MOST_STYLES = 65_500
"""What spreadsheet programs allow."""
MOST_TEXTS = 1_000_000
"""Shared between cells."""
MOST_MERGED = 100_000
MOST_ELEMENTS = 100_000
"""Of XML within one row or one shared text, or in one of the small parts."""
LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
"""Where spreadsheet programs end."""

MOST_ROWS = 150_000
"""With something in them."""
USUAL_ROWS = 60_000
"""The same, of files for which nobody has said that they may be longer."""
MOST_COLUMNS = 500
"""With something in them, and up to them."""
MOST_TEXT = 1_000
"""Characters of a cell that are kept."""
HEAD_ROWS = 200
"""Rows with something in them that are shown of each sheet before one is chosen."""
MOST_ANSWER = 200 * MEGABYTE
"""Of what the reading process hands over."""

MOST_MEMORY = 500 * MEGABYTE
"""Of the reading process, all its memory."""
MOST_SECONDS = 30
"""Of processor time; 40,000 rows take about one."""
MOST_WAITING = 120
"""Seconds on the wall that are waited for it altogether."""

NO_RESULT = "=?"
"""What stands for a formula that was never calculated."""


class Refused(Exception):
    """The file is not read. `code` and `values` become words where the person's language is known."""

    def __init__(self, code: str, **values: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
