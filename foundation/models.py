"""The tables of the crafts: e-mail, notices to chat rooms, and work for the background."""

from .chat.models import ChatMessage
from .jobs.models import Batch, BatchItem, WorkerBeat
from .mail.models import MailNotice, OutgoingMail

__all__ = ["Batch", "BatchItem", "ChatMessage", "MailNotice", "OutgoingMail", "WorkerBeat"]
