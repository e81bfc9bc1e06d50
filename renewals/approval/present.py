"""What was asked for approval, as it would be issued now: of the holdings, prices and texts of today. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.text.language import reader_language
from licensing.models import Holding, LicenseID, User
from licensing.queries import present_codes, products_by_code, visible_license_ids
from pricing.engine.values import TaxRounding

from ..asked import Asked, AskedPart, fit, from_json, held_of, product_codes, with_codes
from ..calculation.calculate import Calculation, calculate
from ..calculation.sentences import sentence_marks
from ..issue.approved import counts, judge, what_changed
from ..issue.operations import Priced, Read, build_offer
from ..models import ApprovalRequest, QuoteDraft
from ..refusals import CannotBePrinted, ContactGone


@dataclass(frozen=True)
class Present:
    """A request beside today."""

    changes: Sequence[str]
    """What would be issued otherwise, or why nothing can be, in sentences; empty: it is as it was asked for."""
    licenseids: Sequence[LicenseID] = ()
    asked: Asked | None = None
    """None: it cannot be priced any more."""
    read: Sequence[Read] = field(default=())
    """Warnings that were read and still say the same."""
    draft_version: int | None = None


def present_of(request: ApprovalRequest, *, user: User, now: datetime) -> Present:
    """The request of today, as the person who asked would issue it."""
    asked = from_json(request.asked)
    codes = [part.license_id for part in asked.parts]
    held = Holding.objects.select_related("product__programme").order_by("support_expires_on", "product__code", "pk")
    rows = visible_license_ids(user).filter(code__in=codes).select_related("customer__reseller")
    found = {one.code: one for one in rows.prefetch_related(Prefetch("holdings", held), "customer__contacts")}
    if missing := [code for code in codes if code not in found]:
        text = _("%(codes)s: not among the license IDs of this customer any more.")
        return Present([text % {"codes": ", ".join(missing)}])
    licenseids = [found[code] for code in codes]
    if len({one.customer_id for one in licenseids}) > 1:
        return Present([_("The license IDs belong to several customers by now.")])
    draft = QuoteDraft.objects.select_related("basis").filter(key=request.key).first()
    if draft and draft.asked != request.asked:
        return Present([_("Its draft was changed since it was asked for.")])
    asked = with_codes(asked, present_codes(product_codes(asked)))
    customer = licenseids[0].customer
    asked = replace(
        asked,
        parts=tuple(_fit(part, found[part.license_id]) for part in asked.parts),
        tax_rounding=TaxRounding(customer.reseller.tax_rounding),
    )
    on = now.astimezone(timezone.get_default_timezone()).date()
    products = products_by_code(product_codes(asked))
    calculation = calculate(asked=asked, customer=customer, on=on, key=request.key, products=products.values())
    if calculation.pricing.is_refused:
        language = reader_language()
        return Present([one.problem.what(language) for one in calculation.pricing.refusals])
    revises = draft.basis if draft and draft.is_revision else None
    by_code = {row.code: row for row in products.values()}
    priced = Priced(request.key, licenseids, asked, by_code, calculation, revises)
    try:
        offer = build_offer(priced, by=request.asked_by, now=now)
    except ContactGone:
        return Present([_("The contact to whom the quote is addressed was removed.")])
    except CannotBePrinted:
        return Present([_("Some characters cannot be printed any more.")])
    judged = judge(offer, calculation.pricing)
    is_same = judged.content == request.content_hash
    if request.state == ApprovalRequest.State.APPROVED and judged.passed:
        is_same = counts(request, judged)
    return Present(
        [] if is_same else what_changed(request, judged),
        licenseids,
        asked,
        [*_still_read(request, calculation)],
        draft.version if draft else None,
    )


def _fit(part: AskedPart, licenseid: LicenseID) -> AskedPart:
    """Of the holdings of today, in the order in which they were asked for; new ones at the end."""
    places = {row.holding: place for place, row in enumerate(part.holdings)}
    fitted = fit(part, held=held_of(licenseid.holdings.all()))
    rows = sorted(fitted.holdings, key=lambda row: places.get(row.holding, len(places)))
    return replace(fitted, holdings=tuple(rows))


def _still_read(request: ApprovalRequest, calculation: Calculation) -> Sequence[Read]:
    ticked = {(one["license_id"], one["code"], one["mark"]) for one in request.read}
    return [
        (part.request.license_id, code)
        for part in calculation.pricing.parts
        for code, mark in sentence_marks(part.warnings).items()
        if (part.request.license_id, code, mark) in ticked
    ]
