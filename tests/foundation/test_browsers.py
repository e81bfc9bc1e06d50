"""Browsers by the names that people know."""

import pytest
from django.utils import translation

from foundation.browsers import name_browser

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("user_agent", "english", "japanese"),
    [
        (CHROME, "Chrome, Windows", "Chrome、Windows"),
        (f"{CHROME} Edg/126.0.0.0", "Edge, Windows", "Edge、Windows"),
        (IPHONE, "Mobile Safari, iOS", "Mobile Safari、iOS"),
        ("curl/8.5.0", "curl", "curl"),
        ("Mozilla/5.0", "Unknown browser", "不明なブラウザー"),
        ("Mozilla/5.0 (compatible)", "Unknown browser", "不明なブラウザー"),
        ("x" * 300, "Unknown browser", "不明なブラウザー"),
        ("", "Unknown browser", "不明なブラウザー"),
    ],
)
def test_a_browser_is_named_in_words_and_never_by_what_it_calls_itself(user_agent, english, japanese):
    for language, name in (("en", english), ("ja", japanese)):
        with translation.override(language):
            assert name_browser(user_agent) == name
