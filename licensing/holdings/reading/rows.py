"""Rows of a list of what is held, as values with the number of their row; and what is wrong with them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from foundation.spreadsheets.heads import tidy
from foundation.spreadsheets.places import letter
from foundation.text.typed import squeeze

from .cells import plain, read_cell
from .columns import LABELS, OF_CUSTOMER, OF_HOLDING, UNKEPT, find_field, find_fields
from .products import Catalogue, Known, code_key

MOST_PROBLEMS = 1_000
"""That are kept; all are counted."""
SUM = re.compile(
    r"(?:総|小|中)?合?計(?:額|数|本数|数量|件数|金額)?|総数|件数|(?:sub|grand)?total|sum|以上|全?\d+[件行]",
    re.IGNORECASE,
)
BEHIND_SUM = re.compile(r"[:：]?[\d,]*(?:件|本|行)?$")
REMARK = re.compile(
    r"[※*＊]|注[)）:：意記]|\(注|備考[:：]|作成[日者]|出力日|印刷日|page\b|\d+\s*/\s*\d+\s*(?:ページ|頁|page)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell, or worth knowing of it."""

    row: int
    """As spreadsheet programs show it; 0: the whole file."""
    column: str
    value: str
    reason: str
    is_error: bool = True
    products: tuple[int, ...] = ()
    """Products (pk) that may be meant."""
    text: str = ""
    """What stands in the file for the product (`product_text`), where it is not known."""


@dataclass(slots=True)
class HeldRow:
    """One row: a holding with all that stands around it, or less. A blank cell says nothing, and is left out."""

    number: int
    values: dict[str, Any]
    product: Known | None = None
    carried: frozenset[str] = frozenset()
    """Fields that the row has from the one above."""
    is_wrong: bool = False


@dataclass(slots=True)
class Found:
    """What was read of a sheet."""

    rows: list[HeldRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    error_count: int = 0
    skipped: list[int] = field(default_factory=list)
    """Rows that only sum up, remark on something or repeat the names."""

    def note(self, problem: Problem) -> None:
        self.error_count += problem.is_error
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)


class RowReader:
    """Reads rows one after the other, for some have what stands in the one above."""

    def __init__(
        self,
        *,
        names: list[str],
        fields: Mapping[int, str],
        catalogue: Catalogue,
        chosen: Mapping[str, int] | None = None,
    ) -> None:
        """`chosen`: products (pk) by what stands in the file (`product_text`), where somebody took a proposal."""
        self.names, self.fields, self.catalogue = names, dict(fields), catalogue
        self.by_pk = {product.pk: product for product in catalogue.products}
        self.chosen = chosen or {}
        self.places = {name: index for index, name in self.fields.items()}
        self.above: dict[str, Any] = {}
        self.found = Found()
        self.first: dict[tuple[str, int, date], int] = {}
        self.customers: dict[str, tuple[str, int]] = {}

    def read_all(self, rows: Iterable[tuple[int, list[str]]]) -> Found:
        for number, cells in rows:
            self.read(number, cells)
        return self.found

    def read(self, number: int, cells: list[str]) -> None:
        texts = {
            name: (cells[index].strip() if name == "note" else plain(cells[index])) if index < len(cells) else ""
            for index, name in self.fields.items()
        }
        if not any(texts.values()):
            return
        if self._is_no_row(cells, texts):
            self.found.skipped.append(number)
            return
        row = HeldRow(number, {})
        for name, text in texts.items():
            if text and name not in UNKEPT:
                try:
                    row.values[name] = read_cell(name, text)
                except ValueError as wrong:
                    self._tell(row, name, text, str(wrong))
        self._carry(row, texts)
        self._check(row, texts)
        self.above = row.values
        self.found.rows.append(row)

    def _is_no_row(self, cells: list[str], texts: Mapping[str, str]) -> bool:
        """Sums, remarks, and the names once more. What holds a license ID and a product is always a row."""
        product = texts.get("product_code") or texts.get("product_name")
        first = next(iter(self.fields))
        again = find_field(cells[first]) if first < len(cells) else None
        if again and again[0] == self.fields[first] and find_fields(cells) == self.fields and len(self.fields) > 1:
            return True
        if texts.get("license_id") and product and not SUM.fullmatch(squeeze(texts["license_id"])):
            return False
        filled = [tidy(cell) for cell in cells if plain(cell)]
        squeezed = [squeeze(text) for text in filled]
        if any(SUM.fullmatch(text) or SUM.fullmatch(BEHIND_SUM.sub("", text)) for text in squeezed):
            return True
        return len(filled) <= 2 and bool(REMARK.match(filled[0]) or REMARK.match(squeezed[0]))

    def _carry(self, row: HeldRow, texts: Mapping[str, str]) -> None:
        """A cell that is empty below one means the same, where a list is grouped: first the customer, then the ID."""
        product = texts.get("product_code") or texts.get("product_name")
        carried: list[str] = []
        is_open = "license_id" in self.places and not texts["license_id"] and "license_id" in self.above
        if is_open and product and texts.get("name", "") in ("", self.above.get("name")):
            carried.append("license_id")
        same_id = carried or row.values.get("license_id") == self.above.get("license_id")
        is_outer = self.places.get("name", 0) < self.places.get("license_id", 0)
        if "name" in self.places and not texts["name"] and "name" in self.above and (same_id or is_outer):
            carried += [name for name in OF_CUSTOMER if name in self.above and not texts.get(name)]
        for name in carried:
            row.values[name] = self.above[name]
        row.carried = frozenset(carried)

    def _check(self, row: HeldRow, texts: Mapping[str, str]) -> None:
        has_holding = any(texts.get(name) for name in OF_HOLDING)
        if has_holding:
            if not row.values.get("license_id") and not texts.get("license_id"):
                self._tell(row, "license_id", "", _("The license ID is missing."))
            for name in ("quantity", "expires_on"):
                if name in self.places and not texts[name]:
                    self._tell(row, name, "", _("It is empty. Fill it in, or take the row out."))
            self._find_product(row, texts)
            self._check_once(row)
        elif not row.values.get("license_id") and not row.values.get("name"):
            told = next(text for text in texts.values() if text)
            self._tell(row, "", told, _("The row has neither a license ID nor a customer."))
        self._check_customer(row)

    def _find_product(self, row: HeldRow, texts: Mapping[str, str]) -> None:
        code, name = (str(row.values.get(each, "")) for each in ("product_code", "product_name"))
        column = "product_code" if code or "product_name" not in self.places else "product_name"
        if not code and not name:
            if not texts.get("product_code") and not texts.get("product_name"):
                self._tell(row, column, "", _("The product is missing."))
            return
        if (pk := self.chosen.get(product_text(code, name))) is not None:
            row.product = self.by_pk.get(pk)
        near: tuple[Known, ...] = ()
        if row.product is None:
            row.product, near = self.catalogue.find(code, name)
        if row.product is None:
            reason = _("The portal has no such product.")
            if near:
                told = "、".join(f"{product.code} {product.name}" for product in near)
                reason += " " + _("Do you mean %(products)s?") % {"products": told}
            self._tell(
                row, column, code or name, reason, tuple(product.pk for product in near), product_text(code, name)
            )
        elif code and name and (named := self.catalogue.by_name(name)) and row.product not in named:
            reason = _("By its name it is %(product)s. The code counts.") % {"product": named[0].code}
            self._tell(row, "product_name", name, reason, is_error=False)

    def _check_once(self, row: HeldRow) -> None:
        code, day = row.values.get("license_id"), row.values.get("expires_on")
        if code is None or day is None or row.product is None:
            return
        before = self.first.setdefault((code_key(code), row.product.pk, day), row.number)
        if before != row.number:
            reason = _("Row %(row)s is the same license ID, product and day. Make one row of both.") % {"row": before}
            self._tell(row, "quantity", str(row.values.get("quantity", "")), reason)

    def _check_customer(self, row: HeldRow) -> None:
        """A license ID belongs to one customer."""
        code, name = row.values.get("license_id"), row.values.get("name")
        if code is None or name is None:
            return
        before, number = self.customers.setdefault(code_key(code), (name, row.number))
        if squeeze(before) != squeeze(name):
            if "name" in row.carried:
                for each in row.carried - {"license_id"}:
                    del row.values[each]
                return
            reason = _("In row %(row)s this license ID belongs to %(name)s. It belongs to one customer only.")
            self._tell(row, "name", name, reason % {"row": number, "name": before})

    def _tell(
        self,
        row: HeldRow,
        name: str,
        value: str,
        reason: str,
        products: tuple[int, ...] = (),
        text: str = "",
        *,
        is_error: bool = True,
    ) -> None:
        row.is_wrong = row.is_wrong or is_error
        index = self.places.get(name)
        above = self.names[index] if index is not None and index < len(self.names) else ""
        column = str(LABELS.get(name, "")) if index is None else f"{letter(index)} ({above or LABELS[name]})"
        self.found.note(Problem(row.number, column, value[:200], reason, is_error, products, text))


def product_text(code: str, name: str) -> str:
    """What stands in the file for a product, as one text: by it a choice is kept."""
    return f"{code}\n{name}"


__all__ = ["Found", "HeldRow", "Problem", "RowReader", "product_text"]
