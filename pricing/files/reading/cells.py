"""The cells of a price file: texts as people write them become values, or a reason that says what is wrong."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import widgets

from foundation.fields import DayField
from foundation.spreadsheets.bounds import NO_RESULT
from foundation.spreadsheets.results import refuse_broken
from foundation.text import is_blank
from foundation.text.days import read_serial
from foundation.text.numbers import COUNTED, PERCENT, YEN, read_number
from foundation.text.typed import DASHES, squeeze, with_hyphens
from foundation.text.validators import validate_printable

NOTHING = {"", "-", *DASHES, "なし", "n/a"}
"""What people write where there is no number."""
ENDLESS = {"以上", "~", "\u301c", "∞", "上限なし", "無制限", "nolimit"}
"""What people write where a rank has no end."""
END_WORDS = frozenset(
    {
        "販売終了", "販売終了品", "販売終了予定", "販売停止", "販売中止", "販売完了", "提供終了", "取扱終了",
        "取扱中止", "取り扱い終了", "終売", "廃番", "廃盤", "廃止", "生産終了", "終了", "discontinued", "notsold",
        "nolongersold", "endofsale", "endofsales", "eos", "eol",
    }
)  # fmt: skip
"""What people write in place of a price where a product is not sold any more."""
DAY = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2}|$)")


def code_key(code: str) -> str:
    """The form in which product codes are compared: without width, case, spaces and kinds of hyphens."""
    return with_hyphens(squeeze(code)).casefold()


def read_whole(text: str) -> int:
    """A whole number of 0 or more. Raises ValueError with the reason, for a person."""
    refuse_broken(NO_RESULT if text.startswith("=") else text)
    if DAY.match(text):
        raise ValueError(_("The spreadsheet program made a day of it, perhaps of 1-9. Write it as a text, 1～9."))
    number = read_number(text, units=(*COUNTED, *YEN))
    if number is None:
        raise ValueError(_("This is not a whole number. Write digits only, for example 1,234."))
    if number < 0:
        raise ValueError(_("It must not be negative."))
    if number != number.to_integral_value():
        raise ValueError(_("Only whole numbers: round it in the file, as the vendor does."))
    return int(number)


def is_end_word(text: str) -> bool:
    """Whether it says that a product is not sold any more, but not since when."""
    return re.sub(r"[\W_]+", "", squeeze(text)).casefold() in END_WORDS


def say_missing_day() -> str:
    return _(
        "If the product is not sold any more, enter the first such day in the column Not sold since and leave the "
        "prices empty."
    )


class CellWidget(widgets.Widget):  # type: ignore[misc]
    """What a column of the price file's resource reads and writes: texts in, values out and in again as they are."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class Text(CellWidget):
    """A text, with its spaces at both ends taken off."""

    def __init__(self, *, is_needed: bool = False) -> None:
        super().__init__()
        self.is_needed = is_needed

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        text = "" if is_blank(value) else value.strip()
        refuse_broken(text)
        if self.is_needed and not text:
            raise ValueError(
                _("It is empty. Fill it in on every row (cells that were merged hold their text only once).")
            )
        return text

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else str(value)


class Code(Text):
    """A rank's code, as it is written: who knows the ranks of before decides whether full width is meant."""

    def __init__(self, *, most: int) -> None:
        super().__init__(is_needed=True)
        self.most = most

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        text = super().clean(value, row, **kwargs)
        if is_end_word(text) and len(text) > 2:
            raise ValueError(say_missing_day())
        if len(text) > self.most:
            raise ValueError(_("It is longer than %(most)s characters.") % {"most": self.most})
        try:
            validate_printable(text)
        except ValidationError as error:
            raise ValueError(error.messages[0]) from None
        return text


class Whole(CellWidget):
    """A whole number between two bounds; empty, where it may be."""

    def __init__(self, *, least: int, most: int, is_needed: bool = True, empties: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.least, self.most, self.is_needed, self.empties = least, most, is_needed, empties | NOTHING

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int | None:
        if value.isascii() and value.isdigit() and len(value) < 10:  # nearly always
            number = int(value)
        elif squeeze(value).casefold() in self.empties:
            if self.is_needed:
                raise ValueError(_("A number is missing."))
            return None
        elif is_end_word(value):
            raise ValueError(say_missing_day())
        else:
            number = read_whole(value)
        if not self.least <= number <= self.most:
            raise ValueError(
                _("It must be between %(least)s and %(most)s.") % {"least": f"{self.least:,}", "most": f"{self.most:,}"}
            )
        return number


class Percent(CellWidget):
    """A discount in percent; None: no discount."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Decimal | None:
        text = squeeze(value).casefold()
        if text in NOTHING:
            return None
        refuse_broken(value)
        percent = read_number(value, units=PERCENT)
        if percent is None or percent < 0:
            raise ValueError(_("This is not a percentage. Write it as 3 or 3.5."))
        if not percent:
            return None
        if percent >= 100 or percent != percent.quantize(Decimal("0.01")):
            raise ValueError(_("A discount is less than 100 percent and has at most two decimals."))
        return percent.quantize(Decimal("0.01"))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return None if value is None else Decimal(f"{value.normalize():f}")


class Day(CellWidget):
    """A day as people in Japan write it, as a table may hold it."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> date | None:
        if squeeze(value).casefold() in NOTHING:
            return None
        refuse_broken(value)
        if is_end_word(value):
            raise ValueError(say_missing_day())
        try:
            day = read_serial(value) or DayField().to_python(value)
        except ValidationError as error:
            raise ValueError(error.messages[0]) from None
        if day is None or not date(2000, 1, 1) <= day <= date(2099, 12, 31):
            raise ValueError(_("The day must lie between 2000 and 2099. Look for a typo."))
        return day


class YesNo(CellWidget):
    """Whether the prices are sample prices."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> bool:
        text = squeeze(value).casefold()
        if text in {"1", "true", "yes", "はい", "○", "\u3007", "y"}:
            return True
        if text in NOTHING | {"0", "false", "no", "いいえ", "×", "n"}:
            return False
        raise ValueError(_("Write 1 for sample prices and 0 for real ones."))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return 1 if value else 0
