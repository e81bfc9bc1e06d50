"""What has arrived, when the worker has handed over all that waits. No request does."""

from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from foundation.mail.operations.queue import deliver_due


def arrived() -> list[EmailMessage]:
    """Let the worker work, and look into the mailbox: everything since the test began, or since it was cleared."""
    deliver_due(clock=timezone.now)
    found: list[EmailMessage] = mail.outbox
    return found
