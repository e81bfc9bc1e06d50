"""The tables of the crafts: e-mail, and work for the background."""

from .jobs.models import Batch, BatchItem, WorkerBeat
from .mail.models import MailNotice, OutgoingMail

__all__ = ["Batch", "BatchItem", "MailNotice", "OutgoingMail", "WorkerBeat"]
