"""The crafts in the administration: e-mail, and work for the background."""

from .jobs.admin import BatchAdmin
from .mail.admin import MailNoticeAdmin, OutgoingMailAdmin

__all__ = ["BatchAdmin", "MailNoticeAdmin", "OutgoingMailAdmin"]
