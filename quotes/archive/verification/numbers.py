"""The numbers of one reseller: no gap in a month, no revision missing, one revision that counts."""

from collections.abc import Iterator
from itertools import groupby

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from licensing.models import Reseller

from ...models import Quote, QuoteNumber, State
from .difference import Difference


def check_numbers(reseller: Reseller) -> Iterator[Difference]:
    """Against the counters from which the numbers were taken."""
    counters = dict(QuoteNumber.objects.filter(reseller=reseller).values_list("month", "last"))
    numbers = (
        Quote.objects.filter(reseller=reseller)
        .order_by("month", "sequence")
        .values_list("month", "sequence")
        .annotate(
            count=Count("pk"),
            highest=Max("revision"),
            counting=Count("pk", filter=~Q(status__state=State.SUPERSEDED)),
            latest=Max("revision", filter=~Q(status__state=State.SUPERSEDED)),
        )
    )
    for month, rows in groupby(numbers.iterator(), key=lambda row: row[0]):
        last = 0
        for _month, sequence, count, highest, counting, latest in rows:
            if sequence != last + 1:
                yield _gap(reseller, month, last + 1, sequence - 1)
            last = sequence
            place = f"Q{month}-{sequence:04d}"
            if count != highest + 1:
                text = _("it has %(count)s revisions, but the highest is %(highest)s: one is missing.")
                told = text % {"count": count, "highest": f"{highest:02d}"}
                yield Difference(reseller.code, place, "revision-missing", told)
            if counting != 1 or latest != highest:
                text = _("not exactly its last revision is the one that counts.")
                yield Difference(reseller.code, place, "not-one-active", text)
        counted = counters.pop(month, 0)
        if counted > last:
            yield _gap(reseller, month, last + 1, counted)
        elif counted < last:
            text = _("the counter of this month says %(counted)s, but number %(last)s was given.")
            yield Difference(reseller.code, f"Q{month}", "counter", text % {"counted": counted, "last": last})
    for month, counted in sorted(counters.items()):
        if counted:
            yield _gap(reseller, month, 1, counted)


def _gap(reseller: Reseller, month: str, first: int, last: int) -> Difference:
    missing = f"Q{month}-{first:04d}" if first == last else f"Q{month}-{first:04d}–{last:04d}"
    return Difference(reseller.code, missing, "number-gap", _("this number was given, but no quote has it."))
