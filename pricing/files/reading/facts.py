"""What the portal knows of a product and its programme beside prices, as columns of a price file.

They are those of the tables: a column that products get is a column of files by that. They stand once, on the first row
of a product, and are read only for products that the portal does not know.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field
from django.utils import translation

from foundation.spreadsheets.datasets import read_value
from licensing.models import Product, Programme

ALIASES = {
    "product.segment": ("セグメント", "区分", "対象", "segment"),
    "product.unit": ("単位", "unit"),
    "product.is_multi_year_discountable": ("複数年割引対象", "複数年割引の対象"),
    "product.tax_category": ("税区分", "tax category"),
}
"""Names by which people call them."""
NOT_HERE = {"product": {"id", "code", "name", "programme", "search_key"}, "programme": {"id", "code"}}
"""What stands in columns of its own, or in none."""


@cache
def fact_fields() -> dict[str, Field[Any, Any]]:
    """The columns by the name that they have here, as `product.unit`."""
    return {
        f"{kind}.{field.name}": field
        for kind, model in (("product", Product), ("programme", Programme))
        for field in model._meta.concrete_fields
        if field.name not in NOT_HERE[kind]
    }


def label_of(name: str) -> str:
    """What stands above the column, in the language that is active."""
    field = fact_fields()[name]
    return f"{field.model._meta.verbose_name}: {field.verbose_name}"


@cache
def fact_names() -> dict[str, str]:
    """Every name that a column may have, and the column."""
    found = {}
    for name in fact_fields():
        found[name] = name
        for language in ("en", "ja"):
            with translation.override(language):
                found[label_of(name)] = name
    return found | {alias: name for name, aliases in ALIASES.items() for alias in aliases}


def facts_of(product: Product) -> Iterator[Any]:
    """The cells of a product, in the order of the columns."""
    for name, known in fact_fields().items():
        value = getattr(product if name.startswith("product.") else product.programme, known.name)
        yield int(value) if isinstance(value, bool) else value


def fill(row: Product | Programme, kind: str, cells: Mapping[str, str]) -> dict[str, str]:
    """Write what the cells say into an unsaved row. Answers what is wrong, by column."""
    wrong: dict[str, str] = {}
    for name, known in fact_fields().items():
        text = cells.get(name, "").strip()
        if not name.startswith(kind) or not text:
            continue
        try:
            setattr(row, known.name, known.clean(read_value(known, text), row))
        except ValidationError as error:
            wrong[name] = error.messages[0]
        except ValueError as error:
            wrong[name] = str(error)
    return wrong


@dataclass(slots=True)
class Newcomers:
    """The new products of a file, and the programmes that are new with them."""

    products: dict[str, Product] = field(default_factory=dict)
    """By code, unsaved. A product whose programme the file does not name has none."""
    programmes: dict[str, Programme] = field(default_factory=dict)
    """New ones by code, unsaved."""

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, from which `newcomers_from_json` makes the same."""
        return {
            "programmes": [_row_as_json(row, "programme") for row in self.programmes.values()],
            "products": [
                _row_as_json(row, "product") | {"programme": row.programme.code if _has_programme(row) else ""}
                for row in self.products.values()
            ],
        }


def newcomers_from_json(content: Mapping[str, Any]) -> tuple[list[Programme], list[tuple[Product, str]]]:
    """Unsaved programmes, and unsaved products with the code of their programme."""
    programmes = [Programme(**row) for row in content.get("programmes", ())]
    products = [
        (Product(**{name: value for name, value in row.items() if name != "programme"}), row["programme"])
        for row in content.get("products", ())
    ]
    return programmes, products


def _row_as_json(row: Product | Programme, kind: str) -> dict[str, Any]:
    own = {name: known.name for name, known in fact_fields().items() if name.startswith(f"{kind}.")}
    return {"code": row.code, "name": row.name} | {name: getattr(row, name) for name in own.values()}


def _has_programme(product: Product) -> bool:
    return "programme" in product._state.fields_cache
