"""Reads the portal's pages as a person and a browser do: what they say, and what their form would send."""

from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

VOID = {"input", "meta", "link", "br", "img", "hr"}
INLINE = {"a", "b", "code", "i", "span", "time"}

Entry = dict[str, list[str]]
"""Field name to texts, as a form sends them."""


class Element:
    """One element of a page."""

    def __init__(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element | str] = []

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name) or ""

    def has_class(self, name: str) -> bool:
        return name in self["class"].split()

    def walk(self) -> Iterator["Element"]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def raw(self) -> str:
        text = "".join(child if isinstance(child, str) else child.raw() for child in self.children)
        return text.removeprefix("\n") if self.tag == "textarea" else text  # as browsers read it

    def words(self) -> str:
        parts = (child if isinstance(child, str) else child.words() for child in self.children)
        text = "".join(parts)
        return text if self.tag in INLINE else f" {text} "

    def text(self) -> str:
        return " ".join(self.words().split())


class TreeBuilder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.path = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.path[-1].children.append(element)
        if tag not in VOID:
            self.path.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.path[-1].tag == tag, f"<{self.path[-1].tag}> is closed by </{tag}>"
        self.path.pop()

    def handle_data(self, data: str) -> None:
        self.path[-1].children.append(data)


class Page:
    """A page that was answered."""

    def __init__(self, response: HttpResponse) -> None:
        self.status = response.status_code
        builder = TreeBuilder()
        builder.feed(response.content.decode())
        self.root = builder.root

    def all(self, wanted: Callable[[Element], bool]) -> list[Element]:
        return [element for element in self.root.walk() if wanted(element)]

    def by_id(self, name: str) -> Element:
        [element] = self.all(lambda element: element["id"] == name)
        return element

    def has_id(self, name: str) -> bool:
        return bool(self.all(lambda element: element["id"] == name))

    @property
    def text(self) -> str:
        return self.by_id("main").text()

    @property
    def messages(self) -> list[str]:
        """What is said once, after something was done."""
        boxes = self.all(lambda element: element.has_class("messages"))
        return [element.text() for box in boxes for element in box.walk() if element.tag == "p"]

    @property
    def notices(self) -> list[str]:
        """What the form itself says above everything."""
        found = self.all(lambda element: element.has_class("notice") and element["role"] == "alert")
        return [element.text() for element in found if element["id"] != "update-failed"]

    @property
    def refusals(self) -> list[tuple[str, str]]:
        """Code and words of each thing that is wrong, without the buttons that cure it."""
        if not self.has_id("refusals"):
            return []
        items = [element for element in self.by_id("refusals").walk() if element.tag == "li"]
        for item in items:
            item.children = [
                child
                for child in item.children
                if isinstance(child, str) or child.tag != "span" or not child.has_class("remedies")
            ]
        return [(item["data-code"], item.text()) for item in items]

    @property
    def codes(self) -> list[str]:
        return [code for code, _ in self.refusals]

    @property
    def warnings(self) -> dict[str, str]:
        """Code and words of each warning."""
        found = self.all(lambda element: element.tag == "div" and element.has_class("notice") and element["id"] == "")
        return {element["data-code"]: element.text() for element in found if element["data-code"]}

    @property
    def lines(self) -> list[str]:
        return [element.text() for element in self.all(lambda element: element.has_class("line"))]

    @property
    def total(self) -> str:
        """The large figure."""
        [box] = self.all(lambda element: element.has_class("total"))
        return next(element.text() for element in box.walk() if element.has_class("num"))

    @property
    def sums(self) -> dict[str, str]:
        """The figures below the total, by their names."""
        [box] = self.all(lambda element: element.has_class("sums"))
        names = [element.text() for element in box.walk() if element.tag == "dt"]
        return dict(zip(names, (element.text() for element in box.walk() if element.tag == "dd"), strict=True))

    def errors_of(self, name: str) -> list[str]:
        """What is said below a field or the fields of a row: `years`, `subject`, a holding's number, `addition-0` …"""
        fields = (name, f"renew-{name}", f"quantity-{name}", f"{name}-product", f"{name}-quantity")
        places = self.all(lambda element: element["id"] in {f"id_{field}_error" for field in fields})
        assert places, f"there is no field {name}"
        return [element.text() for place in places for element in place.walk() if element.tag == "p"]

    @property
    def fields(self) -> Entry:
        """What the form would send now, pressing none of its buttons."""
        return read_entry(self.by_id("quote-form"))


def read_entry(form: Element) -> Entry:
    entry: Entry = {}
    for element in form.walk():
        name = element["name"]
        if not name or "disabled" in element.attributes:
            continue
        if element.tag == "input" and element["type"] in {"checkbox", "radio"}:
            if "checked" in element.attributes:
                entry.setdefault(name, []).append(element["value"] or "on")
        elif element.tag == "input":
            entry.setdefault(name, []).append(element["value"])
        elif element.tag == "textarea":
            entry.setdefault(name, []).append(element.raw())
        elif element.tag == "select":
            options = [option for option in element.walk() if option.tag == "option"]
            chosen = [option for option in options if "selected" in option.attributes] or options[:1]
            entry.setdefault(name, []).append(chosen[-1]["value"])
    return entry


def open_form(client: Client, url: str) -> Page:
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return Page(response)


def send(client: Client, url: str, entry: Mapping[str, Any], action: str = "", **options: Any) -> HttpResponse:
    """Send the form as a browser does, pressing the button of that action. None as a value: the field is not sent."""
    data = {name: value for name, value in entry.items() if value is not None}
    if action:
        data["action"] = action
    body = urlencode(data, doseq=True)
    response: HttpResponse = client.post(url, body, content_type="application/x-www-form-urlencoded", **options)
    return response
