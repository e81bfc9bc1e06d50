"""Papers of orders against the log: each as it was kept or made, none too many and none gone."""

import hashlib
from uuid import UUID

from django.utils.translation import gettext as _

from ...models import Acknowledgement, OrderFile, QuoteEvent
from ...record.acknowledgements import told_of_acknowledgement
from ...record.order_files import told_of_file
from .beside import Found


def check_order_files(files: list[OrderFile], events: list[QuoteEvent]) -> Found:
    """Of one quote: its files without their content, which is read one file at a time, and its entries."""
    entries = [event for event in events if event.kind == QuoteEvent.Kind.ORDER_FILE_KEPT]
    for file in files:
        told = [event for event in entries if event.detail.get("file") == str(file.key)]
        if len(told) != 1:
            yield "order-file-not-kept", _("the log does not tell of the order’s file %(name)s.") % {"name": file}
            continue
        [event] = told
        if hash_of(file.key) != event.detail.get("sha256"):
            yield "order-file-changed", _("the order’s file %(name)s is not the one that was kept.") % {"name": file}
        if told_of_file(file) != event.detail or (file.kept_by_id, file.kept_at) != (event.by_id, event.at):
            text = _("of the order’s file %(name)s, something is not what the log tells of.")
            yield "order-file-details", text % {"name": file}
    if gone := {event.detail.get("file") for event in entries} - {str(file.key) for file in files}:
        yield "order-file-missing", _("%(count)s files of the order are gone.") % {"count": len(gone)}


def hash_of(key: UUID) -> str:
    """SHA-256 of what is stored now."""
    content = OrderFile.objects.filter(key=key).values_list("content", flat=True).get()
    return hashlib.sha256(content).hexdigest()


def check_acknowledgements(made: list[Acknowledgement], events: list[QuoteEvent]) -> Found:
    """Of one quote: its acknowledgements without their content, and its entries."""
    entries = [event for event in events if event.kind == QuoteEvent.Kind.ORDER_ACKNOWLEDGED]
    for one in made:
        told = [event for event in entries if event.detail.get("acknowledgement") == str(one.key)]
        if len(told) != 1:
            yield (
                "acknowledgement-not-made",
                _("the log does not tell of the acknowledgement %(name)s.") % {"name": one},
            )
            continue
        [event] = told
        content = Acknowledgement.objects.filter(key=one.key).values_list("content", flat=True).get()
        if hashlib.sha256(content).hexdigest() != event.detail.get("sha256"):
            yield (
                "acknowledgement-changed",
                _("the acknowledgement %(name)s is not the one that was made.") % {"name": one},
            )
        if told_of_acknowledgement(one) != event.detail or (one.made_by_id, one.made_at) != (event.by_id, event.at):
            text = _("of the acknowledgement %(name)s, something is not what the log tells of.")
            yield "acknowledgement-details", text % {"name": one}
    if gone := {event.detail.get("acknowledgement") for event in entries} - {str(one.key) for one in made}:
        yield "acknowledgement-missing", _("%(count)s acknowledgements of the order are gone.") % {"count": len(gone)}
