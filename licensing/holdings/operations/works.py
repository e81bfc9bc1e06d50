"""What is done with a list in the background: check it, write it, take it back."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.jobs.memory import without_collector
from foundation.jobs.models import Batch
from foundation.jobs.operations import BatchFailed, Beat, WorkRefused
from foundation.text.language import name_of

from ...models import HeldImport, LicenseID, Product, Reseller
from ...queries import former_codes
from .. import reading
from .changes import keep_changes, keep_problems, load_changes
from .comparing import Comparison
from .locked import NotAsItWas
from .undoing import take_back
from .writing import say_stale, write_changes


def load_catalogue() -> reading.Catalogue:
    rows = Product.objects.order_by("code").values_list("pk", "code", "name", "name_en")
    former: dict[str, list[str]] = defaultdict(list)
    for code, present in former_codes().items():
        former[present].append(code)
    return reading.Catalogue(reading.Known(*row, former=tuple(former[row[1]])) for row in rows)


def load_codes(reseller: Reseller) -> set[str]:
    """The reseller's license IDs, as columns are told by them."""
    codes = LicenseID.objects.filter(customer__reseller=reseller).order_by().values_list("code", flat=True)
    return {reading.code_key(code) for code in codes}


class Whole:
    """Background work that is one item: all of it, or nothing."""

    def count_items(self, batch: Batch) -> int:
        return 1

    def finish(self, batch: Batch) -> dict[str, Any]:
        return {}


class CheckList(Whole):
    """Background work: read the list, and compare it with what the portal has."""

    def do_item(self, batch: Batch, position: int, beat: Beat) -> Callable[[], None]:
        with without_collector():
            return self.check(batch, beat)

    def check(self, batch: Batch, beat: Beat) -> Callable[[], None]:
        upload = _upload_of(batch)
        beat(0, 100, "reading")
        chosen = {key.removeprefix("product "): pk for key, pk in upload.answers.items() if key.startswith("product ")}
        states = {key.removeprefix("state "): said for key, said in upload.answers.items() if key.startswith("state ")}
        catalogue = load_catalogue()
        try:
            found = reading.read_held(
                bytes(upload.content),
                catalogue=catalogue,
                license_ids=load_codes(upload.reseller),
                sheet=upload.sheet,
                fields={int(index): name for index, name in upload.fields.items()},
                chosen=chosen,
                states=states,
                on=batch.created_at.astimezone(timezone.get_default_timezone()).date(),
                tell=lambda done, count: beat(done * 60 // count, 100, "reading"),
            )
        except reading.FileRefused as refused:
            raise WorkRefused(str(refused)) from refused
        beat(60, 100, "comparing")
        plan = Comparison(
            reseller=upload.reseller,
            rows=found.rows,
            answers=upload.answers,
            is_whole=upload.is_whole and not found.error_count,
        ).run(is_clear=not found.asked)
        beat(80, 100, "keeping")
        wrong = {row.number for row in found.rows if row.is_wrong} | plan.wrong
        questions = [*plan.questions, *state_questions(found), *product_questions(found, catalogue)]
        problems = [*found.problems, *plan.problems]
        errors = found.error_count + sum(each.is_error for each in plan.problems)
        ended = len(found.ended)
        found.rows.clear()

        def write() -> None:
            upload.questions, upload.counts = questions, plan.counts | ({"row ended": ended} if ended else {})
            upload.error_count, upload.wrong_rows = errors, len(wrong)
            upload.save(update_fields=["questions", "counts", "error_count", "wrong_rows"])
            keep_problems(upload, problems)
            keep_changes(upload, plan.changes)

        return write


def state_questions(found: reading.Found) -> list[dict[str, Any]]:
    """Each state that is not known, once: whether it means that something is held."""
    choices = [[reading.IS_HELD, _("held")], [reading.HAS_ENDED, _("not held any more: leave its rows out")]]
    return [
        {"key": f"state {text}", "kind": "state", "row": row, "text": text, "choices": choices}
        for text, row in found.asked.items()
    ]


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
                    "choices": [[pk, f"{by_pk[pk].code} {name_of(by_pk[pk])}"] for pk in problem.products],
                },
            )
    return list(asked.values())


class WriteList(Whole):
    """Background work: write the list that was confirmed, all of it or nothing."""

    def do_item(self, batch: Batch, position: int, beat: Beat) -> Callable[[], None]:
        upload = _upload_of(batch)
        beat(1, 4, "loading")
        with without_collector():
            changes = load_changes(upload)
        beat(2, 4, "writing")

        def write() -> None:
            current = HeldImport.objects.select_for_update(no_key=True, of=("self",)).get(pk=upload.pk)
            if current.written_at is not None:
                raise BatchFailed(_("This list is written already."))
            removes_gone, by, at = upload.removes_gone, batch.created_by, batch.created_at
            try:
                with without_collector():
                    write_changes(upload=upload, changes=changes, removes_gone=removes_gone, by=by, at=at)
            except NotAsItWas as error:
                raise WorkRefused(say_stale(error)) from error
            current.written_at = batch.created_at
            current.save(update_fields=["written_at"])

        return write


class UndoList(Whole):
    """Background work: make everything as it was before the list, or leave it as it is."""

    def do_item(self, batch: Batch, position: int, beat: Beat) -> Callable[[], None]:
        upload = _upload_of(batch)
        beat(1, 4, "loading")
        with without_collector():
            changes = load_changes(upload)
        beat(2, 4, "undoing")

        def write() -> None:
            current = HeldImport.objects.select_for_update(no_key=True, of=("self",)).get(pk=upload.pk)
            if current.undone_at is not None:
                raise BatchFailed(_("This import is undone already."))
            try:
                with without_collector():
                    take_back(upload=upload, changes=changes, by=batch.created_by, at=batch.created_at)
            except NotAsItWas as error:
                told = _("%(what)s So this import cannot be undone any more.")
                raise WorkRefused(told % {"what": error}) from error
            current.undone_at = batch.created_at
            current.save(update_fields=["undone_at"])

        return write


def _upload_of(batch: Batch) -> HeldImport:
    return HeldImport.objects.select_related("reseller").get(pk=batch.parameters["held_import"])
