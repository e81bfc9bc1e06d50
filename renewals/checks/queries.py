"""All checks, in the order in which they are shown; and who sees which."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licensing.models import User

from . import findings, holdings, others
from .findings import Finding, Reader
from .scope import PATHS, Scope

PRICES, RESELLERS = "prices", "resellers"
"""Who mends it: whoever makes price lists, a reseller's people. Portal admins see both."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question to the data."""

    code: str
    title: str | Promise
    why: str | Promise
    """What it does to a renewal, and what to do."""
    seen_by: frozenset[str]
    find: Callable[[Scope], QuerySet[Any]]
    tell: Callable[[Sequence[Any], Reader], list[Finding]]
    path: str
    """From a row to its reseller; empty: it belongs to none."""


def _of_holdings(sentence: Any, way: str) -> Callable[[Sequence[Any], Reader], list[Finding]]:
    return partial(findings.tell_holdings, sentence=sentence, way=way)


BOTH, OURS, THEIRS = frozenset({PRICES, RESELLERS}), frozenset({RESELLERS}), frozenset({PRICES})
CHECKS = (
    Check(
        "no-price",
        _("No price in force"),
        _("Cannot be renewed (R9). Put the product into a price list, or correct the holding."),
        BOTH,
        holdings.without_price,
        _of_holdings(_("%(product)s × %(quantity)s until %(day)s: the price list in force has no price"), "prices"),
        PATHS["holding"],
    ),
    Check(
        "no-price-next",
        _("No price in the next price list"),
        _("Cannot be renewed once the next price list is in force. Renew before, or have the product put into it."),
        BOTH,
        holdings.without_price_next,
        _of_holdings(_("%(product)s × %(quantity)s until %(day)s: the next price list has no price"), "prices"),
        PATHS["holding"],
    ),
    Check(
        "ended",
        _("End of sale without successor"),
        _("The product is not sold any more, and nothing with a price takes its place. Name a successor in a list."),
        BOTH,
        holdings.ended_without_successor,
        _of_holdings(_("%(product)s × %(quantity)s until %(day)s is not sold any more"), "prices"),
        PATHS["holding"],
    ),
    Check(
        "no-tax-rate",
        _("No tax rate"),
        _("Held, but its tax category has no rate today: nothing of it can be quoted (R14)."),
        THEIRS,
        others.without_tax_rate,
        partial(findings.tell_products, sentence=_("Tax category “%(category)s” has no rate"), way="tax_rates"),
        "",
    ),
    Check(
        "not-carried-out",
        _("Ordered and not carried out"),
        _("The license ID still holds what it held before, and is listed with the old expiry (R21)."),
        OURS,
        others.not_carried_out,
        partial(findings.tell_orders, sentence=_("Ordered %(day)s; %(codes)s")),
        PATHS["status"],
    ),
    Check(
        "expired-long",
        _("Expired for long"),
        _("Most likely not held any more, or can no longer be renewed (R13). Correct it, or say that it has ended."),
        OURS,
        holdings.expired_long,
        _of_holdings(_("%(product)s × %(quantity)s expired on %(day)s"), "license_id"),
        PATHS["holding"],
    ),
    Check(
        "overlapping",
        _("Held twice?"),
        _("Perhaps the old row of a renewal that was entered anew. Both would be renewed, and count in the rank (R4)."),
        OURS,
        holdings.overlapping,
        _of_holdings(
            _("%(product)s × %(quantity)s until %(day)s; the same product is held until %(later)s too"), "license_id"
        ),
        PATHS["holding"],
    ),
    Check(
        "below-minimum",
        _("Less than can be renewed"),
        _("Below the product’s minimum or its first rank: a renewal is refused (R8, R9)."),
        OURS,
        holdings.below_minimum,
        partial(findings.tell_sums, sentence=_("%(product)s: %(quantity)s held, at least %(least)s can be renewed")),
        PATHS["holding"],
    ),
    Check(
        "segment",
        _("Made for another segment"),
        _("Quoting it warns (R19). Enter the customer’s segment, or correct the product."),
        OURS,
        holdings.of_another_segment,
        _of_holdings(_("%(product)s × %(quantity)s is made for %(made_for)s; the customer is: %(is)s"), "segment"),
        PATHS["holding"],
    ),
    Check(
        "alike",
        _("License IDs that read alike"),
        _("They differ in hyphens, capitals, O and 0 or I, l and 1 alone: perhaps one is mistyped."),
        OURS,
        others.alike,
        partial(findings.tell_alike, sentence=_("reads like %(others)s")),
        PATHS["license_id"],
    ),
    Check(
        "empty",
        _("License IDs without holdings"),
        _("Nothing can be renewed, and the list of renewals does not show it. Enter what it holds."),
        OURS,
        others.without_holdings,
        partial(findings.tell_license_ids, sentence=_("holds nothing")),
        PATHS["license_id"],
    ),
    Check(
        "no-contact",
        _("Customers without contact"),
        _("Nobody is known to whom a quote could go."),
        OURS,
        others.without_contact,
        partial(findings.tell_customers, sentence=_("has no contact"), is_new=True),
        PATHS["customer"],
    ),
    Check(
        "no-email",
        _("Customers without e-mail address"),
        _("None of the contacts has an e-mail address, and nobody logs in: quotes and reminders reach nobody."),
        OURS,
        others.without_email,
        partial(findings.tell_customers, sentence=_("none of the contacts has an e-mail address"), is_new=False),
        PATHS["customer"],
    ),
    Check(
        "unused-product",
        _("Products never used"),
        _("Nobody holds it and no quote names it. A code that was mistyped, or a product that can go."),
        THEIRS,
        others.unused_products,
        partial(findings.tell_products, sentence=_("never held and never quoted"), way="product"),
        "",
    ),
)
"""Every check, the worst first."""


def checks_for(user: User) -> list[Check]:
    """Those that somebody may see: a reseller's people of their own data, price admins what they can mend."""
    if not user.is_active:
        return []
    if user.is_portal_admin:
        return list(CHECKS)
    seen = RESELLERS if user.is_reseller_staff else PRICES if user.is_price_admin else ""
    return [check for check in CHECKS if seen in check.seen_by]


def count_findings(checks: Iterable[Check], scope: Scope) -> dict[str, int]:
    """By code; one query for each check."""
    return {check.code: check.find(scope).count() for check in checks}


def count_by_reseller(check: Check, scope: Scope) -> dict[int | None, int]:
    """By the reseller's number; None: what belongs to no reseller. One query."""
    rows = check.find(scope)
    if not check.path:
        return {None: count} if (count := rows.count()) else {}
    if check.code == "below-minimum":  # its rows are sums already
        counts: dict[int | None, int] = {}
        for reseller in rows.order_by().values_list("licenseid__customer__reseller", flat=True):
            counts[reseller] = counts.get(reseller, 0) + 1
        return counts
    found = rows.model._default_manager.filter(pk__in=rows.order_by().values("pk"))
    return dict(found.order_by().values_list(check.path).annotate(found=Count("pk")))
