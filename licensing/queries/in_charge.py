"""Who of a reseller's people is told of something, and in whose name the portal writes."""

from ..models import User
from ..models.roles import RESELLER_ROLES, Role


def people_in_charge(reseller: int | None, *numbers: int | None) -> list[User]:
    """The first of these people (by their row numbers) who is there; where nobody of them is, the managers."""
    rows = User.objects.filter(reseller=reseller, role__in=RESELLER_ROLES, is_active=True).order_by("pk")
    people = {one.pk: one for one in rows}
    for number in numbers:
        if number in people:
            return [people[number]]
    return [one for one in people.values() if one.role == Role.MANAGER]
