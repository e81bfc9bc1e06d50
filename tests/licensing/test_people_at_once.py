"""Two at once with one person: nobody brings back what somebody else has just ended or chosen."""

from collections.abc import Iterator

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction

from licensing.adapters import AccountAdapter
from licensing.models import User
from licensing.operations.people import change_person, deactivate_person
from tests.at_once import at_once
from tests.cast import NOW, PASSWORD, Cast, make_cast


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield make_cast()


def test_a_new_password_changes_nothing_else(cast: Cast) -> None:
    loaded = User.objects.get(pk=cast.staff.pk)
    User.objects.filter(pk=cast.staff.pk).update(role="manager", approves=True, name="青木 陽子(新姓)")
    AccountAdapter().set_password(loaded, "another-long-pass-phrase")
    found = User.objects.get(pk=cast.staff.pk)
    assert (found.role, found.approves, found.name) == ("manager", True, "青木 陽子(新姓)")
    assert found.check_password("another-long-pass-phrase")
    assert loaded.get_session_auth_hash() == found.get_session_auth_hash()  # the session that chose it stays


def test_whose_access_ended_does_not_come_back_by_choosing_a_password(cast: Cast) -> None:
    loaded = User.objects.get(pk=cast.staff.pk)
    deactivate_person(person=cast.staff, by=cast.manager, now=NOW)
    with pytest.raises(PermissionDenied):
        AccountAdapter().set_password(loaded, PASSWORD)
    found = User.objects.get(pk=cast.staff.pk)
    assert (found.is_active, found.has_usable_password()) == (False, False)
    User.objects.filter(pk=cast.colleague.pk).delete()
    with pytest.raises(PermissionDenied):
        AccountAdapter().set_password(cast.colleague, PASSWORD)
    assert not User.objects.filter(email=cast.colleague.email).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_who_is_changed_is_locked(cast: Cast) -> None:
    """Otherwise the row as it was read is written over an access that a portal admin ends at this moment."""

    def end() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
            User.objects.filter(pk=cast.staff.pk).update(is_active=False)

    said = []
    given = {"name": "青木", "name_en": "", "role": None, "by": cast.manager, "now": NOW}
    change_person(person=cast.staff, look=lambda _person: said.extend(at_once(end)), **given)
    assert [type(one) for one in said] == [OperationalError]
