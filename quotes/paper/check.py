"""The check code on a quote, and its QR code: where whoever holds the paper finds whether it still counts."""

import io
from typing import TypedDict

import segno

GROUP = 4
"""A code is read and typed in groups of so many characters."""


class Check(TypedDict):
    """Where the quote is checked, and by which code."""

    address: str
    """The address of the page where a code is typed, with a slash at the end."""
    code: str
    """In groups, as it is printed: `8K3M-Q2ZT-7W0C`."""


def group_code(code: str) -> str:
    """The code as people read it: `8K3M-Q2ZT-7W0C`."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def draw_qr(text: str) -> str:
    """The QR code of a text as SVG, with the quiet ground that scanners need around it."""
    out = io.BytesIO()
    # One mask of the eight is as readable as another; trying all of them takes longer than drawing the quote.
    code = segno.make_qr(text, error="m", mask=4)
    code.save(out, kind="svg", xmldecl=False, svgclass=None, lineclass=None, light="#fff")
    return out.getvalue().decode()
