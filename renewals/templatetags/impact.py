"""How differences are shown."""

from collections.abc import Mapping
from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.text.language import reader_language
from pricing.models import PriceList

from ..impact import latest_impact

register = template.Library()


@register.filter
def signed(amount: int | None) -> str:
    """1234 as +1,234; less than nothing as −1,234; nothing as ±0."""
    if amount is None:
        return ""
    return f"\N{MINUS SIGN}{-amount:,}" if amount < 0 else f"+{amount:,}" if amount else "±0"


@register.filter
def signed_yen(amount: int) -> str:
    """1234 as +¥1,234; less than nothing as −¥1,234; nothing as ±¥0."""
    sign = "\N{MINUS SIGN}" if amount < 0 else "+" if amount else "±"
    return f"{sign}¥{abs(amount):,}"


@register.filter
def signed_percent(percent: Decimal | None) -> str:
    """3.5 as +3.50 %; less than nothing as −3.50 %."""
    if percent is None:
        return ""
    sign = "\N{MINUS SIGN}" if percent < 0 else "+" if percent else "±"
    return f"{sign}{abs(percent):,.2f}\N{NO-BREAK SPACE}%"


@register.filter
def in_reader_language(problem: Mapping[str, str]) -> str:
    """What a problem of an impact says."""
    return problem[reader_language()]


@register.simple_tag
def impact_step(price_list: PriceList) -> dict[str, str]:
    """The step of a draft's way that is about quotes: whether its impact was calculated, as it is now."""
    run, is_outdated = latest_impact(price_list)
    step = {"name": _("Impact"), "url": reverse("admin:renewals_impactrun_start", args=[price_list.pk])}
    if run is None:
        return step | {"state": "todo", "text": _("Not calculated yet.")}
    step["url"] = reverse("admin:renewals_impactrun_change", args=[run.pk])
    if not run.batch.is_finished:
        return step | {
            "state": "todo",
            "text": _("Is being calculated: %(percent)s %%") % {"percent": run.batch.percent},
        }
    if run.batch.state != run.batch.State.DONE:
        return step | {"state": "todo", "text": run.batch.get_state_display()}
    if is_outdated:
        return step | {"state": "todo", "text": _("The list has changed since: calculate it again.")}
    return step | {"state": "done", "text": _("Calculated for the list as it is.")}
