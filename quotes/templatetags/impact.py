"""How differences are shown."""

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def signed(amount: int | None) -> str:
    """1234 as +1,234; less than nothing as −1,234; nothing as ±0."""
    if amount is None:
        return ""
    return f"\N{MINUS SIGN}{-amount:,}" if amount < 0 else f"+{amount:,}" if amount else "±0"


@register.filter
def signed_percent(percent: Decimal | None) -> str:
    """3.5 as +3.50 %; less than nothing as −3.50 %."""
    if percent is None:
        return ""
    sign = "\N{MINUS SIGN}" if percent < 0 else "+" if percent else "±"
    return f"{sign}{abs(percent):,.2f}\N{NO-BREAK SPACE}%"
