"""HTML as text that can be compared, however the templates are indented."""

import re


def tight(text: str) -> str:
    """In one line, with no blank next to a tag: what is compared with it is written so, too, or passed through it."""
    return re.sub(r" ?(<[^>]*>) ?", r"\1", re.sub(r"[ \t\r\n]+", " ", text)).strip()
