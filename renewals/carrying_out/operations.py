"""Bring the holdings to what was ordered, or back: one transaction, with an entry in the log (R21)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from foundation.text.days import JAPAN
from foundation.transactions import one_transaction
from licensing.models import Holding, LicenseID, Product, User
from licensing.operations.turns import wait_for_turn
from licensing.queries import present_codes
from quotes.models import Quote, QuoteEvent, QuoteMargin, QuotePart
from quotes.record.events import record_event
from quotes.record.margins import keep_carried_out, take_back
from quotes.record.refusals import CustomerMoved
from quotes.record.transitions import count_carried_out, lock_ordered

from ..models import CarryingOut
from .plan import Plan, plans_of

Row = dict[str, Any]
"""A holding as it is kept: `{holding, product, quantity, support_expires_on}`."""


class NotAsQuoted(Exception):
    """Holdings are no longer those that were quoted; `plans` say which, by license ID."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        super().__init__(", ".join(plan.part.license_code for plan in plans))
        self.plans = plans


class AlreadyCarriedOut(Exception):
    """It was done before: by a double click, or a colleague."""

    def __init__(self, done: CarryingOut) -> None:
        super().__init__(str(done.part_id))
        self.done = done


class ChangedSince(Exception):
    """Something else has changed the holdings since: they do not go back to what they were before."""

    def __init__(self, done: CarryingOut) -> None:
        super().__init__(str(done.part_id))
        self.done = done


@one_transaction
def carry_out(
    *,
    quote: Quote,
    parts: Collection[int],
    certificate_number: str = "",
    certificate_on: date | None = None,
    by: User,
    now: datetime,
) -> list[CarryingOut]:
    """Bring the holdings of some license IDs of an ordered quote to what was ordered: all of them, or none.

    `parts` are the numbers of the rows of its parts. Whoever comes second waits, and is refused. Raises NotOrdered,
    AlreadyCarriedOut, NotAsQuoted, and CustomerMoved where a license ID has come to another reseller.
    """
    chosen = _lock(quote, parts)
    status = lock_ordered(quote=quote)
    if done := CarryingOut.objects.filter(part__in=chosen, undone_at=None).select_related("by", "part").first():
        raise AlreadyCarriedOut(done)
    plans = plans_of(chosen)
    if wrong := [plan for plan in plans if plan.differences]:
        raise NotAsQuoted(wrong)
    written = []
    for plan in plans:
        before, after = _write(plan, by)
        written.append(
            CarryingOut.objects.create(
                part=plan.part,
                by=by,
                at=now,
                certificate_number=certificate_number.strip(),
                certificate_on=certificate_on,
                before=before,
                after=after,
            )
        )
    count_carried_out(status=status, more=len(written))
    on = now.astimezone(JAPAN).date()
    margins = keep_carried_out(parts=[one.part for one in written], on=on)
    for one, margin in zip(written, margins, strict=True):
        record_event(quote=quote, kind=QuoteEvent.Kind.CARRIED_OUT, now=now, by=by, detail=_told(one) | margin)
    return written


@one_transaction
def undo(*, done: CarryingOut, by: User, now: datetime) -> None:
    """Give back the holdings that it changed, as they were, with their numbers. The history keeps both.

    Raises ChangedSince where one of them is not as it was left, or something stands in its place; where it was undone
    before, nothing happens.
    """
    quote = done.part.quote
    [part] = _lock(quote, [done.part_id])
    done = CarryingOut.objects.select_for_update(no_key=True).get(pk=done.pk)
    if done.undone_at:
        return
    status = lock_ordered(quote=quote)
    rows = {row.pk: row for row in Holding.objects.filter(licenseid=part.licenseid).select_related("product")}
    codes = present_codes(str(row["product"]) for row in (*done.before, *done.after))
    before, after = ({row["holding"]: _called_now(row, codes) for row in side} for side in (done.before, done.after))
    ended = before.keys() - after.keys()
    if any(pk not in rows or _kept(rows[pk]) != row for pk, row in after.items()) or ended & rows.keys():
        raise ChangedSince(done)
    others = {(row.product.code, row.support_expires_on.isoformat()) for pk, row in rows.items() if pk not in after}
    if others & {(row["product"], row["support_expires_on"]) for row in before.values()}:
        raise ChangedSince(done)
    products = {row.code: row for row in Product.objects.filter(code__in=[before[pk]["product"] for pk in ended])}
    if any(before[pk]["product"] not in products for pk in ended):
        raise ChangedSince(done)  # a product that nobody held any more was deleted
    for pk in after.keys() - before.keys():
        _end(rows[pk], by)
    for pk in sorted(after.keys() & before.keys(), key=lambda pk: str(before[pk]["support_expires_on"])):
        _change(rows[pk], before[pk]["quantity"], date.fromisoformat(before[pk]["support_expires_on"]), by)
    for pk in sorted(ended):
        row = before[pk]
        until = date.fromisoformat(row["support_expires_on"])
        _begin(part.licenseid, products[row["product"]], row["quantity"], until, by, pk=pk)
    done.undone_at, done.undone_by = now, by
    done.save(update_fields=["undone_at", "undone_by"])
    count_carried_out(status=status, more=-1)
    on = now.astimezone(JAPAN).date()
    told = _told(done) | take_back(quote=quote, stage=QuoteMargin.Stage.CARRIED_OUT, on=on, part=done.part)
    record_event(quote=quote, kind=QuoteEvent.Kind.CARRY_OUT_UNDONE, now=now, by=by, detail=told)


def _lock(quote: Quote, parts: Iterable[int]) -> list[QuotePart]:
    rows = QuotePart.objects.filter(quote=quote, pk__in=list(parts)).order_by("position")
    rows = rows.select_related("quote", "licenseid__customer")
    wait_for_turn([part.licenseid for part in rows])
    chosen = list(rows.all())  # whose they are by now
    held = Holding.objects.filter(licenseid__in=[part.licenseid_id for part in chosen])
    list(held.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    if any(part.licenseid.customer.reseller_id != quote.reseller_id for part in chosen):
        raise CustomerMoved(quote)
    return chosen


def _write(plan: Plan, by: User) -> tuple[list[Row], list[Row]]:
    """The rows that it touches, before and after. What ends goes first, then the latest expiry: no two are alike."""
    before = [_kept(row) for row in plan.touched]
    going_on = {row.pk for row in plan.row_of.values()}
    for row in plan.touched:
        if row.pk not in going_on:
            _end(row, by)
    after = []
    products = {row.product_id: row.product for row in plan.touched}
    products |= {change.product.pk: change.product for change in plan.changes}
    for (product, until), quantity in sorted(
        plan.wanted.items(), key=lambda item: (item[0][1], item[0][0]), reverse=True
    ):
        going = plan.row_of.get((product, until))
        if going is None:
            going = _begin(plan.part.licenseid, products[product], quantity, until, by)
        else:
            _change(going, quantity, until, by)
        after.append(_kept(going))
    return before, sorted(after, key=lambda row: int(row["holding"]))


def _begin(
    licenseid: LicenseID, product: Product, quantity: int, until: date, by: User, *, pk: int | None = None
) -> Holding:
    row = Holding(pk=pk, licenseid=licenseid, product=product, quantity=quantity, support_expires_on=until)
    row._history_user = by  # type: ignore[attr-defined]
    row.save(force_insert=True)
    return row


def _change(row: Holding, quantity: int, until: date, by: User) -> None:
    row.quantity, row.support_expires_on = quantity, until
    row._history_user = by  # type: ignore[attr-defined]
    row.save()


def _end(row: Holding, by: User) -> None:
    pk = row.pk
    row._history_user = by  # type: ignore[attr-defined]
    row.delete()
    row.pk = pk  # what is kept of it still names it


def _kept(row: Holding) -> Row:
    return {
        "holding": row.pk,
        "product": row.product.code,
        "quantity": row.quantity,
        "support_expires_on": row.support_expires_on.isoformat(),
    }


def _called_now(row: Row, codes: Mapping[str, str]) -> Row:
    """What was kept, with the code that the product has now."""
    return {**row, "product": codes.get(row["product"], row["product"])}


def _told(one: CarryingOut) -> dict[str, Any]:
    told: dict[str, Any] = {"license_id": one.part.license_code, "before": one.before, "after": one.after}
    if one.certificate_number:
        told["certificate_number"] = one.certificate_number
    if one.certificate_on:
        told["certificate_on"] = one.certificate_on.isoformat()
    return told
