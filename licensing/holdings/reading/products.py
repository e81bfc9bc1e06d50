"""Products as files name them: by code or name. What is nearly one is proposed, never taken."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from foundation.text.names import key_of
from foundation.text.typed import squeeze, with_hyphens

MOST_PROPOSED = 3
MOST_SEARCHED = 300
"""Unknown texts of a file for which near ones are looked for."""
NEAR = 0.72


@dataclass(frozen=True, slots=True)
class Known:
    """A product of the portal."""

    pk: int
    code: str
    name: str
    name_en: str = ""
    former: tuple[str, ...] = ()
    """Codes that it had before."""


@lru_cache(maxsize=32_768)
def code_key(code: str) -> str:
    """The form in which codes are compared: without width, case, spaces and kinds of hyphens."""
    return with_hyphens(squeeze(code)).casefold()


class Catalogue:
    """All products, to be found by what stands in a file."""

    def __init__(self, products: Iterable[Known]) -> None:
        self.products = list(products)
        self.former = {code_key(code): product for product in self.products for code in product.former}
        self.codes = self.former | {code_key(product.code): product for product in self.products}
        self.names: dict[str, list[Known]] = {}
        for product in self.products:
            for name in {key_of(product.name), key_of(product.name_en)} - {""}:
                self.names.setdefault(name, []).append(product)
        self._found: dict[tuple[str, str], tuple[Known | None, tuple[Known, ...]]] = {}
        self._searched = 0

    def find(self, code: str, name: str) -> tuple[Known | None, tuple[Known, ...]]:
        """The product, or those that may be meant. A code that is known decides; without a code the name does.

        A code that is unknown is never replaced by its name: that product is proposed.
        """
        key = (code, name)
        if key not in self._found:
            self._found[key] = self._find(code, name)
        return self._found[key]

    def by_code(self, text: str) -> Known | None:
        """By the code, also where its name stands behind it in the same cell."""
        first = text.split()[0] if text.split() else ""
        return self.codes.get(code_key(text)) or self.codes.get(code_key(first))

    def is_former(self, text: str) -> bool:
        """Whether the product is found by a code that it had before."""
        found = self.by_code(text)
        return found is not None and code_key(found.code) not in {code_key(text), code_key(text.split()[0])}

    def by_name(self, text: str) -> list[Known]:
        """All that are called so: two products may be."""
        return self.names.get(key_of(text), [])

    def _find(self, code: str, name: str) -> tuple[Known | None, tuple[Known, ...]]:
        named = self.by_name(name) if name else []
        if code:
            if found := self.by_code(code):
                return found, ()
            return None, tuple(dict.fromkeys([*named, *self.by_name(code), *self._near(code, name)]))[:MOST_PROPOSED]
        if len(named) == 1:
            return named[0], ()
        if found := self.by_code(name):
            return found, ()
        return None, tuple(dict.fromkeys([*named, *self._near("", name)]))[:MOST_PROPOSED]

    def _near(self, code: str, name: str) -> list[Known]:
        self._searched += 1
        if self._searched > MOST_SEARCHED:
            return []
        near = [self.codes[key] for key in get_close_matches(code_key(code), self.codes, MOST_PROPOSED, NEAR)]
        for text in (name, code):
            for key in get_close_matches(key_of(text), self.names, MOST_PROPOSED, NEAR) if text else ():
                near += self.names[key]
        return near
