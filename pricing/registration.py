"""What a change of how products are registered concerns in price lists, and its trace in each list that it reaches."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from foundation.text.days import JAPAN
from licensing.models import User
from licensing.operations.registration import MOST_NAMED, Effect

from .events import record_event
from .models import PriceList, PriceListEvent
from .queries import with_state

State = PriceList.State


def tell_lists(products: Sequence[int], on: date) -> Iterable[Effect]:
    """The published lists that hold their prices now or later, and the drafts."""
    for label, states in (
        (_("price lists in force or published for later"), (State.IN_FORCE, State.WAITING)),
        (_("drafts of price lists"), (State.DRAFT,)),
    ):
        names = list(lists_with(products, on, states).order_by("effective_on", "pk").values_list("name", flat=True))
        yield Effect(label, len(names), tuple(names[:MOST_NAMED]))


def note_in_lists(products: Sequence[int], what: str, by: User, now: datetime) -> None:
    """In the history of each list whose quotes are calculated otherwise now. Drafts compare it by themselves."""
    found = lists_with(products, now.astimezone(JAPAN).date(), (State.IN_FORCE, State.WAITING))
    for price_list in found.order_by("pk"):
        kind = PriceListEvent.Kind.REGISTERED
        record_event(price_list=price_list, kind=kind, by=by, now=now, detail={"fields": [what]})


def lists_with(products: Sequence[int], on: date, states: Sequence[str]) -> QuerySet[PriceList]:
    """The lists in one of the states on the day that have a table of one of the products."""
    found = PriceList.objects.filter(tables__product__in=products).values("pk")
    rows: QuerySet[Any] = with_state(PriceList.objects.filter(pk__in=found), on=on)
    return rows.filter(state__in=states)
