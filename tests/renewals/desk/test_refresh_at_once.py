"""Several bring the desk up to date at the same moment, while what it shows is changed."""

import pytest
import time_machine

from licensing.models import Holding
from renewals.desk.refresh import compact_counts, refresh
from renewals.models import DeskMark, DeskRow
from tests.at_once import at_once
from tests.cast import NOW, TODAY, make_cast, make_license_id
from tests.renewals.desk.test_refresh import counted, refresh_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
TIMES = 6


def test_nothing_is_lost_and_nothing_counted_twice() -> None:
    with time_machine.travel(NOW, tick=True):
        cast = make_cast()
        licenseids = [make_license_id(cast.customer, f"LIC-{at}", ("SMP-BS", 10)) for at in range(4)]

        def change(number: int) -> None:
            for at in range(TIMES):
                Holding.objects.filter(licenseid=licenseids[number]).update(quantity=20 + at)

        def keep() -> None:
            for _time in range(TIMES):
                refresh(on=TODAY)

        results = at_once(
            keep, keep, keep, compact_counts, *(lambda number=number: change(number) for number in range(4))
        )
        assert [one for one in results if isinstance(one, Exception)] == []
        refresh_all()
        bs = cast.products["SMP-BS"].pk
        assert list(DeskRow.objects.values_list("held", flat=True)) == [f"{bs}:{20 + TIMES - 1}"] * 4
        assert counted("counts") == counted("rows")
        assert not DeskMark.objects.exists()
