"""Price files: uploaded, checked in the background, and made into one draft, all or nothing."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks.base import Task

from foundation.jobs.models import Batch
from foundation.jobs.operations import RETRIED, BatchFailed, Beat, WorkRefused, start_batch
from foundation.transactions import one_transaction
from licensing.models import Product, Programme, User
from licensing.queries import former_codes

from ..check.operations import count_findings
from ..engine.values import EndOfSale as EndValue
from ..engine.values import PriceTable as Values
from ..engine.values import Product as ProductValue
from ..events import record_event
from ..loader import AT_ONCE, TableRows, load_ends, load_tables, product_value
from ..models import EndOfSale, ImportedTable, ImportProblem, PriceImport, PriceList, PriceListEvent
from . import reading

Side = Values | reading.Ended
"""What a list says of a product: its prices, or that it is not sold any more."""


class ImportRefused(Exception):
    """An upload cannot be confirmed. The text says why to a person."""


def upload_prices(
    *,
    content: bytes,
    file_name: str,
    based_on: PriceList | None,
    name: str,
    effective_on: date,
    task: Task,
    by: User,
    now: datetime,
) -> PriceImport:
    """Keep the file, and have it checked in the background by the task."""
    with transaction.atomic():
        upload = PriceImport.objects.create(
            file_name=file_name[-255:],
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            based_on=based_on,
            name=name,
            effective_on=effective_on,
            uploaded_by=by,
            uploaded_at=now,
        )
        upload.check_batch = start_batch(task=task, parameters={"price_import": upload.pk}, by=by, now=now)
        upload.save(update_fields=["check_batch"])
    return upload


@one_transaction
def confirm_import(
    *,
    upload: PriceImport,
    name: str,
    effective_on: date,
    task: Task,
    by: User,
    now: datetime,
    programme: Programme | None = None,
    makes_products: bool = False,
) -> PriceImport:
    """Have the draft made in the background by the task. Raises ImportRefused where that cannot or need not be.

    New products are made only where `makes_products` says so; `programme`: of those whose programme the file omits.
    """
    upload = PriceImport.objects.select_for_update(no_key=True, of=("self",)).get(pk=upload.pk)
    checked, confirmed = upload.check_batch, upload.confirm_batch
    if confirmed is not None and confirmed.state not in RETRIED:
        raise ImportRefused(_("This upload was confirmed already. A draft is made from it only once."))
    if checked is None or checked.state != Batch.State.DONE or upload.error_count:
        raise ImportRefused(_("The file has errors or is not checked yet. Correct it and upload it again."))
    if PriceList.objects.filter(name=name).exists():
        raise ImportRefused(_("There is a price list of this name already. Choose another name."))
    products = upload.new_products.get("products", [])
    if products and not makes_products:
        raise ImportRefused(_("The file names new products. Tick that they are to be made, or remove their rows."))
    for product in products:
        if not product["programme"]:
            if programme is None:
                raise ImportRefused(_("Choose the programme of the new products: the file does not name it."))
            product["programme"] = programme.code
    upload.name, upload.effective_on = name, effective_on
    upload.confirm_batch = start_batch(task=task, parameters={"price_import": upload.pk}, by=by, now=now)
    upload.save(update_fields=["name", "effective_on", "new_products", "confirm_batch"])
    return upload


class CheckFile:
    """Background work: read an uploaded file, and note its problems and what it changes."""

    def count_items(self, batch: Batch) -> int:
        return 1

    def do_item(self, batch: Batch, position: int, beat: Beat) -> Callable[[], None]:
        upload = _upload_of(batch)
        beat(0, 100, "reading")
        try:
            with reading.open_file(bytes(upload.content)) as book:
                # Meanwhile the process that reads begins.
                products = load_products()
                before = load_tables(price_list=upload.based_on) if upload.based_on else {}
                ended = reading.ends_of(load_ends(price_list=upload.based_on)) if upload.based_on else {}
                found = reading.read_book(
                    book,
                    products=products,
                    before=before,
                    ended=ended,
                    programmes=list(Programme.objects.all()),
                    former=former_codes(),
                    tell=lambda done, count: beat(done * 85 // count, 100, "reading"),
                )
        except reading.FileRefused as refused:
            raise WorkRefused(str(refused)) from refused
        beat(85, 100, "comparing")
        old, new = sides_of({**before, **ended}, found)
        rows = [compared_row(upload, code, old.get(code), new.get(code)) for code in sorted({*old, *new})]
        upload.error_count, upload.row_count = found.error_count, found.row_count
        upload.is_sample = found.is_sample if found.is_sample is not None else based_on_sample(upload)
        upload.new_products = found.newcomers.as_json() if found.newcomers.products else {}
        upload.summary = {
            "rows": found.row_count,
            "errors": found.error_count,
            "products": len(rows),
            **look_at_sides(old, new, {product.code: product for product in newcomers_of(upload)[1]} | products),
        }
        problems = [
            ImportProblem(
                price_import=upload,
                is_error=problem.is_error,
                row=problem.row,
                column=problem.column[:200],
                value=problem.value,
                reason=problem.reason,
            )
            for problem in found.problems
        ]
        beat(90, 100, "keeping")

        def write() -> None:
            upload.problems.all().delete()
            upload.tables.all().delete()
            ImportProblem.objects.bulk_create(problems, batch_size=AT_ONCE)
            ImportedTable.objects.bulk_create(rows, batch_size=AT_ONCE)
            upload.save(update_fields=["error_count", "row_count", "new_products", "is_sample", "summary"])

        return write

    def finish(self, batch: Batch) -> dict[str, Any]:
        summary: dict[str, Any] = _upload_of(batch).summary
        return summary


class WriteDraft:
    """Background work: make the draft that was confirmed."""

    def count_items(self, batch: Batch) -> int:
        return 1

    def do_item(self, batch: Batch, position: int, beat: Beat) -> Callable[[], None]:
        upload = _upload_of(batch)
        rows = list(upload.tables.exclude(new__isnull=True))
        contents = {row.product_code: reading.table_from_json(row.product_code, row.new) for row in rows}
        products = load_products()
        programmes, newcomers = newcomers_of(upload)
        newcomers = [product for product in newcomers if product.code not in products]
        products |= {product.code: product for product in newcomers}
        if missing := sorted(set(contents) - set(products)):
            raise BatchFailed(
                _("These products are gone since the file was checked: %(codes)s. Upload the file again.")
                % {"codes": ", ".join(missing[:10])}
            )
        draft = PriceList(
            name=upload.name,
            effective_on=upload.effective_on,
            is_sample=upload.is_sample,
            based_on=upload.based_on,
        )
        tables = TableRows()
        for number, (code, content) in enumerate(contents.items()):
            beat(number, 2 * len(contents), "preparing")
            if content is not None:
                tables.add(content, price_list=draft, product=products[code])
        ended = ends_in(draft, rows, products)
        beat(1, 2, "writing")

        def write() -> None:
            current = PriceImport.objects.select_for_update(no_key=True, of=("self",)).get(pk=upload.pk)
            if current.confirmed_at is not None:
                raise BatchFailed(_("This upload was confirmed already. A draft is made from it only once."))
            if PriceList.objects.filter(name=draft.name).exists():
                raise BatchFailed(_("There is a price list of this name already. Choose another name."))
            make_newcomers(programmes, newcomers, by=batch.created_by)
            draft.save(force_insert=True)
            tables.save()
            EndOfSale.objects.bulk_create(ended, batch_size=AT_ONCE)
            record_event(
                price_list=draft,
                kind=PriceListEvent.Kind.IMPORTED,
                by=batch.created_by,
                now=batch.created_at,
                detail={"file": upload.file_name, "sha256": upload.sha256, "rows": upload.row_count}
                | ({"from": upload.based_on.name, "from_pk": upload.based_on.pk} if upload.based_on else {}),
            )
            current.draft = draft
            current.confirmed_at = batch.created_at
            current.save(update_fields=["draft", "confirmed_at"])

        return write

    def finish(self, batch: Batch) -> dict[str, Any]:
        return {"price_list": _upload_of(batch).draft_id}


def successor_value(product: Product | None) -> ProductValue | None:
    return None if product is None else product_value(product)


def ends_in(draft: PriceList, rows: Iterable[ImportedTable], products: Mapping[str, Product]) -> list[EndOfSale]:
    """What is not sold any more in the draft, unsaved. A successor that is gone meanwhile is none."""
    ends = ((row.product_code, reading.end_from_json(row.new)) for row in rows)
    return [
        EndOfSale(
            price_list=draft, product=products[code], since_on=end.since_on, successor=products.get(end.successor)
        )
        for code, end in ends
        if end is not None
    ]


def load_products() -> dict[str, Product]:
    """All products by code, programmes loaded."""
    return {product.code: product for product in Product.objects.select_related("programme")}


def tables_of(sides: Mapping[str, Side]) -> dict[str, Values]:
    """Those that are price tables, by product code."""
    return {code: side for code, side in sides.items() if isinstance(side, Values)}


def newcomers_of(upload: PriceImport) -> tuple[list[Programme], list[Product]]:
    """The programmes and products of the upload that are to be made, unsaved; each product with its programme."""
    programmes, products = reading.newcomers_from_json(upload.new_products)
    known = {programme.code: programme for programme in Programme.objects.all()}
    made = [programme for programme in programmes if programme.code not in known]
    known |= {programme.code: programme for programme in made}
    for product, code in products:
        product.programme = known.get(code) or Programme()
    return made, [product for product, _code in products]


def make_newcomers(programmes: list[Programme], products: list[Product], *, by: User) -> None:
    """Save them, with the person in their history. What somebody else made meanwhile stays as it is."""
    for programme in programmes:
        programme._history_user = by  # type: ignore[attr-defined]
        programme.save(force_insert=True)
    for product in products:
        product.programme = product.programme  # its key, which a new programme has only now
        product._history_user = by  # type: ignore[attr-defined]
    Product.objects.bulk_create(products, batch_size=AT_ONCE)


def based_on_sample(upload: PriceImport) -> bool:
    return upload.based_on is not None and upload.based_on.is_sample


def sides_of(before: Mapping[str, Side], found: reading.ReadPrices) -> tuple[dict[str, Side], dict[str, Side]]:
    """What is compared, before and after, by product code. A product whose rows have errors is on neither side."""
    after: dict[str, Side] = {**found.tables, **found.ends}
    return {code: side for code, side in before.items() if code in after or code not in found.mentioned}, after


def compared_row(upload: PriceImport, code: str, old: Side | None, new: Side | None) -> ImportedTable:
    """A product that is on either side."""
    before, after = (None if isinstance(side, reading.Ended) else side for side in (old, new))
    return ImportedTable(
        price_import=upload,
        product_code=code,
        kind=reading.kind_of(old, new),
        old=reading.table_as_json(old),
        new=reading.table_as_json(new),
        largest_percent=reading.largest_percent(before, after),
    )


def look_at_sides(old: Mapping[str, Side], new: Mapping[str, Side], products: Mapping[str, Product]) -> dict[str, Any]:
    """What the linter will ask about it: who uploads learns at once what a missing column does."""
    tables = tables_of(new)
    findings = count_findings(
        tables=tables,
        before=tables_of(old),
        products=products,
        ended={
            code: EndValue(side.since_on, successor_value(products.get(side.successor)))
            for code, side in new.items()
            if isinstance(side, reading.Ended)
        },
    )
    return {"findings": findings, "has_discounts": any(table.multi_year_discounts for table in tables.values())}


def _upload_of(batch: Batch) -> PriceImport:
    return PriceImport.objects.select_related("based_on").get(pk=batch.parameters["price_import"])
