"""Products by the codes that they have, or had before."""

from collections.abc import Iterable

from django.db.models import QuerySet

from foundation.among import among_texts_later
from foundation.kept_query import KeptRows

from ..models import FormerCode, Product


def products_by_code(codes: Iterable[str]) -> dict[str, Product]:
    """By each of the codes, written exactly so: the product that has it now, or had it before; programmes loaded.

    Codes of no product are left out. One query where all are present codes, else two.
    """
    wanted = set(codes)
    found = {row.code: row for row in _PRESENT.rows(codes=wanted)}
    if missing := wanted - found.keys():
        former = FormerCode.objects.filter(code__in=missing).select_related("product__programme")
        found |= {row.code: row.product for row in former}
    return found


def _present() -> QuerySet[Product]:
    return Product.objects.filter(code__in=among_texts_later("codes")).select_related("programme").order_by()


_PRESENT = KeptRows(_present)


def present_codes(codes: Iterable[str]) -> dict[str, str]:
    """By each of the codes that is only a former one: the code that the product has now. One query."""
    rows = FormerCode.objects.filter(code__in=set(codes)).values_list("code", "product__code")
    return dict(rows.exclude(code__in=Product.objects.values("code")))


def former_codes() -> dict[str, str]:
    """All former codes with the present ones, as `present_codes`."""
    return dict(
        FormerCode.objects.exclude(code__in=Product.objects.values("code")).values_list("code", "product__code")
    )
