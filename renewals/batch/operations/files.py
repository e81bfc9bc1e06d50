"""The PDFs of what a run issued as one file: an archive with a file for each, or all put together to be printed."""

import os
import uuid
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks.base import Task
from pypdf import PdfReader, PdfWriter

from foundation.disk import tell_disk, work_folder
from foundation.jobs.models import Batch
from foundation.jobs.operations import BatchFailed, Beat, start_batch
from foundation.transactions import one_transaction
from licensing.models import User
from quotes.models import Quote, QuoteDocument
from quotes.paper import download_name

from ...models import QuoteRun, QuoteRunRow, QuoteRunWork
from .starting import RunRefused, check_person, lock, work_of

ZIP, PRINT = "zip", "pdf"
"""The forms; also how the file's name ends."""
AT_ONCE = 50
"""Quotes that are read at a time."""


@one_transaction
def start_files(*, run: QuoteRun, form: str, task: Task, by: User, now: datetime) -> None:
    """Queue the file of all that was issued. Raises RunRefused where nothing was, or such a file is being made."""
    batch = start_batch(task=task, parameters={"run": str(run.key), "form": form}, by=by, now=now)
    run = lock(run)
    if not run.rows.filter(state=QuoteRunRow.State.ISSUED).exists():
        raise RunRefused(_("Nothing was issued yet."))
    unfinished = run.works.filter(kind=QuoteRunWork.Kind.FILES, batch__finished_at=None)
    if unfinished.exists():
        raise RunRefused(_("A file is being made already."))
    QuoteRunWork.objects.create(run=run, kind=QuoteRunWork.Kind.FILES, batch=batch)


class FilesWork:
    """One file is one item: a worker that dies leaves a file that nobody knows, which is swept away."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now

    def count_items(self, batch: Batch) -> int:
        return 1

    def do_item(self, batch: Batch, position: int, beat: Beat) -> Callable[[], None]:
        work = work_of(batch)
        check_person(batch, work.run)
        form = PRINT if batch.parameters["form"] == PRINT else ZIP
        root, name = Path(settings.EXPORT_ROOT), f"{uuid.uuid4().hex}.{form}"
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            with work_folder(root, "export") as folder:
                path = folder / name
                (_write_print if form == PRINT else _write_zip)(path, work.run, beat)
                path.chmod(0o600)
                os.replace(path, root / name)
        except OSError as error:
            text = _("The file could not be written on the portal’s disk. %(problem)s Ask whoever operates the portal.")
            raise BatchFailed(text % {"problem": tell_disk(error, with_place=False)}) from error

        def write() -> None:
            QuoteRunWork.objects.filter(pk=work.pk).update(file_name=name)

        return write

    def finish(self, batch: Batch) -> dict[str, Any]:
        return {}


def _write_zip(path: Path, run: QuoteRun, beat: Beat) -> None:
    """Each PDF under the name that it has when it is downloaded alone."""
    with zipfile.ZipFile(path, "x", zipfile.ZIP_STORED) as archive:
        for quote, pdf in _issued(run, beat):
            name = download_name(document=quote.document)[0]
            at = quote.issued_at.astimezone(timezone.get_default_timezone()).timetuple()[:6]
            archive.writestr(zipfile.ZipInfo(name, at), pdf)


def _write_print(path: Path, run: QuoteRun, beat: Beat) -> None:
    """All pages one after the other. It is for paper: the records are the single files."""
    with PdfWriter() as writer:
        for quote, pdf in _issued(run, beat):
            writer.append(PdfReader(BytesIO(pdf)), outline_item=quote.number, import_outline=False)
        with path.open("xb") as file:
            writer.write(file)


def _issued(run: QuoteRun, beat: Beat) -> Iterator[tuple[Quote, bytes]]:
    """In the order of the review; a few are in memory at a time."""
    rows = run.rows.filter(state=QuoteRunRow.State.ISSUED).order_by("position")
    keys = list(rows.values_list("key", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        beat(start, len(keys), "files")
        rows_now = Quote.objects.defer("trace", "asked").filter(key__in=keys[start : start + AT_ONCE])
        quotes = {one.key: one for one in rows_now}
        documents = QuoteDocument.objects.filter(quote__in=quotes.values())
        pdfs = {one.quote_id: bytes(one.content) for one in documents}
        for key in keys[start : start + AT_ONCE]:
            if (quote := quotes.get(key)) and quote.pk in pdfs:
                yield quote, pdfs[quote.pk]
