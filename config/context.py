"""What every page's template may read."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest

from config.navigation import main_navigation, management_tabs
from pricing.queries import is_sample_in_use


def portal(request: HttpRequest) -> dict[str, object]:
    """`is_sample_in_use`: asked only where a template asks, so that pages without the banner cost no query.
    `portal_version`: apart from the `version` that a form was opened with. The navigation: likewise.
    """
    return {
        "is_sample_in_use": is_sample_in_use,
        "portal_version": settings.PORTAL_VERSION,
        "main_navigation": partial(main_navigation, request),
        "management_tabs": partial(management_tabs, request),
    }
