"""Drafts: what was typed, kept until it is issued or discarded."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from foundation.transactions import one_transaction
from licensing.models import LicenseID, User
from licensing.operations.turns import wait_and_look
from pricing.engine.quote import QuotePricing
from quotes.models import Quote
from quotes.record.keep import refuse_issued
from quotes.record.refusals import FormKeyTaken

from ..asked import Asked, to_json
from ..calculation.own_costs import said_costs
from ..models import QuoteDraft, QuoteDraftPart
from ..refusals import DraftChanged, DraftGone

AsTyped = dict[str, list[str]]
"""By the form's field: texts that are not what is asked for, or nothing yet."""


@dataclass(frozen=True, slots=True)
class _Typed:
    """What an open page holds, and what it has seen of the draft."""

    asked: Asked
    as_typed: AsTyped
    pricing: QuotePricing | None
    seen_version: int | None
    page: str

    def stands_in(self, draft: QuoteDraft) -> bool:
        """Whether the draft holds just this already."""
        is_same_cost = not self.asked.says_costs or draft.own_costs == said_costs(self.asked)
        return bool(draft.asked == to_json(self.asked) and draft.as_typed == self.as_typed and is_same_cost)


@one_transaction
def save_draft(
    *,
    key: uuid.UUID,
    licenseids: Sequence[LicenseID],
    asked: Asked,
    as_typed: AsTyped,
    pricing: QuotePricing | None,
    saved_by: User,
    now: datetime,
    seen_version: int | None = None,
    page: str = "",
    is_detached: bool = False,
    basis: Quote | None = None,
) -> QuoteDraft:
    """Keep what was typed because somebody asked for it, also where it cannot be quoted yet.

    `licenseids` are all that stand in the form, of one customer, also those that are left out of the quote again.
    The same key saves the same draft again. `pricing` is None or refused where there is no total to remember;
    `seen_version` is that of the draft which was opened, None for a new one; `page` is the open page, as
    `QuoteDraft.saved_from` names it. With `is_detached` a draft that revises a quote becomes one of a new quote;
    `basis` is the quote that a new draft was made from.

    Raises AlreadyIssued where the key has become a quote meanwhile, DraftChanged where something else was saved
    meanwhile, DraftGone where it was deleted meanwhile, FormKeyTaken where the key belongs to other license IDs,
    ChangedHands where somebody moved a license ID meanwhile.
    """
    typed = _Typed(asked, as_typed, pricing, seen_version, page)
    draft, is_new = _begin(key, licenseids, typed, saved_by, now, basis)
    # The second click of a double click has nothing more to save.
    if not is_new and (draft.version == seen_version or not typed.stands_in(draft)):
        _refuse_changed(draft, typed)
        draft.is_revision = draft.is_revision and not is_detached
        _write(draft, licenseids, typed, saved_by, now)
    if draft.is_self_saved:
        draft.is_self_saved = False
        draft.save(update_fields=["is_self_saved"])
    return draft


@one_transaction
def keep_draft(
    *,
    key: uuid.UUID,
    licenseids: Sequence[LicenseID],
    asked: Asked,
    as_typed: AsTyped,
    pricing: QuotePricing | None,
    saved_by: User,
    now: datetime,
    seen_version: int | None = None,
    page: str = "",
    is_nothing: bool = False,
) -> QuoteDraft | None:
    """The same, by itself while somebody types: what stands in the draft already is not written again.

    With `is_nothing` nobody would miss what was typed: then no draft is made, one that nobody asked for is deleted,
    and the answer is None. Raises what save_draft raises.
    """
    typed = _Typed(asked, as_typed, pricing, seen_version, page)
    if is_nothing:
        wait_and_look(licenseids)
        refuse_issued(key, licenseids)
        of_these = QuoteDraft.objects.filter(key=key, license_ids__in=licenseids).distinct()
        found = of_these.select_related("saved_by").first()
        if found is None or found.is_self_saved:
            if found:
                _refuse_changed(found, typed)
                found.delete()
            return None
    draft, is_new = _begin(key, licenseids, typed, saved_by, now, None)
    if is_new:
        draft.is_self_saved = True
        draft.save(update_fields=["is_self_saved"])
    elif not typed.stands_in(draft):
        _refuse_changed(draft, typed)
        _write(draft, licenseids, typed, saved_by, now)
    return draft


def _begin(
    key: uuid.UUID,
    licenseids: Sequence[LicenseID],
    typed: _Typed,
    saved_by: User,
    now: datetime,
    basis: Quote | None,
) -> tuple[QuoteDraft, bool]:
    """The draft of this key, and whether it was made just now."""
    customer = licenseids[0].customer
    wait_and_look(licenseids)
    refuse_issued(key, licenseids)
    drafts = QuoteDraft.objects.select_related("saved_by", "customer")
    found = drafts.select_for_update(of=("self",), no_key=True).filter(key=key).first()  # it may be deleted just now
    if found is None and typed.seen_version is not None:
        raise DraftGone(key)  # a page that saves by itself must not bring back what was deleted
    if found is None:
        first = {**_fields(typed, saved_by, now), "customer": customer, "created_by": saved_by, "basis": basis}
        found, is_new = drafts.get_or_create(key=key, defaults=first)
        if is_new:
            write_parts(found, licenseids)
            return found, True
    refuse_foreign(found, licenseids)
    return found, False


def write_parts(draft: QuoteDraft, licenseids: Sequence[LicenseID]) -> None:
    """The license IDs that stand in the form of a new draft, in their order."""
    QuoteDraftPart.objects.bulk_create(
        QuoteDraftPart(draft=draft, position=position, licenseid=one)
        for position, one in enumerate(licenseids, start=1)
    )


def _fields(typed: _Typed, saved_by: User, now: datetime) -> dict[str, object]:
    pricing = typed.pricing
    is_priced = pricing is not None and not pricing.is_refused
    own = {"own_costs": said_costs(typed.asked)} if typed.asked.says_costs else {}
    return {
        **own,
        "asked": to_json(typed.asked),
        "as_typed": typed.as_typed,
        "subject": typed.asked.subject,
        "priced_on": pricing.on if pricing and is_priced else None,
        "priced_total": pricing.total if pricing and is_priced else None,
        "saved_by": saved_by,
        "saved_at": now,
        "saved_from": typed.page,
    }


def _write(draft: QuoteDraft, licenseids: Sequence[LicenseID], typed: _Typed, saved_by: User, now: datetime) -> None:
    for name, value in _fields(typed, saved_by, now).items():
        setattr(draft, name, value)
    draft.customer = licenseids[0].customer
    draft.version += 1
    draft.save()
    if [one.pk for one in licenseids] != list(draft.parts.order_by("position").values_list("licenseid", flat=True)):
        draft.parts.all().delete()
        write_parts(draft, licenseids)


def _refuse_changed(draft: QuoteDraft, typed: _Typed) -> None:
    """Whoever saves has seen the last version, or saved it: an answer may be lost on its way."""
    is_own = bool(typed.page) and draft.saved_from == typed.page
    if draft.version != typed.seen_version and not is_own:
        raise DraftChanged(draft)


def refuse_foreign(draft: QuoteDraft, licenseids: Sequence[LicenseID]) -> None:
    """A draft's key is not for another's quote. Raises FormKeyTaken where it is of none of these license IDs.

    They may have come to another customer of the same reseller since: the draft goes with them.
    """
    is_near = draft.customer.reseller_id == licenseids[0].customer.reseller_id
    if not (is_near and draft.parts.filter(licenseid__in=licenseids).exists()):
        raise FormKeyTaken(draft.key)


@one_transaction
def discard_draft(*, draft: QuoteDraft) -> None:
    """Delete a draft. Drafts are nobody's record. It is locked before its parts, as who saves it locks them."""
    for found in QuoteDraft.objects.select_for_update(no_key=True).filter(pk=draft.pk):
        found.delete()
