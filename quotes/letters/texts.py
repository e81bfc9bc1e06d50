"""The letter as it will read: a reseller's standing text filled in for one recipient, with a link, a PDF, or both."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from licensing.models import User

from ..models import Quote
from .operations import letter_values
from .templates import template_of
from .words import LINK, MARKS, PATTERN, Letter, fill_in, has_link, language_of

ABOUT_LINK = re.compile(r"リンク|ページ|URL|アドレス|\blinks?\b|\bpage\b", re.IGNORECASE)
LEADS_TO_LINK = re.compile(r"こちら|下記|[:：]\s*$")
ABOUT_PDF = re.compile(r"添付|attach", re.IGNORECASE)
PDF_SENTENCE = {
    "ja": "見積書（PDF）を本メールに添付しております。ご確認をお願いいたします。",
    "en": "The quote is attached to this e-mail as a PDF.",
}


@dataclass(frozen=True)
class Filling:
    """For what a standing text was filled in."""

    to_name: str
    with_link: bool
    with_pdf: bool


def fill_letter(*, quote: Quote, sender: User, filling: Filling, template: Letter | None = None) -> Letter:
    """The reseller's text, or `template`, for this quote as it will read; only the link's address is still a mark
    (`MARKS`), for its token is made when the e-mail is sent. What is not sent is not spoken of.
    """
    language = language_of(quote)
    template = template or template_of(reseller=quote.reseller, language=language)
    values = letter_values(quote=quote, to_name=filling.to_name, sender=sender, link=MARKS[language])
    body = _with_pdf(template.body, language) if filling.with_pdf else template.body
    body = body if filling.with_link else without_link(body)
    return Letter(fill_in(template.subject, {**values, LINK: ""}).strip(), fill_in(body, values))


def carry_over(text: str, *, old: str, new: str) -> str:
    """A text that somebody edited, with what changed between two fillings: where they edited that very place, theirs
    stays.
    """
    if text == old:
        return new
    before, after, lines = old.split("\n"), new.split("\n"), text.split("\n")
    for kind, first, last, start, end in reversed(SequenceMatcher(None, before, after, autojunk=False).get_opcodes()):
        if kind == "equal":
            continue
        begin = first
        if first == last:  # only added: after the last line before it that says something
            while begin > 0 and not any(line.strip() for line in before[begin:first]):
                begin -= 1
        wanted = before[begin:last]
        found = [at for at in range(len(lines) - len(wanted) + 1) if lines[at : at + len(wanted)] == wanted]
        if found and any(line.strip() for line in wanted):
            lines[found[0] : found[0] + len(wanted)] = [*before[begin:first], *after[start:end]]
    return "\n".join(lines)


def without_link(text: str) -> str:
    """A text without the link, and without the paragraphs or lines beside it that only speak of it."""
    blocks = re.split(r"\n[ \t　]*(?:\n[ \t　]*)+", text)
    gone: set[int] = set()
    for at, block in enumerate(blocks):
        if not has_link(block):
            continue
        left = _lines_without_link(block)
        blocks[at] = left
        if not left.strip():
            gone.add(at)
            gone |= {near for near in (at - 1, at + 1) if 0 <= near < len(blocks) and _speaks_of_link(blocks[near])}
    return "\n\n".join(block for at, block in enumerate(blocks) if at not in gone)


def _lines_without_link(block: str) -> str:
    lines = block.split("\n")
    linked = [at for at, line in enumerate(lines) if has_link(line)]
    beside = {near for at in linked for near in (at - 1, at + 1) if 0 <= near < len(lines)}
    gone = {*linked, *(at for at in beside if _speaks_of_link(lines[at]) or LEADS_TO_LINK.search(lines[at]))}
    return "\n".join(line for at, line in enumerate(lines) if at not in gone)


def _speaks_of_link(text: str) -> bool:
    """Of the link and of nothing that the customer has to know besides."""
    return bool(ABOUT_LINK.search(text)) and not (set(PATTERN.findall(text)) - {LINK})


def _with_pdf(body: str, language: str) -> str:
    """A sentence about the attachment beside the link, unless the text speaks of it already."""
    if ABOUT_PDF.search(body) or not has_link(body):
        return body
    blocks = re.split(r"(\n[ \t　]*(?:\n[ \t　]*)+)", body)
    at = next(place for place, block in enumerate(blocks) if has_link(block))
    following = at + 2
    if following < len(blocks) and _speaks_of_link(blocks[following]):
        at = following
    return "".join([*blocks[: at + 1], "\n\n", PDF_SENTENCE[language], *blocks[at + 1 :]])
