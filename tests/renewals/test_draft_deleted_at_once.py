"""A draft that is deleted while an open page saves it: real connections, PostgreSQL's row locks."""

import threading

import pytest
from django.db import transaction

from renewals.models import QuoteDraft
from renewals.refusals import DraftGone
from tests.at_once import at_once, wait_until_somebody_waits
from tests.renewals.sheets import saved

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_what_is_saved_while_the_draft_is_deleted_does_not_bring_it_back(cast, licenseid):
    draft = saved(licenseid, {"note": "備考"}, by=cast.staff)
    is_deleted = threading.Event()

    def delete():
        with transaction.atomic():
            draft.delete()
            is_deleted.set()
            wait_until_somebody_waits()

    def save():
        assert is_deleted.wait(30)
        again = {"key": str(draft.key), "seen_version": "1", "note": "別の備考"}
        saved(licenseid, again, by=cast.staff)

    _deleted, said = at_once(delete, save)
    assert isinstance(said, DraftGone)
    assert not QuoteDraft.objects.exists()
