"""Invitations in the administration: how people of every role come in."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from foundation.administration.search import SearchAdmin
from foundation.fields import AddressField

from ..models import Invitation
from ..operations.invitations import InvitationRefused, invite, renew_invitation, revoke_invitation, shown_link
from ..views import reauthenticate_first


class InvitationForm(forms.ModelForm):
    class Meta:
        model = Invitation
        fields = ("email", "name", "role", "reseller", "customer", "language")

    email = AddressField(label=_("e-mail"), max_length=254)


@admin.register(Invitation)
@method_decorator(reauthenticate_first, name="changeform_view")
@method_decorator(reauthenticate_first, name="renew")
class InvitationAdmin(SearchAdmin):
    form = InvitationForm
    list_display = ("email", "name", "role", "company", "state", "invited_by", "expires_at")
    list_filter = ("role",)
    list_select_related = ("reseller", "customer", "invited_by")
    search_fields = ("email", "name")
    autocomplete_fields = ("reseller", "customer")
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("email", "name", "language")}),
        (
            _("Role and company"),
            {
                "fields": ("role", "reseller", "customer"),
                "description": _(
                    "Reseller staff and managers: choose their reseller. Customer contact: choose their customer. "
                    "Price admins and portal admins: leave both empty. Price admins look after prices and products "
                    "here; portal admins may do everything."
                ),
            },
        ),
    )
    shown = ("state", "invited_by", "created_at", "expires_at", "accepted_at", "user", "revoked_at")

    @admin.display(description=_("company"))
    def company(self, invitation: Invitation) -> str:
        return str(invitation.company or "-")

    @admin.display(description=_("state"))
    def state(self, invitation: Invitation) -> str:
        return str(invitation.state_at(timezone.now()).label)

    def get_fieldsets(self, request: HttpRequest, obj: Invitation | None = None) -> Any:
        return self.fieldsets if obj is None else (*self.fieldsets, (_("Invitation"), {"fields": self.shown}))

    def get_readonly_fields(self, request: HttpRequest, obj: Invitation | None = None) -> tuple[str, ...]:
        return () if obj is None else self.shown

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        def page(name: str, view: Any) -> URLPattern:
            wrapped: Any = self.admin_site.admin_view(require_POST(view))
            pattern: URLPattern = path(f"<int:pk>/{name}/", wrapped, name=f"licensing_invitation_{name}")
            return pattern

        return [page("renew", self.renew), page("revoke", self.revoke), *super().get_urls()]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Where nobody is invited, the form comes back with the reason."""
        found = self.get_object(request, unquote(object_id)) if object_id else None
        is_open = found is not None and not (found.accepted_at or found.revoked_at)
        may_renew = is_open and self.has_add_permission(request)
        try:
            return super().changeform_view(
                request, object_id, form_url, {"may_renew": may_renew} | (extra_context or {})
            )
        except InvitationRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            typed = {name: request.POST.get(name, "") for name in ("email", "name", "language", "role")}
            return redirect(reverse("admin:licensing_invitation_add", query=typed))

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        user: Any = request.user
        made, link = invite(
            email=obj.email,
            name=obj.name,
            role=obj.role,
            reseller=obj.reseller,
            customer=obj.customer,
            language=obj.language,
            by=user,
            now=timezone.now(),
        )
        obj.pk, obj.expires_at = made.pk, made.expires_at
        request._invitation_link = link  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: Invitation, post_url_continue: str | None = None) -> HttpResponse:
        link: str = request._invitation_link  # type: ignore[attr-defined]
        return self.show_link(request, obj, link)

    def renew(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A new link in place of the old one."""
        return self.act(request, pk, is_renewal=True)

    def revoke(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The link leads to nothing any more."""
        return self.act(request, pk, is_renewal=False)

    def act(self, request: HttpRequest, pk: int, *, is_renewal: bool) -> HttpResponse:
        user: Any = request.user
        if not self.has_add_permission(request):
            raise PermissionDenied
        found = self.get_queryset(request).filter(pk=pk).first()
        try:
            if found is None:
                raise InvitationRefused(str(_("This invitation is not there.")))
            if is_renewal:
                now = timezone.now()
                link = renew_invitation(invitation=found, by=user, now=now)
                self.log_change(request, found, str(_("Sent again.")))
                found.refresh_from_db()
                return self.show_link(request, found, link)
            revoke_invitation(invitation=found, now=timezone.now())
        except InvitationRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
        else:
            self.log_change(request, found, str(_("Revoked.")))
            text = _("The invitation of %(name)s is revoked.")
            self.message_user(request, text % {"name": found.name}, messages.SUCCESS)
        return redirect("admin:licensing_invitation_changelist")

    def show_link(self, request: HttpRequest, invitation: Invitation, link: str) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Invited"),
            "invitation": invitation,
            "link": shown_link(link),
        }
        return TemplateResponse(request, "admin/licensing/invitation/invited.html", context)
