"""What people type and copy, in the one form in which it is stored, read and compared.

One function per purpose; names have `names.key_of`. Only Python's standard library.
"""

import unicodedata

from .invisible import strip_invisible

DASHES = "‐‑‒–—―−ー"  # noqa: RUF001 - these look-alikes are the point
"""What is typed where a hyphen or a minus is meant, and stays what it is in half width."""
LINES = "─━⁃˗⎯⏤⸺⸻"  # noqa: RUF001 - these look-alikes are the point
"""What is drawn like a hyphen, and taken for one in codes and numbers. Names are compared with them."""
_HYPHENS = dict.fromkeys(map(ord, DASHES + LINES), "-")


def half_width(text: str) -> str:
    """Letters, digits and marks in half width, without what nobody sees and without spaces around: Ａ－１ is A-1.

    For codes and numbers; a name keeps what was typed, for some kanji would become others.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    return unicodedata.normalize("NFKC", strip_invisible(text)).strip()


def squeeze(text: str) -> str:
    """The same without any space: 「１，２３４　円」 is 「1,234円」."""
    return "".join(half_width(text).split())


def postal_code(text: str) -> str:
    """As 123-4567, with or without its hyphen and 〒; what is none stays as it is."""
    digits = squeeze(with_hyphens(text)).replace("-", "").removeprefix("〒")
    return f"{digits[:3]}-{digits[3:]}" if digits.isascii() and digits.isdigit() and len(digits) == 7 else text


def has_mark(text: str) -> bool:
    """Whether a footnote's mark stands at a number: 600① and 600² are no 6001 and 6002. A mark alone is its number."""
    if text.isascii():
        return False
    marks = sum(each.isnumeric() and not each.isdecimal() and half_width(each).isascii() for each in text)
    return marks > 1 or (marks == 1 and any(each.isdecimal() for each in text))


def with_hyphens(text: str) -> str:
    """Half width, and everything that looks like a hyphen is one: a telephone number, a minus, a quote's number."""
    plain = half_width(text)
    return plain if plain.isascii() else plain.translate(_HYPHENS)
