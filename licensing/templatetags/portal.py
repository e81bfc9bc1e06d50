"""How names and numbers are shown on every page."""

from collections.abc import Container, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.forms.widgets import Input
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from foundation.text.language import name_of, unit_of
from foundation.text.search import says_nothing

from ..models import User
from ..models.licenses import name_segment
from ..queries import may_enter_holdings

register = template.Library()


@register.filter(expects_localtime=True)
def machine_moment(at: datetime | None) -> str:
    """For `datetime` of a <time>: HTML knows no more than three digits of a second, and whole seconds say enough."""
    return at.isoformat(timespec="seconds") if at else ""


@register.filter
def named(thing: object) -> str:
    """The name of a product or programme in the page's language; the Japanese one where there is no other."""
    return name_of(thing)


@register.filter
def named_together(things: Iterable[object]) -> str:
    """The names of several, likewise."""
    return ", ".join(name_of(thing) for thing in things)


@register.filter
def belonging(user: User) -> str:
    """Where somebody belongs: the reseller, the customer, or else what they do for the portal."""
    return str(user.reseller or user.customer or user.get_role_display())


@register.filter
def may_enter(user: User) -> bool:
    """Whether somebody may enter what is held."""
    return may_enter_holdings(user)


@register.filter
def beginning(form: BaseForm) -> BaseForm:
    """A form that is all its page is for, begun in its first field. One that came back says itself where to go on."""
    first = next(iter(form.visible_fields()), None)
    if first is not None and not form.errors and isinstance(first.field.widget, Input):
        first.field.widget.attrs["autofocus"] = True
    return form


@register.filter
def wrong_fields(form: BaseForm) -> list[BoundField]:
    """Those fields of a form in which something is wrong, in the form's order. What is not shown leads nowhere."""
    return [field for field in form if field.errors and not field.is_hidden]


@register.filter
def place_of(field: BoundField) -> str:
    """The id of what takes the focus of a field: of choices, the first."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def unit(product: object) -> str:
    """What is counted of a product (本, クライアント …) in the page's language."""
    return unit_of(product)


@register.filter
def segment(code: str) -> str:
    """For whom a product is made, or what kind of customer somebody is, in the page's language."""
    return name_segment(code)


@register.filter
def grouped(number: int | None) -> str:
    """1234567 as 1,234,567."""
    return "" if number is None else f"{number:,}"


@register.filter
def in_words(value: object) -> str:
    """A value of the history: a day as days are written, yes or no, a number with separators, nothing as –."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date) and not isinstance(value, datetime):
        return date_format(value, "SHORT_DATE_FORMAT")
    return grouped(value) if isinstance(value, int) else str(value)


@register.filter
def short_yen(amount: int) -> str:
    """For a picture: ¥123.4万 in Japanese, ¥1.2M in English; exact amounts stand beside it."""
    if get_language() == "ja":
        return f"{amount / 10_000:,.0f}万" if amount >= 10_000 else f"{amount:,}"
    return f"{amount / 1_000_000:,.1f}M" if amount >= 100_000 else f"{amount / 1_000:,.0f}k"


@register.filter
def yen(amount: int | None) -> str:
    """1234567 as ¥1,234,567; less than nothing as ▲¥1,234,567."""
    if amount is None:
        return ""
    return f"▲¥{-amount:,}" if amount < 0 else f"¥{amount:,}"


@register.filter
def signed_yen(amount: int) -> str:
    """A difference: +¥1,234, ▲¥1,234 or ±¥0."""
    return f"{'+' if amount > 0 else '' if amount else '±'}{yen(amount)}"


@register.filter
def page_numbers(page: Page[Any]) -> Iterator[int | str]:
    """The numbers to walk to from a page: the first, the last, its neighbours, and … between."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


@register.filter
def is_unspecific(text: str) -> bool:
    """Whether something was typed by which nothing can be told apart: what a company is, or only marks."""
    return says_nothing(text)


@register.filter
def notice_look(level: str) -> str:
    """How a message looks (its class), by Django's name of its level."""
    return {"success": "ok", "error": "stop", "info": "info"}.get(level, "")


@register.filter
def is_marked_optional(field: BoundField) -> bool:
    """Whether a label says that the field may be left empty. A form whose fields explain that themselves has
    `marks_optional` False, or the names of those to be marked.
    """
    marked: bool | Container[str] = getattr(field.form, "marks_optional", True)
    return not field.field.required and (marked if isinstance(marked, bool) else field.name in marked)


@register.filter
def read_out(field: BoundField) -> SafeString:
    """A field whose label is not seen, only read out."""
    return field.as_widget(attrs={"aria-label": str(field.label)})


@register.filter
def button_look(tags: str) -> str:
    """How a button of the log-in pages looks (its class), by what allauth calls it."""
    if "link" in tags or "cancel" in tags:
        return "quiet"
    if "delete" in tags:
        return "danger"
    return "" if "secondary" in tags else "main"
