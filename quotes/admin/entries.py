"""What was typed into the renewal form, in the form's own words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing.models import Holding
from licensing.templatetags.portal import named

BREAK = SafeString("<br>")
Entry = Mapping[str, Sequence[str]]


def draw_entry(entry: Entry) -> SafeString:
    """One a line, without what is empty and what only the page needs. One query, for the products held."""
    return format_html_join(BREAK, "{}: {}", (row for row in [*_whole(entry), *_held(entry), *_added(entry)] if row[1]))


def _first(entry: Entry, name: str) -> str:
    return next(iter(entry.get(name, ())), "").strip()


def _whole(entry: Entry) -> Iterator[tuple[Any, str]]:
    years = _first(entry, "years")
    if years.isdigit():
        years = ngettext("%(counter)s year", "%(counter)s years", int(years)) % {"counter": years}
    yield _("Term"), years
    yield _("Reduced renewal"), _("yes") if _first(entry, "is_reduced") else ""
    yield _("Subject"), _first(entry, "subject")
    yield _("Note to the customer"), _first(entry, "note")
    yield _("Add the calculation to the PDF"), _("yes") if _first(entry, "with_calculation") else ""


def _held(entry: Entry) -> Iterator[tuple[str, str]]:
    """Each holding by its product, with the quantity to renew; in the order of the form."""
    keys = [name.removeprefix("quantity-") for name in entry if name.startswith("quantity-")]
    keys = sorted((key for key in keys if key.isdigit() and len(key) < 18), key=int)
    rows = {str(row.pk): row for row in Holding.objects.filter(pk__in=keys).select_related("product")}
    for key in keys:
        row = rows.get(key)
        name = _("a holding that is gone") if row is None else f"{row.product.code} {named(row.product)}"
        yield name, _first(entry, f"quantity-{key}") if _first(entry, f"renew-{key}") else _("left out")


def _added(entry: Entry) -> Iterator[tuple[str, str]]:
    for name in entry:
        if name.startswith("addition-") and name.endswith("-product") and _first(entry, name):
            quantity = _first(entry, name.replace("-product", "-quantity"))
            yield _("Addition of %(code)s") % {"code": _first(entry, name)}, quantity or "–"
