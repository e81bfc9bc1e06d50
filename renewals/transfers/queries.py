"""What a transfer would move, close and leave, before anything is written. Reads only."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from licensing.models import Contact, Customer, Holding, Invitation, LicenseID, Reseller, User
from licensing.queries import customers_by_name, find_look_alikes, open_invitations
from quotes.models import Quote, QuotedHolding, QuoteLine, QuotePart, State
from quotes.record.queries import of_customer

from ..models import CarryingOut, QuoteDraft, QuoteDraftPart

MOST_FOUND = 20
"""Customers that a search proposes."""


@dataclass(frozen=True, slots=True)
class Effect:
    """All that a transfer does. What a kind of transfer does not touch is empty."""

    license_ids: tuple[str, ...] = ()
    """Codes of those that move."""
    holdings: int = 0
    contacts: int = 0
    """Contacts that move, without those that are joined."""
    joined: tuple[tuple[int, int], ...] = ()
    """Contacts (pk) that are another one (pk) of the customer that stays: by address, else by name and department."""
    log_ins: tuple[User, ...] = ()
    invitations: int = 0
    drafts: tuple[int, ...] = ()
    """Row numbers of those that move, or go."""
    left_drafts: int = 0
    """Drafts over other license IDs of their customer too: they stay, without what moves."""
    open_quotes: tuple[Quote, ...] = ()
    """Issued and without an outcome, also where their last day has passed."""
    issued: int = 0
    """All quotes that are concerned, of those that the reseller issued; their records stay as they are."""
    pending: tuple[Quote, ...] = ()
    """Ordered, and not carried out: they are in the way."""
    look_alikes: tuple[Customer, ...] = ()
    """Customers of the new reseller that look like the one that comes."""

    @property
    def mark(self) -> str:
        """Names what is shown: whoever confirms has seen this."""
        told: list[Any] = [
            sorted(self.license_ids), self.holdings, self.contacts, self.joined, [user.pk for user in self.log_ins],
            self.invitations, self.drafts, self.left_drafts, [quote.pk for quote in self.open_quotes], self.issued,
            [quote.pk for quote in self.pending],
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:20]


def effect_of_move(licenseid: LicenseID, *, on: date) -> Effect:
    """What comes with a license ID to another customer, on a day in Japan."""
    reseller = licenseid.customer.reseller_id
    drafts = QuoteDraft.objects.filter(parts__licenseid=licenseid, customer__reseller=reseller)
    alone = drafts.filter(~Exists(_parts_that_stay(licenseid))).order_by("pk").values_list("pk", flat=True)
    parts = QuotePart.objects.filter(quote=OuterRef("pk"), licenseid=licenseid)
    quotes = Quote.objects.filter(Exists(parts), reseller=reseller)
    return Effect(
        license_ids=(licenseid.code,),
        holdings=licenseid.holdings.count(),
        drafts=tuple(alone),
        left_drafts=drafts.count() - len(alone),
        open_quotes=_open(quotes),
        issued=quotes.count(),
        pending=pending_orders(LicenseID.objects.filter(pk=licenseid.pk), on=on),
    )


def effect_of_merging(gone: Customer, stays: Customer) -> Effect:
    """What comes with one customer into another of the same reseller."""
    joined = _joined(gone, stays)
    quotes = Quote.objects.filter(of_customer(gone.pk), reseller=gone.reseller_id)
    return Effect(
        **_hanging(gone),
        contacts=gone.contacts.filter(is_gone=False).count() - len(joined),
        joined=joined,
        drafts=tuple(QuoteDraft.objects.filter(customer=gone).order_by("pk").values_list("pk", flat=True)),
        open_quotes=_open(quotes),
        issued=quotes.count(),
    )


def effect_of_leaving(customer: Customer, *, to: Reseller, on: date) -> Effect:
    """What comes with a customer to another reseller, what the old one keeps, and what ends, on a day in Japan."""
    quotes = Quote.objects.filter(of_customer(customer.pk), reseller=customer.reseller_id)
    drafts = _drafts_of_leaving(customer)
    alone = drafts.filter(Q(customer=customer) | ~Exists(_parts_of_others(customer)))
    return Effect(
        **_hanging(customer),
        contacts=customer.contacts.filter(is_gone=False).count(),
        drafts=tuple(alone.values_list("pk", flat=True)),
        left_drafts=drafts.count() - alone.count(),
        open_quotes=_open(_of_theirs(customer, quotes)),
        issued=quotes.count(),
        pending=pending_orders(customer.license_ids.all(), on=on),
        look_alikes=tuple(find_look_alikes(reseller=to, name=customer.name, kana=customer.kana)),
    )


def pending_orders(license_ids: QuerySet[LicenseID], *, on: date) -> tuple[Quote, ...]:
    """Ordered quotes whose holdings have not become what was ordered, neither by carrying out nor by hand."""
    parts = outstanding_parts(on=on).filter(licenseid__in=license_ids.order_by().values("pk"))
    return _loaded(Quote.objects.filter(pk__in=parts.values("quote")))


def outstanding_parts(*, on: date) -> QuerySet[Any, Any]:
    """Of ordered quotes, the license IDs whose holdings have not become what was ordered, as of a day in Japan."""
    held = Holding.objects.filter(pk=OuterRef("holding"))
    settled = QuotedHolding.objects.filter(part=OuterRef("pk"))
    outstanding = settled.filter(
        Exists(held.filter(support_expires_on__lt=OuterRef("term_until"))) | Q(Exists(held), term_until=None)
    )
    added = QuoteLine.objects.filter(part=OuterRef("pk"), kind=QuoteLine.Kind.ADDITION, term_until__gte=on)
    parts = QuotePart.objects.filter(quote__status__state=State.ORDERED).order_by()
    parts = parts.exclude(Exists(CarryingOut.objects.filter(part=OuterRef("pk"), undone_at=None)))
    return parts.filter(Exists(outstanding) | Q(~Exists(settled), Exists(added)))


def customers_to_choose(user: User | AnonymousUser, beside: Customer, *, text: str, on: date) -> list[Customer]:
    """Other customers of the same reseller: those that look like this one, or those that a search finds."""
    if not text:
        alike = find_look_alikes(reseller=beside.reseller, name=beside.name, kana=beside.kana)
        return [one for one in alike if one.pk != beside.pk][:MOST_FOUND]
    found = customers_by_name(user, on=on, text=text).filter(reseller=beside.reseller_id).exclude(pk=beside.pk)
    return list(found[:MOST_FOUND])


def _hanging(customer: Customer) -> dict[str, Any]:
    """What hangs on a customer, however it is moved."""
    return {
        "license_ids": tuple(customer.license_ids.order_by("code").values_list("code", flat=True)),
        "holdings": Holding.objects.filter(licenseid__customer=customer).count(),
        "log_ins": tuple(customer.users.filter(is_active=True).order_by("name", "pk")),
        "invitations": open_invitations().filter(customer=customer).count(),
    }


def _drafts_of_leaving(customer: Customer) -> QuerySet[QuoteDraft]:
    """The customer's drafts, and those of others of the same reseller in which a license ID of the customer stands."""
    held = QuoteDraftPart.objects.filter(draft=OuterRef("pk"), licenseid__customer=customer)
    rows = QuoteDraft.objects.filter(Q(customer=customer) | Exists(held), customer__reseller=customer.reseller_id)
    return rows.order_by("pk")


def _parts_of_others(customer: Customer) -> QuerySet[QuoteDraftPart]:
    """Of a draft (the outer row), the license IDs that stay with the reseller when the customer goes."""
    rows = QuoteDraftPart.objects.filter(draft=OuterRef("pk"), licenseid__customer__reseller=customer.reseller_id)
    return rows.exclude(licenseid__customer=customer)


def _parts_that_stay(licenseid: LicenseID) -> QuerySet[QuoteDraftPart]:
    """Of a draft, the other license IDs that are still its customer's."""
    own = QuoteDraftPart.objects.filter(draft=OuterRef("pk"), licenseid__customer=OuterRef("customer"))
    return own.exclude(licenseid=licenseid)


def _of_theirs(customer: Customer, quotes: QuerySet[Quote]) -> QuerySet[Quote]:
    """The quotes, and those of the same reseller over license IDs that the customer holds by now."""
    held = QuotePart.objects.filter(quote=OuterRef("pk"), licenseid__customer=customer)
    return quotes | Quote.objects.filter(Exists(held), reseller=customer.reseller_id)


def _open(quotes: QuerySet[Quote]) -> tuple[Quote, ...]:
    return _loaded(quotes.filter(status__state=State.ISSUED))


def _loaded(quotes: QuerySet[Quote]) -> tuple[Quote, ...]:
    rows = quotes.select_related("status", "reseller", "issued_by").defer("document", "trace", "asked")
    return tuple(rows.order_by("number", "pk"))


def _joined(gone: Customer, stays: Customer) -> tuple[tuple[int, int], ...]:
    """Contacts of one customer that the other has too."""
    there: dict[tuple[str, ...], int] = {}
    for contact in _present(stays):
        for key in _keys(contact):
            there.setdefault(key, contact.pk)
    pairs = [(one.pk, next((there[key] for key in _keys(one) if key in there), None)) for one in _present(gone)]
    return tuple((pk, other) for pk, other in pairs if other is not None)


def _present(customer: Customer) -> Iterable[Contact]:
    return customer.contacts.filter(is_gone=False).order_by("pk")


def _keys(contact: Contact) -> list[tuple[str, ...]]:
    """By what a contact is the same as another: the address; without one, the name and the department."""
    if contact.email:
        return [(contact.email.casefold(),)]
    return [(contact.name, contact.department)]


def open_invitations_of(customer: Customer) -> QuerySet[Invitation]:
    """Those with which somebody may still come in as the customer's, or could until they expired."""
    return open_invitations().filter(customer=customer)
