"""What every page asks first: who somebody is; and a form: the license ID and what it holds."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licensing.adapters import PortalBackend
from licensing.queries import find_license_id, holdings_of, visible_license_ids
from tests.cast import Cast, make_cast, make_license_id

pytestmark = pytest.mark.both_databases


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


def test_a_user_comes_with_the_reseller_by_one_query(cast):
    with CaptureQueriesContext(connection) as asked:
        user = PortalBackend().get_user(cast.staff.pk)
        assert (user, user.reseller.name) == (cast.staff, "青葉見本システム株式会社")
    assert len(asked.captured_queries) == 1
    assert PortalBackend().get_user(cast.admin.pk).reseller is None


def test_who_may_not_log_in_is_nobody(cast):
    cast.staff.is_active = False
    cast.staff.save()
    assert PortalBackend().get_user(cast.staff.pk) is None
    assert PortalBackend().get_user(2**40) is None


def test_a_license_id_is_found_by_those_who_may_see_it(cast):
    for customer, code in ((cast.customer, "LIC-1"), (cast.foreign_customer, "LIC-2")):
        make_license_id(customer, code)
    for user in (cast.staff, cast.stranger, cast.contact, cast.admin, cast.price_admin, AnonymousUser()):
        for code in ("LIC-1", "LIC-2", "lic-1", "", "%"):
            assert find_license_id(user, code) == visible_license_ids(user).filter(code=code).first()
    with CaptureQueriesContext(connection) as asked:
        assert find_license_id(cast.staff, "LIC-1").customer.name == "株式会社髙﨑製作所"
    assert len(asked.captured_queries) == 1


def test_holdings_come_in_the_order_of_a_form_by_one_query(cast):
    day = date(2027, 3, 31)
    held = (("SMP-SW", 45, day), ("SMP-CS", 120, day + timedelta(days=1)), ("SMP-CC", 320, day))
    first = make_license_id(cast.customer, "LIC-1", *held)
    second, empty = make_license_id(cast.customer, "LIC-2", ("SMP-IM", 60)), make_license_id(cast.customer, "LIC-3")
    alone = [[("SMP-CC", 320), ("SMP-SW", 45), ("SMP-CS", 120)], [("SMP-IM", 60)], []]
    licenseids = (first, second, empty)
    for asked_for in ([first], [second], [empty], [second, first, empty]):
        with CaptureQueriesContext(connection) as asked:
            found = holdings_of(asked_for)
            rows = {code: [(row.product.code, row.quantity) for row in of_one] for code, of_one in found.items()}
            assert all(row.product.programme.name for of_one in found.values() for row in of_one)
        assert rows == {one.code: alone[licenseids.index(one)] for one in asked_for}
        assert len(asked.captured_queries) == 1
