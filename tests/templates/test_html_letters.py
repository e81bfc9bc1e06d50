"""The pages by which quotes are sent by e-mail are valid HTML."""

import pytest
import time_machine
import zeal

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.queue import deliver_due, record_failure
from quotes.models import Quote
from quotes.record.acknowledgements import acknowledge_order
from quotes.record.transitions import record_order
from tests.cast import NOW, make_cast, make_license_id, sign_in
from tests.making import given_quote
from tests.templates.conftest import CheckHtml
from tests.templates.test_html import TOO_CAREFUL, Collector


@pytest.mark.appearance
def test_the_pages_of_e_mail_are_valid_html(check_html: CheckHtml, db: None) -> None:
    with time_machine.travel(NOW, tick=False), zeal.zeal_ignore():
        cast = make_cast()
        quote = given_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)
        page = f"/quotes/{quote.key}/send/"
        entry = {"key": "k", "recipient": "other", "to": "a@example.jp", "to_name": "<b>&", "subject": "件名 <i>"}
        entry |= {"body": "<script>\n{link}", "with_link": "on", "with_pdf": "on", "act": "look"}
        found = Collector("en")
        desk = sign_in(cast.staff)
        found.get(desk, page)
        found.add("looked at", desk.post(page, entry))
        found.add("refused", desk.post(page, entry | {"to": "x", "cc": "y", "subject": "", "body": "{z}"}), status=422)
        desk.post(page, entry | {"act": "send"})
        found.add("waits", desk.get(f"/quotes/{quote.key}/"))
        deliver_due(clock=lambda: NOW)
        record_failure(mail=OutgoingMail.objects.get(), error="bounced", address="a@example.jp", answer="<5>", now=NOW)
        found.add("failed", desk.get(f"/quotes/{quote.key}/"))
        record_order(quote=quote, order_number="<b>&", by=cast.staff, now=NOW)
        made = acknowledge_order(quote=Quote.objects.get(pk=quote.pk), by=cast.staff, now=NOW)
        found.get(desk, order := f"/quotes/{quote.key}/order/acknowledgements/{made.key}/send/")
        found.add("order looked at", desk.post(order, entry | {"body": "<script>", "act": "look"}))
        found.add("order refused", desk.post(order, entry | {"to": "x", "subject": ""}), status=422)
        found.add("order acknowledged", desk.get(f"/quotes/{quote.key}/"))
        found.get(sign_in(cast.contact), f"/received/{quote.key}/")
        manager = sign_in(cast.manager)
        found.get(manager, "/manage/letters/")
        found.add("text refused", manager.post("/manage/letters/", {"subject_ja": "{x}"}), status=422)
        assert [text for text in check_html(found.pages) if TOO_CAREFUL not in text] == []
