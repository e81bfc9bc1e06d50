"""Which customers, license IDs and people a user may see."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet, Sum

from ..models import Customer, CustomerCount, Invitation, LicenseID, Reseller, User


def visible_customers(user: User | AnonymousUser) -> QuerySet[Customer]:
    """The customers that the user may see, without those that were merged into another."""
    return Customer.objects.filter(_visible_to(user), merged_into=None)


def visible_license_ids(user: User | AnonymousUser) -> QuerySet[LicenseID]:
    """The license IDs of the customers that the user may see."""
    return LicenseID.objects.filter(_visible_to(user, "customer__"))


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


def count_customers(user: User | AnonymousUser) -> int:
    """How many `visible_customers` there are: of resellers from counts that are kept, at any size at the same cost."""
    counts = CustomerCount.objects.all()
    if isinstance(user, AnonymousUser) or not user.is_active:
        return 0
    if user.is_reseller_staff:
        counts = counts.filter(reseller=user.reseller_id or 0)
    elif not user.is_portal_admin:
        return visible_customers(user).count()
    return counts.aggregate(count=Sum("customers"))["count"] or 0


def may_see_customer(user: User | AnonymousUser, customer: Customer) -> bool:
    """`_visible_to` for a customer that is loaded: whether a link to it opens. Asks no database."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return False
    if user.is_reseller_staff:
        return customer.reseller_id == user.reseller_id
    return user.is_portal_admin or customer.present_id == user.customer_id


def may_enter_holdings(user: User | AnonymousUser) -> bool:
    """By lists: portal admins for everybody, and who may by hand (`User.keeps_holdings`) for their own reseller."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return False
    return user.is_portal_admin or user.keeps_holdings


def entered_resellers(user: User | AnonymousUser) -> QuerySet[Reseller]:
    """For whom the user may enter what is held: their own reseller; a portal admin for each."""
    if isinstance(user, AnonymousUser) or not may_enter_holdings(user):
        return Reseller.objects.none()
    return Reseller.objects.all() if user.is_portal_admin else Reseller.objects.filter(users=user)


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
