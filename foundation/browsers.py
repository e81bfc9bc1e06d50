"""What a visitor's browser calls itself, in words that a person knows."""

from django.utils.translation import gettext as _
from ua_parser import parse


def name_browser(user_agent: str) -> str:
    """Browser and system, for example “Firefox, Windows”; “Unknown browser” where it tells nothing that is known.

    What it calls itself (`Mozilla/5.0 …`) tells a person nothing and is never shown.
    """
    said = parse(user_agent)
    names = [part.family for part in (said.user_agent, said.os) if part and part.family != "Other"]
    return _(", ").join(names) if names else _("Unknown browser")
