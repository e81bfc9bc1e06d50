"""Of whom and of which day data are checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from foundation.text.search import search_words
from pricing.models import PriceList
from pricing.queries import price_lists_around


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked at: one reseller's data or everybody's, and what is searched for in it."""

    on: date
    in_force: PriceList | None
    following: PriceList | None
    """The next published list."""
    reseller: int | None = None
    """None: all."""
    words: tuple[str, ...] = field(default=())
    """Search keys, all of which must be found."""

    def within(self, reseller: str, keys: tuple[str, ...]) -> Q:
        """A condition on rows. `reseller` leads to their reseller, `keys` to search keys of what they name."""
        found = Q()
        if self.reseller is not None and reseller:
            found &= Q(**{reseller: self.reseller})
        for word in self.words:
            in_any = Q(pk__in=())
            for key in keys:
                in_any |= Q(**{f"{key}__contains": word})
            found &= in_any
        return found


def scope_of(*, on: date, reseller: int | None, text: str = "") -> Scope:
    """With the price lists of the day. One query."""
    in_force, following = price_lists_around(on=on)
    return Scope(on, in_force, following, reseller, tuple(search_words(text)))


HOLDING_KEYS = ("licenseid__search_key", "licenseid__customer__search_key", "product__search_key")
LICENSE_ID_KEYS = ("search_key", "customer__search_key")
PATHS: Mapping[str, str] = {
    "holding": "licenseid__customer__reseller",
    "license_id": "customer__reseller",
    "customer": "reseller",
    "status": "reseller",
}
"""By what a finding is about: the way from its row to the reseller."""
