"""Lists of what is held: uploaded or pasted, answered, confirmed and undone by people. The work is done in `works`."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django_tasks.base import Task

from foundation.jobs.models import Batch
from foundation.jobs.operations import RETRIED, start_batch
from foundation.spreadsheets.heads import header_key
from foundation.transactions import one_transaction

from ...models import HeldImport, HeldLayout, Reseller, User
from .. import reading
from .works import load_catalogue, load_codes


class ImportRefused(Exception):
    """A list cannot be gone on with as it stands. The text says why to a person."""


def keep_list(*, content: bytes, file_name: str, reseller: Reseller, by: User, now: datetime) -> HeldImport:
    """Keep an uploaded file, or pasted rows (without a file name)."""
    return HeldImport.objects.create(
        reseller=reseller,
        file_name=file_name[-255:],
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=by,
        uploaded_at=now,
    )


def look_at_list(*, upload: HeldImport, sheet: int | None = None) -> tuple[reading.Look, dict[int, str]]:
    """The beginning of the list, and the field of each column: as chosen before for such a list, else as guessed.

    Raises FileRefused.
    """
    look = reading.look_at(
        bytes(upload.content),
        catalogue=load_catalogue(),
        license_ids=load_codes(upload.reseller),
        sheet=upload.sheet if sheet is None else sheet,
    )
    if upload.fields and (sheet is None or sheet == upload.sheet):
        return look, {int(index): name for index, name in upload.fields.items()}
    known = HeldLayout.objects.filter(reseller=upload.reseller, names_key=names_key(look.layout)).first()
    return look, {int(index): name for index, name in known.fields.items()} if known else look.layout.fields


def names_key(layout: reading.Layout) -> str:
    """By which a layout is known again: its row of names. Without names, no layout is like another."""
    names = "\n".join(header_key(name) for name in layout.names).strip()
    return hashlib.sha256(names.encode()).hexdigest() if names else ""


@one_transaction
def choose_columns(
    *,
    upload: HeldImport,
    sheet: int | None,
    fields: Mapping[int, str],
    names_key: str,
    is_whole: bool,
    task: Task,
    by: User,
    now: datetime,
) -> HeldImport:
    """Say what the columns are, remember it for such lists, and have the list checked in the background.

    Raises ImportRefused where columns are missing or the list is written already.
    """
    upload = _locked(upload)
    if missing := reading.missing_fields(list(fields.values())):
        told = _("These columns are missing: %(names)s. Say which columns they are.")
        raise ImportRefused(told % {"names": reading.name_fields(missing)})
    upload.sheet, upload.fields, upload.is_whole = sheet, {str(key): name for key, name in fields.items()}, is_whole
    if names_key:
        HeldLayout.objects.update_or_create(
            reseller=upload.reseller, names_key=names_key, defaults={"fields": upload.fields}
        )
    return _check(upload, task=task, by=by, now=now)


@one_transaction
def answer_questions(
    *, upload: HeldImport, answers: Mapping[str, int], task: Task, by: User, now: datetime
) -> HeldImport:
    """Say which customers, products and states are meant (0: a new customer), and have the list checked again."""
    upload = _locked(upload)
    offered = {question["key"]: {choice[0] for choice in question["choices"]} for question in upload.questions}
    for key, answer in answers.items():
        if key not in offered or answer not in {0, *offered[key]}:
            raise ImportRefused(_("This answer is not one of those offered. Load the page again."))
    upload.answers = {**upload.answers, **answers}
    return _check(upload, task=task, by=by, now=now)


def _locked(upload: HeldImport) -> HeldImport:
    """The list under its lock. Raises ImportRefused where it is being written or is."""
    found = HeldImport.objects.select_for_update(no_key=True, of=("self",)).select_related("reseller").get(pk=upload.pk)
    if found.confirm_batch is not None and found.confirm_batch.state not in (*RETRIED, Batch.State.REFUSED):
        raise ImportRefused(_("This list is confirmed already. Upload it again to compare it anew."))
    return found


def _check(upload: HeldImport, *, task: Task, by: User, now: datetime) -> HeldImport:
    upload.check_batch = start_batch(task=task, parameters={"held_import": upload.pk}, by=by, now=now)
    upload.confirm_batch = None
    upload.save()
    return upload


@one_transaction
def confirm_list(
    *, upload: HeldImport, removes_gone: bool, leaves_wrong: bool, task: Task, by: User, now: datetime
) -> HeldImport:
    """Have it written in the background. Raises ImportRefused where something is open, wrong or confirmed already.

    `leaves_wrong`: wrong rows are left out; without it there may be none. `removes_gone`: also what the list lacks.
    """
    upload = _locked(upload)
    checked = upload.check_batch
    if checked is None or checked.state != Batch.State.DONE:
        raise ImportRefused(_("The list is not checked yet."))
    if upload.open_questions:
        raise ImportRefused(_("Answer the questions first."))
    if upload.error_count and not leaves_wrong:
        raise ImportRefused(_("Some rows are wrong. Correct the list and upload it again, or tick to leave them out."))
    if not upload.changes.exists():
        raise ImportRefused(_("The list changes nothing."))
    if removes_gone and not upload.counts.get("holding gone"):  # none by wrong rows, nor by a list of a part
        raise ImportRefused(_("Nothing is removed by a list that is not complete or has wrong rows."))
    upload.removes_gone = removes_gone
    upload.confirm_batch = start_batch(task=task, parameters={"held_import": upload.pk}, by=by, now=now)
    upload.save(update_fields=["removes_gone", "confirm_batch"])
    return upload


@one_transaction
def undo_list(*, upload: HeldImport, task: Task, by: User, now: datetime) -> HeldImport:
    """Have everything made as it was before the list, in the background. Raises ImportRefused where nothing is to undo.

    Whether something else has touched it since shows only there.
    """
    found = HeldImport.objects.select_for_update(no_key=True).get(pk=upload.pk)  # its batch is read after the lock
    if found.written_at is None or found.undone_at is not None:
        raise ImportRefused(_("There is nothing to undo."))
    if found.undo_batch is not None and not found.undo_batch.is_finished:
        raise ImportRefused(_("This import is being undone already."))
    found.undo_batch = start_batch(task=task, parameters={"held_import": found.pk}, by=by, now=now)
    found.save(update_fields=["undo_batch"])
    return found
