"""Keep what is left of quotes at each of their stages, with the cost rates of the day; and read it again.

What is kept is for whoever sees margins (`User.sees_margins`): `visible_margins` is the only door to it.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from licensing.models import User
from licensing.queries import present_codes
from pricing.costs.margins import LineMargin, Rate, SoldLine, codes_of, percent_of_sales, sold_lines, sum_margins
from pricing.costs.queries import keeps_rates, rates_on

from ..models import Quote, QuoteMargin, QuotePart, State, margin_hash
from ..models.margins import line_as_json

Stage = QuoteMargin.Stage


Costs = Sequence[int | None]
"""What one of each of the reseller's own lines costs (R23), in their order, as far as known; empty: of none."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Lines of a quote for which margins are kept together: all of them, or those of one license ID."""

    lines: list[tuple[int, SoldLine]]
    """Each with its number in the quote."""
    reduction: int
    """What of the 値引き on the whole quote falls on them."""


def whole_of(document: Mapping[str, Any], costs: Costs = ()) -> Portion:
    """All lines of a document."""
    return Portion(list(enumerate(sold_lines(document, costs), start=1)), _reduction(document))


def portion_of(document: Mapping[str, Any], license_id: str, costs: Costs = ()) -> Portion:
    """The lines of one license ID, with its share of the reduction; with the first one go the reseller's own lines. The
    shares of all license IDs are the whole of it.
    """
    sold, reduction = sold_lines(document, costs), _reduction(document)
    whole, share, before = sum(line.amount for line in sold), 0, 0
    owners = [line["license_id"] for line in document["lines"]]
    owners += [document["parts"][0]["license_id"]] * (len(sold) - len(owners))
    lines = []
    for number, (owner, line) in enumerate(zip(owners, sold, strict=True), start=1):
        after = before + line.amount
        if owner == license_id:
            lines.append((number, line))
            share += (reduction * after // whole - reduction * before // whole) if whole else 0
        before = after
    return Portion(lines, share)


def _reduction(document: Mapping[str, Any]) -> int:
    return int((document.get("offers") or {}).get("reduction", 0))


# --- Keeping ---------------------------------------------------------------------------------------------------------


def keep_quoted(quotes: Sequence[Quote], costs: Mapping[int, Costs] | None = None) -> dict[int, str]:
    """Of quotes of one reseller that are issued now: one query for the rates, one statement for all rows. `costs` of
    their own lines, by the number of the quote's row.

    Gives the hash for the entry of the log, by the number of the quote's row; none where the reseller has no rates.
    """
    first = quotes[0]
    own = costs or {}
    wholes = {quote.pk: whole_of(quote.document, own.get(quote.pk, ())) for quote in quotes}
    codes = {code for whole in wholes.values() for code in codes_of([line for _number, line in whole.lines])}
    rates = rates_on(reseller=first.reseller_id, codes=codes, on=first.issued_on)
    is_any_known = bool(rates) or any(cost is not None for its in own.values() for cost in its)
    if not is_any_known and not keeps_rates(first.reseller_id):
        return {}
    kept = QuoteMargin.objects.bulk_create(
        _row(quote, Stage.QUOTED, first.issued_on, wholes[quote.pk], rates) for quote in quotes
    )
    return {row.quote_id: margin_hash(row, None) for row in kept}


def keep_ordered(*, quote: Quote, on: date) -> dict[str, str]:
    """Of a quote that is ordered, with the rates of the order's day. Gives what the log's entry has more to say."""
    document = _document(quote.pk)
    [told] = _keep(quote, Stage.ORDERED, on, [(None, whole_of(document, _costs(quote.pk, document)))])
    return told


def keep_carried_out(*, parts: Sequence[QuotePart], on: date) -> list[dict[str, str]]:
    """Of license IDs of one quote whose holdings are brought to what was ordered, likewise, one after the other. Their
    quote is loaded.
    """
    if not parts:
        return []
    quote = parts[0].quote
    document = _document(quote.pk)
    costs = _costs(quote.pk, document)
    portions = [(part, portion_of(document, part.license_code, costs)) for part in parts]
    return _keep(quote, Stage.CARRIED_OUT, on, portions)


def take_back(*, quote: Quote, stage: str, on: date, part: QuotePart | None = None) -> dict[str, str]:
    """The stage was recorded by mistake: what was kept of it does not count any more. Nothing where nothing was."""
    if not current_margins().filter(quote=quote, stage=stage, part=part).exists():
        return {}
    row = QuoteMargin(
        quote=quote, part=part, reseller_id=quote.reseller_id, stage=stage, rates_on=on, is_taken_back=True
    )
    return _write(row, part)


def _document(quote: int) -> Mapping[str, Any]:
    """As it is stored: the quote may have been loaded without it."""
    document: Mapping[str, Any] = Quote.objects.order_by().values_list("document", flat=True).get(pk=quote)
    return document


def _costs(quote: int, document: Mapping[str, Any]) -> Costs:
    """Of its own lines, as they were when it was issued: no rate changes them later."""
    count = len(document.get("free_lines", ()))
    if not count:
        return ()
    kept = QuoteMargin.objects.filter(quote=quote, stage=Stage.QUOTED).order_by("pk").values_list("lines", flat=True)
    by_number = {line["number"]: line.get("unit_cost") for line in kept.first() or ()}
    first = len(document["lines"]) + 1
    return [by_number.get(number) for number in range(first, first + count)]


def own_costs_of(quote: int) -> list[tuple[str, int]]:
    """What one of each of a quote's own lines cost when it was issued, with its description; those that are known. For
    whoever makes the next quote of it: nothing of it is for a page. `quote` is the number of its row.
    """
    document = _document(quote)
    costs = _costs(quote, document)
    return [
        (line["description"], cost)
        for line, cost in zip(document.get("free_lines", ()), costs, strict=True)
        if cost is not None
    ]


def _keep(
    quote: Quote, stage: str, on: date, portions: Sequence[tuple[QuotePart | None, Portion]]
) -> list[dict[str, str]]:
    codes = codes_of([line for _part, portion in portions for _number, line in portion.lines])
    present = present_codes(codes)  # a product may be called otherwise since
    now = {code: present.get(code, code) for code in codes}
    found = rates_on(reseller=quote.reseller_id, codes=set(now.values()), on=on)
    rates = {code: found[its] for code, its in now.items() if its in found}
    is_any_known = bool(rates) or any(line.unit_cost is not None for _p, one in portions for _n, line in one.lines)
    if not is_any_known and not keeps_rates(quote.reseller_id):
        return [{} for _each in portions]
    return [_write(_row(quote, stage, on, portion, rates, part), part) for part, portion in portions]


def _row(
    quote: Quote, stage: str, on: date, portion: Portion, rates: Mapping[str, Rate], part: QuotePart | None = None
) -> QuoteMargin:
    totals = sum_margins([line for _number, line in portion.lines], rates, reduction=portion.reduction)
    numbered = zip(portion.lines, totals.lines, strict=True)
    return QuoteMargin(
        quote=quote,
        part=part,
        reseller_id=quote.reseller_id,
        stage=stage,
        rates_on=on,
        lines=[line_as_json(number, margin) for (number, _line), margin in numbered],
        reduction=portion.reduction,
        subtotal=totals.subtotal,
        covered=totals.covered,
        cost=totals.cost or 0,
        uncovered_lines=totals.uncovered_lines,
        salt=secrets.token_hex(16),
    )


def _write(row: QuoteMargin, part: QuotePart | None) -> dict[str, str]:
    row.salt = row.salt or secrets.token_hex(16)
    row.save()
    return {"margin": margin_hash(row, part.position if part else None)}


# --- Reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums of what was kept. Yen, tax excluded."""

    subtotal: int
    covered: int
    """What of it has a cost rate."""
    paid: int
    """The cost of that."""
    uncovered_lines: int

    @property
    def cost(self) -> int | None:
        """Of what has a cost rate; None: nothing has."""
        return self.paid if self.covered or self.paid else None

    @property
    def margin(self) -> int | None:
        """Likewise."""
        return None if self.cost is None else self.covered - self.paid

    @property
    def percent(self) -> Decimal | None:
        """Likewise, of what it was sold for; None also where it was given away."""
        return None if self.margin is None else percent_of_sales(self.margin, self.covered)

    @property
    def is_covered(self) -> bool:
        """Whether the margin is that of all."""
        return not self.uncovered_lines


@dataclass(frozen=True, slots=True)
class StageMargins:
    """A quote at one stage."""

    stage: str
    rows: tuple[QuoteMargin, ...]
    """One; of what was carried out one for each license ID, in their order. None: nothing is known."""

    @property
    def label(self) -> str:
        return str(Stage(self.stage).label)

    @property
    def figures(self) -> Figures | None:
        return sum_rows(self.rows) if self.rows else None

    @property
    def subtotal(self) -> int | None:
        """What it is offered at; None: the stage is not reached."""
        return self.figures.subtotal if self.figures else None

    @property
    def cost(self) -> int | None:
        return self.figures.cost if self.figures else None

    @property
    def on(self) -> date | None:
        """The last day."""
        return max((row.rates_on for row in self.rows), default=None)

    @property
    def lines(self) -> dict[int, LineMargin]:
        """By their numbers in the quote."""
        numbers = [line["number"] for row in self.rows for line in row.lines]
        return dict(zip(numbers, [one for row in self.rows for one in row.totals.lines], strict=True))


def current_margins() -> QuerySet[Any]:
    """The rows that count: the last of each stage, and of each license ID that is carried out."""
    is_of_same = Q(part=OuterRef("part")) | Q(part__isnull=True)
    newer = QuoteMargin.objects.filter(
        is_of_same, quote=OuterRef("quote"), stage=OuterRef("stage"), pk__gt=OuterRef("pk")
    )
    rows: QuerySet[Any] = QuoteMargin.objects.filter(~Exists(newer.order_by()), is_taken_back=False)
    return rows


def visible_margins(user: User) -> QuerySet[Any]:
    """Those that the user may see: of their own reseller, with that right. Everybody else sees none."""
    if not (user.is_active and user.sees_margins):
        return QuoteMargin.objects.none()
    return current_margins().filter(reseller=user.reseller_id)


def standing_margins(user: User) -> QuerySet[Any]:
    """The same without those of quotes that a revision took the place of, or that were withdrawn: for sums."""
    gone = (State.SUPERSEDED, State.WITHDRAWN)
    return visible_margins(user).exclude(quote__status__state__in=gone)


def stages_of(user: User, quote: Quote) -> list[StageMargins]:
    """All three stages of a quote for somebody who sees margins; else, and where nothing was kept, none. One query."""
    rows = list(visible_margins(user).filter(quote=quote).order_by("part__position", "pk"))
    if not rows:
        return []
    return [StageMargins(stage, tuple(row for row in rows if row.stage == stage)) for stage in Stage.values]


def sum_rows(rows: Iterable[QuoteMargin]) -> Figures:
    """All of them together."""
    found = list(rows)
    return Figures(
        sum(row.subtotal for row in found),
        sum(row.covered for row in found),
        sum(row.cost for row in found),
        sum(row.uncovered_lines for row in found),
    )
