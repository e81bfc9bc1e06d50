"""Record what was done with a price list."""

from datetime import datetime
from typing import Any

from licensing.models import User

from .models import PriceList, PriceListEvent


def record_event(
    *, price_list: PriceList, kind: PriceListEvent.Kind, by: User, now: datetime, detail: dict[str, Any] | None = None
) -> PriceListEvent:
    """Add to the list's history. `detail`: what a reader of the history needs, as plain JSON."""
    return PriceListEvent.objects.create(
        price_list=price_list,
        price_list_name=price_list.name,
        kind=kind,
        at=now,
        by=by,
        by_name=by.name,
        detail=detail or {},
    )
