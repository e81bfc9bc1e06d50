"""What is said where a file is not read: what it is, and what to do."""

import re

from django.utils.translation import gettext as _

from .bounds import MEGABYTE, MOST_BYTES, MOST_COLUMNS, MOST_ROWS, MOST_SHEETS, MOST_UNPACKED

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
PICTURES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"MZ\x90\0", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
PAGES = re.compile(rb"<\?xml|<html|<!doc|<!--|<table|<meta|<head|<body|mime-version:", re.IGNORECASE)


class FileRefused(Exception):
    """The file cannot be read. The text says why to a person, and what to do."""


def check_size(size: int) -> None:
    """Raises FileRefused where a file of so many bytes is too large to be read at all."""
    if size > MOST_BYTES:
        raise FileRefused(
            _(
                "The file is larger than %(size)s MB. Remove what is no table, such as pictures; a CSV gets smaller by "
                "saving it as XLSX. Then try again."
            )
            % {"size": MOST_BYTES // MEGABYTE}
        )


def check_head(data: bytes) -> None:
    """Look at the size and the first bytes only. Raises FileRefused where the file cannot be a table."""
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
        raise FileRefused(_("The file is empty. Choose the file with the table."))
    check_size(len(data))
    if data[:4] == b"PK\x03\x04":
        return
    if data[:8] == OLE:
        raise FileRefused(say("password" if ENCRYPTED in data else "old-workbook"))
    if data.startswith(PICTURES):
        raise FileRefused(say("no-table"))
    text = data[:2048].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"")
    if PAGES.match(text):
        raise FileRefused(_("This is a web page or XML, not a spreadsheet. Save the table as XLSX or CSV."))


def say(code: str, **values: int | str) -> str:
    """The words for what the reading process refused."""
    texts = {
        "damaged": _(
            "The workbook is damaged or incomplete. Open it in a spreadsheet program, save it as XLSX, and try again."
        ),
        "no-text": _(
            "The characters of this file cannot be read. Save it as CSV in UTF-8 or Shift_JIS (cp932), or as XLSX."
        ),
        "no-table": _("This is neither an XLSX nor a CSV file. Save the table as XLSX or CSV and upload that."),
        "no-workbook": _("This is not an XLSX workbook. Save the table as XLSX or CSV and upload that."),
        "old-workbook": _(
            "This is an old Excel file (.xls). Open it, save it as XLSX (Excel workbook), and upload that."
        ),
        "binary-workbook": _(
            "This is a binary workbook (.xlsb). Open it, save it as XLSX (Excel workbook), and upload that."
        ),
        "open-document": _("This is an OpenDocument spreadsheet (.ods). Save it as XLSX, and upload that."),
        "password": _("This workbook has a password. Save it as XLSX without the password, and upload that."),
        "quotation": _("Row %(row)s cannot be read: a quotation mark is open or out of place. Is the file complete?"),
        "too-long": _(
            "The file has more than %(most_rows)s rows. Remove rows that are not needed, and upload it again."
        ),
        "too-many-sheets": _(
            "The workbook has more than %(most_sheets)s sheets. Copy the right one into a new workbook."
        ),
        "too-much": _(
            "Reading this file takes more memory than is allowed. Copy only the table into a new workbook, and upload "
            "that."
        ),
        "too-slow": _(
            "Reading this file takes longer than is allowed. Copy only the table into a new workbook, and upload it."
        ),
        "too-wide": _(
            "Row %(row)s has more than %(most_columns)s columns. Keep only those that are needed, and upload again."
        ),
        "unpacked": _(
            "Unpacked, this workbook is larger than %(most_unpacked)s MB. Copy the table into a new workbook."
        ),
    }
    bounds = {
        "most_rows": f"{MOST_ROWS:,}",
        "most_columns": MOST_COLUMNS,
        "most_sheets": MOST_SHEETS,
        "most_unpacked": MOST_UNPACKED // MEGABYTE,
    }
    return texts.get(code, texts["damaged"]) % (bounds | values)
