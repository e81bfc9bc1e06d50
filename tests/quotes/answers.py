"""What the renewal form answers to an entry that it does not take."""

from collections.abc import Mapping
from typing import Any

from django.test import Client

from tests.making import everything_written
from tests.page import Page, send

URL = "/license-ids/LIC-1001/quote/"
NEW_EACH_TIME = {"csrfmiddlewaretoken", "seen_total"}


def kept(page: Page, entry: Mapping[str, Any]) -> dict[str, Any]:
    """What of an entry the answered form would not send again as it was typed."""
    fields = page.fields
    return {
        name: (value, fields.get(name))
        for name, value in entry.items()
        if name not in NEW_EACH_TIME and value is not None
        if fields.get(name) != (value if isinstance(value, list) else [value])
    }


def refuse(desk: Client, entry: Mapping[str, Any], url: str = URL, action: str = "issue") -> Page:
    """Send the entry; it is answered with the form, and nothing was written."""
    before = everything_written()
    page = Page(send(desk, url, entry, action))
    assert page.status == 422
    assert everything_written() == before
    return page
