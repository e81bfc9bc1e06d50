"""The check code on a quote, and its QR code: where whoever holds the paper finds whether it still counts."""

from typing import TypedDict

import zxingcpp

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
    return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_svg()
