"""The segments of products and customers."""

from ..models import Customer, Product


def segments_in_use() -> set[str]:
    """The segments that any product or customer has. One query."""
    customers = Customer.objects.order_by().values_list("segment", flat=True)
    return set(Product.objects.order_by().values_list("segment", flat=True).union(customers))
