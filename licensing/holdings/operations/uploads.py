"""Lists of what is held: uploaded or pasted, checked in the background, and written as a whole or not."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django_tasks.base import Task

from foundation.jobs.models import Batch
from foundation.jobs.operations import RETRIED, BatchFailed, Beat, WorkRefused, start_batch
from foundation.spreadsheets.heads import header_key
from foundation.transactions import one_transaction

from ...models import HeldChange, HeldImport, HeldLayout, HeldProblem, LicenseID, Product, Reseller, User
from .. import reading
from .comparing import AT_ONCE, Comparison
from .writing import NotAsItWas, say_stale, take_back, write_changes


class ImportRefused(Exception):
    """A list cannot be gone on with as it stands. The text says why to a person."""


def load_catalogue() -> reading.Catalogue:
    rows = Product.objects.order_by("code").values_list("pk", "code", "name", "name_en")
    return reading.Catalogue(reading.Known(*row) for row in rows)


def load_codes(reseller: Reseller) -> set[str]:
    """The reseller's license IDs, as columns are told by them."""
    codes = LicenseID.objects.filter(customer__reseller=reseller).order_by().values_list("code", flat=True)
    return {reading.code_key(code) for code in codes}


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
    """Say which customers and products are meant (0: a new customer), and have the list checked again with that."""
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
    if removes_gone and (not upload.is_whole or upload.error_count):
        raise ImportRefused(_("Nothing is removed by a list that is not complete or has wrong rows."))
    upload.removes_gone = removes_gone
    upload.confirm_batch = start_batch(task=task, parameters={"held_import": upload.pk}, by=by, now=now)
    upload.save(update_fields=["removes_gone", "confirm_batch"])
    return upload


@one_transaction
def undo_list(*, upload: HeldImport, by: User, now: datetime) -> None:
    """Make everything as it was before the list. Raises ImportRefused where something else has touched it since."""
    found = HeldImport.objects.select_for_update(no_key=True).get(pk=upload.pk)
    if found.written_at is None or found.undone_at is not None:
        raise ImportRefused(_("There is nothing to undo."))
    try:
        take_back(upload=found, changes=found.changes.all(), by=by)
    except NotAsItWas as error:
        raise ImportRefused(_("%(what)s So this import cannot be undone any more.") % {"what": error}) from error
    found.undone_at = now
    found.save(update_fields=["undone_at"])


class CheckList:
    """Background work: read the list, and compare it with what the portal has."""

    def count_items(self, batch: Batch) -> int:
        return 1

    def do_item(self, batch: Batch, position: int, beat: Beat) -> Callable[[], None]:
        upload = _upload_of(batch)
        beat(0, 100, "reading")
        chosen = {key.removeprefix("product "): pk for key, pk in upload.answers.items() if key.startswith("product ")}
        catalogue = load_catalogue()
        try:
            found = reading.read_held(
                bytes(upload.content),
                catalogue=catalogue,
                license_ids=load_codes(upload.reseller),
                sheet=upload.sheet,
                fields={int(index): name for index, name in upload.fields.items()},
                chosen=chosen,
                tell=lambda done, count: beat(done * 70 // count, 100, "reading"),
            )
        except reading.FileRefused as refused:
            raise WorkRefused(str(refused)) from refused
        beat(70, 100, "comparing")
        plan = Comparison(
            reseller=upload.reseller,
            rows=found.rows,
            answers=upload.answers,
            is_whole=upload.is_whole and not found.error_count,
        ).run()
        beat(90, 100, "keeping")
        wrong = {row.number for row in found.rows if row.is_wrong} | plan.wrong
        questions = [*plan.questions, *product_questions(found, catalogue)]
        problems = sorted([*found.problems, *plan.problems], key=lambda each: (each.row, not each.is_error))

        def write() -> None:
            upload.questions, upload.counts = questions, plan.counts
            upload.error_count = found.error_count + sum(each.is_error for each in plan.problems)
            upload.wrong_rows = len(wrong)
            upload.save(update_fields=["questions", "counts", "error_count", "wrong_rows"])
            upload.problems.all().delete()
            upload.changes.all().delete()
            HeldProblem.objects.bulk_create(
                [
                    HeldProblem(
                        held_import=upload,
                        is_error=each.is_error,
                        row=each.row,
                        column=each.column[:200],
                        value=each.value[:200],
                        reason=each.reason,
                    )
                    for each in problems
                ],
                batch_size=AT_ONCE,
            )
            for change in plan.changes:
                change.held_import = upload
            HeldChange.objects.bulk_create(plan.changes, batch_size=AT_ONCE)

        return write

    def finish(self, batch: Batch) -> dict[str, Any]:
        return {}


def product_questions(found: reading.Found, catalogue: reading.Catalogue) -> list[dict[str, Any]]:
    """Each unknown product for which near ones are known, once: which one is meant."""
    by_pk = {product.pk: product for product in catalogue.products}
    asked: dict[str, dict[str, Any]] = {}
    for problem in found.problems:
        if problem.products:
            asked.setdefault(
                problem.text,
                {
                    "key": f"product {problem.text}",
                    "kind": "product",
                    "row": problem.row,
                    "text": problem.text.replace("\n", " ").strip(),
                    "choices": [[pk, f"{by_pk[pk].code} {by_pk[pk].name}"] for pk in problem.products],
                },
            )
    return list(asked.values())


class WriteList:
    """Background work: write the list that was confirmed, all of it or nothing."""

    def count_items(self, batch: Batch) -> int:
        return 1

    def do_item(self, batch: Batch, position: int, beat: Beat) -> Callable[[], None]:
        upload = _upload_of(batch)
        changes = list(upload.changes.all())
        beat(1, 2, "writing")

        def write() -> None:
            current = HeldImport.objects.select_for_update(no_key=True, of=("self",)).get(pk=upload.pk)
            if current.written_at is not None:
                raise BatchFailed(_("This list is written already."))
            try:
                write_changes(upload=upload, changes=changes, removes_gone=upload.removes_gone, by=batch.created_by)
            except NotAsItWas as error:
                raise WorkRefused(say_stale(error)) from error
            current.written_at = batch.created_at
            current.save(update_fields=["written_at"])

        return write

    def finish(self, batch: Batch) -> dict[str, Any]:
        return {}


def _upload_of(batch: Batch) -> HeldImport:
    return HeldImport.objects.select_related("reseller").get(pk=batch.parameters["held_import"])
