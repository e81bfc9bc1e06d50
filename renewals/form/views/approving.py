"""The button that asks for approval of what stands in the form (R20)."""

from collections.abc import Collection
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from licensing.models import User

from ...approval.operations import NobodyApproves, NotNeeded, ask_approval
from ...asked import to_json
from ...drafts.operations import save_draft
from ...issue.operations import Read
from ...models import QuoteDraft
from ..forms import RenewalForm
from .held import forget_held
from .opened import price_form, typed_values
from .page import show


def ask(
    request: HttpRequest, form: RenewalForm, draft: QuoteDraft | None, *, acknowledged: Collection[Read]
) -> HttpResponse:
    """Keep what stands in the form as its draft, and ask for approval of it. Raises what saving and issuing raise."""
    user, now = cast(User, request.user), timezone.now()
    key, asked, calculation = form.cleaned_data["key"], form.to_asked(), price_form(form)
    typed = typed_values(form, calculation, by=user)
    kept = QuoteDraft.objects.filter(key=key).first()
    if kept and (kept.asked, kept.as_typed) == (to_json(asked), typed["as_typed"]):
        typed["seen_version"] = None  # it stands there already: whoever changed it last stays who did
    saved = save_draft(key=key, licenseids=form.licenseids, saved_by=user, now=now, **typed)
    seen_total = form.cleaned_data["seen_total"]
    not_done = _("Approval was not asked for.")
    try:
        ask_approval(
            key=key,
            licenseids=[part.licenseid for part in form.quoted],
            asked=asked,
            acknowledged=acknowledged,
            seen_total=-1 if seen_total is None else seen_total,
            by=user,
            now=now,
            seen_version=saved.version,
        )
    except NotNeeded:
        notice = _("It needs no approval as it stands now: issue it.")
        return show(request, form, calculation, draft, status=422, notices=[notice], not_done=not_done)
    except NobodyApproves:
        notice = _(
            "Nobody else of your company may approve this amount and reduction. "
            "Ask a manager to give somebody the right."
        )
        return show(request, form, calculation, draft, status=422, notices=[notice], not_done=not_done)
    forget_held(request, key)
    messages.success(request, _("Approval is asked for. You are told of the answer by e-mail."))
    return redirect("renewals:approval", key=key)
