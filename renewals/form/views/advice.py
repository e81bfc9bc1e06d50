"""The advisor beside the decision sheet: what there is to say about quantities, each in one neutral sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.text.language import join_words, name_of
from licensing.models import Product
from licensing.templatetags.portal import signed_yen, yen
from pricing.advice.findings import (
    Cheapest,
    NextRank,
    Reduction,
    Waiting,
    fewest_more,
    find_best,
    find_next_rank,
    find_reduction,
    find_waiting,
)
from pricing.advice.surface import Subject, Surface
from pricing.engine.pricing import RenewalPricing

from ...calculation.waiting import Later, first_expiry, price_later
from .plot import Plot, draw_plot

OPEN_AT_ONCE = 2
"""Where there are more products, what is said of each stands folded."""


@dataclass(frozen=True)
class ProductAdvice:
    """What is said about one product's quantity, the others being as they are entered."""

    name: str
    code: str
    sentences: list[str]
    plot: Plot | None


@dataclass(frozen=True)
class Advice:
    """All amounts are for the term that is entered, of this license ID, tax excluded."""

    years: int
    together: list[str]
    products: list[ProductAdvice]

    @property
    def is_open(self) -> bool:
        return len(self.products) <= OPEN_AT_ONCE


def advise(surface: Surface, *, products: Mapping[str, Product]) -> Advice:
    """`products`: rows by code."""
    pricing = surface.entered
    later = price_later(pricing)
    waits = [(one, find_waiting(pricing, one.pricing)) for one in later]
    more = {subject.code: find_next_rank(surface, subject) for subject in surface.subjects}
    told = []
    for subject in surface.subjects:
        best = find_best(surface, among={subject.code})
        sentences = [
            _say_reduction(find_reduction(surface, subject), products[subject.code]),
            _say_cheapest(best, subject),
            _say_more(more[subject.code], subject, products),
            *(_say_waiting(one, found.get(subject.code)) for one, found in waits if len(surface.subjects) > 1),
        ]
        told.append(
            ProductAdvice(
                name=name_of(products[subject.code]),
                code=subject.code,
                sentences=[sentence for sentence in sentences if sentence],
                plot=draw_plot(surface, subject, best=best, further=more[subject.code]),
            )
        )
    return Advice(pricing.request.years, _say_together(surface, pricing, products, more, waits), told)


def _say_together(
    surface: Surface,
    pricing: RenewalPricing,
    products: Mapping[str, Product],
    more: Mapping[str, NextRank | None],
    waits: Sequence[tuple[Later, Mapping[str, Waiting]]],
) -> list[str]:
    sentences = [] if surface.is_asked_here else [_say_elsewhere(pricing)]
    if len(surface.subjects) > 1:
        best = find_best(surface)
        nearest = fewest_more(one for one in more.values() if one)
        sentences += [
            _say_kept(surface),
            _say_cheapest_together(best, surface, products),
            _say_nearest(nearest, products),
        ]
    sentences += [_say_waiting(one, found.get("")) for one, found in waits]
    expiry = first_expiry(pricing)
    if not waits and expiry is not None and expiry >= pricing.request.on:
        sentences.append(
            _("No published price list takes effect by the expiry on %(day)s: waiting until then changes no price.")
            % {"day": date_format(expiry)}
        )
    return [sentence for sentence in sentences if sentence]


def _say_elsewhere(entered: RenewalPricing) -> str:
    """What is entered reduces a product and adds to it: it is none of the quantities here, each renewed first."""
    if entered.is_refused:
        return ""
    return _(
        "What is entered reduces a product and adds to it, and costs %(total)s. Here as much of its quantity is "
        "renewed as is held."
    ) % {"total": yen(entered.subtotal)}


def _say_kept(surface: Surface) -> str:
    """What is entered for all products together, against keeping all of them."""
    kept, asked = surface.subtotal(surface.kept), surface.subtotal(surface.asked)
    if kept is None or asked is None or surface.kept == surface.asked or not surface.is_asked_here:
        return ""
    told = {"asked": yen(asked), "kept": yen(kept), "difference": signed_yen(asked - kept)}
    return _("As entered all of it costs %(asked)s, against %(kept)s for keeping what is held (%(difference)s).") % told


def _say_reduction(found: Reduction | None, product: Product) -> str:
    if found is None:
        return ""
    told = {
        "held": f"{found.held:,}",
        "kept": yen(found.kept_total),
        "from": f"{found.pays_from or 0:,}",
        "total": yen(found.total),
        "ranges": join_words(_range(first, last) for first, last in found.in_vain),
    }
    if found.pays_from is None:
        return _("No smaller quantity costs less than keeping %(held)s (%(kept)s).") % told
    if not found.in_vain:
        return _("Reducing costs less from %(from)s on: %(total)s, against %(kept)s for keeping %(held)s.") % told
    return (
        _(
            "Reducing costs less from %(from)s on (%(total)s, against %(kept)s for keeping %(held)s), but %(ranges)s "
            "cost as much as keeping or more."
        )
        % told
    )


def _say_cheapest(found: Cheapest | None, subject: Subject) -> str:
    if found is None:
        return _("From what is entered upwards no quantity can be quoted.")
    quantity = found.quantities[subject.code]
    told = {
        "quantity": f"{quantity:,}",
        "total": yen(found.total),
        "asked": f"{subject.asked:,}",
        "asked_total": yen(found.asked_total),
    }
    if found.asked_total is None:
        return _("%(asked)s cannot be quoted; the cheapest above is %(quantity)s: %(total)s.") % told
    if quantity == subject.asked:
        return _("Of %(asked)s and more, %(asked)s cost least: %(total)s.") % told
    return _("Of %(asked)s and more, %(quantity)s cost least: %(total)s, against %(asked_total)s for %(asked)s.") % told


def _say_cheapest_together(found: Cheapest | None, surface: Surface, products: Mapping[str, Product]) -> str:
    if found is None:
        return _("From what is entered upwards no quantities can be quoted.")
    raised = [
        f"{name_of(products[subject.code])} {found.quantities[subject.code]:,}"
        for subject in surface.subjects
        if found.quantities[subject.code] != subject.asked
    ]
    told = {"total": yen(found.total), "asked_total": yen(found.asked_total), "raised": join_words(raised)}
    if found.asked_total is None:
        return _("What is entered cannot be quoted; the cheapest above it has %(raised)s: %(total)s.") % told
    if not raised:
        return _("Of what is entered and more, what is entered costs least: %(total)s.") % told
    return (
        _("Of what is entered and more, %(raised)s costs least: %(total)s, against %(asked_total)s as entered.") % told
    )


def _say_more(found: NextRank | None, subject: Subject, products: Mapping[str, Product]) -> str:
    if found is None:
        return ""
    told = _facts(found, products)
    return (
        _("%(more)s more (%(quantity)s) reach rank %(rank)s: %(total)s, against %(asked_total)s now (%(difference)s).")
        % told
    )


def _say_nearest(found: NextRank | None, products: Mapping[str, Product]) -> str:
    if found is None:
        return ""
    return _(
        "The fewest licenses to another rank: %(more)s more of %(product)s (%(quantity)s) reach rank %(rank)s: "
        "%(total)s, against %(asked_total)s now (%(difference)s)."
    ) % _facts(found, products)


def _facts(found: NextRank, products: Mapping[str, Product]) -> dict[str, str]:
    return {
        "product": name_of(products[found.code]),
        "more": f"{found.more:,}",
        "quantity": f"{found.quantity:,}",
        "rank": found.rank,
        "total": yen(found.total),
        "asked_total": yen(found.asked_total),
        "difference": signed_yen(found.total - found.asked_total),
    }


def _say_waiting(later: Later, found: Waiting | None) -> str:
    if found is None:
        return ""
    told = {
        "day": date_format(later.day),
        "list": name_of(later.price_list) if later.price_list else "",
        "now": yen(found.now),
        "then": yen(found.then),
        "difference": signed_yen((found.then or 0) - found.now),
    }
    if later.price_list is None:
        if found.then is None:
            return _("From %(day)s what is left out counts no more, and this cannot be quoted as entered.") % told
        return (
            _("From %(day)s what is left out counts no more: %(then)s, against %(now)s until then (%(difference)s).")
            % told
        )
    if found.then is None:
        return _("From %(day)s “%(list)s” applies, and this cannot be quoted as entered; until then %(now)s.") % told
    return _("From %(day)s “%(list)s” applies: %(then)s, against %(now)s until then (%(difference)s).") % told


def _range(first: int, last: int) -> str:
    return f"{first:,}" if first == last else f"{first:,}–{last:,}"
