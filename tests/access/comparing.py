"""Comparisons and their share links, for the access table."""

from typing import Any

from quotes.links.operations import make_link
from quotes.models import Comparison, ShareLink
from tests.access.kinds import Things, kind
from tests.cast import NOW, make_license_id
from tests.renewals.comparing import compare


@kind("comparison")
def _comparisons(world: Any) -> Things:
    """One for the customer of each of the quotes."""
    found = []
    for place, one in enumerate((world.quotes.a, world.quotes.b, world.quotes.neighbour)):
        licenseid = make_license_id(one.customer, f"LIC-8{place}02", ("SMP-BS", 311 + place))
        found.append(compare(licenseid, by=one.issued_by))
    return Things(*found)


def _link_to(one: Comparison) -> tuple[ShareLink, str]:
    newest = one.share_links.order_by("-pk").values_list("pk", flat=True).first()
    return make_link(
        quote=one,
        recipient="宛先",
        expires_on=one.valid_until,
        max_downloads=None,
        seen=newest,
        by=one.made_by,
        now=NOW,
    )


@kind("comparison-link")
def _comparison_links(world: Any) -> Things:
    rows = world.things["comparison"]
    pairs = [(one, _link_to(one)[0]) for one in (rows.a, rows.b, rows.neighbour)]
    return Things(*({"key": one.key, "pk": link.pk} for one, link in pairs))
