"""What `manage.py check --deploy` refuses beside Django's own checks: settings whose absence is noticed too late."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

SENDING = "django.core.mail.backends.smtp.EmailBackend"


@register(Tags.security, deploy=True)
def check_deployment(*, app_configs: Sequence[AppConfig] | None = None, **_options: Any) -> list[CheckMessage]:
    """Errors for what would be printed on quotes, sent nowhere or reached by nobody."""
    return [*_address(), *_mail(), *_hosts()]


def _address() -> list[CheckMessage]:
    """It is printed on quotes, which never change."""
    url = urlsplit(settings.PUBLIC_URL)
    if not settings.PUBLIC_URL:
        said = "PUBLIC_URL is not set: the portal's address stands on every quote and in every letter."
    elif url.scheme != "https" or not url.hostname:
        said = f"PUBLIC_URL is {settings.PUBLIC_URL!r}: it must begin with https:// and name the portal's host."
    elif _is_this_machine(url.hostname):
        said = f"PUBLIC_URL is {settings.PUBLIC_URL!r}: customers cannot reach that. Quotes that were issued keep it."
    elif settings.ALLOWED_HOSTS and not _is_allowed(url.hostname):
        said = f"PUBLIC_URL names {url.hostname}, which ALLOWED_HOSTS does not: its links would be refused."
    else:
        return []
    return [Error(said, hint="Set PUBLIC_URL=https://HOST as customers type it.", id="config.E001")]


def _mail() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.EMAIL_BACKEND != SENDING:
        said = "EMAIL_URL names no mail server: letters, invitations and new passwords would reach nobody."
        found.append(Error(said, hint="Set EMAIL_URL=smtp+tls://user:password@host:587.", id="config.E002"))
    sender = settings.DEFAULT_FROM_EMAIL
    if "@" not in sender or _is_this_machine(sender.rpartition("@")[2].rstrip("> ")):
        said = f"DEFAULT_FROM_EMAIL is {sender!r}: mail servers refuse such a sender, and nobody could answer."
        found.append(Error(said, hint="Set DEFAULT_FROM_EMAIL=portal@your.domain.", id="config.E003"))
    return found


def _hosts() -> list[CheckMessage]:
    hosts = settings.ALLOWED_HOSTS
    if "*" in hosts:
        said = "ALLOWED_HOSTS holds *: links in answers could be made to lead elsewhere."
    elif not hosts or all(_is_this_machine(host.strip("[]")) for host in hosts):
        said = "ALLOWED_HOSTS names no host but this machine: every visitor would be refused."
    else:
        return []
    return [Error(said, hint="Set ALLOWED_HOSTS=portal.your.domain.", id="config.E004")]


def _is_allowed(host: str) -> bool:
    return any(
        allowed in ("*", host) or (allowed.startswith(".") and f".{host}".endswith(allowed))
        for allowed in map(str.lower, settings.ALLOWED_HOSTS)
    )


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".localdomain")) or "." not in host.replace(":", "."):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified or address.is_link_local
