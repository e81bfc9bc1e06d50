"""What the file of a quote is called when a customer saves it."""

import re
import unicodedata
from datetime import date

from .comparison import ComparisonDocument
from .comparison_wording import COMPARISON_WORDS
from .document import Document
from .wording import WORDINGS, name_license_ids

# Separators of paths and what file systems refuse.
HARMFUL = re.compile(r'[/\\:*?"<>|%]')
LONGEST_ISSUER = 60
"""In characters: with the rest, the name stays under the 255 bytes that file systems take."""


def download_name(*, document: Document) -> tuple[str, str]:
    """The file name, and one in ASCII for programs that cannot read it.

    `20261123_株式会社北斗システム_462000_Q2611-0042-00.pdf`: issue day, issuer, total, number. Of a quote over several
    license IDs the first stands at the end, and how many more: `…_TM-0048-2210 ほか2件.pdf`.
    The caller puts both into Content-Disposition (RFC 5987).
    """
    day = date.fromisoformat(document["issued_on"])
    draft = "draft" if document["number"] is None else document["number"]
    number = WORDINGS[document["language"]]["draft"] if document["number"] is None else draft
    issuer = document["issuer"]["name"]
    name = record_name(day=day, party=issuer, total=document["total"], number=number)
    ascii_name = record_name(day=day, party=issuer, total=document["total"], number=draft, is_ascii=True)
    codes = [make_harmless(part["license_id"]) for part in document["parts"]]
    if len(codes) > 1:
        name += f"_{name_license_ids(codes, language=document['language'])}"
        ascii_name += f"_{name_license_ids(codes, language='en').encode('ascii', 'ignore').decode()}"
    return f"{name}.pdf", f"{ascii_name}.pdf"


def comparison_name(*, document: ComparisonDocument) -> tuple[str, str]:
    """The file name of a comparison, and one in ASCII; without an amount, for it has several.

    `20261123_株式会社北斗システム_C2611-0007_比較表.pdf`
    """
    return name_comparison(document=document, party=document["issuer"]["name"])


def name_comparison(*, document: ComparisonDocument, party: str) -> tuple[str, str]:
    """The same with another party: for the reseller, that is the customer."""
    day, number = date.fromisoformat(document["made_on"]), make_harmless(document["number"])
    party = make_harmless(party)[:LONGEST_ISSUER].strip(" ._")
    plain = make_harmless(unicodedata.normalize("NFKD", party).encode("ascii", "ignore").decode()).strip(" ._")
    title = COMPARISON_WORDS[document["language"]]["title"]
    name, ascii_name = ("_".join(filter(None, (day.strftime("%Y%m%d"), one, number))) for one in (party, plain))
    return f"{name}_{title}.pdf", f"{ascii_name}_comparison.pdf"


def record_name(*, day: date, party: str, total: int, number: str, is_ascii: bool = False) -> str:
    """A record's file name without its ending: day, the other party, total, number, as records are searched by."""
    party = make_harmless(party)[:LONGEST_ISSUER].strip(" ._")
    number = make_harmless(number)
    if is_ascii:
        party = make_harmless(unicodedata.normalize("NFKD", party).encode("ascii", "ignore").decode()).strip(" ._")
        number = number.encode("ascii", "ignore").decode()
    return "_".join(part for part in (day.strftime("%Y%m%d"), party, str(total), number) if part)


def make_harmless(text: str) -> str:
    """The text as a part of a file name: no path, no control or reordering character, no line end."""
    text = "".join(" " if unicodedata.category(c)[0] == "Z" else c for c in text)
    text = "".join(c for c in text if unicodedata.category(c)[0] != "C")
    return HARMFUL.sub("-", text).strip(" .")
