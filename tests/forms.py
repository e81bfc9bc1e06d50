"""What a browser sends with a form that it was shown."""

from html.parser import HTMLParser
from typing import Any


class FormReader(HTMLParser):
    """The forms of a page: their attributes, and what they send where nobody touches them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[dict[str, str | None], dict[str, list[str]]]] = []
        self.is_inside = False
        self.select = self.textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form":
            self.forms.append((given, {}))
            self.is_inside = True
        if not self.is_inside:
            return
        sent = self.forms[-1][1]
        if tag == "input" and name and given.get("type") not in ("submit", "button", "file"):
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                sent.setdefault(name, []).append(value or ("on" if given.get("type") == "checkbox" else ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            sent.setdefault(self.select, []).append(value)
        elif tag == "textarea":
            self.textarea = name
            sent[name] = [""]

    def handle_data(self, data: str) -> None:
        if self.textarea and self.is_inside:
            self.forms[-1][1][self.textarea][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            if self.is_inside:  # browsers leave out the line end after the tag
                sent = self.forms[-1][1]
                sent[self.textarea] = [sent[self.textarea][0].removeprefix("\n")]
            self.textarea = ""


def sent_by(page: Any, having: str) -> dict[str, Any]:
    """What the form of the page that has this field sends, as it was shown."""
    reader = FormReader()
    reader.feed(page.content.decode())
    [found] = [fields for _given, fields in reader.forms if having in fields]
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}
