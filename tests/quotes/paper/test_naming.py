"""The names under which a quote is saved."""

import pytest

from quotes.paper import download_name
from tests.quotes.paper.documents import make_document


def test_day_issuer_total_and_number() -> None:
    assert download_name(document=make_document(total=462000)) == (
        "20261123_株式会社北斗システム_462000_Q2611-0042-00.pdf",
        "20261123_462000_Q2611-0042-00.pdf",
    )


@pytest.mark.parametrize(
    ("issuer", "name", "ascii_name"),
    [
        ("Hokuto Systems", "Hokuto Systems", "Hokuto Systems"),
        ("../../etc/passwd", "-..-etc-passwd", "-..-etc-passwd"),
        ('A\r\nB\x00C"D;E%F', "ABC-D;E-F", "ABC-D;E-F"),
        ("北斗\u202eシステム\u3000本店", "北斗システム 本店", ""),
        ("Ｈｏｋｕｔｏ", "Ｈｏｋｕｔｏ", "Hokuto"),
        ("／＼", "／＼", "--"),
        ("   ", "", ""),
    ],
)
def test_the_issuer_cannot_do_harm(issuer: str, name: str, ascii_name: str) -> None:
    def around(part: str) -> str:
        return "_".join(filter(None, ["20261123", part, "1140216", "Q2611-0042-00"])) + ".pdf"

    assert download_name(document=make_document(issuer={"name": issuer})) == (around(name), around(ascii_name))


def test_a_draft_says_so() -> None:
    japanese, ascii_name = download_name(document=make_document(number=None))
    assert japanese == "20261123_株式会社北斗システム_1140216_下書き.pdf"
    assert ascii_name == "20261123_1140216_draft.pdf"


def test_a_name_fits_a_file_system() -> None:
    name, _ = download_name(document=make_document(issuer={"name": "長" * 500}))
    assert len(name.encode()) <= 255
