"""Rows of a list of what is held, as values with the number of their row; and what is wrong with them."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from foundation.spreadsheets.heads import tidy
from foundation.spreadsheets.places import letter
from foundation.text.language import join_words, name_of
from foundation.text.names import stem_of
from foundation.text.typed import squeeze

from .cells import plain, read_cell
from .columns import LABELS, OF_CONTACT, OF_CUSTOMER, OF_HOLDING, find_field, find_fields
from .day_parts import DAY_PARTS, put_day_together
from .found import Found, HeldRow, Problem
from .products import Catalogue, Known, code_key
from .states import State, StateReader, says_ended

MOST_KNOWN = 50_000
"""Texts of one column whose meaning is kept: lists have the same days, quantities and names again and again."""
HELD = frozenset(OF_HOLDING)
CARRIED = tuple(name for name in OF_CUSTOMER if name not in OF_CONTACT)
SUM = re.compile(
    r"(?:総|小|中)?合?計(?:額|数|本数|数量|件数|金額)?|総数|件数|(?:sub|grand)?total|sum|以上|全?\d+[件行]",
    re.IGNORECASE,
)
BEHIND_SUM = re.compile(r"[:：]?[\d,]*(?:件|本|行)?$")
SUM_OF = re.compile(r"[\s　)）_:：・](?:小計|合計|総計|計|(?:sub)?total)$", re.IGNORECASE)
"""Behind the name of what is summed up."""
REMARK = re.compile(
    r"[※*＊]|注[)）:：意記]|\(注|備考[:：]|作成[日者]|出力日|印刷日|page\b|\d+\s*/\s*\d+\s*(?:ページ|頁|page)",
    re.IGNORECASE,
)


class Cells(dict[str, tuple[str, Any, str]]):
    """What the texts of one column mean: in one line, as a value, and why it is none. Each is read once."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __missing__(self, raw: str) -> tuple[str, Any, str]:
        text = raw.strip() if self.name == "note" else plain(raw)
        cell: tuple[str, Any, str] = (text, None, "")
        if text:
            try:
                # Two numbers under one another are no number.
                cell = (text, read_cell(self.name, raw.strip() if self.name == "quantity" else text), "")
            except ValueError as wrong:
                cell = (text, None, str(wrong))
        if len(self) > MOST_KNOWN:
            self.clear()
        self[raw] = cell
        return cell


_Read = tuple[dict[str, str], dict[str, Any], list[tuple[str, str]]]
"""Of a row, by field: its texts, its values, and why a text is none."""


class RowReader:
    """Reads rows one after the other, for some have what stands in the one above."""

    def __init__(
        self,
        *,
        names: list[str],
        fields: Mapping[int, str],
        catalogue: Catalogue,
        chosen: Mapping[str, int] | None = None,
        states: StateReader | None = None,
    ) -> None:
        """`chosen`: products (pk) by what stands in the file (`product_text`), where somebody took a proposal."""
        self.names, self.fields, self.catalogue = names, dict(fields), catalogue
        self.by_pk = {product.pk: product for product in catalogue.products}
        self.chosen = chosen or {}
        self.places = {name: index for index, name in self.fields.items()}
        self.name_of_year, self.has_day_parts = "", False
        if "expires_on" not in self.places and (year := self.places.get(DAY_PARTS[0])) is not None:
            self.places["expires_on"] = year
            self.name_of_year = names[year] if year < len(names) else ""
            self.has_day_parts = True
        columns = [(name, index, Cells(name)) for index, name in self.fields.items()]
        self.of_customer = [each for each in columns if each[0] in OF_CUSTOMER or each[0] in OF_CONTACT]
        self.columns = [each for each in columns if each not in self.of_customer]
        self.last: tuple[list[str], _Read] = ([], ({}, {}, []))
        """What stood in the columns of the customer, and was read there: mostly it is the same in the next row."""
        self.is_outer = self.places.get("name", 0) < self.places.get("license_id", 0)
        self.has_holdings = bool(set(self.places) & set(OF_HOLDING))
        self.heading = 0
        """The row of a name alone; whether it is a customer shows below."""
        self.above: dict[str, Any] = {}
        self.found = Found()
        self.states = states or StateReader()
        self.states.look_at(names, self.fields)
        self.state_above = ""
        self.first: dict[tuple[str, int, date], int] = {}
        self.customers: dict[str, tuple[str, int]] = {}
        self.products: dict[tuple[str, str], tuple[Known | None, tuple[Known, ...], str]] = {}
        self.keys: dict[str, str] = {}

    def read(self, number: int, cells: list[str]) -> None:
        width = len(cells)
        own = [cells[index] if index < width else "" for _name, index, _known in self.of_customer]
        before, (texts, values, wrong) = self.last
        if own != before:
            texts, values, wrong = {}, {}, []
            self._read_columns(self.of_customer, cells, (texts, values, wrong))
            self.last = (own, (texts, values, wrong))
        texts, values, wrong = texts.copy(), values.copy(), wrong.copy()
        self._read_columns(self.columns, cells, (texts, values, wrong))
        if not texts:
            return
        if self.has_day_parts:
            self._put_day_together((texts, values, wrong))
        if self._is_no_row(cells, texts, bool(wrong)):
            self._note_heading(number, texts)
            self.found.skipped.append(number)
            return
        if len(texts) == 1 and "name" in texts and self.has_holdings and sum(map(bool, cells)) == 1:
            self.end()
            self._note_heading(number, texts)
            self.heading, self.above = number, values
            return
        row = HeldRow(number, values)
        if len(texts) < len(self.fields):
            self._carry(row, texts)
        self._read_state(row, texts)
        self.states.watch(number, cells)
        if not row.is_ended:
            for name, reason in wrong:
                self._tell(row, name, texts[name], reason)
            self._check(row, texts)
        if self.heading:
            self.heading = 0 if row.carried else self.heading
            self.end()
        self.above = values
        self.found.rows.append(row)

    def _note_heading(self, number: int, texts: Mapping[str, str]) -> None:
        """A line such as 【解約分】 may stand above rows that are not held any more."""
        text = next(iter(texts.values()))
        if len(texts) == 1 and says_ended(text):
            told = _(
                "This line says that nothing is held any more. Rows below it are taken as held, if they do not say so "
                "themselves: take them out of the list if that is wrong."
            )
            self.found.note(Problem(number, "", text[:200], told, is_error=False))

    def end(self) -> None:
        """A name alone stands above what it is of. Where nothing of that comes, it was no customer but a remark."""
        if self.heading:
            self.found.skipped.append(self.heading)
        self.heading = 0

    @staticmethod
    def _read_columns(columns: list[tuple[str, int, Cells]], cells: list[str], read: _Read) -> None:
        texts, values, wrong = read
        width = len(cells)
        for name, index, known in columns:
            if index < width and (raw := cells[index]):
                text, value, reason = known[raw]
                if text:
                    texts[name] = text
                    if reason:
                        wrong.append((name, reason))
                    else:
                        values[name] = value

    def _put_day_together(self, read: _Read) -> None:
        texts, values, wrong = read
        parts = [texts.get(name, "") for name in DAY_PARTS]
        if any(parts):
            texts["expires_on"] = " ".join(parts)
            try:
                values["expires_on"] = read_cell("expires_on", put_day_together(texts, self.name_of_year))
            except ValueError as reason:
                wrong.append(("expires_on", str(reason)))
        for name in DAY_PARTS:
            texts.pop(name, None)
            values.pop(name, None)

    def _read_state(self, row: HeldRow, texts: Mapping[str, str]) -> None:
        """Whether it is held at all. A state that is not known is asked about, and of too many each is an error."""
        text = row.values.pop("status", "")
        if not text and "license_id" in row.carried and self.state_above:
            text = self.state_above
            row.carried |= {"status"}
        self.state_above = ""
        if not text:
            return
        state = self.states.read(text, row.number)
        if state is State.UNKNOWN and not self.states.is_asked(text):
            told = _("The portal does not know this state. Write 契約中 (held) or 解約 (not held any more).")
            self._tell(row, "status", text, told)
        if state is not State.ENDED:
            return
        row.is_ended, self.state_above = True, text
        code, name = row.values.get("product_code", ""), row.values.get("product_name", "")
        if code or name:
            row.product = self._known(code, name)[0]
        self.found.ended.append(row.number)
        told = _("By its state nothing is held any more. The row is not imported.")
        self._tell(row, "status", text, told, is_error=False, is_ended=True)

    def _is_no_row(self, cells: list[str], texts: Mapping[str, str], is_wrong: bool) -> bool:
        """Sums, remarks, and the names once more. What holds a license ID and a product is always a row."""
        if (is_wrong or "quantity" not in texts) and self._repeats_names(cells):
            return True
        code = texts.get("license_id")
        if code and ("product_code" in texts or "product_name" in texts) and not is_sum(code):
            return False
        filled = [tidy(cell) for cell in cells if plain(cell)]
        if any(map(is_sum, filled)):
            return True
        if not code and "expires_on" not in texts and any(map(SUM_OF.search, filled)):
            return True
        return len(filled) <= 2 and bool(REMARK.match(filled[0]) or REMARK.match(squeeze(filled[0])))

    def _repeats_names(self, cells: list[str]) -> bool:
        first = next(iter(self.fields))
        again = find_field(cells[first]) if first < len(cells) else None
        is_again = again is not None and again[0] == self.fields[first] and len(self.fields) > 1
        return is_again and find_fields(cells) == self.fields

    def _carry(self, row: HeldRow, texts: Mapping[str, str]) -> None:
        """A cell that is empty below one means the same, where a list is grouped: first the customer, then the ID."""
        above, values = self.above, row.values
        carried: list[str] = []
        if (
            "license_id" in self.places
            and "license_id" not in texts
            and "license_id" in above
            and ("product_code" in texts or "product_name" in texts)
            and texts.get("name", "") in ("", above.get("name"))
        ):
            carried.append("license_id")
        if "name" in self.places and "name" not in texts and "name" in above:
            same_id = carried or values.get("license_id") == above.get("license_id")
            if same_id or self.is_outer:
                carried += [name for name in CARRIED if name in above and name not in texts]
        if carried:
            for name in carried:
                values[name] = above[name]
            row.carried = frozenset(carried)

    def _check(self, row: HeldRow, texts: Mapping[str, str]) -> None:
        values = row.values
        if not HELD.isdisjoint(texts):
            if "license_id" not in values and "license_id" not in texts:
                self._tell(row, "license_id", "", _("The license ID is missing."))
            for name in ("quantity", "expires_on"):
                if name not in texts and name in self.places:
                    self._tell(row, name, "", _("It is empty. Fill it in, or take the row out."))
            self._find_product(row, texts)
            self._check_once(row)
        elif "license_id" not in values and "name" not in values:
            told = next(texts[name] for name in self.fields.values() if name in texts)
            self._tell(row, "", told, _("The row has neither a license ID nor a customer."))
        self._check_customer(row)

    def _find_product(self, row: HeldRow, texts: Mapping[str, str]) -> None:
        code, name = row.values.get("product_code", ""), row.values.get("product_name", "")
        if not code and not name:
            if "product_code" not in texts and "product_name" not in texts:
                self._tell(row, self._product_column(""), "", _("The product is missing."))
            return
        row.product, near, said = self._known(code, name)
        if row.product is None:
            text = product_text(code, name)
            self._tell(row, self._product_column(code), code or name, said, tuple(each.pk for each in near), text)
        elif said and self.catalogue.is_former(code or name):
            self._tell(row, self._product_column(code), code or name, said, is_error=False)
        elif said:
            self._tell(row, "product_name", name, said, is_error=False)

    def _known(self, code: str, name: str) -> tuple[Known | None, tuple[Known, ...], str]:
        if (found := self.products.get((code, name))) is None:
            found = self.products[code, name] = self._look_up(code, name)
        return found

    def _product_column(self, code: str) -> str:
        return "product_code" if code or "product_name" not in self.places else "product_name"

    def _look_up(self, code: str, name: str) -> tuple[Known | None, tuple[Known, ...], str]:
        """The product, else those that may be meant; and what has to be said of it."""
        product: Known | None = None
        near: tuple[Known, ...] = ()
        if (pk := self.chosen.get(product_text(code, name))) is not None:
            product = self.by_pk.get(pk)
        if product is None:
            product, near = self.catalogue.find(code, name)
        if product is None:
            reason = _("The portal has no such product.")
            if not near:
                reason += " " + _("Correct it in the file, or ask a portal admin to add the product.")
            if near:
                told = join_words(f"{each.code} {name_of(each)}" for each in near)
                reason += " " + _("Do you mean %(products)s?") % {"products": told}
            return None, near, reason
        if self.catalogue.is_former(code or name):
            said = _("This is a former code. The product’s code is %(code)s now.") % {"code": product.code}
            return product, near, said
        if code and name and (named := self.catalogue.by_name(name)) and product not in named:
            return product, near, _("By its name it is %(product)s. The code counts.") % {"product": named[0].code}
        return product, near, ""

    def _key(self, code: str) -> str:
        if (key := self.keys.get(code)) is None:
            key = self.keys[code] = code_key(code)
        return key

    def _check_once(self, row: HeldRow) -> None:
        code, day = row.values.get("license_id"), row.values.get("expires_on")
        if code is None or day is None or row.product is None:
            return
        before = self.first.setdefault((self._key(code), row.product.pk, day), row.number)
        if before != row.number:
            reason = _("Row %(row)s is the same license ID, product and day. Make one row of both.") % {"row": before}
            self._tell(row, "quantity", str(row.values.get("quantity", "")), reason)

    def _check_customer(self, row: HeldRow) -> None:
        """A license ID belongs to one customer."""
        code, name = row.values.get("license_id"), row.values.get("name")
        if code is None or name is None:
            return
        before, number = self.customers.setdefault(self._key(code), (name, row.number))
        if before != name and (squeeze(before) == squeeze(name) or stem_of(before) == stem_of(name) != ""):
            row.values["name"] = before  # ㈱ or 株式会社, 髙 or 高: one customer, written in two ways
        elif before != name:
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
        is_ended: bool = False,
    ) -> None:
        row.is_wrong = row.is_wrong or is_error
        index = self.places.get(name)
        above = self.names[index] if index is not None and index < len(self.names) else ""
        column = str(LABELS.get(name, "")) if index is None else f"{letter(index)} ({above or LABELS[name]})"
        self.found.note(Problem(row.number, column, value[:200], reason, is_error, products, text, is_ended))


@lru_cache(maxsize=4_096)
def is_sum(text: str) -> bool:
    """Whether a cell says that its row sums up."""
    squeezed = squeeze(text)
    return bool(SUM.fullmatch(squeezed) or SUM.fullmatch(BEHIND_SUM.sub("", squeezed)))


def product_text(code: str, name: str) -> str:
    """What stands in the file for a product, as one text: by it a choice is kept."""
    return f"{code}\n{name}"


__all__ = ["RowReader", "product_text"]
