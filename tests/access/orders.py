"""What was carried out after an order, and the files of orders, for the access table."""

from typing import Any

from quotes.links.operations import make_link
from quotes.models import Acknowledgement, OrderFile, Quote
from quotes.record.acknowledgements import acknowledge_order
from quotes.record.order_files import record_order_with_file
from renewals.carrying_out.operations import carry_out
from tests.cast import NOW, make_license_id
from tests.making import given_quote
from tests.order_files import given


def carried_out_quotes(quotes: Any) -> list[dict[str, Any]]:
    """Of quotes of their own, one for the customer of each of these: an ordered quote answers otherwise."""
    found = []
    for place, one in enumerate((quotes.a, quotes.b, quotes.neighbour)):
        licenseid = make_license_id(one.customer, f"LIC-8{place}01", ("SMP-BS", 211 + place))
        quote = given_quote(licenseid, by=one.issued_by)
        record_order_with_file(quote=quote, file=given(), by=one.issued_by, now=NOW)
        [done] = carry_out(quote=quote, parts=[quote.parts.get().pk], by=one.issued_by, now=NOW)
        found.append({"key": quote.key, "pk": done.pk})
    return found


def files_of_orders(carried_out: Any) -> list[dict[str, Any]]:
    """Of the same quotes."""
    made = (carried_out.a, carried_out.b, carried_out.neighbour)
    return [{"key": one["key"], "file": OrderFile.objects.get(quote__key=one["key"]).key} for one in made]


def acknowledgements_of_orders(carried_out: Any) -> list[dict[str, Any]]:
    """Of the same quotes."""
    found = []
    for one in (carried_out.a, carried_out.b, carried_out.neighbour):
        quote = Quote.objects.get(key=one["key"])
        acknowledge_order(quote=quote, by=quote.issued_by, now=NOW)
        found.append({"key": one["key"], "made": Acknowledgement.objects.get(quote=quote).key})
    return found


def acknowledged_quotes(made: Any) -> list[dict[str, Any]]:
    """The quotes of these acknowledgements, each shared with its customer."""
    found = []
    for one in (made.a, made.b, made.neighbour):
        _share(one["key"])
        found.append({"key": one["key"]})
    return found


def link_to_acknowledged(made: Any) -> dict[str, Any]:
    """A share link to the quote of A's."""
    return {"token": _share(made.a["key"])}


def _share(key: Any) -> str:
    quote = Quote.objects.get(key=key)
    newest = quote.share_links.order_by("-pk").values_list("pk", flat=True).first()
    _link, token = make_link(
        quote=quote, recipient="宛先", expires_on=quote.valid_until, max_downloads=None, seen=newest,
        by=quote.issued_by, now=NOW,
    )  # fmt: skip
    return token
