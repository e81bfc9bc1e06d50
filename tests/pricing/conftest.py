"""The desk at which price lists are made, on its day."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from licensing.models import User
from tests.cast import sign_in

NOVEMBER = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def november() -> Iterator[None]:
    """The clock stands on the day."""
    with time_machine.travel(NOVEMBER, tick=False):
        yield


@pytest.fixture
def admin(db: None) -> User:
    """A portal admin."""
    return User.objects.create_user(email="admin@portal.example.jp", name="香坂 管理", role="admin")


@pytest.fixture
def desk(admin: User) -> Client:
    """The admin at work, in English."""
    return sign_in(admin)
