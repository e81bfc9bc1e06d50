"""Which pages of comparisons the HTML checker reads."""

from typing import Any

from django.test import Client
from django.urls import reverse

from quotes.links.operations import make_link
from tests.cast import NOW, make_license_id, sign_in
from tests.page import open_form, send
from tests.renewals.comparing import compare


def comparison_pages(found: Any, world: Any) -> None:
    """Made from a form, as staff see it, and as the customer does."""
    desk = sign_in(world.cast.staff, language=found.language)
    licenseid = make_license_id(world.cast.customer, f"LIC-77{found.language}", ("SMP-CC", 100), ("SMP-IM", 30))
    url = f"/license-ids/{licenseid.code}/quote/"
    entry = open_form(desk, url).fields | {"decision": [licenseid.code]}
    found.add("comparison to be made", send(desk, f"{url}compare/", entry, action=f"compare {licenseid.code}"))
    made = compare(licenseid, by=world.cast.staff, labels=("現状 <b>",))
    address = f"/comparisons/{made.key}/"
    found.get(desk, "/comparisons/", "/comparisons/?q=nothing", address, f"{address}links/", f"{address}send/")
    found.add("comparison not withdrawn", desk.post(f"{address}withdraw/", {"reason": ""}), status=422)
    _link, token = make_link(
        quote=made, recipient="x", expires_on=made.valid_until, max_downloads=1, seen=None, by=world.cast.staff, now=NOW
    )
    visitor = Client(headers={"accept-language": found.language})
    page, choice = reverse("quotes:shared", args=[token]), f"?language={found.language}"
    found.add("comparison shared", visitor.get(page + choice))
    found.add("choice refused", visitor.post(f"{page}answer/{choice}", {"plan": "B"}), status=422)
    visitor.post(f"{page}answer/{choice}", {"plan": "B", "name": "山田", "message": "<b>"})
    found.add("chosen", visitor.get(page + choice))
    found.add("comparison chosen", desk.get(address))
    found.get(desk, "/", f"/customers/{world.cast.customer.pk}/")
    _received(found, world.cast)
    desk.post(f"{address}withdraw/", {"reason": "x"})
    found.add("comparison withdrawn", visitor.get(page + choice))


def _received(found: Any, cast: Any) -> None:
    """As the customer does with a log-in."""
    licenseid = make_license_id(cast.foreign_customer, f"LIC-78{found.language}", ("SMP-CC", 100))
    made = compare(licenseid, by=cast.stranger)
    make_link(
        quote=made, recipient="x", expires_on=made.valid_until, max_downloads=1, seen=None, by=cast.stranger, now=NOW
    )
    contact = sign_in(cast.foreign_contact, language=found.language)
    address = f"/received/comparisons/{made.key}/"
    found.get(contact, "/received/", "/received/comparisons/", address)
    found.add("choice of a contact refused", contact.post(f"{address}choice/", {"plan": "Z"}), status=422)
