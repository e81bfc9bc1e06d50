"""What the resellers of the sample pay themselves."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from licensing.models import Product, Programme, Reseller
from pricing.models import CostRate


def load_cost_rates(
    rows: Sequence[Mapping[str, Any]], *, resellers: Mapping[str, Reseller], products: Mapping[str, Product]
) -> None:
    """Each of a product, or of a programme where it names none."""
    programmes = {one.code: one for one in Programme.objects.all()}
    CostRate.objects.bulk_create(
        CostRate(
            reseller=resellers[row["reseller"]],
            product=products[row["product"]] if "product" in row else None,
            programme=programmes[row["programme"]] if "programme" in row else None,
            percent=Decimal(row["percent"]),
            effective_on=row["effective_on"],
        )
        for row in rows
    )
