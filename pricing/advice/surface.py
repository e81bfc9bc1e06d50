"""What one license ID would cost at other quantities and terms: a surface of which each point is priced once (R1-R14).

A quantity is that of a product after the quote: what is renewed of it and added to it. Up to what is held it is a
renewal, reduced where it is less; what is beyond is an addition. What is left out of the quote stays left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from ..engine.pricing import RenewalPricing
from ..engine.renewal import price_renewal
from ..engine.rules.r03_quoted import Quoted, decide_quoted
from ..engine.values import Addition, HoldingChoice, PriceTable, PriceTables, Product, RankBasis, RenewalRequest

Quantities = Mapping[str, int]
"""By product code, of every subject of a surface."""
Group = str
"""What shares a rank: a programme, or a product that is ranked by itself."""


@dataclass(frozen=True)
class Subject:
    """A product whose quantity can be another one: something of it is renewed, discontinued or added."""

    product: Product
    choices: tuple[HoldingChoice, ...]
    """What is not left out, with what is asked for of it, in the order in which it is renewed: first what is asked
    for, then what is discontinued, each by expiry. So the first expiry, which decides R7, stays where it is.
    """
    added: int
    """As asked for."""
    left_out: int
    """Held, not in the quote, and counted in its rank (R4)."""
    table: PriceTable | None

    @cached_property
    def code(self) -> str:
        return self.product.code

    @cached_property
    def held(self) -> int:
        """Of what is not left out."""
        return sum(choice.holding.quantity for choice in self.choices)

    @cached_property
    def renewed(self) -> int:
        """As asked for."""
        return sum(choice.renewal_quantity or 0 for choice in self.choices)

    @property
    def asked(self) -> int:
        """The quantity that is asked for."""
        return self.renewed + self.added

    @cached_property
    def open_until(self) -> int:
        """From the next quantity on something is renewed that is to be discontinued."""
        return sum(choice.holding.quantity for choice in self.choices if choice.renewal_quantity)

    @cached_property
    def is_shared(self) -> bool:
        """Whether the largest product of its programme decides the rank (R6)."""
        return self.product.programme.rank_basis is RankBasis.LARGEST_PRODUCT

    @cached_property
    def group(self) -> Group:
        """Its programme where that shares a rank, else the product itself."""
        return f"programme {self.product.programme.code}" if self.is_shared else f"product {self.code}"

    def renewals_at(self, quantity: int) -> dict[str, int]:
        """By holding: what is renewed of it. No holding has less at a larger quantity.

        Down from what is asked for, the last ones lose theirs first; up from it, the first ones get what they lack.
        """
        found = {choice.holding.key: choice.renewal_quantity or 0 for choice in self.choices}
        over = self.renewed - quantity
        for choice in reversed(self.choices):
            less = min(max(over, 0), found[choice.holding.key])
            found[choice.holding.key] -= less
            over -= less
        lacking = quantity - self.renewed
        for choice in self.choices:
            more = min(max(lacking, 0), choice.holding.quantity - found[choice.holding.key])
            found[choice.holding.key] += more
            lacking -= more
        return found


class Surface:
    """The renewals of one license ID that differ from a request in quantities and years only, all at list prices: what
    a line is offered at (R20) is said for its quantity.
    """

    def __init__(self, request: RenewalRequest, price_tables: PriceTables) -> None:
        self.request = request = _at_list_prices(request)
        quoted, _problems = decide_quoted(request)
        self.price_tables = price_tables
        self.subjects = tuple(_subjects(quoted, price_tables))
        self.subject_of = {subject.code: subject for subject in self.subjects}
        self._codes = tuple(self.subject_of)
        at_list = [replace(choice, offered=None) for choice in quoted.choices]  # what is offered is of one point (R20)
        self._rows = {choice.holding.key: choice for choice in at_list}
        self._added_as = {addition.product.code: addition.key for addition in reversed(request.additions)}
        self._can_be_alone = any(
            not subject.held or any(choice.holding.support_expires_on < request.on for choice in subject.choices)
            for subject in self.subjects
        )
        """Whether an addition may be ranked by itself somewhere: after an expiry, or where nothing is renewed (R7)."""
        self._known: dict[tuple[int, tuple[int, ...]], RenewalPricing] = {}
        self._turning_points: dict[tuple[str, tuple[int, ...]], list[int]] = {}
        self._part_of: dict[tuple[str, int], tuple[Mapping[str, HoldingChoice], Addition | None]] = {}

    @cached_property
    def asked(self) -> Quantities:
        """What the request asks for."""
        return {subject.code: subject.asked for subject in self.subjects}

    @cached_property
    def kept(self) -> Quantities:
        """What is held, and nothing more."""
        return {subject.code: subject.held for subject in self.subjects}

    @cached_property
    def entered(self) -> RenewalPricing:
        """What is asked for, as it is: it may be no point of the surface."""
        return price_renewal(self.request, self.price_tables, is_compared=False)

    @property
    def is_asked_here(self) -> bool:
        """Whether it is a point of the surface: not, where a product is both reduced and added."""
        return all(not subject.added or subject.renewed == subject.held for subject in self.subjects)

    @property
    def points(self) -> int:
        """How many have been priced."""
        return len(self._known)

    def request_at(self, quantities: Quantities, *, years: int | None = None) -> RenewalRequest:
        """The request with these quantities of all subjects, and so many years; None: its own."""
        rows, additions = dict(self._rows), []
        for code in self._codes:
            renewals, addition = self._part(code, max(quantities[code], 0))
            rows.update(renewals)
            if addition is not None:
                additions.append(addition)
        before = self.request
        return RenewalRequest(
            license_id=before.license_id,
            on=before.on,
            years=before.years if years is None else years,
            is_reduced=any(_is_reduced(choice) for choice in rows.values()),
            holdings=tuple(rows.values()),
            additions=tuple(additions),
            tax_rounding=before.tax_rounding,
            customer_segment=before.customer_segment,
        )

    def _part(self, code: str, quantity: int) -> tuple[Mapping[str, HoldingChoice], Addition | None]:
        """What is renewed of one product, and what is added."""
        if (code, quantity) not in self._part_of:
            subject = self.subject_of[code]
            renewals = {
                key: replace(self._rows[key], renewal_quantity=renewed)
                for key, renewed in subject.renewals_at(min(quantity, subject.held)).items()
            }
            addition = None
            if quantity > subject.held:
                key = self._added_as.get(code, f"more-{code}")
                addition = Addition(key, subject.product, quantity - subject.held)
            self._part_of[code, quantity] = renewals, addition
        return self._part_of[code, quantity]

    def at(self, quantities: Quantities, *, years: int | None = None) -> RenewalPricing:
        """What it costs there, without the comparison with keeping everything (R12): that is a point of its own."""
        years = self.request.years if years is None else years
        point = years, tuple([quantities[code] for code in self._codes])
        if (known := self._known.get(point)) is not None:
            return known
        request = self.request_at(quantities, years=years)
        found = self._known[point] = price_renewal(request, self.price_tables, is_compared=False)
        return found

    def subtotal(self, quantities: Quantities, *, years: int | None = None) -> int | None:
        """Yen, tax excluded; None where it is refused."""
        pricing = self.at(quantities, years=years)
        return None if pricing.is_refused else pricing.subtotal

    def turning_points(self, subject: Subject, others: Quantities) -> list[int]:
        """The quantities of a product at which something else may begin to hold, `others` being as they are: ascending.

        Between two of them no rule changes its mind, so there the price never falls with the quantity. More of them
        than there are does no harm: each is priced.
        """
        place = subject.code, tuple([others[code] for code in self._codes if code != subject.code])
        if place not in self._turning_points:
            self._turning_points[place] = self._find_turning_points(subject, others)
        return self._turning_points[place]

    def _find_turning_points(self, subject: Subject, others: Quantities) -> list[int]:
        found = {1, subject.open_until + 1, subject.held + 1}
        decides_from = 0
        if subject.is_shared:
            larger = self._largest_of_others(subject, others)
            for largest in larger:
                found |= {largest - subject.left_out, largest - subject.left_out + 1}
            decides_from = 0 if self._can_be_alone else min(larger)
        if subject.table is not None:
            found.add(subject.table.minimum_quantity)
            for start in subject.table.thresholds:
                if start >= decides_from:  # below it another product decides the rank
                    found |= {start, start - subject.left_out}
                if self._can_be_alone:
                    found.add(start + subject.held)
        return sorted(quantity for quantity in found if quantity > 0)

    def _largest_of_others(self, subject: Subject, quantities: Quantities) -> set[int]:
        """The largest rank quantity among the other products of its programme, additions summed or not (R6, R7)."""
        others = [one for one in self.subjects if one.group == subject.group and one.code != subject.code]
        counts = {one.code: one.left_out for one in others}
        for choice in self._rows.values():
            holding = choice.holding
            is_same = holding.product.programme.code == subject.product.programme.code
            if is_same and holding.product.code not in self.subject_of and self._counts(choice):
                counts[holding.product.code] = counts.get(holding.product.code, 0) + holding.quantity
        summed = max((counts[one.code] + quantities[one.code] for one in others), default=0)
        alone = max((counts[one.code] + min(quantities[one.code], one.held) for one in others), default=0)
        never = max((count for code, count in counts.items() if code not in self.subject_of), default=0)
        return {max(summed, never), max(alone, never)} if self._can_be_alone else {max(summed, never)}

    def _counts(self, choice: HoldingChoice) -> bool:
        return choice.renewal_quantity is None and choice.holding.support_expires_on >= self.request.on


def at_list_prices(pricing: RenewalPricing) -> RenewalPricing:
    """The same without what its lines are offered at (R20): the very one where nothing is."""
    request = _at_list_prices(pricing.request)
    if request == pricing.request:
        return pricing
    return price_renewal(request, pricing.price_tables, is_compared=False)


def _at_list_prices(request: RenewalRequest) -> RenewalRequest:
    return replace(
        request,
        holdings=tuple(replace(choice, offered=None) for choice in request.holdings),
        additions=tuple(replace(addition, offered=None) for addition in request.additions),
    )


def _subjects(quoted: Quoted, price_tables: PriceTables) -> Iterable[Subject]:
    """In the order of the request: what is held, then what is only added."""
    on = quoted.request.on
    products = {one.holding.product.code: one.holding.product for one in quoted.choices if not _is_left_out(one)}
    for addition in quoted.additions:
        products.setdefault(addition.product.code, addition.product)
    for code, product in products.items():
        same = [choice for choice in quoted.choices if choice.holding.product.code == code]
        renewable = [choice for choice in same if not _is_left_out(choice)]
        renewable.sort(key=lambda choice: (not choice.renewal_quantity, choice.holding.support_expires_on))
        yield Subject(
            product=product,
            choices=tuple(renewable),
            added=sum(addition.quantity for addition in quoted.additions if addition.product.code == code),
            left_out=sum(
                choice.holding.quantity
                for choice in same
                if _is_left_out(choice) and choice.holding.support_expires_on >= on
            ),
            table=price_tables.tables.get(code),
        )


def _is_reduced(choice: HoldingChoice) -> bool:
    return choice.renewal_quantity is not None and choice.renewal_quantity < choice.holding.quantity


def _is_left_out(choice: HoldingChoice) -> bool:
    return choice.renewal_quantity is None
