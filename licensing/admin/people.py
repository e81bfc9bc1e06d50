"""Resellers and users in the administration."""

from typing import Any, ClassVar, NamedTuple, cast

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminFileWidget
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import UploadedFile
from django.db.models import FileField, QuerySet
from django.db.models.fields.files import FieldFile
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.administration.display import say
from foundation.fields import AddressField, PlainField

from ..forms.typed import PostalCodeField, RegistrationNumberField
from ..importing import picture_as_data, read_picture
from ..models import Reseller, User
from ..operations.access import remove_second_factors
from ..operations.invitations import revoke_invitations_by
from ..operations.owners import release_customers
from ..operations.people import end_access
from ..queries import RIGHTS, THRESHOLDS, second_factors
from ..views import reauthenticate_first
from .history import HistoryAdmin

admin.site.unregister([Group, EmailAddress, Authenticator, UserSession, SocialAccount, SocialApp, SocialToken])

FACTOR_NAMES = {Authenticator.Type.TOTP: _("authenticator app"), Authenticator.Type.WEBAUTHN: _("passkey")}


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


class ResellerForm(forms.ModelForm):
    email = AddressField(label=_("e-mail"), max_length=254, required=False)

    class Meta:
        model = Reseller
        fields = ("email", "seal", "logo")
        field_classes: ClassVar[dict[str, Any]] = {
            **dict.fromkeys(("phone", "bank_account_number"), PlainField),
            "postal_code": PostalCodeField,
            "registration_number": RegistrationNumberField,
        }

    def clean_seal(self) -> Any:
        return self._read("seal")

    def clean_logo(self) -> Any:
        return self._read("logo")

    def _read(self, name: str) -> Any:
        """What was uploaded, drawn anew. What stays, or goes, is as it was."""
        value = self.cleaned_data[name]
        return read_picture(value) if isinstance(value, UploadedFile) else value


@admin.register(Reseller)
class ResellerAdmin(HistoryAdmin):
    form = ResellerForm
    list_display = ("name", "code", "registration_number", "validity_days", "tax_rounding", "has_seal")
    list_filter = ("tax_rounding",)
    search_fields = ("name", "code", "email")
    readonly_fields = ("pictures",)
    formfield_overrides: ClassVar[dict[Any, Any]] = {
        **HistoryAdmin.formfield_overrides,
        FileField: {"widget": PictureWidget},
    }
    fieldsets = (
        (None, {"fields": ("code", "name", "name_en")}),
        (
            _("As printed on quotes"),
            {
                "fields": ("postal_code", "address", "address_en", "phone", "email", "registration_number"),
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
                    "remarks",
                    "remarks_en",
                    "validity_days",
                    "tax_rounding",
                    "shows_list_prices",
                )
            },
        ),
        (
            _("Bank account"),
            {
                "fields": (
                    "prints_bank_account",
                    "bank_name",
                    "bank_branch",
                    "bank_account_kind",
                    "bank_account_number",
                    "bank_account_holder",
                    "bank_name_en",
                    "bank_branch_en",
                    "bank_account_holder_en",
                )
            },
        ),
        (_("Rights"), {"fields": ("customers_see_quotes", "holdings_kept_by", "requires_mfa")}),
        (_("Approval"), {"fields": THRESHOLDS}),
    )

    @admin.display(description=_("seal"))
    def has_seal(self, reseller: Reseller) -> str:
        return say(bool(reseller.seal))

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


class UserEditForm(forms.ModelForm):
    email = AddressField(label=_("e-mail"), max_length=254)

    class Meta:
        model = User
        fields = (
            "email", "name", "name_en", "role", "reseller", "customer", "may_see_margins", "is_active", *RIGHTS,
        )  # fmt: skip


@admin.register(User)
@method_decorator(reauthenticate_first, name="changeform_view")
@method_decorator(reauthenticate_first, name="delete_view")
class UserAdmin(HistoryAdmin):
    """Who is there. New people are invited; nobody types a password for somebody else."""

    form = UserEditForm
    list_display = ("email", "name", "role", "company", "is_active", "last_login")
    list_filter = ("role", "is_active", "reseller")
    list_select_related = ("reseller", "customer")
    search_fields = ("email", "search_key", "reseller__name", "customer__search_key")
    ordering = ("email",)
    autocomplete_fields = ("reseller", "customer")
    readonly_fields = ("password_state", "factors", "last_login", "joined_at")
    actions = ("remove_second_factors",)
    _company: ClassVar[Any] = (
        _("Role and company"),
        {
            "fields": ("role", "reseller", "customer", "may_see_margins"),
            "description": _(
                "Reseller staff and managers: choose their reseller. Customer contact: choose their customer. "
                "Price admins and portal admins: leave both empty. Price admins look after prices and products here; "
                "portal admins may do everything."
            ),
        },
    )
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("email", "name", "name_en")}),
        _company,
        (_("Approval"), {"fields": RIGHTS}),
        (
            _("As printed on quotes"),
            {
                "fields": (
                    "department",
                    "department_en",
                    "job_title",
                    "job_title_en",
                    "direct_phone",
                    "printed_email",
                    "mail_signature",
                )
            },
        ),
        (
            _("Log-in"),
            {
                "fields": ("is_active", "password_state", "factors", "last_login", "joined_at"),
                "description": _(
                    "Without the mark “active” somebody is logged out everywhere at once; what they made stays, with "
                    "the name. Whoever becomes active again chooses a new password with “Password forgotten”."
                ),
            },
        ),
    )

    @admin.display(description=pgettext_lazy("for logging in", "Password"))
    def password_state(self, user: User) -> str:
        """What is stored of a password tells a person nothing."""
        return str(_("A password is set.") if user.has_usable_password() else _("No password is set."))

    @admin.display(description=_("second factors"))
    def factors(self, user: User) -> str:
        """What there is, and what to do where it is lost."""
        kinds = [FACTOR_NAMES[factor.type] for factor in second_factors(user)] if user.pk else []
        if not kinds:
            return str(_("None is set up."))
        how = _("If they are lost: remove them in the list of users, under actions.")
        return f"{_(', ').join(map(str, kinds))} – {how}"

    @admin.action(description=_("Remove the second factors, and log out everywhere"), permissions=["change"])
    @method_decorator(reauthenticate_first)
    def remove_second_factors(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """For those who lost phone and recovery codes. One's own are removed on one's own page."""
        for user in users:
            if user == request.user:
                text = gettext("Your own second factors were left alone: change them on your page about security.")
                self.message_user(request, text, messages.WARNING)
                continue
            count = remove_second_factors(user=user)
            if count:
                self.log_change(request, user, gettext("Second factors removed, logged out everywhere."))
            text = ngettext(
                "%(user)s: %(count)d second factor removed, logged out everywhere.",
                "%(user)s: %(count)d second factors removed, logged out everywhere.",
                count,
            )
            if not count:
                text = gettext("%(user)s had no second factor, and was logged out everywhere.")
            self.message_user(request, text % {"user": user, "count": count}, messages.SUCCESS)

    @admin.display(description=_("company"), ordering=Coalesce("reseller__name", "customer__name"))
    def company(self, user: User) -> str:
        return str(user.reseller or user.customer or "-")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody takes their own role or log-in away: there might be nobody left to give it back."""
        own = ("role", "reseller", "customer", "is_active") if obj is not None and obj == request.user else ()
        return (*self.readonly_fields, *own)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return obj != request.user and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> Any:
        """People are deleted one by one, if at all: whoever made something stays."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Whoever issued or invited is not deleted: a page says so, and what to do instead."""
        user = self.get_object(request, object_id)
        if user is not None and self.has_delete_permission(request, user):
            *_rest, protected = self.get_deleted_objects([user], request)
            if protected:
                text = _(
                    "%(name)s cannot be deleted: quotes and other records keep the name of who made them. Take the "
                    "mark “active” away instead; then nobody comes in as this person any more."
                )
                self.message_user(request, text % {"name": user}, messages.ERROR)
                return redirect("admin:licensing_user_change", user.pk)
        return super().delete_view(request, object_id, extra_context)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Every portal admin, and nobody else, gets all permissions. An address that was replaced stops working.

        Who is not active any more loses every session; who gets another role or company, the invitations they made.
        """
        obj.is_superuser = obj.role == User.Role.ADMIN
        if change and {"role", "reseller"}.intersection(form.changed_data):
            if "approves" not in form.changed_data and "reseller" in form.changed_data:
                obj.approves = False  # it was given by another reseller
            release_customers(person=obj, by=cast(User, request.user), now=timezone.now())
        if change and "reseller" in form.changed_data and "may_see_margins" not in form.changed_data:
            obj.may_see_margins = False  # it was given by the managers of another reseller
        super().save_model(request, obj, form, change)
        EmailAddress.objects.filter(user_id=obj.pk).exclude(email=obj.email).delete()
        if "is_active" in form.changed_data and not obj.is_active:
            end_access(person=obj, now=timezone.now())
        elif {"role", "reseller", "customer"}.intersection(form.changed_data):
            revoke_invitations_by(person=obj, now=timezone.now())
