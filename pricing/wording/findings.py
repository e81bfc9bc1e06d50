"""The words of the linter's findings: what was found in a price list, and what to do."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.text.language import reader_language
from licensing.models.licenses import name_tax_category

from ..engine.finding import Finding
from ..engine.lint_changes import ValueChange
from ..engine.wording import WORDS
from .changes import CHANGES_TITLES, CHANGES_WORDS, say_changes, say_discounts

_CELL = _("Check both cells against the vendor’s table.")

TITLES: Mapping[str, Promise] = {
    "no-tables": _("No price tables"),
    "no-ranks": _("No price ranks"),
    "minimum-below-first-rank": _("Minimum below the first rank"),
    "renewal-price-missing": _("Renewal price missing"),
    "shared-rank-missing": _("Shared rank missing"),
    "held-product-missing": _("Held product without prices"),
    "discount-not-allowed": _("Multi-year discount not allowed"),
    "price-rises": _("Unit price rises with the rank"),
    "ranks-equal": _("Neighbouring ranks with the same price"),
    "tax-rate-missing": _("No tax rate"),
    "ended-has-prices": _("Prices of a product not sold any more"),
    "successor-without-prices": _("Successor without prices"),
    "discount-tiny": _("Discount below 1 %"),
    "discount-falls": _("Discount falls with the years"),
    "addition-price-zero": _("Addition price is 0"),
    "addition-price-partly": _("Addition price at some ranks only"),
    "discount-ends": _("Years without a discount"),
    "paradox": _("Fewer licenses cost more"),
    **CHANGES_TITLES,
}
"""Headings for all findings of a code."""

WORDS_OF_FINDINGS: Mapping[str, tuple[Promise, Promise]] = {
    # By code or words: what was found, what to do. Facts by name, as in the engine's sentences.
    "no-tables": (
        _("The list has no price tables."),
        _("Add at least one product’s prices."),
    ),
    "no-ranks": (
        _("The price table of {code} has no ranks."),
        _("Enter its ranks, or delete the table."),
    ),
    "minimum-below-first-rank": (
        _(
            "{code} can be renewed from {minimum:,}, but its first rank {rank} begins at {first:,}: {minimum:,} to "
            "{last:,} would be refused."
        ),
        _("Raise the minimum to {first:,}, or let rank {rank} begin at {minimum:,}."),
    ),
    "renewal-price-missing": (
        _("{code} has no renewal price at rank {rank}: it is ¥0."),
        _("Enter the price, or delete the rank."),
    ),
    "shared-rank-missing": (
        _(
            "{code} has no rank {ranks}, which {carriers} can decide for all products of {programme} in a license "
            "ID: {code} would be refused there (R6)."
        ),
        _("Enter the prices of {code} at {ranks}."),
    ),
    "held-product-missing": (
        _("Customers hold {code}, but the list has no prices for it: it could not be renewed."),
        _("Add the prices of {code}."),
    ),
    "discount-not-allowed": (
        _("{code} has a multi-year discount, but is not marked as a product that may have one (R10)."),
        _("Delete the discounts, or mark the product first."),
    ),
    "tax-rate-missing": (
        _(
            "No tax rate of the category “{category}” is in force on {day:day}: {count:,} product(s) ({products}) "
            "could not be quoted."
        ),
        _("Add the tax rate first."),
    ),
    "ended-has-prices": (
        _("The list says that {code} is not sold since {since:day}, and has prices for it: they would never be used."),
        _("Delete its price table, or take it off the products not sold any more."),
    ),
    "successor-without-prices": (
        _("{successor} is named as the successor of {code}, but the list has no prices for it."),
        _("Add the prices of {successor}, or name another successor."),
    ),
    "price-rises-renewal": (
        _("{code}: the renewal price rises from {one:yen} at rank {lower} to {other:yen} at rank {higher}."),
        _CELL,
    ),
    "price-rises-addition": (
        _("{code}: the addition price rises from {one:yen} at rank {lower} to {other:yen} at rank {higher}."),
        _CELL,
    ),
    "ranks-equal-renewal": (
        _("{code}: the ranks {lower} and {higher} have the same renewal price, {one:yen} and {other:yen}."),
        _CELL,
    ),
    "ranks-equal-addition": (
        _("{code}: the ranks {lower} and {higher} have the same addition price, {one:yen} and {other:yen}."),
        _CELL,
    ),
    "discount-tiny": (
        _("{code} has a multi-year discount below 1 %: {what}. 0.08 % is not 8 %."),
        _CELL,
    ),
    "discount-falls": (
        _("{code}: the discount is {one} % for {fewer} years, but only {other} % for {more}."),
        _CELL,
    ),
    "addition-price-zero": (
        _("{code}: the addition price at rank {rank} is ¥0."),
        _("Enter the price; leave it empty if the product cannot be added."),
    ),
    "addition-price-partly": (
        _("{code} has addition prices, but not at {ranks}: there it cannot be added."),
        _("Enter the prices if that is not meant."),
    ),
    "discount-ends": (
        _("{code} has a multi-year discount from {fewer} years, but none for {without} years."),
        _("Enter the discount if that is not meant."),
    ),
    "paradox": (
        _(
            "{code}, {all_years} year(s): {first:,} to {last:,} at rank {rank} cost more than {kept_quantity:,} at "
            "rank {kept_rank}. For {years}: {first:,} cost {amount:yen}, {kept_quantity:,} cost {kept_amount:yen}."
        ),
        _("From {first:,} on, keeping {kept_quantity:,} is cheaper for the customer."),
    ),
    "paradox-one": (
        _(
            "{code}, {all_years} year(s): {first:,} at rank {rank} cost more than {kept_quantity:,} at rank "
            "{kept_rank}. For {years}: {first:,} cost {amount:yen}, {kept_quantity:,} cost {kept_amount:yen}."
        ),
        _("Instead of {first:,}, keeping {kept_quantity:,} is cheaper for the customer."),
    ),
    **CHANGES_WORDS,
}


def title_of(code: str) -> str:
    """A heading for all findings of a code, in the reader's language."""
    return str(TITLES[code])


def what_was_found(finding: Finding) -> str:
    """In one or two sentences, in the reader's language."""
    return _say(finding, 0)


def what_to_do_about(finding: Finding) -> str:
    """What the reader can do, in the reader's language."""
    return _say(finding, 1)


def say_finding(finding: Finding) -> str:
    """What was found and what to do, in the reader's language."""
    space = "" if reader_language() == "ja" else " "
    return f"{what_was_found(finding)}{space}{what_to_do_about(finding)}"


def _say(finding: Finding, part: int) -> str:
    facts = dict(finding.facts)
    if "changes" in facts:
        facts["what"] = say_changes(cast("Iterable[ValueChange]", facts["changes"]))
    if "discounts" in facts:
        facts["what"] = say_discounts(cast("Iterable[tuple[int, Decimal]]", facts["discounts"]))
    if "category" in facts:
        facts["category"] = name_tax_category(str(facts["category"]))
    return WORDS[reader_language()].put(str(WORDS_OF_FINDINGS[finding.words or finding.code][part]), facts)
