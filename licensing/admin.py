"""Master data in the administration: resellers, people, customers, products, license IDs.

Only portal admins come in here. A portal admin has every permission (`is_superuser`), nobody else has any:
`UserAdmin.save_model` keeps the two together, so there are no groups or single permissions to look after.
"""

import base64
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar, NamedTuple

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AdminFileWidget, AutocompleteSelect, RelatedFieldWidgetWrapper
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, ReadOnlyPasswordHashWidget, UserChangeForm
from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.models import Group
from django.db.models import Count, Field, FileField, ForeignKey, Min, Q, QuerySet
from django.db.models.fields.files import FieldFile
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from .models import Customer, Holding, LicenseID, Product, Programme, Reseller, User
from .models.text import search_key

admin.site.unregister([Group, EmailAddress])

SOON_DAYS = (30, 60, 90)
"""The filter by support expiry offers these spans."""


def row_numbers(texts: Iterable[object]) -> list[str]:
    """Those of the texts that can be the number of a row. The database is not asked for any other."""
    return [str(text) for text in texts if re.fullmatch(r"[0-9]{1,18}", str(text))]


class FetchedChoice(AutocompleteSelect):
    """A choice that is fetched as one types. Where what was sent cannot be a row, nothing is shown as chosen."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, row_numbers(value), attr)


class SearchAdmin(admin.ModelAdmin):
    """Searches as people type: every word must be found, and ㈱, full width, kana kind and spaces do not matter.

    A field named `search_key` is compared with the word's own search key, any other without regard to width and case.
    """

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in search_term.split():
            key, plain = search_key(word), unicodedata.normalize("NFKC", word)
            found = Q()
            for name in self.get_search_fields(request):
                if name.endswith("search_key"):
                    found |= Q(**{f"{name}__contains": key})
                else:
                    found |= Q(**{f"{name}__icontains": plain})
            queryset = queryset.filter(found)
        return queryset, False

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **options: Any) -> Any:
        """Do to the ticked rows what was chosen. What cannot be a row was not ticked."""
        posted: Any = request.POST.copy()
        posted.setlist(ACTION_CHECKBOX_NAME, row_numbers(posted.getlist(ACTION_CHECKBOX_NAME)))
        request.POST = posted
        return super().response_action(request, queryset, *args, **options)

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = FetchedChoice(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """A choice offers no button to delete what is chosen: it would be gone everywhere."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = False
        return field


class NamedLink(NamedTuple):
    url: str
    name: str

    def __str__(self) -> str:
        return self.name


class PictureWidget(AdminFileWidget):
    """A file field whose link leads through the administration: uploaded files have no public address."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        if isinstance(value, FieldFile) and value and value.instance.pk:
            url = reverse("admin:licensing_reseller_picture", args=[value.instance.pk, value.field.name])
            context["widget"]["value"] = NamedLink(url, str(value.name))
        return context


@admin.register(Reseller)
class ResellerAdmin(SearchAdmin):
    list_display = ("name", "code", "registration_number", "validity_days", "tax_rounding", "has_seal")
    list_filter = ("tax_rounding",)
    search_fields = ("name", "code", "email")
    readonly_fields = ("pictures",)
    formfield_overrides: ClassVar[dict[Any, Any]] = {FileField: {"widget": PictureWidget}}
    fieldsets = (
        (None, {"fields": ("code", "name")}),
        (
            _("As printed on quotes"),
            {
                "fields": ("postal_code", "address", "phone", "email", "registration_number"),
                "description": _("A change counts for quotes issued from now on. Issued quotes keep what they say."),
            },
        ),
        (_("Seal and logo"), {"fields": ("pictures", "seal", "logo")}),
        (
            _("Terms"),
            {
                "fields": (
                    "delivery",
                    "delivery_en",
                    "payment_terms",
                    "payment_terms_en",
                    "validity_days",
                    "tax_rounding",
                )
            },
        ),
    )

    @admin.display(description=_("seal"), boolean=True)
    def has_seal(self, reseller: Reseller) -> bool:
        return bool(reseller.seal)

    @admin.display(description=_("at present"))
    def pictures(self, reseller: Reseller) -> str | SafeString:
        shown = SafeString("")
        for field, label in ((reseller.seal, _("Seal image")), (reseller.logo, _("Logo"))):
            if field:
                shown += format_html('<img src="{}" alt="{}" height="80"> ', picture_as_data(field), label)
        return shown or str(_("Neither a seal nor a logo. Quotes say 押印省略 (seal omitted)."))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.picture)
        return [path("<int:pk>/picture/<slug:name>/", view, name="licensing_reseller_picture"), *super().get_urls()]

    def picture(self, request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
        """The uploaded file itself, to download."""
        reseller = get_object_or_404(Reseller, pk=pk)
        field = {"seal": reseller.seal, "logo": reseller.logo}.get(name)
        if not field or not self.has_view_permission(request, reseller):
            raise Http404
        return FileResponse(field.open(), as_attachment=True)


def picture_as_data(field: FieldFile) -> str:
    """The picture as a data address, so that it shows without being served. Empty where the file is gone."""
    try:
        with field.open() as file:
            content = file.read()
    except OSError:
        return ""
    kind = "png" if content.startswith(b"\x89PNG") else "jpeg" if content.startswith(b"\xff\xd8") else "svg+xml"
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


class UserAddForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name", "role", "reseller", "customer")
        field_classes: ClassVar[dict[str, Any]] = {}

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class PasswordState(ReadOnlyPasswordHashWidget):
    """Whether there is a password. What is stored of it tells a person nothing."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        is_set = bool(value) and is_password_usable(value)
        context["summary"] = [{"label": _("A password is set.") if is_set else _("No password is set.")}]
        return context


class UserEditForm(UserChangeForm):
    class Meta:
        model = User
        fields = ("email", "name", "role", "reseller", "customer", "is_active", "password")
        field_classes: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].widget = PasswordState()
        self.fields["password"].help_text = ""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


@admin.register(User)
class UserAdmin(SearchAdmin, DjangoUserAdmin):
    form = UserEditForm
    add_form = UserAddForm
    list_display = ("email", "name", "role", "company", "is_active", "last_login")
    list_filter = ("role", "is_active", "reseller")
    list_select_related = ("reseller", "customer")
    search_fields = ("email", "name", "reseller__name", "customer__search_key")
    ordering = ("email",)
    filter_horizontal = ()
    autocomplete_fields = ("reseller", "customer")
    readonly_fields = ("last_login", "joined_at")
    _company: ClassVar[Any] = (
        _("Role and company"),
        {
            "fields": ("role", "reseller", "customer"),
            "description": _(
                "Reseller staff: choose their reseller. Customer contact: choose their customer. "
                "Portal admin: leave both empty; portal admins may do everything here."
            ),
        },
    )
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("email", "password", "name")}),
        _company,
        (_("Log-in"), {"fields": ("is_active", "last_login", "joined_at")}),
    )
    add_fieldsets: Any = (
        (None, {"fields": ("email", "name")}),
        _company,
        (pgettext_lazy("for logging in", "Password"), {"fields": ("usable_password", "password1", "password2")}),
    )

    @admin.display(description=_("company"), ordering=Coalesce("reseller__name", "customer__name"))
    def company(self, user: User) -> str:
        return str(user.reseller or user.customer or "-")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody takes their own role or log-in away: there might be nobody left to give it back."""
        own = ("role", "reseller", "customer", "is_active") if obj is not None and obj == request.user else ()
        return (*self.readonly_fields, *own)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return obj != request.user and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Every portal admin, and nobody else, gets all permissions. An address that was replaced stops working."""
        obj.is_superuser = obj.role == User.Role.ADMIN
        super().save_model(request, obj, form, change)
        EmailAddress.objects.filter(user_id=obj.pk).exclude(email=obj.email).delete()


@admin.register(Customer)
class CustomerAdmin(SearchAdmin):
    list_display = ("name", "kana", "reseller", "department", "person", "language", "license_count")
    list_filter = ("reseller", "language")
    list_select_related = ("reseller",)
    search_fields = ("search_key",)
    search_help_text = _(
        "Company name or kana. ㈱ and 株式会社, full and half width, hiragana and katakana are the same."
    )
    autocomplete_fields = ("reseller",)
    readonly_fields = ("license_link",)
    fieldsets = (
        (None, {"fields": ("reseller", "name", "kana", "language", "license_link")}),
        (_("Addressee of quotes"), {"fields": ("postal_code", "address", "department", "person")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        rows: QuerySet[Customer] = super().get_queryset(request).annotate(license_count=Count("license_ids"))
        return rows

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


@admin.register(Programme)
class ProgrammeAdmin(SearchAdmin):
    list_display = ("name", "code", "name_en", "rank_basis")
    list_filter = ("rank_basis",)
    search_fields = ("code", "name", "name_en")


@admin.register(Product)
class ProductAdmin(SearchAdmin):
    list_display = ("code", "name", "programme", "segment", "unit", "is_multi_year_discountable", "tax_category")
    list_filter = ("programme", "segment", "is_multi_year_discountable")
    list_select_related = ("programme",)
    search_fields = ("search_key",)
    autocomplete_fields = ("programme",)
    fieldsets = (
        (None, {"fields": ("code", "name", "name_en", "unit", "unit_en", "segment")}),
        (
            _("How it is priced"),
            {
                "fields": ("programme", "is_multi_year_discountable", "tax_category"),
                "description": _("These count at once, also for price lists that are published already."),
            },
        ),
    )


class HoldingFormSet(forms.BaseInlineFormSet):
    """Refuses two rows for one product and expiry, in the reader's words."""

    def get_unique_error_message(self, unique_check: Sequence[str]) -> str:
        return str(_("A product stands twice with the same support expiry. Enter the sum of both in one row."))


class ReadOnceChoice(forms.ModelChoiceField):
    """A choice of rows that is read once for all forms of a formset, not once per form."""

    def __init__(self, queryset: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(queryset, **kwargs)
        self.rows = {str(row.pk): row for row in queryset}
        chosen = [(row.pk, self.label_from_instance(row)) for row in self.rows.values()]
        self.choices = [("", self.empty_label), *chosen]

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        try:
            return self.rows[str(getattr(value, "pk", value))]
        except KeyError:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value}
            ) from None


class HoldingInline(admin.TabularInline):
    model = Holding
    formset = HoldingFormSet
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Holding]:
        return super().get_queryset(request).select_related("product")

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, form_class=ReadOnceChoice, **kwargs)

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Products have a page of their own; their buttons would stand in every row."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class ExpiryFilter(admin.SimpleListFilter):
    """License IDs with a holding that expires within a span from today, or that has expired."""

    title = _("support expiry")
    parameter_name = "expiry"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        soon = [(str(days), _("within %(days)d days") % {"days": days}) for days in SOON_DAYS]
        return [("expired", _("expired")), *soon, ("none", _("nothing held"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = timezone.localdate()  # noqa: TID251 - a door: the filter counts from today
        spans = {str(days): Q(support_expires_on__range=(today, today + timedelta(days=days))) for days in SOON_DAYS}
        spans["expired"] = Q(support_expires_on__lt=today)
        if self.value() == "none":
            return queryset.filter(holdings__isnull=True)
        span = spans.get(self.value() or "")
        if span is None:
            return queryset
        return queryset.filter(pk__in=Holding.objects.filter(span).values("licenseid"))


@admin.register(LicenseID)
class LicenseIDAdmin(SearchAdmin):
    list_display = ("code", "customer", "reseller", "holding_count", "first_expiry", "short_note")
    list_filter = (ExpiryFilter, "customer__reseller", "holdings__product__programme")
    list_select_related = ("customer__reseller",)
    search_fields = ("search_key", "customer__search_key")
    search_help_text = _("License ID (with or without hyphens), or the customer's name or kana.")
    autocomplete_fields = ("customer",)
    inlines = (HoldingInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LicenseID]:
        counted = {"holding_count": Count("holdings"), "first_expiry": Min("holdings__support_expires_on")}
        rows: QuerySet[LicenseID] = super().get_queryset(request).annotate(**counted)
        return rows

    @admin.display(description=_("reseller"), ordering="customer__reseller__name")
    def reseller(self, licenseid: LicenseID) -> str:
        return licenseid.customer.reseller.name

    @admin.display(description=_("holdings"), ordering="holding_count")
    def holding_count(self, licenseid: Any) -> int:
        return int(licenseid.holding_count)

    @admin.display(description=_("earliest support expiry"), ordering="first_expiry")
    def first_expiry(self, licenseid: Any) -> date | None:
        return licenseid.first_expiry  # type: ignore[no-any-return]

    @admin.display(description=_("internal note"))
    def short_note(self, licenseid: LicenseID) -> str:
        return Truncator(licenseid.note).chars(60)
