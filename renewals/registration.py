"""What a change of how products are registered concerns among quotes."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from licensing.models import FormerCode, Holding, Product
from licensing.operations.registration import Effect
from quotes.models import Quote, State

from .asked import from_json
from .models import QuoteDraft


def tell_quotes(products: Sequence[int], on: date) -> Iterable[Effect]:
    """Open quotes, whose revision would be calculated otherwise, and drafts, which are priced anew when opened."""
    quotes = Quote.objects.filter(status__state=State.ISSUED, valid_until__gte=on, lines__product__in=products)
    yield Effect(_("open quotes (they stay as they are; a revision is calculated anew)"), quotes.distinct().count())
    yield Effect(_("drafts of quotes"), count_drafts(products))


def count_drafts(products: Sequence[int]) -> int:
    """Those of license IDs that hold one of the products, and those that add one."""
    held = Holding.objects.filter(product__in=products, licenseid__in=OuterRef("license_ids"))
    holding = set(QuoteDraft.objects.filter(Exists(held)).values_list("pk", flat=True))
    codes = set(Product.objects.filter(pk__in=products).values_list("code", flat=True))
    codes |= set(FormerCode.objects.filter(product__in=products).values_list("code", flat=True))
    count = 0
    for pk, stored in QuoteDraft.objects.values_list("pk", "asked").iterator():
        added = {row.product for part in from_json(stored).parts for row in part.additions}
        count += pk in holding or not codes.isdisjoint(added)
    return count
