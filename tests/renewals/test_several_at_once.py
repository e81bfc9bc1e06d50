"""Two people issue quotes that share license IDs, in different order: real connections, no deadlock."""

import pytest

from quotes.archive.verification import Report, verify_records
from quotes.models import Quote
from tests.at_once import at_once
from tests.cast import make_license_id
from tests.making import issue_several

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def test_shared_license_ids_in_another_order_never_wait_for_each_other(cast):
    one, two, three = (make_license_id(cast.customer, f"LIC-300{n}", ("SMP-BS", 45)) for n in range(3))
    orders = [(one, two, three), (three, two, one), (two, three), (three, one)] * 2
    results = at_once(
        *[
            lambda ids=ids, by=by: issue_several(*ids, by=by).license_codes
            for ids, by in zip(orders, [cast.staff, cast.colleague] * 4, strict=True)
        ]
    )
    assert results == [" / ".join(licenseid.code for licenseid in ids) for ids in orders]
    numbers = Quote.objects.order_by("sequence").values_list("number", flat=True)
    assert list(numbers) == [f"Q2701-{n:04d}-00" for n in range(1, 9)]
    assert list(verify_records(report=Report())) == []
