"""E-mail addresses as people type and copy them: one address, or a list as a mail program copies it.

Whether mail servers take what comes out is another question (`foundation.text.validators.validate_address`).
"""

import re
from dataclasses import dataclass

from . import strip_invisible
from .typed import DASHES, LINES, half_width

_HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_MARKS = _HALF_WIDTH | str.maketrans("〈〉《》≪≫“”„″‘’｡。", '<><><>""""\'\'..')
"""Marks that structure a list of addresses, typed by an input method; names lose no more than their full width."""
_DASHES = dict.fromkeys(map(ord, DASHES.replace("ー", "") + LINES), "-")
_BRACKETED = re.compile(r"<([^<>]*)>")
_IN_OTHER_BRACKETS = re.compile(r"[\[(]\s*(?:mailto:)?([^\s\[\]()<>@]+@[^\s\[\]()<>@]+)\s*[\])]", re.IGNORECASE)
_SEPARATOR = re.compile(r"[;,、\r\n\t\v\f\x85\u2028\u2029]")
_CLOSING = ".,;:、"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address, and the name that stood beside it."""

    name: str
    address: str


def clean_address(text: str) -> str:
    """One address, typed in any width and case, or copied with what nobody sees: as it is stored and compared.

    A Japanese domain keeps its ー, which elsewhere is a mistyped hyphen. Nothing is judged: what is no address stays
    none.
    """
    plain = half_width(text).translate(_MARKS).translate(_DASHES)
    plain = re.sub(r"[^.@]+", lambda label: _with_hyphens(label[0]), plain).strip()
    plain = re.sub(r"^mailto:", "", plain, flags=re.IGNORECASE).strip()
    return plain.strip("'\"<>").strip().lower()


def read_addresses(text: str) -> list[Mailbox]:
    """Every address of a list, in its order, each once: `氏名 <a@example.jp>; 氏名 <b@example.jp>` are two.

    Separated by semicolons, commas, 、, line breaks or spaces, in any width; names may stand in quotation marks and
    hold commas there. What stands for itself and is no address comes back as it is, to be told, never left out.
    """
    plain = strip_invisible(text).translate(_MARKS)
    plain = _IN_OTHER_BRACKETS.sub(r"<\1>", plain)
    found: list[Mailbox] = []
    begun = ""
    pieces = [piece for piece in _split(plain) if piece.strip()]
    for piece, following in zip(pieces, [*pieces[1:], ""], strict=False):
        if _is_name(piece, following):  # `佐伯, 美和 <a@example.jp>`: the name goes on; without an address it is wrong
            begun = f"{begun} {piece}".strip()
            continue
        end = 0
        for match in _BRACKETED.finditer(piece):
            before = re.split("[<>]", piece[end : match.start()])[-1]
            name, address = _tidy(f"{begun} {before}"), clean_address(match[1])
            found.append(Mailbox("" if clean_address(name) == address else name, address))
            begun, end = "", match.end()
        rest = _without_marks(piece[end:])
        if rest and begun:
            found.append(Mailbox("", _tidy(begun)))
            begun = ""
        found += _words(rest)
    if begun:
        found.append(Mailbox("", _tidy(begun)))
    once: dict[str, Mailbox] = {}
    for mailbox in found:
        once.setdefault(mailbox.address, mailbox)
    return list(once.values())


def read_address(text: str) -> Mailbox:
    """One address with its name, if one stands there; of what is none, or several, the whole text as an address."""
    found = read_addresses(text)
    return found[0] if len(found) == 1 else Mailbox("", clean_address(text))


def _with_hyphens(label: str) -> str:
    return label.replace("ー", "-") if label.replace("ー", "").isascii() else label


def _split(text: str) -> list[str]:
    """At separators, but neither between quotation marks nor between angle brackets, if they are closed."""
    kept = (match.span() for match in re.finditer(r'"[^"\r\n]*"|<[^<>\r\n]*>', text))
    first, last = next(kept, (0, 0))
    pieces, start = [], 0
    for separator in _SEPARATOR.finditer(text):
        while last and last <= separator.start():
            first, last = next(kept, (0, 0))
        if first < separator.start() < last - 1:
            continue
        pieces.append(text[start : separator.start()])
        start = separator.end()
    return [*pieces, text[start:]]


def _is_name(piece: str, following: str) -> bool:
    """Words without anything of an address: a typing error in an address has a dot at least. Latin letters are a name
    (`Saeki, Miwa <a@example.jp>`) before a further name with its address only.
    """
    has_address = any(mark in piece for mark in "@<>.")
    return not has_address and (not piece.strip().isascii() or bool(re.match(r"\s*\w[^<>@]*<", following)))


def _words(text: str) -> list[Mailbox]:
    """Addresses between spaces; Japanese words before one are its name, others are wrong."""
    found, name = [], ""
    for word in text.split():
        address = clean_address(_without_marks(word))
        if "@" not in word and not word.isascii():
            name = f"{name} {word}".strip()
        elif address:
            found.append(Mailbox(_tidy(name), address))
            name = ""
    return [*found, Mailbox("", _tidy(name))] if name else found


def _without_marks(text: str) -> str:
    """Marks end a sentence; a dot before an address is part of another address, or of none."""
    return text.rstrip(_CLOSING + " ").lstrip(_CLOSING.replace(".", "") + " ")


def _tidy(name: str) -> str:
    return " ".join(name.replace('"', " ").strip(" '").split())
