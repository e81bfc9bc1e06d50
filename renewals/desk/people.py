"""Whose renewals they are."""

from django.db.models import Q, QuerySet

from licensing.models import User

from ..models import DeskRow


def rows_of_person(user: User) -> QuerySet[DeskRow]:
    """Rows that are somebody's: their own; for a manager also those of nobody."""
    own = Q(owner=user.pk)
    if user.is_manager:
        own |= Q(owner=None)
    return DeskRow.objects.filter(own, reseller=user.reseller_id)
