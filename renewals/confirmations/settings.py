"""How a reseller asks: kept."""

from collections.abc import Callable, Mapping
from typing import Any

from foundation.transactions import one_transaction
from licensing.models import Reseller

from ..models import ConfirmationSettings


@one_transaction
def save_settings(*, reseller: Reseller, values: Mapping[str, Any], look: Callable[[Reseller], None]) -> None:
    """Keep a reseller's way of asking. One saves after the other; `look` may raise before anything is written."""
    look(Reseller.objects.select_for_update(no_key=True).get(pk=reseller.pk))
    ConfirmationSettings(reseller=reseller, **values).save()
