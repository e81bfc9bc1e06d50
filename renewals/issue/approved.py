"""What is issued is exactly what was approved (R20): asked just before anything is kept, wherever it is issued from."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.integrity import canonical_json
from pricing.engine.quote import QuotePricing
from quotes.record.offers import Offer

from ..calculation.differences import Side, compare_documents
from ..models import ApprovalRequest
from ..refusals import NeedsApproval
from .thresholds import (
    OF_MARGINS,
    Passed,
    Rates,
    has_thresholds,
    passed_thresholds,
    rates_for,
    say_passed,
    without_figures,
)

State = ApprovalRequest.State
OF_THE_DAY = frozenset({"number", "issued_at", "issued_on", "valid_until", "conditions", "calculation", "check"})
"""What of a document says when it was made: another day changes it, and nobody approves it."""
TEXTS: dict[str, str | Promise] = {
    "language": gettext_lazy("language"),
    "subject": gettext_lazy("subject"),
    "note": gettext_lazy("note to the customer"),
    "addressee": gettext_lazy("addressee"),
    "issuer": gettext_lazy("issuer and person in charge"),
    "delivery": gettext_lazy("delivery"),
    "payment_terms": gettext_lazy("payment terms"),
    "remarks": gettext_lazy("remarks"),
    "bank": gettext_lazy("bank account"),
    "free_lines": gettext_lazy("Other items"),
}
"""What a document prints beside its lines, by name."""
FIGURES = frozenset(
    {"parts", "lines", "discontinued", "tax_totals", "offers", "subtotal", "tax", "total", "price_list", "is_sample"}
)
"""What follows from what is asked and from the prices: told of line by line."""
OWN = " free:"
"""With a line's position from 0: its cost, among the rates that a request keeps. No code begins with a space."""
Requests = Mapping[uuid.UUID, Sequence[ApprovalRequest]]
"""By the quote's key: its rounds in their order."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An offer beside the reseller's thresholds."""

    offer: Offer
    passed: Sequence[Passed]
    list_subtotal: int
    """Yen, tax excluded, before anything is given away."""
    rates: Mapping[str, str]
    """Cost rates of its products as far as they were asked for, by code: percent as text; and what one of each of the
    reseller's own lines costs, as far as known: yen as text by ` free:0`.
    """

    @property
    def content(self) -> str:
        """See `content_hash`. Only what passes a threshold is ever asked for it."""
        return content_hash(offer=self.offer, list_subtotal=self.list_subtotal)


def judge(offer: Offer, pricing: QuotePricing, *, rates: Rates | None = None) -> Judged:
    """Which thresholds it passes. `rates`: the cost rates, where they are loaded; else they are where they matter."""
    reseller = offer.customer.reseller
    codes = {line.product.code for line in pricing.lines}
    known = rates_for(reseller, codes, pricing.on) if rates is None else rates
    return Judged(
        offer=offer,
        passed=passed_thresholds(reseller, pricing, rates=known),
        list_subtotal=pricing.list_subtotal,
        rates={code: f"{known[code].percent.normalize():f}" for code in sorted(codes) if code in known}
        | {f"{OWN}{at}": str(cost) for at, cost in enumerate(offer.own_costs) if cost is not None},
    )


def content_hash(*, offer: Offer, list_subtotal: int) -> str:
    """SHA-256 over what is wanted, the totals, the price list and all that the paper says, but what is of the day."""
    document = {name: value for name, value in offer.document.items() if name not in OF_THE_DAY}
    values = canonical_json(
        {
            "asked": offer.asked,
            "document": document,
            "customer": offer.customer.pk,
            "list_subtotal": list_subtotal,
            "price_list": offer.price_list.pk,
            "revises": offer.revises.number if offer.revises else "",
        }
    )
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def requests_of(keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[ApprovalRequest]]:
    """All rounds of these quotes, by key, in their order. One query."""
    rows = ApprovalRequest.objects.filter(key__in=list(keys)).select_related("asked_by", "decided_by", "price_list")
    found: dict[uuid.UUID, list[ApprovalRequest]] = {}
    for row in rows.order_by("round"):
        found.setdefault(row.key, []).append(row)
    return found


def approval_for(
    offer: Offer, pricing: QuotePricing, *, requests: Requests | None = None, rates: Rates | None = None
) -> dict[str, Any] | None:
    """What the log is to say of the approval of an offer; None where it needs none. `requests` and `rates`: those that
    are loaded.

    Raises NeedsApproval where it needs one and was not approved just as it is.
    """
    if not has_thresholds(offer.customer.reseller):
        return None
    judged = judge(offer, pricing, rates=rates)
    if not judged.passed:
        return None
    rounds = (requests_of([offer.key]) if requests is None else requests).get(offer.key, [])
    last = rounds[-1] if rounds else None
    if last is None or not counts(last, judged):
        changes = what_changed(last, judged) if last and last.state == State.APPROVED else []
        raise NeedsApproval(judged.passed, last, changes)
    return _for_log(last, rounds)


def counts(request: ApprovalRequest, judged: Judged) -> bool:
    """Whether it approves this very content, knowing of each threshold that is passed by now, and at these costs where
    one is of margins.
    """
    known, now = {one["kind"] for one in request.passed}, {one["kind"] for one in judged.passed}
    return (
        request.state == State.APPROVED
        and request.content_hash == judged.content
        and known >= now
        and (not now & OF_MARGINS or request.rates == judged.rates)
    )


def what_changed(request: ApprovalRequest, judged: Judged) -> list[str]:
    """What would be issued otherwise than it was asked for, in sentences of the reader's language."""
    offer = judged.offer
    old, new = request.document, offer.document
    said = []
    if request.price_list_id != offer.price_list.pk:
        said.append(_change(_("Price list"), str(request.price_list), str(offer.price_list)))
    names = {line["product_code"]: line["product_name"] for line in (*old["lines"], *new["lines"])}
    compared = compare_documents(old, new)
    several = len({part["license_id"] for part in (*old["parts"], *new["parts"])}) > 1
    for line in compared.lines:
        side = line.new or line.old
        if line.kind != "same" and side is not None:
            name = names.get(side.product_code, side.product_code)
            said.append(_line_words(f"{side.license_id} {name}" if several else name, line.old, line.new))
    said += _held_words(request.asked, offer.asked, names)
    rates = [", ".join(f"{one['percent']} %" for one in document["tax_totals"]) for document in (old, new)]
    if rates[0] != rates[1]:
        said.append(_change(_("Tax rate"), *rates))
    changed = [name for name in {**old, **new} if name not in OF_THE_DAY | FIGURES and old.get(name) != new.get(name)]
    said += [_("Otherwise: %(what)s.") % {"what": TEXTS.get(name, _("other texts of the paper"))} for name in changed]
    validity = [_validity_of(asked) for asked in (request.asked, offer.asked)]
    if validity[0] != validity[1]:
        said.append(_("Otherwise: %(what)s.") % {"what": _("validity")})
    if request.asked.get("offer_reason", "") != offer.asked.get("offer_reason", ""):
        said.append(_("Otherwise: %(what)s.") % {"what": _("internal reason")})
    if {one["kind"] for one in judged.passed} & OF_MARGINS and request.rates != judged.rates:
        said.append(_("Otherwise: %(what)s.") % {"what": _("cost rates")})
    if new_kinds := {one["kind"] for one in judged.passed} - {one["kind"] for one in request.passed}:
        said += [say_passed(one, with_margins=False) for one in judged.passed if one["kind"] in new_kinds]
    if compared.old_total != compared.new_total:
        said.append(_change(_("Total with tax"), f"¥{compared.old_total:,}", f"¥{compared.new_total:,}"))
    return list(dict.fromkeys(said)) or [_("What is asked for, in its details.")]


def _validity_of(asked: Mapping[str, Any]) -> tuple[Any, Any]:
    """By the quote's own terms."""
    terms = asked.get("terms") or {}
    return terms.get("valid_until"), terms.get("valid_days")


def _change(what: str, old: str, new: str) -> str:
    return _("%(what)s: %(old)s, now %(new)s.") % {"what": what, "old": old, "new": new}


def _line_words(name: str, old: Side | None, new: Side | None) -> str:
    if old is None or new is None:
        text = (
            _("%(name)s: not among the lines any more.") if new is None else _("%(name)s: a line that was not there.")
        )
        return text % {"name": name}
    pairs = [
        (_("quantity"), f"{old.quantity:,}", f"{new.quantity:,}"),
        (_("price rank"), old.rank, new.rank),
        (_("unit price"), f"¥{old.renewal_price:,}", f"¥{new.renewal_price:,}"),
        (_("years"), str(old.years), str(new.years)),
        (_("amount"), f"¥{old.amount:,}", f"¥{new.amount:,}"),
    ]
    told = [f"{what} {before} → {now}" for what, before, now in pairs if before != now]
    if (old.term_from, old.term_until) != (new.term_from, new.term_until):
        told.append(f"{_('support period')} {_term(old)} → {_term(new)}")
    if old.addition_price != new.addition_price and not told:
        told.append(_("unit price"))
    return f"{name}: {', '.join(told)}"


def _term(side: Side) -> str:
    return f"{_day(side.term_from)}–{_day(side.term_until)}"


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _held_words(old: Mapping[str, Any], new: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """What is held otherwise, also where it is left out: it may count in a rank (R4)."""
    before, now = _held(old), _held(new)
    said = []
    for key in {**before, **now}:
        if before.get(key) != now.get(key):
            row = now.get(key) or before[key]
            said.append(
                _("Held: %(name)s, %(old)s, now %(new)s.")
                % {
                    "name": names.get(row[0], row[0]),
                    "old": _held_text(before.get(key)),
                    "new": _held_text(now.get(key)),
                }
            )
    return said


def _held(asked: Mapping[str, Any]) -> dict[int, tuple[str, int, str]]:
    return {
        row["holding"]: (row["product"], row["quantity"], row["support_expires_on"])
        for part in asked["parts"]
        for row in part["holdings"]
    }


def _held_text(row: tuple[str, int, str] | None) -> str:
    return _("nothing") if row is None else f"{row[1]:,} ({_day(date.fromisoformat(row[2]))})"


def _for_log(request: ApprovalRequest, rounds: Sequence[ApprovalRequest]) -> dict[str, Any]:
    """Who approved, when, which thresholds; and the rounds before. Names as they are at the moment of issue."""
    return {
        "hash": request.content_hash,
        "passed": [without_figures(one) for one in request.passed],
        "by": request.decided_by_id,
        "by_name": request.decided_by.name if request.decided_by else "",
        "at": _moment(request.decided_at),
        "rounds": [
            {
                "round": row.round,
                "asked_by": row.asked_by_id,
                "asked_by_name": row.asked_by.name,
                "asked_at": _moment(row.asked_at),
                "message": row.message,
                "state": row.state,
                "by": row.decided_by_id or row.withdrawn_by_id,
                "by_name": row.decided_by.name if row.decided_by else "",
                "at": _moment(row.decided_at or row.withdrawn_at),
                "words": row.words,
                "hash": row.content_hash,
            }
            for row in rounds
        ],
    }


def _moment(at: Any) -> str:
    return at.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds") if at else ""
