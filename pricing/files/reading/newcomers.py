"""Products that a file names and the portal does not know: they can be made when the file is confirmed."""

import re
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError

from foundation.text.search import search_key
from foundation.text.typed import half_width
from foundation.text.validators import validate_printable
from licensing.models import Product, Programme
from licensing.models.licenses import CODE

from .facts import Newcomers, fill
from .found import ReadPrices
from .resource import PriceRow


def make_newcomer(
    rows: Sequence[PriceRow], known: Mapping[str, Programme], newcomers: Newcomers, found: ReadPrices
) -> Product | None:
    """The product that rows of an unknown code are about; None where the file does not say enough to make one.

    `known`: the portal's programmes, by every name of theirs as it is compared.
    """
    first = rows[0]
    code = half_width(first.product_code)
    name = next((row.product_name for row in rows if row.product_name), "")
    if not name or len(name) > 200 or len(code) > 40 or not re.match(CODE.regex, code):
        return None
    product = Product(code=code, name=" ".join(name.split()))
    cells: dict[str, str] = {}
    for row in rows:
        cells |= {name: text for name, text in row.facts.items() if text.strip() and name not in cells}
    wrong = fill(product, "product", cells) | _unprintable(product.name, "product_name")
    if not cells.get("product.is_multi_year_discountable"):
        product.is_multi_year_discountable = any(row.has_discount for row in rows)
    programme = next((row.programme for row in rows if row.programme), "")
    if programme:
        product.programme, more = _find_programme(programme, cells, known, newcomers)
        wrong |= more
    for column, reason in wrong.items():
        found.error(first, column, cells.get(column, product.name if column == "product_name" else programme), reason)
    newcomers.products[code] = product
    return product


def _find_programme(
    name: str, cells: Mapping[str, str], known: Mapping[str, Programme], newcomers: Newcomers
) -> tuple[Programme, dict[str, str]]:
    programme = known.get(search_key(name)) or newcomers.programmes.get(name)
    if programme is not None:
        return programme, {}
    programme = Programme(code=name[:40], name=name[:100])
    wrong = fill(programme, "programme", cells) | _unprintable(name, "programme")
    newcomers.programmes[name] = programme
    return programme, wrong


def _unprintable(text: str, column: str) -> dict[str, str]:
    """The reason why the text cannot be printed, by its column."""
    try:
        validate_printable(text)
    except ValidationError as error:
        return {column: error.messages[0]}
    return {}


def by_every_name(programmes: Sequence[Programme]) -> dict[str, Programme]:
    """Programmes by their code and their names, as they are compared; what two of them share is none's."""
    found: dict[str, Programme] = {}
    for programme in programmes:
        for name in (programme.code, programme.name, programme.name_en):
            if name:
                found.setdefault(search_key(name), programme)
    return found
