"""What becomes of a product's codes when it is renamed."""

from ..models import FormerCode, Product


def keep_former_code(*, product: Product, code: str) -> None:
    """The product had this code until now: what names it goes on to mean the product. In the caller's transaction.

    A code that comes back is no former one any more.
    """
    FormerCode.objects.filter(product=product, code=product.code).delete()
    FormerCode.objects.get_or_create(code=code, defaults={"product": product})
