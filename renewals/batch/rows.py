"""What a row says: priced with what is held and in force now. Reads what was loaded, and writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from licensing.models import LicenseID, User
from pricing.engine.values import TaxRounding
from quotes.models import CODES_BETWEEN
from quotes.record.offers import Offer

from ..asked import Asked, AskedPart, AskedTerms, fit, held_of, product_codes, to_json
from ..calculation.calculate import Calculation
from ..calculation.margins import margins_of
from ..form.forms import first_subject
from ..form.views.opened import Opened, form_of_draft
from ..issue.approved import counts, judge
from ..issue.operations import Priced, Read, ReadBy, build_offer, contact_of
from ..issue.printing import find_unprintable, typed_texts
from ..issue.thresholds import passed_thresholds
from ..models import ApprovalRequest, QuoteDraft, QuoteRun, QuoteRunRow
from ..refusals import ContactGone
from .basis import Basis
from .telling import CHANGED, NOT_RENEWED, Told, both, tell, tell_pricing, tell_unprintable, warn
from .wanted import wanted

State, Answer = QuoteRunRow.State, ApprovalRequest.State
NEEDED = "needed"
"""How approval stands where nobody was asked for it as the row is now."""
PRICED_FIELDS = (
    "asked", "state", "total", "subtotal", "covered", "cost", "uncovered_lines", "price_list", "problems", "read",
    "unread", "changed", "draft_version", "approval", "license_ids", "license_codes",
)  # fmt: skip
"""The columns that are written when a row is priced, ticked or issued. Whether it is left out people say meanwhile."""


@dataclass(frozen=True, slots=True)
class Now:
    """What a row asks for as things are now."""

    licenseids: Sequence[LicenseID]
    asked: Asked
    changed: Sequence[str]
    """Codes of license IDs that hold something else than when the row was priced."""


class RowRefused(Exception):
    """Nothing can be asked for a row. `told` says why."""

    def __init__(self, told: Told) -> None:
        super().__init__(told["en"])
        self.told = told


def row_now(row: QuoteRunRow, run: QuoteRun, basis: Basis) -> Now:
    """What is wanted: by its draft where that is another since, as it was priced, or at first as it is held now.

    Raises RowRefused.
    """
    now = _row_now(row, run, basis)
    return replace(now, asked=basis.with_own_costs(now.asked, row.key))


def _row_now(row: QuoteRunRow, run: QuoteRun, basis: Basis) -> Now:
    draft = basis.drafts.get(row.key)
    if draft and (draft.version != row.draft_version or row.asked is None):
        return _of_draft(draft, basis)
    found = _license_ids(row, basis)
    asked = basis.asked.get(row.key)
    on = basis.common.on
    if asked is None:
        needed = basis.confirmed if run.as_confirmed else {}
        parts = tuple(wanted(one, on=on, years=run.years, needed=needed.get(one.pk)) for one in found)
        reseller = found[0].customer.reseller
        asked = Asked(
            parts=parts,
            subject=first_subject(found),
            note=run.note,
            terms=AskedTerms(run.payment_terms, run.delivery, run.remarks, valid_days=run.valid_days),
            with_calculation=run.with_calculation,
            tax_rounding=TaxRounding(reseller.tax_rounding),
        )
        return Now(found, asked, ())
    by_code = {one.code: one for one in found}
    listed = [part for part in asked.parts if part.license_id in by_code]
    if len(listed) < len(asked.parts):
        missing = next(part.license_id for part in asked.parts if part.license_id not in by_code)
        raise RowRefused(_gone(missing))
    fitted = tuple(fit(part, held=held_of(by_code[part.license_id].holdings.all())) for part in listed)
    changed = [now.license_id for now, before in zip(fitted, listed, strict=True) if _held(now) != _held(before)]
    rounding = TaxRounding(found[0].customer.reseller.tax_rounding)
    chosen = [by_code[part.license_id] for part in listed]
    return Now(chosen, replace(asked, parts=fitted, tax_rounding=rounding), changed)


def _of_draft(draft: QuoteDraft, basis: Basis) -> Now:
    """As its form says it; what stands there and is wrong, only a person can put right."""
    numbers = [part.licenseid_id for part in sorted(draft.parts.all(), key=lambda part: part.position)]
    found = [basis.licenseids[pk] for pk in numbers if pk in basis.licenseids]
    if len(found) == len(numbers) and len({one.customer_id for one in found}) == 1:
        form = form_of_draft(Opened(found, {one.code: [*one.holdings.all()] for one in found}), draft)
        if form.is_valid():
            return Now([part.licenseid for part in form.quoted], form.to_asked(), ())
    raise RowRefused(
        tell(
            "draft-unfinished",
            lambda: _("What was typed into this quote cannot be used yet."),
            lambda: _("Open it and put right what is marked there, or delete the draft."),
        )
    )


def price_row(row: QuoteRunRow, run: QuoteRun, basis: Basis) -> None:
    """Say in the row what it costs, what refuses it, and what is to be read. What was read of it stays read where the
    sentences are the same.
    """
    common = basis.common
    draft = basis.drafts.get(row.key)
    row.total, row.price_list, row.approval = None, str(common.prices.price_list or "")[:100], {}
    row.subtotal = row.covered = row.cost = row.uncovered_lines = None
    try:
        now = row_now(row, run, basis)
    except RowRefused as refused:
        row.problems, row.draft_version = [refused.told], None
        if draft:  # what was asked before is past: the draft is read until it can be used
            row.asked, row.draft_version = None, draft.version
        return settle(row)
    row.draft_version = draft.version if draft else None
    row.asked = to_json(now.asked)
    row.license_ids = [one.pk for one in now.licenseids]
    row.license_codes = CODES_BETWEEN.join(one.code for one in now.licenseids)
    calculation = common.calculate(now.asked, now.licenseids)
    pricing = calculation.pricing
    row.problems = [*_other_refusals(now, basis), *tell_pricing(pricing), *_not_renewed(now, basis)]
    row.total = None if pricing.is_refused else pricing.total
    if not any(one["is_refusal"] for one in row.problems):
        row.approval = _approval(row, now, calculation, basis)
        _keep_margin(row, calculation, basis)
    return settle(row)


def _keep_margin(row: QuoteRunRow, calculation: Calculation, basis: Basis) -> None:
    """What would be left of it with the costs of the day; nothing where the reseller has entered none."""
    totals = margins_of(calculation.pricing, basis.costs.rates)
    if basis.costs.are_kept or totals.has_rates:
        row.subtotal, row.covered, row.cost = totals.subtotal, totals.covered, totals.cost or 0
        row.uncovered_lines = totals.uncovered_lines


def _approval(row: QuoteRunRow, now: Now, calculation: Calculation, basis: Basis) -> dict[str, Any]:
    """Where it passes thresholds of the reseller (R20): which, and how the last request stands of just what would be
    issued by who asked; `{passed, standing, request, state}`. Empty where it passes none.
    """
    reseller = now.licenseids[0].customer.reseller
    passed = passed_thresholds(reseller, calculation.pricing, rates=basis.rates)
    if not passed:
        return {}
    rounds = basis.requests.get(row.key, [])
    if not rounds:
        return {"passed": passed, "standing": NEEDED, "request": None, "state": ""}
    last = rounds[-1]
    offer = offer_of(row, now, calculation, basis, by=last.asked_by)
    judged = judge(offer, calculation.pricing, rates=basis.rates)
    is_same = counts(last, judged) if last.state == Answer.APPROVED else last.content_hash == judged.content
    standing = last.state if is_same or last.state == Answer.SENT_BACK else NEEDED
    return {"passed": passed, "standing": standing, "request": last.pk, "state": last.state}


def offer_of(row: QuoteRunRow, now: Now, calculation: Calculation, basis: Basis, *, by: User) -> Offer:
    """What somebody would issue of a row that nothing refuses."""
    draft = basis.drafts.get(row.key)
    products = {code: basis.common.products[code] for code in product_codes(now.asked)}
    revises = draft.basis if draft and draft.is_revision else None
    priced = Priced(row.key, now.licenseids, now.asked, products, calculation, revises)
    return build_offer(priced, by=by, now=basis.now)


def write_rows(rows: Sequence[QuoteRunRow]) -> None:
    """Write what was said in them, in the caller's transaction, which holds them. Updating so many columns of many rows
    by their numbers takes several times as long as writing them over.
    """
    QuoteRunRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=list(PRICED_FIELDS), batch_size=200
    )


def settle(row: QuoteRunRow) -> None:
    """Whether it is ready, to be looked at, or refused, from what stands in it."""
    if refusals := [one["code"] for one in row.problems if one["is_refusal"]]:
        row.state, row.total, codes = State.REFUSED, None, refusals
    else:
        read = {(one["license_id"], one["code"], one["mark"]) for one in row.read}
        codes = [one["code"] for one in row.problems if (one["license_id"], one["code"], one["mark"]) not in read] + (
            [CHANGED] if row.changed else []
        )
        is_approved = not row.approval or row.approval["standing"] == Answer.APPROVED
        row.state = State.LOOK if codes else State.READY if is_approved else State.APPROVAL
    row.unread = f" {' '.join(dict.fromkeys(codes))} " if codes else ""


def read_of(row: QuoteRunRow) -> Mapping[Read, ReadBy]:
    """Who read what of it."""
    return {
        (one["license_id"], one["code"]): ReadBy(one["by"], one["by_name"], one["at"], one["mark"]) for one in row.read
    }


def told_holdings(codes: Sequence[str]) -> dict[str, str]:
    """That something else is held than when the row was reviewed."""
    return both(lambda: _("What is held has changed: %(codes)s.") % {"codes": ", ".join(codes)})


def told_amount(before: int, now: int, lists: tuple[str, str]) -> dict[str, str]:
    """That it costs something else than when the row was reviewed."""

    def say() -> str:
        text = _("The amount has changed: ¥%(before)s, now ¥%(now)s.")
        told = text % {"before": f"{before:,}", "now": f"{now:,}"}
        if lists[0] != lists[1]:
            other = _("Prices: %(before)s, now %(now)s.") % {"before": lists[0], "now": lists[1]}
            return f"{told} {other}"
        return told

    return both(say)


def _license_ids(row: QuoteRunRow, basis: Basis) -> list[LicenseID]:
    """Those of the row, all of one customer. Raises RowRefused where one has gone elsewhere."""
    found = [basis.licenseids[pk] for pk in row.license_ids if pk in basis.licenseids]
    theirs = basis.merged.get(row.customer_id or 0, row.customer_id) or (found[0].customer_id if found else None)
    kept = [one for one in found if one.customer_id == theirs]
    if len(kept) < len(row.license_ids):
        there = {one.code for one in kept}
        raise RowRefused(_gone(next((code for code in _codes(row) if code not in there), row.license_codes)))
    return kept


def _codes(row: QuoteRunRow) -> list[str]:
    return row.license_codes.split(CODES_BETWEEN)


def _gone(code: str) -> Told:
    return tell(
        "license-id-gone",
        lambda: _("%(code)s is not among this customer’s license IDs any more.") % {"code": code},
        lambda: _("Leave the row out, and quote what is left with a new batch."),
        license_id=code,
    )


def _other_refusals(now: Now, basis: Basis) -> list[Told]:
    """What would be refused at issue besides prices."""
    contact = None
    if now.asked.contact is not None:
        try:
            contact = contact_of(now.asked, now.licenseids[0].customer)
        except ContactGone:
            return [
                tell(
                    "contact-gone",
                    lambda: _("The contact to whom the quote is addressed was removed."),
                    lambda: _("Open it and choose the addressee again."),
                )
            ]
    codes = {row.product for part in now.asked.parts for row in part.holdings}
    codes |= {row.product for part in now.asked.parts for row in part.additions}
    places = find_unprintable(
        licenseids=now.licenseids,
        products=[basis.common.products[code] for code in codes],
        price_list=basis.common.prices.price_list,
        by=basis.user,
        contact=contact,
        typed=typed_texts(now.asked),
    )
    return [tell_unprintable(places, basis.user)] if places else []


def _not_renewed(now: Now, basis: Basis) -> list[Told]:
    """What is renewed of it although a colleague entered that it is not."""
    return [
        _entered(licenseid.code, day, reason)
        for licenseid, part in zip(now.licenseids, now.asked.parts, strict=True)
        for day in sorted({row.support_expires_on for row in part.holdings if row.renewal_quantity})
        if (reason := basis.declined.get((licenseid.pk, day)))
    ]


def _entered(code: str, day: date, reason: str) -> Told:
    def say() -> str:
        text = _("It was entered that what expires on %(day)s is not renewed: %(reason)s")
        return text % {"day": date_format(day), "reason": reason}

    return warn(NOT_RENEWED, say, lambda: _("Leave the row out, or ask the colleague who entered it."), license_id=code)


def is_declined_since(row: QuoteRunRow, now: Now, basis: Basis) -> bool:
    """Whether somebody entered that it is not renewed, and nobody has read that of the row."""
    read = {(one["license_id"], one["code"], one["mark"]) for one in row.read}
    return any((one["license_id"], one["code"], one["mark"]) not in read for one in _not_renewed(now, basis))


def _held(part: AskedPart) -> list[tuple[int, str, int, object]]:
    return [(row.holding, row.product, row.quantity, row.support_expires_on) for row in part.holdings]
