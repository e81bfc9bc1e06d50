"""What the database refuses of e-mail and background work, and how it says so."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from foundation.chat.models import ChatMessage
from foundation.jobs.models import Batch, BatchItem
from foundation.mail.models import OutgoingMail
from licensing.models import User

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def mail(**changes: object) -> OutgoingMail:
    """A valid one that waits, unless changed; not saved."""
    first = {"key": "k", "to": "a@example.com", "subject": "S", "sealed_text": b"x", "message_id": "<m>"}
    return OutgoingMail(**(first | {"next_attempt_at": NOW, "created_at": NOW} | changes))


def batch_values() -> dict[str, object]:
    by = User.objects.get_or_create(email="admin@portal.example.jp", defaults={"role": "admin"})[0]
    return {
        "task_path": "tests.foundation.jobs.counting.count",
        "language": "en",
        "created_by": by,
        "created_at": NOW,
        "enqueued_at": NOW,
    }


VIOLATIONS = [
    (
        "mail_state_known",
        lambda: mail(state="lost", next_attempt_at=None, settled_at=NOW),
        "Choose one of the states.",
    ),
    (
        "mail_waits_or_is_settled",
        lambda: mail(next_attempt_at=None),
        "An e-mail either waits for its next attempt or is settled.",
    ),
    (
        "mail_text_while_waiting",
        lambda: mail(state="sent", next_attempt_at=None, settled_at=NOW),
        "An e-mail that was sent keeps no text.",
    ),
    (
        "mail_failed_says_why",
        lambda: mail(state="failed", next_attempt_at=None, settled_at=NOW),
        "An e-mail that was not delivered says why.",
    ),
    (
        "chat_sealed_while_waiting",
        lambda: ChatMessage(
            key="k", about="a", channel="slack", state="sent", settled_at=NOW, sealed_text=b"x", created_at=NOW
        ),
        "A chat notice that is settled keeps neither address nor text.",
    ),
    (
        "batch_finished_has_moment",
        lambda: Batch(**batch_values(), state="done"),
        "Finished work has a moment at which it finished.",
    ),
    (
        "batch_item_once",
        lambda: BatchItem(batch=BatchItem.objects.get().batch, position=3, done_at=NOW),
        "This item is done already.",
    ),
]


@pytest.mark.parametrize(("name", "build", "message"), VIOLATIONS, ids=[name for name, _build, _message in VIOLATIONS])
def test_the_database_refuses_and_says_why(db, name, build, message):
    BatchItem.objects.create(batch=Batch.objects.create(**batch_values()), position=3, done_at=NOW)
    with pytest.raises(ValidationError) as refused:
        build().validate_constraints()
    assert refused.value.messages[0] == message
    assert len(refused.value.messages) == (2 if name == "mail_state_known" else 1)  # its text fits no other state
    row = build()
    before = type(row).objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    assert type(row).objects.count() == before


def test_every_constraint_has_its_violation():
    models = apps.get_app_config("foundation").get_models()
    assert {rule.name for model in models for rule in model._meta.constraints} == {name for name, *_rest in VIOLATIONS}
