"""A reseller's own choice of fields: kept."""

from collections.abc import Callable, Sequence
from typing import Any

from foundation.transactions import one_transaction
from licensing.models import Reseller

from ..models import FieldOrder


@one_transaction
def save_columns(
    *, reseller: Reseller, purpose: str, columns: Sequence[tuple[str, str]], look: Callable[[Any], None]
) -> None:
    """Keep fields and heads in their order. One saves after the other; `look` may raise before anything is written."""
    look(Reseller.objects.select_for_update(no_key=True).get(pk=reseller.pk))
    chosen = [list(column) for column in columns]
    if not FieldOrder.objects.filter(reseller=reseller, purpose=purpose).update(columns=chosen):
        FieldOrder.objects.create(reseller=reseller, purpose=purpose, columns=chosen)
