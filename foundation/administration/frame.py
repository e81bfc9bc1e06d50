"""Further pages beside those that Django's administration makes of a model: ordinary views, shown in its frame."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.admin import ModelAdmin, site
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path

Page = tuple[str, str, Callable[..., HttpResponse]]
"""The route below the model's own address, the name behind `app_model_`, and the view: a function of the request."""


def mount(office: ModelAdmin, pages: Iterable[Page]) -> list[Any]:
    """The addresses of such pages, for the `get_urls` of a model's administration: who may not enter it, logs in first.

    What somebody may do on a page, its view asks (`ask_permission`).
    """
    named = f"{office.opts.app_label}_{office.opts.model_name}"
    return [
        path(route, office.admin_site.admin_view(view), name=f"{named}_{name}" if name else None)
        for route, name, view in pages
    ]


def ask_permission(request: HttpRequest, permission: str) -> None:
    """Raises PermissionDenied unless whoever asks has a permission such as `pricing.view_pricelist`."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def show_page(
    request: HttpRequest, model: type[Model], template: str, title: Any, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page in the frame of a model's administration. `original`: the row that it is about, if there is one."""
    media = site.get_model_admin(model).media
    if "form" in context:
        media = media + context["form"].media
    shared = {**site.each_context(request), "opts": model._meta, "title": title, "media": media}
    return TemplateResponse(request, template, shared | context, status=status)


def log_page(request: HttpRequest, row: Model, text: Any, *, is_new: bool = False) -> None:
    """Note in the administration's own log what was done to a row on such a page."""
    user: Any = request.user
    LogEntry.objects.log_actions(
        user_id=user.pk,
        queryset=[row],
        action_flag=ADDITION if is_new else CHANGE,
        change_message=str(text),
        single_object=True,
    )
