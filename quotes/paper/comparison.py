"""A comparison (比較表) as plain data: alternatives side by side. It is no quote."""

from typing import TypedDict

from .document import Addressee, Issuer, Language


class Choice(TypedDict):
    """What becomes of one product in one alternative."""

    renewed: int | None
    """How many are renewed; None: left out of it."""
    added: int
    rank: str
    """Of what is renewed and added; empty: none."""


class ComparedProduct(TypedDict):
    """A row: one product of a license ID, with its choices in the order of the alternatives."""

    code: str
    name: str
    unit: str
    held: int
    choices: list[Choice]


class ComparedPart(TypedDict):
    """One license ID: it is priced by itself (R16, R18)."""

    license_id: str
    years: list[int]
    """By alternative."""
    subtotals: list[int]
    """Yen, tax excluded, by alternative."""
    products: list[ComparedProduct]


class AlternativeColumn(TypedDict):
    """One alternative as a whole. Yen."""

    label: str
    list_subtotal: int
    """The licenses at list prices, tax excluded."""
    free_subtotal: int
    """Lines of the reseller's own, which are no licenses (R23), tax excluded."""
    subtotal: int
    """What is asked, tax excluded."""
    tax: int
    total: int
    per_year: int | None
    """Of the subtotal; None where its license IDs have different terms."""
    difference: int
    """Of the subtotal, to the first alternative."""
    warnings: list[str]
    """What the customer should know of it, a sentence each."""


class ComparisonDocument(TypedDict):
    """One comparison."""

    language: Language
    number: str
    """Empty until it is kept."""
    is_sample: bool
    made_at: str
    """ISO moment with offset; also the fixed time stamp of the PDF."""
    made_on: str
    valid_until: str
    subject: str
    addressee: Addressee
    issuer: Issuer
    price_list: str
    is_list_shown: bool
    """Whether reductions from list prices stand on it, where there are any."""
    tax_percents: list[str]
    parts: list[ComparedPart]
    alternatives: list[AlternativeColumn]
    conditions: list[str]
