"""The customer's order as a file (注文書): kept with its quote once it is ordered, sealed in the log, never changed."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from foundation.transactions import one_transaction
from licensing.models import User

from ..models import OrderFile, Quote, QuoteEvent, QuoteStatus
from ..paper.naming import record_name
from .events import record_event
from .refusals import FilesChanged
from .transitions import lock_ordered, record_order


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file that was looked at and may be kept (`quotes.orders.reading`)."""

    name: str
    media_type: str
    """One of OrderFile.MediaType, by its content."""
    content: bytes


@one_transaction
def keep_order_file(
    *, quote: Quote, file: GivenFile, seen: int, supersedes: int | None, by: User, now: datetime
) -> OrderFile:
    """Keep a file with an ordered quote: beside the others, or in the place of one that was wrong (its position).

    `seen`: how many files the quote had when the page was opened. A file that is among those that count already is not
    kept twice: that row is given back, and nothing is written. Raises NotOrdered; and FilesChanged where somebody else
    has kept another one meanwhile, or the one to be replaced does not count any more. Two at once: the second waits.
    """
    status = lock_ordered(quote=quote)
    return _keep(status, quote, file, seen, supersedes, by, now)


@one_transaction
def record_order_with_file(
    *,
    quote: Quote,
    reason: str = "",
    ordered_on: date | None = None,
    order_number: str = "",
    knows_old: bool = False,
    file: GivenFile | None = None,
    by: User,
    now: datetime,
) -> QuoteStatus:
    """Record that the customer ordered, and keep their order with it if it is there: both, or nothing.

    Raises what `record_order` does.
    """
    status = record_order(
        quote=quote,
        reason=reason,
        ordered_on=ordered_on,
        order_number=order_number,
        knows_old=knows_old,
        by=by,
        now=now,
    )
    if file:
        _keep(status, quote, file, None, None, by, now)
    return status


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as pages show it."""

    file: OrderFile
    superseded_by: OrderFile | None
    """The one that took its place; None: it counts."""


def file_rows(quote: Quote) -> list[FileRow]:
    """All of the quote's files in the order in which they came, without their content. One query."""
    files = list(OrderFile.objects.filter(quote=quote).defer("content").select_related("kept_by").order_by("position"))
    after = {file.supersedes: file for file in files}
    return [FileRow(file, after.get(file.position)) for file in files]


def name_of_file(*, quote: Quote, file: OrderFile) -> tuple[str, str]:
    """The name under which it is saved, and one in ASCII: order day, customer, total, number, and which file it is.

    Records are found by the first three; the name under which it came stays on the page.
    """
    ending = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}[file.media_type]
    given: dict[str, Any] = {"day": file.ordered_on, "party": quote.customer_name, "total": quote.total}
    name = record_name(**given, number=f"{quote.number}_注文書{file.position}")
    ascii_name = record_name(**given, number=f"{quote.number}_order{file.position}", is_ascii=True)
    return f"{name}.{ending}", f"{ascii_name}.{ending}"


def _keep(
    status: QuoteStatus,
    quote: Quote,
    file: GivenFile,
    seen: int | None,
    supersedes: int | None,
    by: User,
    now: datetime,
) -> OrderFile:
    """`seen`: None where nobody looked at the files before."""
    sha256 = hashlib.sha256(file.content).hexdigest()
    rows = file_rows(quote)
    counting = [row.file for row in rows if row.superseded_by is None]
    if same := next((one for one in counting if one.sha256 == sha256), None):
        return same
    last = max((row.file.position for row in rows), default=0)
    if seen not in (None, last) or (supersedes is not None and supersedes not in [one.position for one in counting]):
        raise FilesChanged(quote)
    kept = OrderFile.objects.create(
        key=uuid.uuid4(),
        quote=quote,
        position=last + 1,
        supersedes=supersedes,
        ordered_on=status.ordered_on or now.astimezone(timezone.get_default_timezone()).date(),
        file_name=file.name,
        media_type=file.media_type,
        size=len(file.content),
        content=file.content,
        sha256=sha256,
        kept_by=by,
        kept_at=now,
    )
    record_event(quote=quote, kind=QuoteEvent.Kind.ORDER_FILE_KEPT, now=now, by=by, detail=told_of_file(kept))
    return kept


def told_of_file(file: OrderFile) -> dict[str, Any]:
    """What the log says of a file: all that its row says, but who and when, which the entry itself says."""
    told: dict[str, Any] = {
        "file": str(file.key),
        "position": file.position,
        "ordered_on": file.ordered_on.isoformat(),
        "name": file.file_name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
    }
    return told if file.supersedes is None else {**told, "supersedes": file.supersedes}
