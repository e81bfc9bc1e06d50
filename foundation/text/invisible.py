"""Characters that nobody sees, and that nevertheless make two texts differ: they come along when text is copied.

Only Python's standard library: the process that reads files imports this, and has to start quickly.
"""

import re

_INVISIBLE = (
    (0x0000, 0x0008),  # control characters; tab, line feed and the like are spaces, and stay
    (0x000E, 0x001F),
    (0x007F, 0x0084),
    (0x0086, 0x009F),
    (0x00AD, 0x00AD),  # soft hyphen
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x0600, 0x0605),  # from here: format characters (Cf), wherever no other reason is given
    (0x061C, 0x061C),
    (0x06DD, 0x06DD),
    (0x070F, 0x070F),
    (0x0890, 0x0891),
    (0x08E2, 0x08E2),
    (0x115F, 0x1160),  # Hangul fillers
    (0x17B4, 0x17B5),  # Khmer vowels that are not drawn
    (0x180B, 0x180F),  # Mongolian variation selectors
    (0x200B, 0x200F),  # zero-width space and joiners, marks of direction
    (0x202A, 0x202E),
    (0x2060, 0x206F),  # word joiner; invisible operators
    (0x3164, 0x3164),  # Hangul filler
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFEFF, 0xFEFF),  # byte order mark
    (0xFFA0, 0xFFA0),  # Hangul filler, half width
    (0xFFF0, 0xFFFB),
    (0xFFFE, 0xFFFF),  # no characters at all
    (0x110BD, 0x110BD),
    (0x110CD, 0x110CD),
    (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),  # tags, and the variation selectors of kanji
)
_FOUND = re.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in _INVISIBLE) + "]+")


def strip_invisible(text: str) -> str:
    """The text without characters that nobody sees: format and control characters, variation selectors, fillers.

    Spaces and line breaks of every kind stay. For whatever is compared, looked up or taken for a number or an
    address; a name that is printed keeps its variation selectors.
    """
    return text if text.isascii() and text.isprintable() else _FOUND.sub("", text)


def is_blank(text: str) -> bool:
    """Whether a person sees nothing there: the text is empty, or spaces and invisible characters only."""
    return not text or text.isspace() or not _FOUND.sub("", text).replace("\u2800", "").strip()
