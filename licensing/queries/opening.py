"""A license ID with its customer and all that it holds: what a quote form needs at every change, by kept queries."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import BigIntegerField, CharField, QuerySet

from foundation.kept_query import KeptRows, Later

from ..models import Holding, LicenseID, User
from .seen import may_see_customer


def find_license_id(user: User | AnonymousUser, code: str) -> LicenseID | None:
    """The one with this code, its customer loaded; None where there is none, or it is not the user's to see."""
    found = _BY_CODE.rows(code=code)
    return next((one for one in found if may_see_customer(user, one.customer)), None)


def holdings_of(licenseids: Sequence[LicenseID]) -> dict[str, list[Holding]]:
    """By license ID's code: what it holds, with its products, as a form shows it. One query."""
    if len(licenseids) == 1:
        return {licenseids[0].code: _HELD_BY_ONE.rows(licenseid=licenseids[0].pk)}
    found: dict[int, list[Holding]] = {one.pk: [] for one in licenseids}
    for row in _held_by(licenseid__in=licenseids):
        found[row.licenseid_id].append(row)
    return {one.code: found[one.pk] for one in licenseids}


def _by_code() -> QuerySet[LicenseID]:
    return LicenseID.objects.filter(code=Later("code", CharField())).select_related("customer")


def _held_by(**which: Any) -> QuerySet[Holding]:
    rows = Holding.objects.filter(**which).select_related("product__programme")
    return rows.order_by("support_expires_on", "product__code", "pk")


def _held_by_one() -> QuerySet[Holding]:
    return _held_by(licenseid=Later("licenseid", BigIntegerField()))


_BY_CODE = KeptRows(_by_code)
_HELD_BY_ONE = KeptRows(_held_by_one)
