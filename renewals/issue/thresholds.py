"""Which of a reseller's thresholds a quote passes, and by how much (R20). Reads only.

Compared is exactly, yen with yen: what 11.458 % is rounded to never decides. A quote needs approval where it lies above
a threshold, or its margin below one, not where it just reaches it.
"""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.utils.translation import gettext as _

from foundation.text.language import reader_language
from licensing.models import Reseller
from pricing.costs.margins import MarginTotals, Rate
from pricing.costs.queries import rates_on
from pricing.engine.quote import QuotePricing

from ..calculation.margins import margins_of

Passed = dict[str, Any]
"""One threshold that is passed, as JSON: `kind`, `limit`, `value`, and yen by which it is passed (`over`, `short`)."""
Rates = Mapping[str, Rate]

REDUCTION, AMOUNT, LINE_MARGIN, QUOTE_MARGIN, UNRATED = "reduction", "amount", "line-margin", "quote-margin", "unrated"
OF_MARGINS = frozenset({LINE_MARGIN, QUOTE_MARGIN, UNRATED})


def has_thresholds(reseller: Reseller) -> bool:
    """Whether anything of this reseller can need approval."""
    limits = (reseller.approval_reduction, reseller.approval_amount)
    return any(limit is not None for limit in limits) or asks_for_margins(reseller)


def asks_for_margins(reseller: Reseller) -> bool:
    """Whether margins, or that there is none, can make a quote need approval."""
    limits = (reseller.approval_line_margin, reseller.approval_quote_margin)
    return any(limit is not None for limit in limits) or reseller.approval_unrated


def rates_for(reseller: Reseller, codes: Collection[str], on: date) -> Rates:
    """The cost rates of these products where thresholds ask for them; else none, and no query."""
    return rates_on(reseller=reseller, codes=codes, on=on) if asks_for_margins(reseller) else {}


def passed_thresholds(reseller: Reseller, pricing: QuotePricing, *, rates: Rates | None = None) -> list[Passed]:
    """What the quote passes of the reseller's thresholds; nothing where it is refused. `rates`: of its products, where
    they are loaded.
    """
    if pricing.is_refused:
        return []
    found = [*_reduction(reseller, pricing), *_amount(reseller, pricing)]
    if asks_for_margins(reseller):
        codes = {line.product.code for line in pricing.lines}
        known = rates_on(reseller=reseller, codes=codes, on=pricing.on) if rates is None else rates
        found += _margins(reseller, pricing, margins_of(pricing, known))
    return found


def is_above_percent(part: int, whole: int, percent: Decimal) -> bool:
    """Whether `part` is more than so many percent of `whole`, without rounding."""
    return part * 100 > percent * whole


def without_figures(passed: Mapping[str, Any]) -> Passed:
    """For the log and for those who see no margins: of what is about them, only which threshold it was."""
    if passed["kind"] not in (LINE_MARGIN, QUOTE_MARGIN):
        return dict(passed)
    return {"kind": passed["kind"]}


def say_passed(passed: Mapping[str, Any], *, with_margins: bool) -> str:
    """One of them in the reader's language; with figures of margins for those who see them only."""
    if not with_margins:
        passed = without_figures(passed)
    kind = passed["kind"]
    if kind == UNRATED:
        return _("Without a cost rate, so nobody can say what is left: %(names)s.") % {"names": _names(passed)}
    if kind in OF_MARGINS and "limit" not in passed:
        return (
            _("The margin of a line is below the threshold.")
            if kind == LINE_MARGIN
            else _("The margin of the quote is below the threshold.")
        )
    if kind == LINE_MARGIN:
        text = _("The margin of %(name)s, %(value)s %% (%(money)s), is ¥%(short)s below the threshold of %(limit)s %%.")
        language = reader_language()
        rows = [{**_told(one), "name": one["name"][language], "limit": passed["limit"]} for one in passed["lines"]]
        return " ".join(text % row for row in rows)
    told = _told(passed)
    if kind == QUOTE_MARGIN:
        return (
            _("The margin of the quote, %(value)s %% (%(money)s), is ¥%(short)s below the threshold of %(limit)s %%.")
            % told
        )
    if kind == REDUCTION:
        text = _(
            "The reduction of %(value)s %% (¥%(value_yen)s) is ¥%(over)s above the threshold of %(limit)s %% "
            "(¥%(limit_yen)s)."
        )
        return text % told
    return _("The total of ¥%(value)s is ¥%(over)s above the threshold of ¥%(limit)s.") % told


def _told(facts: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: f"{value:,}" if isinstance(value, int) else value for name, value in facts.items()}
    yen = facts.get("value_yen", 0)
    return {**told, "money": f"¥{yen:,}" if yen >= 0 else f"▲¥{-yen:,}"}


def _names(passed: Mapping[str, Any]) -> str:
    language = reader_language()
    return ", ".join(one["name"][language] for one in passed["lines"])


def _reduction(reseller: Reseller, pricing: QuotePricing) -> list[Passed]:
    limit, whole, reduction = reseller.approval_reduction, pricing.list_subtotal, pricing.given_away
    if limit is None or not is_above_percent(reduction, whole, limit):
        return []
    at_limit = int(whole * limit // 100)
    return [
        {
            "kind": REDUCTION,
            "limit": _plain(limit),
            "limit_yen": at_limit,
            "value": _plain(pricing.percent_off),
            "value_yen": reduction,
            "over": reduction - at_limit,
        }
    ]


def _amount(reseller: Reseller, pricing: QuotePricing) -> list[Passed]:
    limit, total = reseller.approval_amount, pricing.total
    if limit is None or total <= limit:
        return []
    return [{"kind": AMOUNT, "limit": limit, "value": total, "over": total - limit}]


def _margins(reseller: Reseller, pricing: QuotePricing, margins: MarginTotals) -> list[Passed]:
    found: list[Passed] = []
    limit = reseller.approval_line_margin
    names = [_name(line.product) for line in pricing.lines]
    names += [{"ja": line.description, "en": line.description} for line in pricing.free_lines]
    rows = list(zip(names, margins.lines, strict=True))
    if limit is not None:
        low = [
            {"name": name, **_below(one.margin, one.line.amount, limit, one.percent)}
            for name, one in rows
            if one.margin is not None and _is_below(one.margin, one.line.amount, limit)
        ]
        if low:
            found.append({"kind": LINE_MARGIN, "limit": _plain(limit), "lines": low})
    limit = reseller.approval_quote_margin
    if limit is not None and margins.margin is not None and _is_below(margins.margin, margins.covered, limit):
        found.append(
            {
                "kind": QUOTE_MARGIN,
                "limit": _plain(limit),
                **_below(margins.margin, margins.covered, limit, margins.percent),
            }
        )
    if reseller.approval_unrated and margins.uncovered:
        unrated = [{"name": name} for name, one in rows if one.cost is None]
        found.append({"kind": UNRATED, "lines": unrated})
    return found


def _is_below(margin: int, amount: int, limit: Decimal) -> bool:
    """Of what is given away for nothing, any cost is a loss."""
    return margin * 100 < limit * amount


def _below(margin: int, amount: int, limit: Decimal, percent: Decimal | None) -> Passed:
    return {
        "value": "–" if percent is None else _plain(percent).replace("-", "▲"),
        "value_yen": margin,
        "short": int((amount * limit / 100).to_integral_value(ROUND_CEILING)) - margin,
    }


def _name(product: Any) -> dict[str, str]:
    return {"ja": product.called("ja"), "en": product.called("en")}


def _plain(percent: Decimal) -> str:
    text = f"{percent:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
