"""Text as people in Japan write it: one search key for all ways of writing a name."""

import re
import unicodedata
from typing import Any

import jaconv
from django.db import models

_COMPANY_FORMS = {
    "㈱": "株式会社",
    "(株)": "株式会社",
    "㈲": "有限会社",
    "(有)": "有限会社",
    "(同)": "合同会社",
    "(名)": "合名会社",
    "(資)": "合資会社",
}
# Characters for the same name that Unicode's compatibility forms keep apart.
_VARIANTS = str.maketrans(
    {"髙": "高", "﨑": "崎", "𠮷": "吉", "濵": "浜", "邊": "辺", "邉": "辺", "齋": "斎", "齊": "斉"}
)
_DROPPED = re.compile(r"[\s・･.,'’`´\-‐‑‒–—―−ーｰ_]+")  # noqa: RUF001 - these look-alikes are the point


def search_key(text: str) -> str:
    """The form in which names and codes are compared: no width, case, kana kind, spaces, hyphens or ㈱ apart.

    The original text is kept and shown; this key is only ever searched in.
    """
    key = unicodedata.normalize("NFKC", text.replace("㈱", "株式会社").replace("㈲", "有限会社"))
    for short, formal in _COMPANY_FORMS.items():
        key = key.replace(short, formal)
    key = jaconv.hira2kata(key.translate(_VARIANTS)).casefold()
    return _DROPPED.sub("", key)


class SearchKeyField(models.TextField):
    """A column that holds the search key of other columns of its row, written whenever the row is saved."""

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = sources
        kwargs.update(editable=False, default="", blank=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        kwargs.pop("default", None)
        kwargs.pop("blank", None)
        kwargs["sources"] = self.sources
        return name, path, list(args), kwargs

    def derive(self, row: models.Model) -> str:
        """What stands in the column where nobody changed it."""
        return " ".join(search_key(str(getattr(row, source))) for source in self.sources)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.derive(model_instance)
        setattr(model_instance, self.attname, value)
        return value
