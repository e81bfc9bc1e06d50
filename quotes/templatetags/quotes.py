"""Days as people count them."""

from datetime import date, datetime

from django import template

register = template.Library()


@register.filter
def days_from(day: date, on: date) -> int:
    """How many days the day lies ahead; negative where it has passed."""
    return (day - on).days


@register.filter
def past(days: int) -> int:
    """How many days ago, from a negative number of days."""
    return -days


@register.filter
def day(text: str | None) -> date | None:
    """A day that a document holds as text."""
    return date.fromisoformat(text) if text else None


@register.filter
def is_before(day: date, on: date) -> bool:
    """Whether the day has passed."""
    return day < on


@register.filter
def moment(text: str) -> datetime:
    """A moment that a record holds as text."""
    return datetime.fromisoformat(text)
