"""What a user may see, and what expires when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Count, Exists, F, FileField, ForeignKey, Max, Min, Model, OuterRef, Prefetch, Q, QuerySet

from .models import Customer, Holding, Invitation, LicenseID, OutgoingMail, Product, Programme, User
from .models.history import AS_FOUND
from .models.licenses import name_segment, name_tax_category
from .models.text import search_key

MOST_SEARCHED = 200
"""Characters of a search that count, 100 words at most."""


def visible_customers(user: User | AnonymousUser) -> QuerySet[Customer]:
    """The customers that the user may see."""
    return Customer.objects.filter(_visible_to(user))


def visible_license_ids(user: User | AnonymousUser) -> QuerySet[LicenseID]:
    """The license IDs of the customers that the user may see."""
    return LicenseID.objects.filter(_visible_to(user, "customer__"))


def visible_holdings(user: User | AnonymousUser) -> QuerySet[Holding]:
    """What the license IDs that the user may see hold."""
    return Holding.objects.filter(_visible_to(user, "licenseid__customer__"))


def _visible_to(user: User | AnonymousUser, customer: str = "") -> Q:
    """Which customers a user may see: the one place where this is decided. `customer`: the way there from the rows.

    A reseller's staff and managers: their own reseller's. A customer contact: their own company. A portal admin: all.
    A price admin: none.
    """
    if isinstance(user, AnonymousUser) or not user.is_active:
        return Q(pk__in=())
    if user.is_portal_admin:
        return Q()
    if user.is_reseller_staff:
        return Q(**{f"{customer}reseller": user.reseller_id})
    return Q(**{f"{customer}pk": user.customer_id}) if user.customer_id else Q(pk__in=())


def may_see_customer(user: User | AnonymousUser, customer: Customer) -> bool:
    """`_visible_to` for a customer that is loaded: whether a link to it opens. Asks no database."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return False
    if user.is_reseller_staff:
        return customer.reseller_id == user.reseller_id
    return user.is_portal_admin or customer.pk == user.customer_id


def managed_people(user: User | AnonymousUser) -> QuerySet[User]:
    """Whom the user looks after: a manager their reseller's people and the contacts of its customers. Nobody else any.

    Portal admins look after people in the administration.
    """
    if isinstance(user, AnonymousUser) or not (user.is_active and user.is_manager):
        return User.objects.none()
    return User.objects.filter(Q(reseller=user.reseller_id) | Q(customer__reseller=user.reseller_id))


def managed_invitations(user: User | AnonymousUser) -> QuerySet[Invitation]:
    """The invitations not accepted or revoked, also expired ones, to the people whom the user looks after."""
    if isinstance(user, AnonymousUser) or not (user.is_active and user.is_manager):
        return Invitation.objects.none()
    return open_invitations().filter(Q(reseller=user.reseller_id) | Q(customer__reseller=user.reseller_id))


def open_invitations() -> QuerySet[Invitation]:
    """Those with which somebody may still come in, or could until they expired."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None)


@dataclass(frozen=True)
class InvitationRow:
    """An invitation in a list, and what became of its e-mail."""

    invitation: Invitation
    state: Invitation.State
    mail: OutgoingMail | None


def invitation_rows(invitations: Iterable[Invitation], *, now: datetime) -> list[InvitationRow]:
    """The rows of a list of invitations."""
    shown = list(invitations)
    letters = OutgoingMail.objects.filter(about__in=[f"invitation:{row.pk}" for row in shown]).order_by("created_at")
    mails = {letter.key: letter for letter in letters.defer("sealed_text")}
    return [InvitationRow(row, row.state_at(now), mails.get(f"invitation:{row.token_hash}")) for row in shown]


def search_words(text: str) -> list[str]:
    """The search keys of the words in a text; every one of them must be found.

    Of a text that is longer than any name, the beginning counts: a database bears only so many conditions.
    """
    return [key for word in text[:MOST_SEARCHED].split() if (key := search_key(word))]


def license_ids_by_expiry(user: User | AnonymousUser, *, on: date, text: str = "") -> QuerySet[Any]:
    """The user's license IDs: those that expire next first, then those that have expired, then those without holdings.

    Each has `next_expires_on` (from the day on: the day itself still counts) and `last_expired_on` (before it).
    """
    license_ids = visible_license_ids(user)
    for word in search_words(text):
        license_ids = license_ids.filter(Q(search_key__contains=word) | Q(customer__search_key__contains=word))
    expires = "holdings__support_expires_on"
    return license_ids.annotate(
        next_expires_on=Min(expires, filter=Q(holdings__support_expires_on__gte=on)),
        last_expired_on=Max(expires, filter=Q(holdings__support_expires_on__lt=on)),
    ).order_by(F("next_expires_on").asc(nulls_last=True), F("last_expired_on").desc(nulls_last=True), "code")


def expiring_license_ids(
    user: User | AnonymousUser, *, on: date, days: int | None = None, text: str = ""
) -> QuerySet[LicenseID]:
    """The license IDs with support that expires on the day or later, within a number of days if one is given."""
    license_ids = license_ids_by_expiry(user, on=on, text=text).filter(next_expires_on__isnull=False)
    return license_ids if days is None else license_ids.filter(next_expires_on__lte=on + timedelta(days=days))


def expired_license_ids(
    user: User | AnonymousUser, *, on: date, days: int | None = None, text: str = ""
) -> QuerySet[LicenseID]:
    """The license IDs with support that expired before the day, the latest first; also where other support goes on."""
    license_ids = license_ids_by_expiry(user, on=on, text=text).filter(last_expired_on__isnull=False)
    if days is not None:
        license_ids = license_ids.filter(last_expired_on__gte=on - timedelta(days=days))
    return license_ids.order_by("-last_expired_on", "code")


def customers_by_name(user: User | AnonymousUser, *, on: date, text: str = "") -> QuerySet[Customer]:
    """The user's customers by name, each with `license_id_count`, `next_expires_on` and `last_expired_on` (lapsed).

    A word is found in the customer's name and kana, or in one of its license IDs.
    """
    customers = visible_customers(user)
    for word in search_words(text):
        named = LicenseID.objects.filter(customer=OuterRef("pk"), search_key__contains=word)
        customers = customers.filter(Q(search_key__contains=word) | Exists(named))
    expires = "license_ids__holdings__support_expires_on"
    return customers.annotate(
        license_id_count=Count("license_ids", distinct=True),
        next_expires_on=Min(expires, filter=Q(**{f"{expires}__gte": on})),
        last_expired_on=Max(expires, filter=Q(**{f"{expires}__lt": on})),
    ).order_by("kana", "name", "pk")


def with_holdings(license_ids: QuerySet[LicenseID]) -> QuerySet[LicenseID]:
    """The license IDs with all that a list shows of them, in a fixed number of queries."""
    holdings = Holding.objects.select_related("product__programme")
    return license_ids.select_related("customer__reseller").prefetch_related(Prefetch("holdings", holdings))


@dataclass(frozen=True)
class ExpiryRow:
    """One license ID in a list: the expiry that it stands there for, and what else it holds."""

    licenseid: LicenseID
    expires_on: date | None
    days_left: int | None
    """Days from the list's day until the expiry: 0 on the day itself, negative after it, None without holdings."""
    expiring: list[Holding]
    others: list[Holding]
    programmes: list[Programme]

    @property
    def days_past(self) -> int:
        return -self.days_left if self.days_left is not None and self.days_left < 0 else 0


def expiry_rows(license_ids: Iterable[LicenseID], *, on: date, is_past: bool = False) -> list[ExpiryRow]:
    """The rows of a list of `license_ids_by_expiry`, fetched `with_holdings`; `is_past`: for what has expired."""
    rows = []
    for licenseid in license_ids:
        holdings = sorted(licenseid.holdings.all(), key=lambda holding: -holding.quantity)
        past = [holding.support_expires_on for holding in holdings if holding.support_expires_on < on]
        coming = [holding.support_expires_on for holding in holdings if holding.support_expires_on >= on]
        expires_on = max(past) if past and (is_past or not coming) else min(coming, default=None)
        rows.append(
            ExpiryRow(
                licenseid=licenseid,
                expires_on=expires_on,
                days_left=None if expires_on is None else (expires_on - on).days,
                expiring=[holding for holding in holdings if holding.support_expires_on == expires_on],
                others=sorted(
                    (holding for holding in holdings if holding.support_expires_on != expires_on),
                    key=lambda holding: holding.support_expires_on,
                ),
                programmes=sorted(
                    {holding.product.programme for holding in holdings}, key=lambda programme: programme.code
                ),
            )
        )
    return rows


@dataclass(frozen=True)
class ValueChange:
    """One value of a row before and after; None where there was none: the row was added or removed."""

    label: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Change:
    """One entry of the history, in words: what was done to what, by whom and when."""

    at: datetime
    by: str
    """The person's name as it was; empty where nobody was logged in: a command, or the beginning."""
    kind: str
    """`added`, `changed`, `removed`, or `begins`: what there was when the history began, or came to the reseller."""
    model: str
    name: str
    """Of what: a holding's product, else the name of the row at that time."""
    values: list[ValueChange]
    reason: str = ""
    """What was confirmed with it; empty: nothing was asked."""

    @property
    def occasion(self) -> tuple[datetime, str]:
        """The minute and the person: what was saved with one click is one occasion."""
        return self.at.replace(second=0, microsecond=0), self.by


def changes_of(row: Model, *, most: int) -> list[Change]:
    """What was done to a row of master data, the latest first; for portal admins, who may see all of it."""
    histories = [_history(type(row)).filter(id=row.pk)]
    if isinstance(row, LicenseID):
        histories.append(Holding.history.filter(licenseid_id=row.pk))
    elif isinstance(row, Customer):
        histories.append(LicenseID.history.filter(customer_id=row.pk))
    return _read_changes(histories, since=None, most=most)


def visible_changes(user: User, row: Customer | LicenseID, *, most: int) -> list[Change]:
    """What was done to a customer or a license ID that the user may see, the latest first.

    A portal admin sees all of it. Others see it from the moment on when the license ID came to the customer and the
    customer to the reseller: what was before belongs to somebody else.
    """
    if user.is_portal_admin:
        return changes_of(row, most=most)
    customer = row.customer if isinstance(row, LicenseID) else row
    moments = [_since(Customer, customer.pk, reseller_id=customer.reseller_id)]
    if isinstance(row, LicenseID):
        moments.append(_since(LicenseID, row.pk, customer_id=customer.pk))
        histories = [LicenseID.history.filter(id=row.pk), Holding.history.filter(licenseid_id=row.pk)]
    else:
        histories = [Customer.history.filter(id=row.pk), LicenseID.history.filter(customer_id=row.pk)]
    return _read_changes(histories, since=max((moment for moment in moments if moment), default=None), most=most)


def _history(model: type[Model]) -> Any:
    return model.history  # type: ignore[attr-defined]


def _since(model: type[Model], pk: int, **owner: int) -> datetime | None:
    """The moment of the first entry after the last one with another owner; None where there was no other."""
    entries = _history(model).filter(id=pk)
    last_of_others = entries.exclude(**owner).first()
    if last_of_others is None:
        return None
    first = entries.filter(history_id__gt=last_of_others.history_id).order_by("history_id").first()
    moment: datetime = (first or last_of_others).history_date
    return moment


def _read_changes(histories: list[QuerySet[Any]], *, since: datetime | None, most: int) -> list[Change]:
    """The latest entries of some histories. What an entry changed is told by the entry before it in the same one."""
    if since is not None:
        histories = [history.filter(history_date__gte=since) for history in histories]
    found = sorted(
        ((entry, index) for index, history in enumerate(histories) for entry in history[:most]),
        key=lambda pair: pair[0].history_date,
        reverse=True,
    )[:most]
    previous: dict[tuple[int, int], Any] = {}
    for index, history in enumerate(histories):
        last: dict[int, Any] = {}
        for entry in history.filter(id__in={entry.id for entry, at in found if at == index}).order_by("history_id"):
            previous[index, entry.history_id] = last.get(entry.id)
            last[entry.id] = entry
    pairs = [(entry, previous.get((index, entry.history_id))) for entry, index in found]
    names = _names_of(chain.from_iterable((entry, before) for entry, before in pairs))
    return [change for entry, before in pairs if (change := _told(entry, before, names)) is not None]


Names = dict[tuple[type[Model], int], str]


def _names_of(entries: Iterable[Any]) -> Names:
    """The names of all rows that the entries point to, as they are now; of those that are gone, as they were."""
    wanted: dict[type[Model], set[int]] = {}
    for entry in entries:
        for field in entry.tracked_fields if entry is not None else ():
            if isinstance(field, ForeignKey) and getattr(entry, field.attname) is not None:
                wanted.setdefault(field.related_model, set()).add(getattr(entry, field.attname))
    names: Names = {}
    for model, numbers in wanted.items():
        names |= {(model, pk): str(row) for pk, row in model._default_manager.in_bulk(numbers).items()}
        if gone := {pk for pk in numbers if (model, pk) not in names}:
            for entry in _history(model).filter(id__in=gone).order_by("history_id"):
                names[model, entry.id] = _name(entry)
    return names


def _name(entry: Any) -> str:
    """The row's name as it was. (The package's `entry.instance` would ask the database for each.)"""
    return str(entry.instance_type(**{field.attname: getattr(entry, field.attname) for field in entry.tracked_fields}))


def _shown(entry: Any, field: models.Field[Any, Any], names: Names) -> Any:
    """A value as a person reads it: what it points to by name, a choice in words, a picture by its file's name."""
    value = getattr(entry, field.attname)
    if value is None or value == "":
        return None
    if isinstance(field, ForeignKey):
        return names.get((field.related_model, value), "")
    if isinstance(field, FileField):
        return str(value).rpartition("/")[2]
    if field.name == "tax_category":
        return name_tax_category(value)
    if field.name == "segment":
        return name_segment(value)
    return str(dict(field.flatchoices).get(value, value)) if field.choices else value


def _told(entry: Any, before: Any, names: Names) -> Change | None:
    kinds = {"+": "added", "~": "changed", "-": "removed"}
    begins = entry.history_change_reason == AS_FOUND or (before is None and entry.history_type == "~")
    kind = "begins" if begins else kinds[entry.history_type]
    model = entry.instance_type
    values = []
    for field in entry.tracked_fields:
        if kind == "begins" or field.primary_key or (model is Holding and isinstance(field, ForeignKey)):
            continue  # a holding is named by its product, on the page of its license ID
        old = None if before is None or kind == "added" else _shown(before, field, names)
        new = None if kind == "removed" else _shown(entry, field, names)
        old = _shown(entry, field, names) if kind == "removed" else old
        if old != new:
            values.append(ValueChange(str(field.verbose_name), old, new))
    if kind == "changed" and not values:
        return None
    name = names.get((Product, entry.product_id), "") if model is Holding else _name(entry)
    return Change(
        at=entry.history_date,
        by=entry.history_user_name,
        kind=kind,
        model=str(model._meta.verbose_name),
        name=name,
        values=values,
        reason="" if begins else entry.history_change_reason or "",
    )


def must_use_mfa(user: User) -> bool:
    """Whether somebody may go on only with a second factor: the one place where this is decided.

    Portal admins and price admins, unless the setting REQUIRE_ADMIN_MFA is off; staff and managers of a reseller that
    asks for it; never customer contacts.
    """
    if user.is_staff:
        return bool(settings.REQUIRE_ADMIN_MFA)
    return user.reseller is not None and user.reseller.requires_mfa


def second_factors(user: User) -> QuerySet[Authenticator]:
    """What the user has set up beside the password; recovery codes, which only stand in for them, are not counted."""
    factors: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=user.pk)
    return factors.exclude(type=Authenticator.Type.RECOVERY_CODES).order_by("pk")


def open_sessions(user: User, *, now: datetime) -> list[UserSession]:
    """Where the user is logged in, the last seen first; without those that ended, or that a new password ended."""
    sessions = UserSession.objects.filter(user_id=user.pk).order_by("-last_seen_at", "-pk")
    rows = Session.objects.filter(session_key__in=[session.session_key for session in sessions], expire_date__gt=now)
    kept = {row.session_key: row.get_decoded() for row in rows}
    fingerprint = user.get_session_auth_hash()
    return [session for session in sessions if kept.get(session.session_key, {}).get(HASH_SESSION_KEY) == fingerprint]


def segments_in_use() -> set[str]:
    """The segments that any product or customer has. One query."""
    customers = Customer.objects.order_by().values_list("segment", flat=True)
    return set(Product.objects.order_by().values_list("segment", flat=True).union(customers))
