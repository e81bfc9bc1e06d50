"""Ask for an export, write it in the background, and remove it when its time is over."""

import logging
import os
import re
import uuid
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import formats
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django_tasks.base import Task

from foundation.disk import sweep_work_folders, tell_disk, work_folder
from foundation.jobs.models import Batch
from foundation.jobs.operations import BatchFailed, Beat, start_batch
from licensing.models import User

from ...models import SHOWN_STATES, Acknowledgement, OrderFile, Quote, RecordExport
from ...paper import make_harmless, record_name
from ...record.acknowledgements import name_of_acknowledgement
from ...record.order_files import name_of_file
from ..search import RecordSearch, find_records, visible_exports
from ..verification.orders import check_acknowledgements, check_order_files
from ..verification.records import AT_ONCE, Beside, check_pdf, check_record
from .index import CsvFile, XlsxFile, cells, columns, hash_file

logger = logging.getLogger(__name__)

MOST_EXPORTED = 50_000
STRAY_AFTER = timedelta(days=1)
"""After this time, a file that no export knows was left by a worker that died."""
OWN_NAME = re.compile(r"[0-9a-f]{32}\.(zip|xlsx|csv|pdf)")
"""Of the files that are made here, and by batches of quotes: those nobody knows of as exports, and go as strays."""
ALTERED = "altered"
"""The folder of PDFs that are not the ones that were issued."""
Form = RecordExport.Form


class ExportRefused(Exception):
    """These records cannot be exported. The text says why to a person, and what to do."""


def start_export(*, search: RecordSearch, form: str, task: Task, by: User, on: date, now: datetime) -> RecordExport:
    """Queue the export of all that the search finds for this person. Raises ExportRefused; then nothing was written."""
    count = find_records(user=by, search=search, on=on).count()
    if not count:
        raise ExportRefused(_("Nothing was found, so there is nothing to export."))
    if count > MOST_EXPORTED:
        text = _(
            "%(count)s quotes are too many for one file; at most %(most)s are possible. Take fewer days at a time."
        )
        raise ExportRefused(text % {"count": f"{count:,}", "most": f"{MOST_EXPORTED:,}"})
    with transaction.atomic():
        export = RecordExport.objects.create(
            reseller_id=by.reseller_id,
            form=form,
            criteria=search.as_json(),
            quote_count=count,
            batch=start_batch(task=task, parameters={"form": form}, by=by, now=now),
        )
    logger.info("records exported: %s quotes as %s by user %s", count, form, by.pk)
    return export


class ExportWork:
    """One export is one item: a worker that dies leaves a file that nobody knows, and another begins anew."""

    def count_items(self, batch: Batch) -> int:
        return 1

    def do_item(self, batch: Batch, position: int, beat: Beat) -> Callable[[], None]:
        export = RecordExport.objects.filter(batch=batch).first()
        if export is None:
            raise BatchFailed(_("This export was deleted."))
        if not visible_exports(batch.created_by).filter(pk=export.pk).exists():
            raise BatchFailed(_("Whoever asked for this export may not see it any more."))
        root = Path(settings.EXPORT_ROOT)
        name = f"{uuid.uuid4().hex}.{'csv' if export.form == Form.CP932 else export.form}"
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            with work_folder(root, "export") as folder:
                path = folder / name
                facts = Writer(export, batch, beat).write(folder, path)
                path.chmod(0o600)
                os.replace(path, root / name)
        except OSError as error:
            logger.error("an export could not be written: %s", error)
            text = _("The file could not be written on the portal’s disk. %(problem)s Ask whoever operates the portal.")
            raise BatchFailed(text % {"problem": tell_disk(error, with_place=False)}) from error

        def write() -> None:
            RecordExport.objects.filter(pk=export.pk).update(file_name=name, facts=facts)

        return write

    def finish(self, batch: Batch) -> dict[str, Any]:
        return {}


class Writer:
    """Writes one file. A few quotes with their PDFs are in memory at a time."""

    def __init__(self, export: RecordExport, batch: Batch, beat: Beat) -> None:
        self.export, self.batch, self.beat = export, batch, beat
        self.on = batch.created_at.astimezone(get_current_timezone()).date()
        self.with_reseller = export.reseller_id is None
        self.altered: list[str] = []
        self.count = 0

    def write(self, folder: Path, path: Path) -> dict[str, Any]:
        """Write the file to the path, using the folder; the export's facts."""
        heads = columns(with_reseller=self.with_reseller)
        names = [head for head, _form, _width in heads]
        form = self.export.form
        sheet = XlsxFile(folder / "index.xlsx", heads) if form in (Form.ZIP, Form.XLSX) else None
        table = None if form == Form.XLSX else CsvFile(folder / "index.csv", names, is_cp932=form == Form.CP932)
        archive = zipfile.ZipFile(path, "x", zipfile.ZIP_STORED) if form == Form.ZIP else None
        try:
            for row in self.rows(archive):
                for file in (sheet, table):
                    if file:
                        file.add(row)
            if table:
                table.close()
            if sheet:
                sheet.close(self.about())
            if archive:
                archive.write(folder / "index.xlsx", "index.xlsx", zipfile.ZIP_DEFLATED)
                archive.write(folder / "index.csv", "index.csv", zipfile.ZIP_DEFLATED)
        finally:
            if archive:
                archive.close()
            if table:
                table.close()
        if not archive:
            os.replace(folder / ("index.xlsx" if form == Form.XLSX else "index.csv"), path)
        return {
            "quotes": self.count,
            "altered": self.altered,
            "lost": "".join(table.lost) if table else "",
            "size": path.stat().st_size,
            "sha256": hash_file(path),
        }

    def rows(self, archive: zipfile.ZipFile | None) -> Iterator[list[Any]]:
        """The row of each record; its PDF goes into the archive, checked."""
        search = RecordSearch.from_json(self.export.criteria)
        found = list(find_records(user=self.batch.created_by, search=search, on=self.on).values_list("pk", flat=True))
        for start in range(0, len(found), AT_ONCE):
            numbers = found[start : start + AT_ONCE]
            self.beat(self.count, len(found), "export")
            quotes = Quote.objects.select_related("reseller").in_bulk(numbers)
            beside = Beside(list(quotes.values()))
            for number in numbers:
                yield self.row(quotes[number], beside, archive)
                self.count += 1

    def row(self, quote: Quote, beside: Beside, archive: zipfile.ZipFile | None) -> list[Any]:
        wrong = [text for _code, text in (*check_pdf(quote, beside), *check_record(quote, beside))]
        files = beside.order_files[quote.pk]
        wrong_files = [text for _code, text in check_order_files(files, beside.events[quote.pk])]
        made = beside.acknowledgements[quote.pk]
        wrong_made = [text for _code, text in check_acknowledgements(made, beside.events[quote.pk])]
        if wrong or wrong_files or wrong_made:
            self.altered.append(quote.number)
        document = beside.documents.get(quote.pk)
        issued = beside.issued(quote)
        file = self.name_of(quote, is_altered=bool(wrong)) if document else ""
        if document and archive:
            self.put(archive, file, bytes(document.content), quote.issued_at)
        kept = [(self.keep_order_file(quote, one, archive, is_altered=bool(wrong_files)), one.sha256) for one in files]
        return cells(
            quote,
            beside.statuses.get(quote.pk),
            on=self.on,
            with_reseller=self.with_reseller,
            file=file,
            sha256=str(issued.detail.get("pdf", "")) if issued else "",
            order_files=kept,
            acknowledgements=[
                (self.keep_made(quote, one, archive, is_altered=bool(wrong_made)), one.sha256) for one in made
            ],
            check=" ".join([*wrong, *wrong_files, *wrong_made]) or _("unchanged since its issue"),
        )

    def keep_order_file(
        self, quote: Quote, file: OrderFile, archive: zipfile.ZipFile | None, *, is_altered: bool
    ) -> str:
        """Its name in the archive. What customers sent is for the reseller's people: a portal admin's has none."""
        if self.with_reseller:
            return ""
        name, _ascii = name_of_file(quote=quote, file=file)
        path = "/".join([*self.folders(quote, is_altered=is_altered), name])
        if archive:
            content = OrderFile.objects.filter(pk=file.pk).values_list("content", flat=True).get()
            self.put(archive, path, bytes(content), file.kept_at)
        return path

    def keep_made(
        self, quote: Quote, one: Acknowledgement, archive: zipfile.ZipFile | None, *, is_altered: bool
    ) -> str:
        """The name of an acknowledgement in the archive; those that do not count any more are records too."""
        name, _ascii = name_of_acknowledgement(quote=quote, one=one)
        path = "/".join([*self.folders(quote, is_altered=is_altered), name])
        if archive:
            content = Acknowledgement.objects.filter(pk=one.pk).values_list("content", flat=True).get()
            self.put(archive, path, bytes(content), one.made_at)
        return path

    def put(self, archive: zipfile.ZipFile, path: str, content: bytes, at: datetime) -> None:
        info = zipfile.ZipInfo(path, at.astimezone(get_current_timezone()).timetuple()[:6])
        info.external_attr = 0o600 << 16
        archive.writestr(info, content)

    def name_of(self, quote: Quote, *, is_altered: bool) -> str:
        """By day, customer, amount and number."""
        name = record_name(day=quote.issued_on, party=quote.customer_name, total=quote.total, number=quote.number)
        return "/".join([*self.folders(quote, is_altered=is_altered), f"{name}.pdf"])

    def folders(self, quote: Quote, *, is_altered: bool) -> list[str]:
        """Numbers repeat between resellers, so each has a folder of its own."""
        folders = [make_harmless(quote.reseller.code)] if self.with_reseller else []
        return [*folders, *([ALTERED] if is_altered else [])]

    def about(self) -> list[tuple[str, str]]:
        search = RecordSearch.from_json(self.export.criteria)
        return [
            (_("Made on"), self.batch.created_at.astimezone(get_current_timezone()).strftime("%Y-%m-%d %H:%M")),
            (_("Made by"), self.batch.created_by.name),
            (_("Quotes"), str(self.count)),
            (_("Not as issued"), ", ".join(self.altered) or _("none")),
            *describe(search),
        ]


def describe(search: RecordSearch) -> list[tuple[str, str]]:
    """What was searched by, in words; nothing that was left empty."""
    states = ", ".join(str(SHOWN_STATES[state]) for state in search.states)
    facts = [
        (_("Issue day from"), formats.date_format(search.first_day) if search.first_day else ""),
        (_("Issue day until"), formats.date_format(search.last_day) if search.last_day else ""),
        (_("Total with tax from"), "" if search.least is None else f"¥{search.least:,}"),
        (_("Total with tax up to"), "" if search.most is None else f"¥{search.most:,}"),
        (_("Customer"), search.customer),
        (_("Quote number"), search.number),
        (_("License ID"), search.license_id),
        (_("Order day from"), formats.date_format(search.first_order_day) if search.first_order_day else ""),
        (_("Order day until"), formats.date_format(search.last_order_day) if search.last_order_day else ""),
        (_("Customer’s order number"), search.order_number),
        (_("File of the order (注文書)"), _("only where there is one") if search.with_order_file else ""),
        (_("State"), states),
    ]
    return [(name, value) for name, value in facts if value]


def sweep_exports(*, now: datetime) -> int:
    """Remove files whose time is over, and those that a worker left behind when it died. Returns how many.

    Whatever else lies there is not ours: only files and folders that are named as exports name them are touched.
    """
    root = Path(settings.EXPORT_ROOT)
    over = now - timedelta(hours=settings.EXPORT_HOURS)
    count = 0
    for export in RecordExport.objects.exclude(file_name="").filter(batch__finished_at__lte=over):
        if OWN_NAME.fullmatch(export.file_name):
            (root / export.file_name).unlink(missing_ok=True)
        RecordExport.objects.filter(pk=export.pk).update(file_name="")
        count += 1
    if not root.is_dir():
        return count
    known = set(RecordExport.objects.exclude(file_name="").values_list("file_name", flat=True))
    for path in root.iterdir():
        is_ours = OWN_NAME.fullmatch(path.name) and path.is_file() and not path.is_symlink()
        if is_ours and path.name not in known and path.stat().st_mtime < (now - STRAY_AFTER).timestamp():
            path.unlink(missing_ok=True)
            count += 1
    return count + sweep_work_folders(root)
