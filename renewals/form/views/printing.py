"""In words: which characters cannot be printed, and where whoever reads it has them changed."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from foundation.text.printable import name_characters
from licensing.models import Contact, Customer, LicenseID, Product, Reseller, User
from licensing.operations.companies import RESELLER_FIELDS

from ...refusals import Unprintable
from ..forms import RenewalForm


@dataclass(frozen=True)
class Place:
    """One text with characters that cannot be printed."""

    characters: str
    """Each with its code point, for example `🍣 U+1F363`."""
    where: str
    url: str
    """Where the reader changes it, or asks whoever does; empty: nowhere."""
    who: str
    """Who changes it, where the reader cannot."""


def lay_out_place(found: Unprintable, *, user: User) -> Place:
    """The place as the user reaches it."""
    characters, row = name_characters(found.characters), found.row
    if row is None:
        if not found.field:
            return Place(characters, _("Another text of the quote"), "", _("Portal admins change this."))
        label = _("Own lines") if found.field.startswith("free-") else RenewalForm.base_fields[found.field].label
        return Place(characters, str(label), f"#id_{found.field}", "")
    column: Any = row._meta.get_field(found.field)
    label = capfirst(str(column.verbose_name))
    whose = row.code if isinstance(row, Product | LicenseID) else capfirst(str(row._meta.verbose_name))
    url, is_managers = _way_to(found, user)
    is_mine = url and (user.is_manager or isinstance(row, Contact))
    who = "" if is_mine else _("Your managers change this.") if is_managers else _("Portal admins change this.")
    return Place(characters, f"{whose}: {label}", url, who)


def _way_to(found: Unprintable, user: User) -> tuple[str, bool]:
    """The page where it is changed, as far as the user may open one, and whether managers may change it."""
    row = found.row
    if isinstance(row, Customer):
        return reverse("manage_customer" if user.is_manager else "customer", args=[row.pk]), True
    if isinstance(row, Contact):
        return reverse("contact", args=[row.pk]), True
    if isinstance(row, Reseller) and found.field in RESELLER_FIELDS:
        return reverse("manage_company") if user.is_manager else "", True
    if isinstance(row, User):
        return reverse("manage_person", args=[row.pk]) if user.is_manager else "", True
    return "", False
