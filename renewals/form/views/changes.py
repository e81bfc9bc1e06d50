"""What a draft that was made from a quote changes against it, as its page shows it. Reads only; decides nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.text.language import name_of, reader_language
from licensing.models import User
from licensing.models.licenses import name_tax_category
from licensing.templatetags.portal import yen
from quotes.models import SUPERSEDE, Quote, QuoteLine, can_become

from ...asked import AskedFreeLine, from_json
from ...calculation.calculate import Calculation
from ...calculation.differences import LineDifference, Side, compare_with_quote, free_differences, holding_changes
from ...models import QuoteDraft
from ...revisions.views import moved_words, not_to_be_revised
from ..forms import RenewalForm
from .terms import ChangedTerm, changed_terms


@dataclass(frozen=True)
class Cell:
    """One figure of a line: as quoted, and now. The same twice where nothing changed; empty where there is no line."""

    label: str
    old: str
    new: str
    is_number: bool = True


@dataclass(frozen=True)
class Row:
    """One line: `kind` is `added`, `removed`, `changed` or `same`."""

    kind: str
    name: str
    code: str
    cells: list[Cell]
    term: Cell
    """The support period."""
    license_id: str = ""
    """Empty where there is only one."""


@dataclass(frozen=True)
class DifferencesView:
    """All that stands at the top of a draft that was made from a quote."""

    quote: Quote
    is_revision: bool
    next_number: str
    """Under which a revision will be issued; empty for a copy."""
    blocked: str
    """Why the revision cannot be issued any more; empty where it can."""
    held: list[str]
    """What became of the holdings since, in sentences."""
    is_priced: bool
    changed: list[Row]
    same: list[Row]
    terms: list[ChangedTerm]
    """What is printed otherwise beside the lines."""
    old_total: int
    new_total: int | None

    @property
    def difference(self) -> int | None:
        """Yen with tax; None where the draft cannot be priced."""
        return None if self.new_total is None else self.new_total - self.old_total


def lay_out_differences(
    *, draft: QuoteDraft | None, form: RenewalForm, calculation: Calculation, is_priced: bool, user: User
) -> DifferencesView | None:
    """None for a draft that was begun anew. The draft's basis is loaded with its status. `user` would issue it."""
    if draft is None or draft.basis is None:
        return None
    quote = draft.basis
    lines = list(quote.lines.select_related("part", "product"))
    rows: list[Row] = []
    if is_priced:
        compared = compare_with_quote(lines=lines, total=quote.total, pricing=calculation.pricing)
        names = {line.product.code: line.product_name for line in lines}
        names |= {line.product.code: line.product.called(reader_language()) for line in calculation.pricing.lines}
        sides = [line.new or line.old for line in compared.lines]
        is_several = len({side.license_id for side in sides if side}) > 1
        rows = [_row(line, names, is_several=is_several) for line in compared.lines]
        rows += [_free_row(old, new) for old, new in free_differences(quote=quote, asked=form.to_asked())]
    return DifferencesView(
        quote=quote,
        is_revision=draft.is_revision,
        next_number=f"{quote.base_number}-{quote.revision + 1:02d}" if draft.is_revision else "",
        blocked=_blocked(quote, form) if draft.is_revision else "",
        held=_held(quote, lines, form),
        is_priced=is_priced,
        changed=[row for row in rows if row.kind != "same"],
        same=[row for row in rows if row.kind == "same"],
        terms=changed_terms(quote=quote, form=form, calculation=calculation, user=user) if is_priced else [],
        old_total=quote.total,
        new_total=calculation.pricing.total if is_priced else None,
    )


def _blocked(quote: Quote, form: RenewalForm) -> str:
    if quote.customer.present_id != form.licenseid.customer_id:
        return moved_words(quote)
    if not can_become(SUPERSEDE, quote.status.state):
        return not_to_be_revised(quote)
    return ""


def _held(quote: Quote, lines: list[QuoteLine], form: RenewalForm) -> list[str]:
    """Of license IDs that the quote is not over nothing can have changed since."""
    quoted = {part.license_id for part in from_json(quote.asked).parts}
    holdings = [row for part in form.parts if part.licenseid.code in quoted for row in part.holdings]
    changes = holding_changes(quote=quote, lines=lines, holdings=holdings)
    language = reader_language()
    said = [_("%(name)s is no longer held.") % {"name": name} for name in changes.gone]
    said += [
        _("Of %(name)s, %(now)s are held now; it was %(before)s then.")
        % {
            "name": name_of(holding.product, language),
            "now": f"{holding.quantity:,}",
            "before": f"{before:,}",
        }
        for holding, before in changes.changed
    ]
    said += [
        _("%(name)s is held since then and is not in the quote: tick it below to renew it.")
        % {"name": name_of(holding.product, language)}
        for holding in changes.new
    ]
    return said


def _row(line: LineDifference, names: dict[str, str], *, is_several: bool) -> Row:
    old, new = line.old, line.new
    code = new.product_code if new else old.product_code if old else ""
    return Row(
        line.kind,
        names.get(code, code),
        code,
        [
            Cell(_("Quantity"), _quantity(old), _quantity(new)),
            Cell(_("Price rank"), old.rank if old else "", new.rank if new else "", is_number=False),
            Cell(_("Unit price"), _price(old), _price(new)),
            Cell(_("Years"), _years(old), _years(new)),
            Cell(_("Amount"), yen(old.amount) if old else "", yen(new.amount) if new else ""),
        ],
        Cell(_("New support period"), _term(old), _term(new), is_number=False),
        (new or old).license_id if is_several and (new or old) else "",  # type: ignore[union-attr]
    )


def _free_row(old: AskedFreeLine | None, new: AskedFreeLine | None) -> Row:
    """A line of the reseller's own, which has neither rank nor term."""
    kind = "added" if old is None else "removed" if new is None else "same" if old == new else "changed"
    found = new or old

    def cell(label: str, say: Callable[[AskedFreeLine], str]) -> Cell:
        return Cell(label, say(old) if old else "", say(new) if new else "")

    return Row(
        kind,
        found.description if found else "",
        "",
        [
            cell(_("Quantity"), lambda line: f"{line.quantity:,} {line.unit}".strip()),
            Cell(_("Price rank"), "", "", is_number=False),
            cell(_("Unit price"), lambda line: yen(line.price)),
            Cell(_("Years"), "", ""),
            cell(_("Amount"), lambda line: yen(line.quantity * line.price)),
        ],
        replace(cell(_("Tax category"), lambda line: name_tax_category(line.tax_category)), is_number=False),
    )


def _quantity(side: Side | None) -> str:
    return f"{side.quantity:,}" if side else ""


def _price(side: Side | None) -> str:
    """Of an addition the first year's price, and the following years' where there are any."""
    if side is None:
        return ""
    if side.addition_price is None:
        return yen(side.renewal_price)
    return yen(side.addition_price) + (f" + {yen(side.renewal_price)}" if side.years > 1 else "")


def _years(side: Side | None) -> str:
    return str(side.years) if side else ""


def _term(side: Side | None) -> str:
    return f"{_day(side.term_from)}–{_day(side.term_until)}" if side else ""


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
