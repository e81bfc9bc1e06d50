"""Which pages of customers the HTML checker reads."""

from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.test import Client

from tests.cast import make_user, sign_in


def customer_pages(found: Any, world: Any) -> None:
    """What customers see with a log-in and by a link, and how staff make links."""
    desk = sign_in(world.cast.staff, language=found.language)
    key = world.quote.key
    links = f"/quotes/{key}/links/"
    newest = world.quote.share_links.order_by("-pk").values_list("pk", flat=True).first() or ""
    entry = {"recipient": "山田 <b>様", "expires_on": "2027/02/20", "max_downloads": "1", "seen": newest}
    found.add("link refused", desk.post(links, entry | {"expires_on": "x"}), status=422)
    made = desk.post(links, entry)
    found.add("link made", made)
    found.get(desk, links)
    visitor = Client(headers={"accept-language": found.language})
    path, choice = urlsplit(made.context["address"]).path, f"?language={found.language}"
    found.add("shared", visitor.get(path + choice))
    found.add("answer refused", visitor.post(f"{path}answer/{choice}", {"answer": "decline"}), status=422)
    visitor.get(f"{path}pdf/")
    found.add("downloads used up", visitor.get(f"{path}pdf/{choice}"), status=403)
    visitor.post(f"{path}answer/", {"answer": "order", "name": "山田", "message": "<b>"})
    found.add("answered", visitor.get(path + choice))
    found.add("quote with its history", desk.get(f"/quotes/{key}/"))
    desk.post(f"{links}{world.quote.share_links.latest('pk').pk}/revoke/")
    found.add("link stopped", visitor.get(path + choice), status=410)
    found.add("link unknown", visitor.get(f"/s/{'x' * 43}/{choice}"), status=404)
    contact = make_user(f"{found.language}@hikari.example.jp", "H", "customer", customer=world.cast.english_customer)
    office = sign_in(contact, language=found.language)
    found.get(office, "/received/", f"/received/{key}/")
    cache.clear()
