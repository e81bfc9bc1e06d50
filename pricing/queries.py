"""Which prices are in force on a day."""

from datetime import date

from .models import PriceList


def price_list_in_force(*, on: date) -> PriceList | None:
    """The latest published price list that is effective on the day (R13), or None."""
    return PriceList.objects.filter(published_at__isnull=False, effective_on__lte=on).order_by("-effective_on").first()


def next_price_list(*, after: date) -> PriceList | None:
    """The published price list that takes effect next, later than the day (R15), or None."""
    return PriceList.objects.filter(published_at__isnull=False, effective_on__gt=after).order_by("effective_on").first()


def is_sample_in_use() -> bool:
    """Whether any published price list holds sample prices."""
    return PriceList.objects.filter(published_at__isnull=False, is_sample=True).exists()
