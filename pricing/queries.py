"""Which prices are in force on a day."""

from datetime import date

from .models import PriceList


def price_lists_around(*, on: date) -> tuple[PriceList | None, PriceList | None]:
    """The price list in force on the day, and the one that takes effect next; None where there is none.

    In force is the latest published list that is effective (R13). Drafts never count.
    """
    in_force = following = None
    for price_list in PriceList.objects.filter(published_at__isnull=False).order_by("effective_on"):
        if price_list.effective_on <= on:
            in_force = price_list
        else:
            following = price_list
            break
    return in_force, following


def is_sample_in_use() -> bool:
    """Whether any published price list holds sample prices."""
    return PriceList.objects.filter(published_at__isnull=False, is_sample=True).exists()
