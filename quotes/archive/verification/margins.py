"""What is left of quotes against the log: each as it was kept, none too many and none gone."""

from collections import Counter

from django.utils.translation import gettext as _

from ...models import QuoteEvent, QuoteMargin, margin_hash
from .beside import Found

Stage, Kind = QuoteMargin.Stage, QuoteEvent.Kind
OCCASIONS: dict[str, tuple[str, bool]] = {
    # kind of the entry: the stage that it leads to, and whether it takes it back
    Kind.ISSUED: (Stage.QUOTED, False),
    Kind.ORDERED: (Stage.ORDERED, False),
    Kind.REOPENED: (Stage.ORDERED, True),
    Kind.CARRIED_OUT: (Stage.CARRIED_OUT, False),
    Kind.CARRY_OUT_UNDONE: (Stage.CARRIED_OUT, True),
}


def check_margins(margins: list[QuoteMargin], positions: dict[int, int], events: list[QuoteEvent]) -> Found:
    """Of one quote: its margins, the positions of its license IDs by the number of their rows, and its entries."""
    told = [
        (*OCCASIONS[event.kind], event.detail["margin"])
        for event in events
        if event.kind in OCCASIONS and "margin" in event.detail
    ]
    kept = [
        (one.stage, one.is_taken_back, margin_hash(one, positions.get(one.part_id) if one.part_id else None))
        for one in margins
    ]
    if more := (Counter(kept) - Counter(told)).total():
        yield "margin-changed", _("%(count)s of its margins are not what was kept.") % {"count": more}
    elif kept != told and len(kept) == len(told):  # of each stage the last counts
        yield "margin-order", _("its margins are not in the order in which they were kept.")
    if gone := (Counter(told) - Counter(kept)).total():
        yield "margin-missing", _("%(count)s of its margins that the log tells of are gone.") % {"count": gone}
