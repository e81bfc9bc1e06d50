"""Products and programmes are saved only after it was shown what a change of what decides prices concerns."""

import hashlib
import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models.decisive import decisive_fields
from ..operations.registration import (
    Effect,
    FieldChange,
    decisive_changes,
    effects_of,
    note_registration,
    say_effects,
)
from .history import HistoryAdmin


class NotConfirmed(Exception):
    """Nothing was written: the change must be confirmed first, as it is now."""

    def __init__(self, row: Any, changes: list[FieldChange], effects: list[Effect], mark: str) -> None:
        super().__init__(str(row))
        self.row, self.changes, self.effects, self.mark = row, changes, effects, mark


class ConfirmedAdmin(HistoryAdmin):
    """Administration of a model whose decisive fields (`models.decisive`) count at once, in lists in force too.

    It is asked wherever a row is saved through the administration: `save_model` refuses what was not confirmed, and the
    page of the row shows then what the change concerns, and asks once more. What is confirmed is that very change of
    the row as it is stored: where somebody else has changed it meanwhile, it is asked again.
    """

    def products_of(self, row: Any) -> Sequence[int]:
        """The row numbers of the products that a change of the row concerns."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """In one transaction with the change, by whoever saves (`change_view`). Raises NotConfirmed."""
        if not change:
            return super().save_model(request, obj, form, change)
        with transaction.atomic():
            stored = self.model._default_manager.select_for_update(no_key=True).get(pk=obj.pk)
            changes = decisive_changes(stored, obj)
            if not changes:
                return super().save_model(request, obj, form, change)
            products = self.products_of(stored)
            effects = effects_of(products=products, on=timezone.localdate())
            mark = mark_of(stored, obj, effects)
            if request.POST.get("confirmed") != mark:
                raise NotConfirmed(stored, changes, effects, mark)
            obj._change_reason = str(_("confirmed: %(effects)s") % {"effects": say_effects(effects)})[:100]
            super().save_model(request, obj, form, change)
            what = f"{stored}: {'、'.join(map(str, changes))}"
            note_registration(products=products, what=what, by=request.user, now=timezone.now())  # type: ignore[arg-type]
            text = _("Confirmed after this was shown: %(effects)s.") % {"effects": say_effects(effects)}
            self.log_change(request, obj, str(text))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method == "POST" and "_edit_again" in request.POST:
            return self.show_again(request, object_id, form_url, extra_context)
        try:
            return super().change_view(request, object_id, form_url, extra_context)
        except NotConfirmed as asked:
            typed = [
                (name, value)
                for name, values in request.POST.lists()
                if name not in ("csrfmiddlewaretoken", "confirmed")
                for value in values
            ]
            context = {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "original": asked.row,
                "title": _("Check what the change concerns"),
                "changes": asked.changes,
                "effects": asked.effects,
                "mark": asked.mark,
                "typed": typed,
                "has_changed": "confirmed" in request.POST,
            }
            return TemplateResponse(request, "admin/licensing/confirm.html", context)

    def show_again(self, request: HttpRequest, object_id: str, form_url: str, extra_context: Any) -> HttpResponse:
        """The form as it was typed, and as of the version it was opened with; nothing is saved."""
        request.method = "GET"
        request.typed = request.POST  # type: ignore[attr-defined]
        request.version = request.POST.get("_version")  # type: ignore[attr-defined]
        self.message_user(request, _("Nothing was saved. The form is as you had typed it."), messages.INFO)
        return super().change_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Filled in with what was typed, where somebody goes back to it."""
        form_class: Any = super().get_form(request, obj, change, **kwargs)
        posted = getattr(request, "typed", None)
        return form_class if posted is None else partial(form_class, posted)

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """The rows beneath as well."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        posted = getattr(request, "typed", None)
        return kwargs if posted is None else kwargs | {"data": posted}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Nothing decisive is changed from a list, whatever it offers: there would be nowhere to show what it does."""
        try:
            return super().changelist_view(request, extra_context)
        except NotConfirmed as asked:
            text = _("%(row)s was not changed: open its page, where you see first what the change concerns.")
            self.message_user(request, text % {"row": asked.row}, messages.ERROR)
            return redirect(request.get_full_path())


def mark_of(stored: Any, new: Any, effects: Sequence[Effect]) -> str:
    """Names a change with what it concerns: whoever confirms has seen this one."""
    values = [
        [field.name, str(getattr(stored, field.attname)), str(getattr(new, field.attname))]
        for field in decisive_fields(type(new))
    ]
    told = [[str(effect.label), effect.count, list(effect.names)] for effect in effects]
    return hashlib.sha256(json.dumps([values, told]).encode()).hexdigest()[:20]
