"""The cast on its day, and the desks at which its people sit."""

import copy
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from licensing.models import LicenseID
from tests.cast import NOW, Cast, make_cast, make_license_id, sign_in
from tests.page import Entry, open_form


@pytest.fixture
def clock() -> Iterator[Any]:
    """The clock stands at the cast's day; `clock.move_to(...)` sets it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cast(db: None, clock: Any) -> Cast:
    return make_cast()


@pytest.fixture
def licenseid(cast: Cast) -> LicenseID:
    """E1: Aoba's customer holds 45 SMP-BS."""
    return make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))


@pytest.fixture
def desk(cast: Cast) -> Client:
    """Aoba's staff at work, in English."""
    return sign_in(cast.staff)


@pytest.fixture
def entry(desk: Client, licenseid: LicenseID) -> Entry:
    """What the renewal form sends when it was opened and nothing was typed.

    Drawn once per process: each test has a key of its own, as each form has.
    """
    held = (*licenseid.holdings.values_list(), *licenseid.quote_parts.values_list("pk"))
    if held not in _opened:
        _opened[held] = open_form(desk, "/license-ids/LIC-1001/quote/").fields
    return copy.deepcopy(_opened[held]) | {"key": [str(uuid.uuid4())]}


_opened: dict[tuple[Any, ...], Entry] = {}
"""By the rows of the holdings, whose numbers are parts of the fields' names, and of quotes, which are warned of."""


@pytest.fixture
def colleague_desk(cast: Cast) -> Client:
    return sign_in(cast.colleague)


@pytest.fixture
def foreign_desk(cast: Cast) -> Client:
    """Minato's staff."""
    return sign_in(cast.stranger)
