"""What carrying out one license ID of a quote would do to its holdings. Reads only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from licensing.models import Holding, LicenseID, Product
from licensing.models.licenses import MOST_HELD
from quotes.models import QuoteLine, QuotePart

from ..asked import AskedHolding, AskedPart, from_json

LAST_DAY = date(2099, 12, 31)
"""As far as the database takes expiries."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A holding that is no longer what was quoted, or cannot become what was ordered."""

    product: str
    """Its name on the quote, or its code."""
    quoted: tuple[int, date] | None
    """Quantity and expiry."""
    held: tuple[int, date] | None
    """None: it is gone."""
    is_too_much: bool = False
    """What comes together would be more than can be held, or last longer than the database takes."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the page: what stands now, and what will."""

    kind: str
    """`renewed`, `ended`, `merged` (into the row of the same product and expiry), `added`, `enlarged` or `left-out`."""
    product: Product
    holding: Holding | None
    """None: there is none yet."""
    quantity: int
    """Afterwards; of what is merged, its share. 0: it ends."""
    expires_on: date


@dataclass(frozen=True, slots=True)
class Plan:
    """All that carrying out does, in the order of the quote."""

    part: QuotePart
    changes: tuple[Change, ...]
    differences: tuple[Difference, ...]
    wanted: dict[tuple[int, date], int]
    """What is held afterwards of what is touched: quantity by product and expiry."""
    row_of: dict[tuple[int, date], Holding]
    """The rows that go on, and as what."""
    touched: tuple[Holding, ...]
    """The rows that are changed or end, as they are now."""


def make_plan(*, part: QuotePart, lines: Iterable[QuoteLine], asked: AskedPart, held: Sequence[Holding]) -> Plan:
    """What is to be done. `lines` are those of the part in their order, `held` the license ID's rows with products."""
    lines = list(lines)
    rows = {row.pk: row for row in held}
    names = {line.product_code: line.product_name for line in lines}
    renewed = [line for line in lines if line.kind != QuoteLine.Kind.ADDITION]
    quoted = [row for row in asked.holdings if not row.is_left_out]
    differences = [one for one in (find_difference(row, rows.get(row.holding), names) for row in quoted) if one]
    if differences:
        return Plan(part, (), tuple(differences), {}, {}, ())
    line_of = dict(zip([row.holding for row in quoted if row.renewal_quantity], renewed, strict=True))
    touched = [rows[row.holding] for row in quoted]
    staying = {(row.product_id, row.support_expires_on): row for row in held if row not in touched}
    wanted: dict[tuple[int, date], int] = {}
    row_of: dict[tuple[int, date], Holding] = {}
    changes = []

    def bring(product: Product, quantity: int, until: date, row: Holding | None) -> str:
        key = (product.pk, until)
        kind = "renewed" if row else "added"
        if key in wanted:
            kind = "merged" if row else "enlarged"
        elif key in staying:
            other = staying[key]
            wanted[key], row_of[key] = other.quantity, other
            touched.append(other)
            kind = "merged" if row else "enlarged"
        elif row:
            row_of[key] = row
        wanted[key] = wanted.get(key, 0) + quantity
        return kind

    for one in quoted:
        row = rows[one.holding]
        if line := line_of.get(one.holding):
            kind = bring(row.product, line.quantity, line.term_until, row)
            changes.append(Change(kind, row.product, row, line.quantity, line.term_until))
        else:
            changes.append(Change("ended", row.product, row, 0, row.support_expires_on))
    for line in lines:
        if line.kind == QuoteLine.Kind.ADDITION:
            kind = bring(line.product, line.quantity, line.term_until, None)
            changes.append(Change(kind, line.product, None, line.quantity, line.term_until))
    changes += [
        Change("left-out", row.product, row, row.quantity, row.support_expires_on) for row in held if row not in touched
    ]
    products = {line.product_id: line.product_name for line in lines}
    too_much = tuple(
        Difference(products.get(product, ""), None, (quantity, until), is_too_much=True)
        for (product, until), quantity in wanted.items()
        if quantity > MOST_HELD or until > LAST_DAY
    )
    return Plan(part, tuple(changes), too_much, wanted, row_of, tuple(touched))


def find_difference(row: AskedHolding, now: Holding | None, names: dict[str, str]) -> Difference | None:
    """What is otherwise than it was when it was asked for. The holding is loaded with its product, and that with its
    former codes where it has another code since: it is the same one.
    """
    quoted = (row.quantity, row.support_expires_on)
    name = names.get(row.product, row.product)
    if now is None:
        return Difference(name, quoted, None)
    held = (now.quantity, now.support_expires_on)
    is_same = now.product.code == row.product or row.product in {one.code for one in now.product.former_codes.all()}
    if held == quoted and is_same:
        return None
    return Difference(name, quoted, held)


def plans_of(parts: Sequence[QuotePart]) -> list[Plan]:
    """The plans of parts of quotes, which are loaded with them; three queries, however many there are."""
    asked = {
        (quote.pk, part.license_id): part
        for quote in {part.quote_id: part.quote for part in parts}.values()
        for part in from_json(quote.asked).parts
    }
    lines: dict[int, list[QuoteLine]] = {}
    for line in QuoteLine.objects.filter(part__in=parts).select_related("product").order_by("position"):
        lines.setdefault(line.part_id, []).append(line)
    held: dict[int, list[Holding]] = {}
    for row in held_of_license_ids([part.licenseid for part in parts]):
        held.setdefault(row.licenseid_id, []).append(row)
    return [
        make_plan(
            part=part,
            lines=lines.get(part.pk, []),
            asked=asked[part.quote_id, part.license_code],
            held=held.get(part.licenseid_id, []),
        )
        for part in parts
    ]


def held_of_license_ids(licenseids: Sequence[LicenseID]) -> list[Holding]:
    """Their holdings as they are now, with products and their former codes."""
    holdings = Holding.objects.filter(licenseid__in=licenseids).select_related("product")
    rows = holdings.prefetch_related("product__former_codes")
    return list(rows.order_by("support_expires_on", "product__code", "pk"))
