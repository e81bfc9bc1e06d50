"""The security of one's own account: password, second factors, passkeys, recovery codes, sessions."""

from dataclasses import dataclass
from typing import cast

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from foundation.browsers import name_browser

from ..models import User
from ..operations.access import end_other_sessions, end_session
from ..queries import must_use_mfa, open_sessions, second_factors


@dataclass(frozen=True)
class Device:
    """A session as its owner recognises it."""

    session: UserSession
    name: str
    """Browser and system, as far as the browser tells."""
    is_this: bool


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """All of it on one page. Whoever must have a second factor and has none comes here and nowhere else."""
    user = cast(User, request.user)
    factors = list(second_factors(user))
    codes = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    context = {
        "has_password": user.has_usable_password(),
        "app": next((factor for factor in factors if factor.type == Authenticator.Type.TOTP), None),
        "passkeys": [factor for factor in factors if factor.type == Authenticator.Type.WEBAUTHN],
        "has_factor": bool(factors),
        "must_have_factor": must_use_mfa(user),
        "has_codes": codes is not None,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "devices": [
            Device(session, name_browser(session.user_agent), session.session_key == request.session.session_key)
            for session in open_sessions(user, now=timezone.now())
        ],
    }
    return render(request, "account/security.html", context)


@require_POST
def end_one_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Log out in one other place."""
    try:
        end_session(user=cast(User, request.user), pk=pk)
    except UserSession.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Logged out there."))
    return redirect("mfa_index")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Log out everywhere but here."""
    count = end_other_sessions(user=cast(User, request.user), but=str(request.session.session_key))
    text = ngettext("Logged out in %(count)d other place.", "Logged out in %(count)d other places.", count)
    messages.success(request, text % {"count": count} if count else _("You were not logged in anywhere else."))
    return redirect("mfa_index")
