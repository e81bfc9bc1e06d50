"""Rows of a check as people read them: what it is about, what is wrong, and the page where it is mended."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.text.language import in_language, name_of
from licensing.models import Customer, LicenseID, Product, User

from .others import with_read_key


@dataclass(frozen=True, slots=True)
class Finding:
    """One row."""

    subject: str
    """The license ID, customer, product or quote."""
    said: str
    """What is wrong, with its values."""
    customer: str = ""
    reseller: str = ""
    url: str = ""
    """Where it is mended; empty where the reader cannot."""
    act: str = ""
    """What is done there."""


class Reader:
    """Who reads: the ways that lead somewhere for them. None: a command, which leads nowhere."""

    def __init__(self, user: User | None) -> None:
        self.user = user

    def license_id(self, pk: int, code: str) -> tuple[str, str]:
        """Where what a license ID holds is corrected; who may not correct it, sees it."""
        if self.user is None or self.user.is_price_admin:
            return "", ""
        if self.user.is_portal_admin:
            return reverse("admin:licensing_licenseid_change", args=[pk]), _("Correct the license ID")
        if self.user.keeps_holdings:
            return reverse("holdings", args=[code]), _("Correct the holdings")
        return reverse("renewals:license-id", args=[code]), _("Open the license ID")

    def prices(self, pk: int, code: str) -> tuple[str, str]:
        """Where prices come in; a reseller's people can only look whether the product is the right one."""
        if self.user is not None and self.user.is_staff:
            return reverse("admin:pricing_pricelist_changelist"), _("Open the price lists")
        return self.license_id(pk, code)

    def product(self, product: Product) -> tuple[str, str]:
        if self.user is None or not self.user.is_staff:
            return "", ""
        return reverse("admin:licensing_product_change", args=[product.pk]), _("Open the product")

    def tax_rates(self) -> tuple[str, str]:
        if self.user is None or not self.user.is_staff:
            return "", ""
        return reverse("admin:pricing_taxrate_changelist"), _("Open the tax rates")

    def contacts(self, customer: Customer, *, is_new: bool) -> tuple[str, str]:
        if self.user is None or self.user.is_price_admin:
            return "", ""
        if self.user.is_portal_admin:
            return reverse("admin:licensing_customer_change", args=[customer.pk]), _("Open the customer")
        if is_new:
            return reverse("contact_new", args=[customer.pk]), _("Add a contact")
        return reverse("customer", args=[customer.pk]), _("Correct the contacts")

    def segment(self, customer: Customer) -> tuple[str, str]:
        if self.user is not None and self.user.is_manager:
            return reverse("manage_customer", args=[customer.pk]), _("Correct the customer")
        return self.contacts(customer, is_new=False)

    def order(self, status: Any) -> tuple[str, str]:
        if self.user is None or self.user.is_price_admin:
            return "", ""
        page = "renewals:carry-out" if self.user.is_reseller_staff else "quotes:detail"
        act = _("Carry out the renewal") if self.user.is_reseller_staff else _("Open the quote")
        return reverse(page, args=[status.quote.key]), act


def tell_holdings(rows: Sequence[Any], reader: Reader, sentence: Any, way: str) -> list[Finding]:
    """Of holdings. `sentence` takes `product`, `quantity`, `day` and `later`; `way`: a method of the reader."""
    found = []
    for row in rows:
        one = row.licenseid
        later = getattr(row, "later_on", None)
        said = str(sentence) % {
            "product": f"{name_of(row.product)} ({row.product.code})",
            "quantity": f"{row.quantity:,}",
            "day": date_format(row.support_expires_on),
            "later": date_format(later) if later else "",
            "made_for": row.product.segment,
            "is": one.customer.segment or "–",
        }
        lead = reader.segment(one.customer) if way == "segment" else getattr(reader, way)(one.pk, one.code)
        found.append(Finding(one.code, said, one.customer.name, one.customer.reseller.name, *lead))
    return found


def tell_sums(rows: Sequence[Any], reader: Reader, sentence: Any) -> list[Finding]:
    """Of a product's whole quantity in a license ID."""
    found = []
    for row in rows:
        name = in_language(row["product__name"], row["product__name_en"])
        said = str(sentence) % {
            "product": f"{name} ({row['product__code']})",
            "quantity": f"{row['quantity']:,}",
            "least": f"{row['least']:,}",
        }
        lead = reader.license_id(row["licenseid"], row["licenseid__code"])
        customer, reseller = row["licenseid__customer__name"], row["licenseid__customer__reseller__name"]
        found.append(Finding(row["licenseid__code"], said, customer, reseller, *lead))
    return found


def tell_license_ids(rows: Sequence[Any], reader: Reader, sentence: Any) -> list[Finding]:
    """Of license IDs alone."""
    return [
        Finding(
            row.code, str(sentence), row.customer.name, row.customer.reseller.name, *reader.license_id(row.pk, row.code)
        )
        for row in rows
    ]


def tell_alike(rows: Sequence[Any], reader: Reader, sentence: Any) -> list[Finding]:
    """Each with the others that read like it, of the resellers on the page; one query for all."""
    resellers = {row.customer.reseller_id for row in rows} if reader.user and reader.user.is_reseller_staff else None
    same = with_read_key(LicenseID.objects.all()).filter(read__in={row.read for row in rows})
    if resellers is not None:
        same = same.filter(customer__reseller__in=resellers)
    codes: dict[str, list[str]] = defaultdict(list)
    for read, code in same.order_by("code").values_list("read", "code"):
        codes[read].append(code)
    found = []
    for row in rows:
        said = str(sentence) % {"others": ", ".join(code for code in codes[row.read] if code != row.code)}
        lead = reader.license_id(row.pk, row.code)
        found.append(Finding(row.code, said, row.customer.name, row.customer.reseller.name, *lead))
    return found


def tell_customers(rows: Sequence[Any], reader: Reader, sentence: Any, *, is_new: bool) -> list[Finding]:
    return [
        Finding(row.name, str(sentence), "", row.reseller.name, *reader.contacts(row, is_new=is_new)) for row in rows
    ]


def tell_orders(rows: Sequence[Any], reader: Reader, sentence: Any) -> list[Finding]:
    found = []
    for row in rows:
        quote = row.quote
        day = date_format(row.ordered_on) if row.ordered_on else "–"
        said = str(sentence) % {"codes": quote.license_codes, "day": day}
        found.append(Finding(quote.number, said, quote.customer_name, quote.reseller.name, *reader.order(row)))
    return found


def tell_products(rows: Sequence[Any], reader: Reader, sentence: Any, *, way: str) -> list[Finding]:
    found = []
    for row in rows:
        lead = reader.tax_rates() if way == "tax_rates" else reader.product(row)
        said = str(sentence) % {"category": row.tax_category}
        found.append(Finding(f"{name_of(row)} ({row.code})", said, "", "", *lead))
    return found
