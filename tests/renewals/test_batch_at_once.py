"""What people say of a row while the background prices it holds."""

import pytest

from renewals.batch.operations import PriceWork, leave_out
from tests.at_once import at_once
from tests.cast import NOW, make_cast, make_license_id
from tests.making import given_quote
from tests.renewals.batches import begin, work_price


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_a_row_left_out_while_it_is_priced_stays_left_out():
    cast = make_cast()
    rows = [make_license_id(cast.customer, f"LIC-{number}", ("SMP-BS", 45)) for number in range(1, 4)]
    given_quote(rows[2], by=cast.staff, changes={"years": "2"})
    run = begin(rows, cast.staff)
    keys = dict(run.rows.values_list("license_codes", "key"))

    class PricedBesideSomebody(PriceWork):
        """Between reading the rows and writing what they cost, a colleague leaves one out."""

        def do_item(self, batch, position, beat):
            write = super().do_item(batch, position, beat)
            assert at_once(lambda: leave_out(run=run, keys=[keys["LIC-1"]], is_left_out=True)) == [1]
            return write

    work_price(run, PricedBesideSomebody(lambda: NOW))
    assert list(run.rows.order_by("position").values_list("license_codes", "state", "is_left_out")) == [
        ("LIC-1", "ready", True),
        ("LIC-2", "ready", False),
        ("LIC-3", "look", True),  # quoted already
    ]
