"""What a file says its prices are of, beside each row: other than yen without tax, for one license and one year, it is
an error; nothing is converted."""

import re

from django.utils.translation import gettext as _

from foundation.spreadsheets.heads import tidy
from foundation.spreadsheets.places import letter
from foundation.text.typed import squeeze

from .found import ReadPrices
from .layout import Layout
from .matrix import ADDITION, RENEWAL

_OTHER = re.compile(
    r"税込|内税|[十百千万億]+円|[$€]|ドル|ユーロ|usd|eur\b|月額|月あたり|月当たり|/月|[ヶケか]月|permonth|monthly|incl\w*tax"
    r"|(?<![0-9])(?:[2-9]|1[0-9])(?:年(?!度|[0-9])|-?years?)",
    re.IGNORECASE,
)
"""Squeezed. 2年 is another basis, 2027年 a date, 2年度 neither."""
_NO_PERCENT = re.compile(r"円|[¥\\$€]|額|掛け?率|ドル|yen\b|jpy|usd", re.IGNORECASE)
"""Above a multi-year discount: an amount, or what is left to pay."""
_OF_ALL = re.compile(
    r"単位[:：は]?[(\[]?[十百千万億]+円|[十百千万億]+円単位|単位[:：は]?[(\[]?(?:[$€]|ドル|ユーロ|usd|eur)", re.I
)
"""A line above the table: （単位：千円）."""


def check_basis(layout: Layout, found: ReadPrices) -> None:
    """Tell what stands above the prices and says that they are of something else."""
    places = [layout.columns[name] for name in (RENEWAL, ADDITION) if name in layout.columns]
    places += sorted(layout.matrix.places) if layout.matrix else []
    for place in places:
        if _OTHER.search(squeeze(layout.names[place])):
            name = tidy(layout.names[place])
            found.error(0, f"{letter(place)}: {name}", name, _say())
    for name, place in layout.columns.items():
        if name.startswith("discount_") and _NO_PERCENT.search(squeeze(layout.names[place])):
            told = tidy(layout.names[place])
            reason = _("A multi-year discount is read in percent: 8 is 8 % less. Convert it, and name the column so.")
            found.error(0, f"{letter(place)}: {told}", told, reason)
    for number, cells in layout.sheet.head:
        for text in cells if number <= layout.last_head_row else ():
            if _OF_ALL.search(squeeze(text)):
                found.error(number, "", text, _say())


def _say() -> str:
    return _(
        "Prices are read in yen, without tax, for one license and one year. Convert them in the file, and write above "
        "them what they are then; or correct the text, if it is wrong."
    )
