"""Customers in the administration."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Count, Field, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from foundation.administration.files import FilesAdmin

from ..forms import ask_about, read_known, segment_field
from ..forms.typed import PostalCodeField
from ..models import Customer
from ..models.licenses import name_segment
from ..operations.companies import LooksLikeExisting, refuse_look_alikes
from ..queries import segments_in_use
from .history import HistoryAdmin
from .resources import CustomerResource


class NewCustomerForm(forms.ModelForm):
    """Asks about a new customer that looks like an existing one of its reseller."""

    look_alikes: tuple[Customer, ...] | list[Customer] = ()

    class Meta:
        model = Customer
        fields = ("postal_code",)
        field_classes: ClassVar[dict[str, Any]] = {"postal_code": PostalCodeField}

    def clean(self) -> Any:
        """In one transaction with the saving, as Django's own page has it: the reseller stays locked until its end."""
        cleaned = super().clean() or self.cleaned_data
        reseller, name = cleaned.get("reseller"), cleaned.get("name")
        if self.instance.pk is None and reseller and name:
            try:
                refuse_look_alikes(
                    reseller=reseller, name=name, kana=cleaned.get("kana", ""), known=read_known(self.data)
                )
            except LooksLikeExisting as existing:
                self.look_alikes = existing.customers
                self.add_error(None, ask_about(existing))
        return cleaned


@admin.register(Customer)
class CustomerAdmin(FilesAdmin, HistoryAdmin):
    resource_classes = (CustomerResource,)
    form = NewCustomerForm
    list_display = ("name", "kana", "reseller", "department", "person", "segment_name", "language", "license_count")
    list_filter = ("reseller", "language", "segment", ("owner", admin.EmptyFieldListFilter))
    list_select_related = ("reseller", "owner")
    search_fields = ("search_key", "contact_key")
    search_help_text = _(
        "Company name, kana or contact person. "
        "㈱ and 株式会社, full and half width, hiragana and katakana are the same."
    )
    autocomplete_fields = ("reseller", "owner")
    readonly_fields = ("license_link", "transfers")
    fieldsets = (
        (None, {"fields": ("reseller", "owner", "name", "kana", "segment", "language", "license_link", "transfers")}),
        (_("Addressee of quotes"), {"fields": ("postal_code", "address", "department", "person")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        rows: QuerySet[Customer] = super().get_queryset(request).annotate(license_count=Count("license_ids"))
        return rows

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The reseller is changed on a page of its own, where one sees first what that does."""
        return self.readonly_fields if obj is None else ("reseller", *self.readonly_fields)

    @admin.display(description=_("transfers"))
    def transfers(self, customer: Any) -> str | SafeString:
        if not customer.pk:
            return "–"
        if customer.merged_into:
            url = reverse("admin:licensing_customer_change", args=[customer.merged_into_id])
            return format_html('{} <a href="{}">{}</a>', _("merged into"), url, customer.merged_into)
        merge, change = (
            reverse(f"renewals:{name}", args=[customer.pk]) for name in ("merge-customer", "change-reseller")
        )
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>',
            merge, _("Merge with another customer"), change, _("Change of reseller"),
        )  # fmt: skip

    @admin.display(description=_("customer segment"), ordering="segment")
    def segment_name(self, customer: Customer) -> str:
        return name_segment(customer.segment)

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """The segment is chosen, in words."""
        if db_field.name != "segment":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return segment_field(Customer, segments_in_use())

    @admin.display(description=_("license IDs"), ordering="license_count")
    def license_count(self, customer: Any) -> int:
        return int(customer.license_count)

    @admin.display(description=_("license IDs"))
    def license_link(self, customer: Any) -> str | SafeString:
        if not customer.pk:
            return str(_("After saving, license IDs can be added to the customer."))
        url = reverse("admin:licensing_licenseid_changelist", query={"customer__id__exact": customer.pk})
        text = ngettext("%(count)d license ID", "%(count)d license IDs", customer.license_count)
        return format_html('<a href="{}">{}</a>', url, text % {"count": customer.license_count})
