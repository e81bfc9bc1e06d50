"""Take a product out of sale in a draft (販売終了), with what takes its place."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from foundation.transactions import one_transaction
from licensing.models import Product, User

from ...events import record_event
from ...models import EndOfSale, PriceList, PriceListEvent, PriceTable


class EndRefused(Exception):
    """Nothing was written. The text says why to a person."""


@one_transaction
def end_sale(
    *, draft: PriceList, product: Product, since_on: date, successor: Product | None, by: User, now: datetime
) -> EndOfSale:
    """From the draft's first day on the product is refused (R9): its price table goes, the end of its sale comes.

    A product that the draft has ended already gets the other day and successor. Nothing counts before the draft is
    published, where all of it is shown once more. Raises EndRefused.
    """
    found = PriceList.objects.select_for_update(no_key=True).filter(pk=draft.pk, published_at__isnull=True).first()
    if found is None:
        raise EndRefused(_("This price list is no draft any more. Choose another."))
    if follows := EndOfSale.objects.filter(price_list=found, successor=product).select_related("product").first():
        text = _("%(code)s is the successor of %(other)s in this list. Name another one for that first.")
        raise EndRefused(text % {"code": product.code, "other": follows.product.code})
    if successor is not None and (
        successor.pk == product.pk or not PriceTable.objects.filter(price_list=found, product=successor).exists()
    ):
        text = _("%(code)s has no price table in this list, so it cannot be a successor here.")
        raise EndRefused(text % {"code": successor.code})
    PriceTable.objects.filter(price_list=found, product=product).delete()
    ended = EndOfSale.objects.filter(price_list=found, product=product).first() or EndOfSale(
        price_list=found, product=product
    )
    ended.since_on, ended.successor = since_on, successor
    ended.save()
    after = f" → {successor.code}" if successor else ""
    said = f"{_('Not sold any more')}: {product.code} ({since_on:%Y-%m-%d}){after}"
    record_event(price_list=found, kind=PriceListEvent.Kind.CHANGED, by=by, now=now, detail={"fields": [said]})
    return ended
