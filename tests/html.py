"""HTML as text that can be compared, however the templates are indented."""

import re


def tight(text: str) -> str:
    """In one line, with no blank next to a tag: what is compared with it is written so, too, or passed through it."""
    return re.sub(r"\s*(<[^>]*>)\s*", lambda tag: " ".join(tag[1].split()), " ".join(text.split()))
