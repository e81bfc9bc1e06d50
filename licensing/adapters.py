"""What django-allauth asks of us: how people log in and prove who they are, and by whom else they may come."""

import base64
import hashlib
import logging
import time
import uuid
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.integrity import canonical_address
from foundation.mail.operations.queue import queue_mail
from foundation.text.addresses import clean_address

from .models import User
from .operations.access import AccessEnded, choose_password, end_other_sessions
from .queries import find_user, second_factors

logger = logging.getLogger(__name__)
SECOND_FACTOR = "second_factor"
"""The session's mark that its user proved a second factor in it: the user's number."""


class PortalBackend(AuthenticationBackend):  # type: ignore[misc]
    """Log-in by e-mail address."""

    def get_user(self, user_id: Any) -> User | None:
        """Of a session; None where there is no such user, or none that may log in."""
        user = find_user(user_id)
        return user if user and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, object]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This e-mail address and this password do not belong together. Try again."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
        "rate_limited": _("Too many attempts. Wait a few minutes, then try again."),
        "enter_current_password": _("This is not your current password. Type it again."),
        "incorrect_password": _("This is not your password. Type it again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: accounts are made in the administration."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The visitor's address in the one form in which it is counted, kept and sealed; every door asks here.

        Raises PermissionDenied where nobody tells it.
        """
        address = canonical_address(super().get_client_ip(request))
        if address is None:
            raise PermissionDenied("Unable to determine client IP address")
        return address

    def format_email_subject(self, subject: str) -> str:
        """The subject as its template says it, without the host's name before it."""
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into the queue: no request talks to a mail server, which may take its time, or never answer."""
        given = {"request": self.request, "email": email, "current_site": get_current_site(self.request), **context}
        message = self.render_mail(template_prefix, email, given)
        now = timezone.now()  # noqa: TID251 - the package passes no moment
        try:
            queue_mail(
                key=f"account:{uuid.uuid4().hex}", to=email, subject=message.subject, body=str(message.body), now=now
            )
        except ValidationError:  # an address that somebody typed, and that no mail server takes
            logger.warning("an account's e-mail has no address that can be")

    def set_password(self, user: User, password: str) -> None:
        """The password and nothing else: what the package loaded may be old by now, and access that somebody ended
        meanwhile does not come back. Raises PermissionDenied where it was ended.
        """
        try:
            choose_password(person=user, password=password)
        except AccessEnded as ended:
            raise PermissionDenied("This person's access was ended.") from ended

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """A log-in proves who somebody is as well as asking again does: right after it nobody is asked again."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        request = context.request
        proofs = [record["at"] for record in get_authentication_records(request, request.user)]
        now = time.time()  # noqa: TID251 - the package passes no moment, and compares with the clock itself
        return not proofs or now - max(proofs) >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to prove who one is, in our words."""
        words = {
            "reauthenticate": _("With the password"),
            "mfa_reauthenticate": _("With a code"),
            "mfa_reauthenticate:webauthn": _("With a passkey"),
        }
        return [{**way, "description": words[way["id"]]} for way in super().get_reauthentication_methods(user)]


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, object]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This did not work: the code or the passkey is not right, or no longer. Try again."),
        "cannot_generate_recovery_codes": _("Set up an authenticator app or a passkey first."),
    }

    def get_totp_issuer(self) -> str:
        """What an authenticator app calls the portal."""
        return gettext("Renewal quotes")

    def encrypt(self, text: str) -> str:
        """Secrets in the database are of no use without SECRET_KEY."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        """What a passkey is called until its owner says something better."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """For whom passkeys are made: the host in the settings, or the one by which the portal is visited."""
        host = settings.WEBAUTHN_HOST or context.request.get_host().rpartition(":")[0] or context.request.get_host()
        return {"id": host, "name": gettext("Renewal quotes")}


def _cipher() -> MultiFernet:
    """By SECRET_KEY, and for reading by the keys before it too."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second factors {key}".encode()).digest())) for key in keys]
    )


def note_second_factor(sender: object, request: HttpRequest, user: User, **_others: Any) -> None:
    """Called by the package when a second factor was used: from now on this session has proved it."""
    request.session[SECOND_FACTOR] = user.pk


def note_new_second_factor(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **_others: Any
) -> None:
    """Called when one was added. With the first one, sessions that know only the password end."""
    note_second_factor(sender, request, user)
    if authenticator.type != Authenticator.Type.RECOVERY_CODES and second_factors(user).count() == 1:
        end_other_sessions(user=user, but=str(request.session.session_key))


def note_removed_second_factor(sender: object, request: HttpRequest, user: User, **_others: Any) -> None:
    """Called when one was removed. Without any, the session has proved nothing."""
    if not second_factors(user).exists():
        request.session.pop(SECOND_FACTOR, None)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on: lets in who has an account already, by the address that the sign-on service has confirmed.

    Nothing is linked or stored: every log-in is matched anew (docs/decisions/).
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Finds the user. The same answer to all who are not let in, so that nobody learns who has an account."""
        confirmed = {
            clean_address(str(address.email)) for address in sociallogin.email_addresses if address.verified is True
        }
        user = User.objects.filter(email__in=confirmed, is_active=True).first()
        if user is None or sociallogin.state.get("process") != "login":
            text = _(
                "You could not be logged in this way: there is no active account here with an e-mail address that the "
                "sign-on service has confirmed as yours. Ask your portal admin."
            )
            messages.error(request, text)
            raise ImmediateHttpResponse(redirect(settings.LOGIN_URL))
        sociallogin.user = user
