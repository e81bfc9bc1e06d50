"""How English words show days and numbers of years, as the portal's English pages do."""

import re

_YEARS = re.compile(r"\b(\d+)((?: [a-z]+)*) year\(s\)")


def with_days(words: str) -> str:
    """The words with their places for days in the form of English pages: 2027-03-31."""
    return words.replace("%Y/%m/%d", "%Y-%m-%d")


def with_plurals(text: str) -> str:
    """A finished text in which “1 year(s)” is 1 year, and “3 further year(s)” are 3 further years."""
    return _YEARS.sub(lambda found: f"{found[1]}{found[2]} year{'' if found[1] == '1' else 's'}", text)
