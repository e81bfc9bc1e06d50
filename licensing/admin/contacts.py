"""Contacts of customers in the administration."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.fields import AddressField, PlainField

from ..contacts.operations import CONTACT_FIELDS
from ..models import Contact
from ..queries import purposes_of
from .history import HistoryAdmin


class ContactForm(forms.ModelForm):
    class Meta:
        model = Contact
        fields = (*CONTACT_FIELDS, "customer", "is_gone")
        field_classes = {"email": AddressField, "phone": PlainField}


@admin.register(Contact)
class ContactAdmin(HistoryAdmin):
    """Whoever is removed is marked as such, for quotes and their history name them: nothing is deleted here."""

    form = ContactForm
    list_display = ("name", "customer", "reseller", "department", "email", "phone", "purposes", "is_gone")
    list_filter = ("is_gone", "customer__reseller", "for_quotes", "for_technical", "for_billing", "language")
    list_select_related = ("customer__reseller",)
    lookups = ("customer__id__exact",)
    search_fields = ("search_key", "customer__search_key")
    search_help_text = _("Name, kana or e-mail address of the contact, or the customer's name or kana.")
    autocomplete_fields = ("customer",)
    fieldsets = (
        (None, {"fields": ("customer", "name", "kana", "department", "language")}),
        (_("How they are reached"), {"fields": ("email", "phone")}),
        (_("What they are for"), {"fields": ("for_quotes", "for_technical", "for_billing", "is_gone")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("reseller"), ordering="customer__reseller__name")
    def reseller(self, contact: Contact) -> str:
        return contact.customer.reseller.name

    @admin.display(description=pgettext_lazy("of a contact", "for"))
    def purposes(self, contact: Contact) -> str:
        return ", ".join(purposes_of(contact))
