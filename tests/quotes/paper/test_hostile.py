"""Texts that try to be something else than text, and texts that cannot be printed."""

import pytest

from foundation.text.printable import VARIATION_SELECTORS, printable_characters, unprintable_characters
from quotes.paper import draw
from tests.quotes.paper.documents import make_document, make_filled_document
from tests.quotes.paper.reading import join, read_text

MARKUP = [
    '#let x = 1; #panic("no") #read("/etc/passwd")',
    "$x^2$ *bold* _soft_ `raw` ~ -- --- ... @ref <label>",
    "= heading\n- list\n+ number\n/ term: text",
    '\\ \\u{41} \\n \\" \' " #{ } [ ] // /* */',
    '</script><b onclick="x">&amp;&lt;',
    '"}{"data": null}',
    "%s %d {0} {name} {{}}",
    "https://example.invalid/?q=1&r=2#fragment",
]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_only_text(text: str) -> None:
    found = join(read_text(draw(document=make_filled_document(text))))
    assert found.count(join(text)) >= 10


@pytest.mark.parametrize(
    ("text", "drawn", "named"),
    [
        ("笑😀顔", "笑〓顔", ["😀"]),
        ("a\x00b\x07c\x1bd", "a〓b〓c〓d", ["\x00", "\x07", "\x1b"]),
        ("abc \u202edef\u202c", "abc 〓def〓", ["\u202e", "\u202c"]),
        ("שלום 1", "〓〓〓〓 1", ["ש", "ל", "ו", "ם"]),
        ("\ue000\ufffe\ud800", "〓〓〓", ["\ue000", "\ufffe", "\ud800"]),
        ("1\u20e3", "1〓", ["\u20e3"]),
        ("x\u0323y", "x〓y", ["\u0323"]),
        ("tab\there", "tab here", []),
        ("zero\u200bwidth\ufeff", "zerowidth", []),
        ("thin\u2009space", "thin space", []),
        ("か\u3099き e\u0301", "か\u3099き e\u0301", []),
        ("髙﨑𠮷㈱①￥～", "髙﨑𠮷㈱①￥～", []),
        ("葛\U000e0100", "葛\U000e0100", []),
    ],
)
def test_what_cannot_be_printed_is_replaced_and_named(text: str, drawn: str, named: list[str]) -> None:
    assert unprintable_characters(text) == named
    found = join(read_text(draw(document=make_filled_document(text))))
    assert found.count(join(drawn)) >= 10


def test_each_character_is_named_once() -> None:
    assert unprintable_characters("😀a😀🎉\n") == ["😀", "🎉"]


@pytest.mark.parametrize("run", ["W" * 400, "x-" * 3, "、" * 300, "ー" * 300, "ｱ" * 300, "\u00a0" * 80, "A1" * 200])
def test_long_words_are_complete_and_inside_the_page(run: str) -> None:
    found = join(read_text(draw(document=make_filled_document(run))))
    assert found.count(join(run)) >= 10


def test_addresses_can_be_copied_whole() -> None:
    """No invisible character in what is copied out of the PDF when the word fits its place."""
    email = "renewal.quotes@kitakanto.hokuto.example"
    pdf = draw(document=make_document(issuer={"email": email}, note=f"https://www.hokuto.example/{'a' * 30}"))
    assert f"メール {email}" in read_text(pdf).splitlines()


def test_every_printable_character_is_read_back() -> None:
    characters = {c for c in printable_characters() - VARIATION_SELECTORS if not c.isspace()} - {"|"}
    assert len(characters) > 44_000
    in_order = sorted(characters)
    rows = ["".join(in_order[start : start + 40]) for start in range(0, len(in_order), 40)]
    text = join(read_text(draw(document=make_document(note="\n".join(f"|{'|'.join(row)}|" for row in rows)))))
    assert characters - set(text.split("|")) == set()
