"""A reseller's chat rooms: kept, and tried."""

from collections.abc import Callable, Mapping
from typing import Any

from foundation.chat.cards import Notice, payload_of
from foundation.chat.webhook import Answer, post
from foundation.sealing import seal, unseal
from foundation.transactions import one_transaction
from licensing.models import Reseller

from ..models import ChatSettings
from .queries import CHANNELS, PURPOSE, settings_of


@one_transaction
def save_chat(
    *,
    reseller: Reseller,
    values: Mapping[str, bool],
    addresses: Mapping[str, str | None],
    look: Callable[[Reseller], None],
) -> None:
    """Keep which notices go where. `addresses`: new ones by channel, None takes one away; the others stay.

    One saves after the other; `look` may raise before anything is written.
    """
    look(Reseller.objects.select_for_update(no_key=True).get(pk=reseller.pk))
    settings = settings_of(reseller)
    for name, value in values.items():
        setattr(settings, name, value)
    for channel, address in addresses.items():
        setattr(settings, CHANNELS[channel], seal(address, purpose=PURPOSE) if address else None)
    settings.save()


def try_room(*, settings: ChatSettings, channel: str, notice: Notice) -> Answer:
    """Post a notice at once. Raises NotPosted, and Unreadable where the address cannot be read any more."""
    sealed: Any = getattr(settings, CHANNELS[channel])
    return post(address=unseal(bytes(sealed), purpose=PURPOSE), payload=payload_of(channel, notice))
