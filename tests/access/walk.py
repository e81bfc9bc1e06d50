"""Every address of the portal, found by walking the URL configuration."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

EXAMPLES = {
    "app_label": "pricing",
    "content_type_id": "1",
    "name": "seal",
    "url": "no/such/page/",
    "kind": "xlsx",
}
"""For arguments that name no object."""


@dataclass(frozen=True)
class Address:
    """An address as the URL configuration has it."""

    name: str
    """With its namespace. One without a name is called by its route."""
    route: str

    @property
    def arguments(self) -> list[str]:
        return re.findall(r"<(?:\w+:)?(\w+)>", self.route)

    def path(self, values: Mapping[str, object]) -> str:
        """The address of an object. Raises KeyError for an argument that has no value."""
        values = EXAMPLES | dict(values)
        found = re.sub(r"\(\?P<(\w+)>[^)]+\)", lambda match: str(values[match[1]]), self.route)
        found = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(values[match[1]]), found)
        return "/" + re.sub(r"[\^$]", "", found).replace("\\", "")


def all_addresses() -> list[Address]:
    """All of them, Django admin's and those of packages included."""
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, before: str, space: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        route = f"{before}{entry.pattern}"
        if isinstance(entry, URLPattern):
            yield Address(f"{space}{entry.name}" if entry.name else route, route)
        else:
            yield from _walk(entry, route, f"{space}{entry.namespace}:" if entry.namespace else space)
