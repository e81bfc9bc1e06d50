"""What is left of a quote is in nothing that a customer can get, nor in what staff without the right can."""

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

import pytest
from django.urls import reverse
from pypdf import PdfReader

from foundation.chat.models import ChatMessage
from foundation.jobs.operations import work_off
from foundation.sealing import unseal
from pricing.models import CostRate
from quotes.archive.exports import ExportWork, start_export
from quotes.archive.search import RecordSearch
from quotes.archive.tasks import export_records
from quotes.customers.notices import tell_answer
from quotes.handover.fields import read_order
from quotes.handover.layouts import layouts
from quotes.letters.operations import send_quote
from quotes.letters.words import Letter
from quotes.links.operations import make_link
from quotes.models import Acknowledgement, Quote, QuoteMargin, RecordExport
from quotes.record.acknowledgements import acknowledge_order
from quotes.record.transitions import record_order
from renewals.calendar.operations import make_feed
from renewals.chat.operations import save_chat
from tests.cast import NOW, TODAY, Cast, make_license_id, sign_in
from tests.mailbox import arrived
from tests.making import given_quote, holding_of

RATE = Decimal("73.31")
MARKS = ("73.31", "148,453", "148453", "43,922", "43922", "22.83")
"""The rate; the cost of ¥202,500 at it; what is left of ¥192,375, in yen and in percent."""


@pytest.fixture
def quote(cast: Cast) -> Quote:
    """Offered at 5 % less, with the calculation on paper: all that could be printed."""
    product = cast.products["SMP-BS"]
    CostRate.objects.create(reseller=cast.aoba, product=product, percent=RATE, effective_on=TODAY)
    cast.aoba.customers_see_quotes = "issued"
    cast.aoba.save()
    licenseid = make_license_id(cast.customer, "LIC-7101", ("SMP-BS", 45))
    changes = {f"offered-{holding_of(licenseid).pk}": "5%", "with_calculation": "on", "offer_reason": "内緒"}
    return given_quote(licenseid, by=cast.staff, changes=changes)


def contents(content: bytes) -> Iterator[str]:
    """All that can be read in a file: texts, properties, attachments, whatever the packing."""
    yield content.decode("utf-8", errors="replace")
    if content.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(content))
        yield "".join(page.extract_text() for page in reader.pages)
        yield str(reader.metadata)
        yield str(reader.attachments)
        yield str(reader.xmp_metadata and reader.xmp_metadata.stream.get_data())
        for number in range(1, len(reader.xref[0]) + 1 if reader.xref else 1):
            yield str(reader.get_object(number))
    elif is_zipfile(io.BytesIO(content)):
        with ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from contents(archive.read(name))


def told_in(content: bytes | str) -> list[str]:
    data = content.encode() if isinstance(content, str) else content
    return sorted({mark for text in contents(data) for mark in MARKS if mark in text})


def test_the_marks_are_what_managers_see(cast: Cast, quote: Quote) -> None:
    row = QuoteMargin.objects.get()
    assert (row.cost, row.covered - row.cost, row.totals.percent) == (148_453, 43_922, Decimal("22.83"))
    told = told_in(sign_in(cast.manager).get(f"/quotes/{quote.key}/").content)
    assert told == ["148,453", "22.83", "43,922", "73.31"]


def test_neither_the_paper_nor_the_record_that_it_is_drawn_from(cast: Cast, quote: Quote) -> None:
    assert told_in(bytes(quote.pdf.content)) == []
    record_order(quote=quote, by=cast.staff, now=NOW)
    acknowledge_order(quote=quote, by=cast.staff, now=NOW)
    assert told_in(bytes(Acknowledgement.objects.get().content)) == []
    for stored in (quote.document, quote.asked, quote.trace, quote.acknowledged):
        assert told_in(str(stored)) == []
    assert told_in(str([event.detail for event in quote.events.all()])) == []
    assert told_in(str(read_order(quote))) == []


def test_no_answer_to_a_customer(cast: Cast, quote: Quote) -> None:
    _link, token = make_link(
        quote=quote,
        recipient="山田",
        expires_on=quote.valid_until,
        max_downloads=None,
        seen=None,
        by=cast.staff,
        now=NOW,
    )
    record_order(quote=quote, by=cast.staff, now=NOW)
    acknowledge_order(quote=quote, by=cast.staff, now=NOW)
    contact = sign_in(cast.contact)
    answers = [
        contact.get(reverse("quotes:received")),
        contact.get(reverse("quotes:received-quote", args=[quote.key])),
        contact.get(reverse("quotes:received-pdf", args=[quote.key])),
        contact.get("/s/" + token + "/"),
        contact.get("/s/" + token + "/pdf/"),
        contact.get(reverse("quotes:check-code", args=[quote.check_code])),
    ]
    assert [answer.status_code for answer in answers] == [200] * 6
    assert [told_in(answer.content) for answer in answers] == [[]] * 6
    for address in ("/margins/", "/margins/file.xlsx", "/manage/cost-rates/"):
        assert contact.get(address).status_code == 403


def test_no_letter_and_nothing_attached_to_it(cast: Cast, quote: Quote) -> None:
    send_quote(
        quote=quote, form_key="x", to="a@example.jp", to_name="山田", cc=[], letter=Letter("件名", "{link}"),
        with_link=True, with_pdf=True, by=cast.staff, make_address=lambda token: f"https://x.example/{token}", now=NOW,
    )  # fmt: skip
    [letter] = arrived()
    assert len(letter.attachments) == 1
    assert told_in(letter.message().as_bytes()) == []
    for _name, content, _kind in letter.attachments:
        assert told_in(content) == []


def test_no_chat_room_and_no_calendar(cast: Cast, quote: Quote) -> None:
    values = dict.fromkeys(("tells_answers", "tells_wishes", "tells_digest", "tells_bounces", "with_prices"), True)
    address = {"slack": "https://hooks.slack.com/services/T0/B0/verysecret"}
    save_chat(reseller=cast.aoba, values=values, addresses=address, look=lambda _row: None)
    tell_answer(quote=quote, answer="order", by_name="佐伯", message="", now=NOW)
    texts = [unseal(one.sealed_text, purpose="chat") for one in ChatMessage.objects.all()]
    assert len(texts) == 1
    assert told_in("".join(map(str, texts))) == []
    token = make_feed(user=cast.manager, now=NOW)
    assert told_in(sign_in(cast.staff).get(reverse("renewals:calendar-feed", args=[token])).content) == []


def test_no_file_that_staff_take_along(cast: Cast, quote: Quote, settings: Any, tmp_path: Path) -> None:
    """Orders for other programs, records, what is held, the list of renewals: not in a manager's hands either."""
    settings.EXPORT_ROOT = tmp_path / "exports"
    record_order(quote=quote, by=cast.staff, now=NOW)
    desk = sign_in(cast.manager)
    for form in layouts(()):
        data = {"quote": str(quote.key), "form": form, "which": "ticked", "replace": "on"}
        answer = desk.post(reverse("quotes:handover-file"), data)
        assert (answer.status_code, told_in(answer.content)) == (200, []), form
    for form in RecordExport.Form.values:
        export = start_export(search=RecordSearch(), form=form, task=export_records, by=cast.manager, on=TODAY, now=NOW)
        work_off(batch_pk=export.batch_id, work=ExportWork(), clock=lambda: NOW)
        answer = desk.get(reverse("quotes:export-file", args=[export.key]))
        assert (answer.status_code, told_in(b"".join(answer))) == (200, []), form
    for name in ("held_export_xlsx", "held_export_csv", "renewals:desk-export"):
        answer = desk.get(reverse(name))
        assert (answer.status_code, told_in(answer.content)) == (200, []), name
