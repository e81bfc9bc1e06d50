"""What a user may see, and what expires when."""

from datetime import date

from django.db.models import Min, Q, QuerySet

from .models import Customer, Holding, LicenseID, User
from .models.text import search_key


def visible_customers(user: User) -> QuerySet[Customer]:
    """The customers that the user may see: the one place where this is decided.

    Reseller staff: their own reseller's. A customer contact: their own company. A portal admin: all.
    """
    if not user.is_authenticated or not user.is_active:
        return Customer.objects.none()
    if user.role == User.Role.ADMIN:
        return Customer.objects.all()
    if user.role == User.Role.STAFF:
        return Customer.objects.filter(reseller=user.reseller_id)
    return Customer.objects.filter(pk=user.customer_id)
