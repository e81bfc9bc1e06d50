"""What a worker looks after beside its work."""

import pytest

from foundation.jobs.queries import worker_last_seen_at
from foundation.management.commands.worker import keep_all, sweep_all
from renewals.models import QuoteDrift
from tests.making import given_quote

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("act", "name"), [(sweep_all, "SWEEPS"), (keep_all, "KEEPERS")])
def test_what_fails_keeps_back_no_other(cast, licenseid, clock, settings, caplog, act, name):
    given_quote(licenseid, by=cast.staff)
    setattr(settings, name, ["builtins.divmod", "renewals.drift.tasks.sweep_drift"])
    act()
    assert QuoteDrift.objects.count() == 1
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "builtins.divmod failed"
    ]
    assert (worker_last_seen_at() is not None) == (name == "SWEEPS")
