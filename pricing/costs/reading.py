"""Cost rates out of a file, and into one: every problem with its row, column, value and reason."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import tablib
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.fields import DayField
from foundation.spreadsheets.datasets import Uploaded
from foundation.spreadsheets.heads import header_key
from foundation.spreadsheets.places import letter
from foundation.spreadsheets.refusals import FileRefused
from foundation.spreadsheets.results import refuse_broken
from foundation.text.days import read_serial
from foundation.text.language import join_words
from foundation.text.names import key_of
from foundation.text.numbers import PERCENT, read_number
from licensing.holdings.reading.products import Catalogue
from licensing.models import Programme

from ..models import CostRate
from ..models.costs import FIRST_DAY, LAST_DAY, LEAST_RATE, MOST_RATE

COLUMNS = {
    "product": gettext_lazy("Product code"),
    "programme": gettext_lazy("Programme"),
    "percent": gettext_lazy("Cost rate (%)"),
    "effective_on": gettext_lazy("In force from"),
}
"""As they are called in a file that the portal writes, in their order."""
ALIASES = {
    "product": ("Product code", "Product", "製品コード", "商品コード", "製品", "品番", "型番"),
    "programme": ("Programme", "Program", "プログラム", "プログラムコード", "ライセンスプログラム"),
    "percent": ("Cost rate (%)", "Cost rate", "Percent", "仕切率", "仕切率（%）", "仕切り率", "掛率", "掛け率", "仕切"),
    "effective_on": ("In force from", "Effective on", "適用日", "適用開始日", "適用開始", "開始日", "発効日"),
}  # fmt: skip
"""Other names for them, however they are written."""
NAMES = {header_key(name): column for column, names in ALIASES.items() for name in names}
Kind = Literal["product", "programme"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where."""

    row: int
    """As spreadsheet programs number it; 0: the file as a whole."""
    column: str
    """Its letter and name; empty: the row as a whole."""
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadRate:
    """A row that is right."""

    row: int
    of: Kind
    pk: int
    """Of the product or programme."""
    percent: Decimal
    effective_on: date

    @property
    def key(self) -> tuple[str, int, date]:
        """What there is one rate of."""
        return self.of, self.pk, self.effective_on


@dataclass(slots=True)
class ReadRates:
    """What was found in a file. Where there are problems, nothing of it is taken."""

    rates: list[ReadRate] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class _RatesFile(Uploaded):
    def knows(self, name: str) -> bool:
        return header_key(name) in NAMES


def read_rates(content: bytes, *, catalogue: Catalogue, programmes: Iterable[Programme]) -> ReadRates:
    """The rates of a CSV or XLSX file below a row of names. Raises FileRefused where it is no table, or too long."""
    data = _RatesFile().create_dataset(content)
    places: dict[str, int] = {}
    for place, name in enumerate(data.headers):
        if column := NAMES.get(header_key(name)):
            first = places.setdefault(column, place)
            if first != place:
                raise FileRefused(_say_twice(column, [(each, data.headers[each]) for each in (first, place)]))
    if missing := [str(COLUMNS[name]) for name in ("percent", "effective_on") if name not in places]:
        text = _("These columns are missing: %(names)s. Name them so in the first row.")
        raise FileRefused(text % {"names": "、".join(missing)})
    if not {"product", "programme"} & places.keys():
        text = _("A column “%(product)s” or “%(programme)s” is missing: it says what each rate is of.")
        raise FileRefused(text % {name: COLUMNS[name] for name in ("product", "programme")})
    reader = _Reader(data.headers, places, catalogue, list(programmes))
    for number, cells in zip(data.numbers, data, strict=True):
        reader.read(number, cells)
    if not reader.found.rates and not reader.found.problems:
        raise FileRefused(_("There are no rates below the names of the columns."))
    return reader.found


def _say_twice(column: str, two: Iterable[tuple[int, str]]) -> str:
    text = _("Two columns mean %(name)s: %(columns)s. Keep one of them, or rename the other.")
    return text % {"name": COLUMNS[column], "columns": join_words([f"{letter(place)} ({name})" for place, name in two])}


class _Reader:
    """Reads row by row; what is found is in `found`."""

    def __init__(
        self, heads: Sequence[str], places: dict[str, int], catalogue: Catalogue, programmes: list[Programme]
    ) -> None:
        self.heads, self.places, self.catalogue = heads, places, catalogue
        self.programmes: dict[str, Programme] = {}
        for one in programmes:
            for name in (one.name_en, one.name, one.code):
                if name:
                    self.programmes[key_of(name)] = one
        self.found = ReadRates()
        self.rows: dict[tuple[str, int, date], int] = {}

    def read(self, number: int, cells: Sequence[str]) -> None:
        said = {name: cells[place].strip() for name, place in self.places.items()}
        if not any(said.values()):
            return
        before = len(self.found.problems)
        of = self._thing(number, said)
        percent = self._checked(number, said, "percent", _percent)
        effective_on = self._checked(number, said, "effective_on", _day)
        if len(self.found.problems) > before or of is None or percent is None or effective_on is None:
            return
        rate = ReadRate(number, *of, percent, effective_on)
        first = self.rows.setdefault(rate.key, number)
        if first != number:
            name = of[0]
            reason = _("Row %(row)s has a rate of the same from the same day. Keep one of the two.")
            self._wrong(number, name, said[name], reason % {"row": first})
            return
        self.found.rates.append(rate)

    def _thing(self, number: int, said: dict[str, str]) -> tuple[Kind, int] | None:
        product, programme = said.get("product", ""), said.get("programme", "")
        if bool(product) == bool(programme):
            reason = (
                _("Both a product and a programme stand here. Leave one of the two empty.")
                if product
                else _("Neither a product nor a programme stands here. Enter one of the two.")
            )
            self._wrong(number, "product" if "product" in self.places else "programme", product, reason)
            return None
        return self._product(number, product) if product else self._programme(number, programme)

    def _product(self, number: int, text: str) -> tuple[Kind, int] | None:
        known, near = self.catalogue.find(text, "")
        if known is not None:
            return "product", known.pk
        reason = _("There is no product with this code.")
        if near:
            reason += " " + _("Do you mean %(codes)s?") % {"codes": "、".join(one.code for one in near)}
        self._wrong(number, "product", text, reason)
        return None

    def _programme(self, number: int, text: str) -> tuple[Kind, int] | None:
        if found := self.programmes.get(key_of(text)):
            return "programme", found.pk
        names = "、".join(sorted({one.code for one in self.programmes.values()}))
        self._wrong(
            number, "programme", text, _("There is no such programme. There are: %(names)s.") % {"names": names}
        )
        return None

    def _checked(self, number: int, said: dict[str, str], name: str, read: Any) -> Any:
        try:
            return read(said[name])
        except ValueError as error:
            self._wrong(number, name, said[name], str(error))
            return None

    def _wrong(self, number: int, name: str, value: str, reason: str) -> None:
        place = self.places.get(name)
        column = "" if place is None else f"{letter(place)} {self.heads[place]}"
        self.found.problems.append(Problem(number, column, value, reason))


def _percent(text: str) -> Decimal:
    """Raises ValueError with the reason."""
    refuse_broken(text)
    if not text:
        raise ValueError(_("The cost rate is missing."))
    percent = read_number(text, units=PERCENT)
    if percent == 1 and not text.rstrip().endswith(("%", "％")):
        raise ValueError(_("It may mean 1 or 100 percent of the list price. Write 1 % or 100."))
    if percent is None:
        raise ValueError(_("This is not a percentage. Write it in digits, like 80 or 72.5."))
    return check_percent(percent)


def check_percent(percent: Decimal) -> Decimal:
    """A rate as it is kept. Raises ValueError with the reason."""
    if 0 < percent < LEAST_RATE:
        meant = f"{(percent * 100).normalize():f}"
        text = _("This is less than 1 percent of the list price. If %(meant)s percent is meant, write %(meant)s.")
        raise ValueError(text % {"meant": meant})
    if not LEAST_RATE <= percent <= MOST_RATE:
        raise ValueError(_("A cost rate is 1 to 100 percent of the list price."))
    if percent != round(percent, 2):
        raise ValueError(_("A cost rate has at most two decimals."))
    return percent.quantize(Decimal("0.01"))


def _day(text: str) -> date:
    """Raises ValueError with the reason."""
    refuse_broken(text)
    if not text:
        raise ValueError(_("The day is missing. Write the first day on which the rate counts."))
    try:
        day: date = read_serial(text) or DayField(required=True).clean(text)
    except ValidationError as error:
        raise ValueError(error.messages[0]) from None
    return check_day(day)


def check_day(day: date) -> date:
    """Raises ValueError with the reason."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(_("The day must lie between 2000 and 2099. Look for a typo."))
    return day


def rates_dataset(rates: Iterable[CostRate]) -> tablib.Dataset:
    """A reseller's rates as a table that can be read again. Their products and programmes are loaded."""
    data = tablib.Dataset(headers=[str(name) for name in COLUMNS.values()])
    data.title = _("Cost rates")
    for row in _rows(rates):
        data.append(row)
    return data


def _rows(rates: Iterable[CostRate]) -> Iterator[list[Any]]:
    for one in rates:
        product = one.product.code if one.product else ""
        programme = one.programme.code if one.programme else ""
        yield [product, programme, one.percent, one.effective_on]
