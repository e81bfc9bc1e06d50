"""The words of what the linter finds beside other lists, and of values that differ between two price tables."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.text.language import reader_language

from ..engine.lint_changes import Key, ValueChange
from ..engine.values import PRICES, RANK_COLUMNS
from ..engine.wording import plain

MOST_SAID = 4
"""Values in a sentence."""

CHANGES_TITLES: Mapping[str, Promise] = {
    "following-product-gone": _("Gone again with the following list"),
    "following-goes-back": _("Goes back with the following list"),
    "between-product-gone": _("Product of the list in between is missing"),
    "between-goes-back": _("Takes back the list in between"),
    "product-gone": _("Product no longer in the list"),
    "product-ended": _("Taken out of sale"),
    "product-changed": _("Product or programme changed"),
    "price-changed": _("Large change of prices"),
    "rank-gone": _("Price rank gone"),
    "rank-added": _("New price rank"),
    "rank-moved": _("Rank begins at another quantity"),
    "minimum-changed": _("Minimum at renewal changed"),
    "discount-lost": _("Multi-year discount gone"),
    "discount-changed": _("Multi-year discount changed"),
    "discount-added": _("New multi-year discount"),
    "addition-price-lost": _("Addition price dropped"),
    "addition-price-added": _("New addition price"),
    "prices-differ": _("Prices that change"),
    "product-added": _("New product in the list"),
}
"""Headings for all findings of a code."""

_PRICES = _("Compare its prices with the vendor’s table, then tick this as read.")
_MEANT = _("Compare it with the vendor’s table; tick this as read if it is meant so.")
_FOLLOWING = _(
    "Withdraw {list}, bring the change into a new list for that day, and publish it; or tick this as read if it is "
    "meant so."
)
_BETWEEN = _("Bring the change into this list, or tick this as read if it is meant so.")

CHANGES_WORDS: Mapping[str, tuple[Promise, Promise]] = {
    # By code or words: what was found, what to do. Facts by name.
    "product-ended": (
        _("{code} has prices in the compared list, and is not sold any more with this one ({since:day})."),
        _MEANT,
    ),
    "product-ended-held": (
        _(
            "{code} is taken out of sale with this list ({since:day}). Customers hold it: their renewal will be "
            "refused with these words."
        ),
        _MEANT,
    ),
    "following-product-gone": (
        _(
            "{code} is added by this list and missing from {list}, which is published for {day:day}: from then on "
            "it could not be quoted."
        ),
        _FOLLOWING,
    ),
    "following-goes-back": (
        _(
            "{code}: {count:,} change(s) of this list are undone on {day:day} by {list}, which is published "
            "already: {what}."
        ),
        _FOLLOWING,
    ),
    "following-product-back": (
        _(
            "{code} is not in this list any more, but is there again on {day:day} with {list}, which is published "
            "already."
        ),
        _FOLLOWING,
    ),
    "between-product-gone": (
        _("{code} was added by {list} on {day:day}, after the list that this one is based on, and is missing here."),
        _BETWEEN,
    ),
    "between-goes-back": (
        _(
            "{code}: {count:,} change(s) that {list} made on {day:day}, after the list that this one is based on, "
            "are undone: {what}."
        ),
        _BETWEEN,
    ),
    "between-product-back": (
        _("{code} was taken out by {list} on {day:day}, after the list that this one is based on, and is here again."),
        _BETWEEN,
    ),
    "product-gone": (
        _("{code} is in the compared list and not in this one. Nobody holds it now; it could not be added any more."),
        _("Add its prices if it is still sold; else tick this as read."),
    ),
    "product-changed": (
        _("{code} is not registered as it was when {list} was made: {what}."),
        _("Make sure that its prices and ranks fit it as it is now, then tick this as read."),
    ),
    "price-changed-renewal": (
        _(
            "{code}: {count:,} price(s) change by more than {limit} %, most of all the renewal price at rank "
            "{rank}: {was:yen} → {now:yen} ({change} %)."
        ),
        _PRICES,
    ),
    "price-changed-addition": (
        _(
            "{code}: {count:,} price(s) change by more than {limit} %, most of all the addition price at rank "
            "{rank}: {was:yen} → {now:yen} ({change} %)."
        ),
        _PRICES,
    ),
    "rank-gone": (
        _("{code}: the compared list has rank {ranks}, this one has not: the quantities fall to another rank."),
        _MEANT,
    ),
    "rank-added": (
        _("{code}: rank {ranks} is new: {what}."),
        _MEANT,
    ),
    "rank-moved": (
        _("{code}: {what}."),
        _MEANT,
    ),
    "minimum-changed": (
        _("{code}: the minimum at renewal changes from {was:,} to {now:,}."),
        _MEANT,
    ),
    "discount-lost": (
        _("{code} loses its multi-year discount: {what}."),
        _("Enter the discount, or tick this as read if it ends. A file without the columns of discounts has none."),
    ),
    "discount-changed": (
        pgettext_lazy("finding of the linter", "{code}: {what}."),
        _MEANT,
    ),
    "discount-added": (
        _("{code} gets a multi-year discount: {what}."),
        _MEANT,
    ),
    "addition-price-lost": (
        _("{code}: the compared list has an addition price at {ranks}, this one has none: it could not be added."),
        _("Enter the prices, or tick this as read if it is no longer sold."),
    ),
    "addition-price-added": (
        _("{code} can be added where it could not be before: {what}."),
        _MEANT,
    ),
    "prices-differ": (
        _("{count:,} price(s) of {products:,} product(s) change, by {least} % to {most} %."),
        _("“Difference” shows them product by product."),
    ),
    "product-added": (
        _("{code} is not in the compared list: its prices are new."),
        _("Compare its prices with the vendor’s table."),
    ),
}

_NAMES: Mapping[str, Promise] = {
    # By the short name of a column (`TABLE_COLUMNS`, `RANK_COLUMNS`), and `discount`.
    "minimum": pgettext_lazy("value of a price table", "minimum at renewal"),
    "from": pgettext_lazy("value of a price table", "first quantity of rank {of}"),
    "renewal": pgettext_lazy("value of a price table", "renewal price at rank {of}"),
    "addition": pgettext_lazy("value of a price table", "addition price at rank {of}"),
    "discount": pgettext_lazy("value of a price table", "discount for {of} years"),
}
_IN_YEN = {RANK_COLUMNS[name] for name in PRICES}
_NONE = pgettext_lazy("value of a price table", "none")
_PERCENT = pgettext_lazy("value of a price table", "{percent} %")
_DISCOUNT = pgettext_lazy("value of a price table", "{percent} % for {years} years")
_AND_MORE = pgettext_lazy("values of a price table", "{values} and {more} more")


def say_changes(changes: Iterable[ValueChange], *, most: int = MOST_SAID) -> str:
    """Values with what they were and what they are, the first few in words and the rest counted."""
    rows = list(changes)
    told = _listed(_say_change(*row) for row in rows[:most])
    more = len(rows) - most
    return str(_AND_MORE).format(values=told, more=more) if more > 0 else told


def say_discounts(discounts: Iterable[tuple[int, Decimal]]) -> str:
    """Discounts by number of years."""
    return _listed(str(_DISCOUNT).format(percent=plain(percent), years=years) for years, percent in discounts)


def _listed(texts: Iterable[str]) -> str:
    return ("、" if reader_language() == "ja" else ", ").join(texts)


def _say_change(key: Key, was: Any, now: Any) -> str:
    name = str(_NAMES[key[0]]).format(of=key[1])
    return f"{name} {_say_value(key, was)} → {_say_value(key, now)}"


def _say_value(key: Key, value: Any) -> str:
    if value is None:
        return str(_NONE)
    if isinstance(value, Decimal):
        return str(_PERCENT).format(percent=plain(value))
    if isinstance(value, int):
        return f"¥{value:,}" if key[0] in _IN_YEN else f"{value:,}"
    return str(value)
