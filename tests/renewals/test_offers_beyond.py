"""Offers beyond the quote (R20): letters, orders, files and rooms say what is offered and never why; copies keep it."""

import io
import json
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from foundation.chat.models import ChatMessage
from foundation.mail.models import OutgoingMail
from foundation.sealing import unseal
from quotes.archive.exports.index import cells, columns
from quotes.customers.notices import tell_answer
from quotes.handover.fields import FIELDS, read_order
from quotes.handover.layouts import layouts
from quotes.handover.queries import chosen_orders
from quotes.handover.writing import write_orders
from quotes.letters.operations import send_quote
from quotes.letters.texts import Filling, fill_letter
from quotes.models import QuoteEvent
from quotes.record.acknowledgements import acknowledge_order
from quotes.record.transitions import record_order
from renewals.asked import from_json
from renewals.calculation.differences import compare_with_quote
from renewals.form.views.opened import price_form
from renewals.revisions.operations import duplicate
from tests.cast import NOW, TODAY, make_license_id, sign_in
from tests.mailbox import arrived
from tests.making import fill, given_quote, holding_of
from tests.page import Page
from tests.quotes.paper.reading import join, read_text
from tests.renewals.test_chat import keep

REASON = "競合他社の見積に合わせるため"
ALL = [(name, str(field.words)) for name, field in FIELDS.items()]


@pytest.fixture
def licenseid(cast):
    return make_license_id(cast.customer, "LIC-2001", ("SMP-CC", 100))


@pytest.fixture
def changes(licenseid):
    """E15."""
    return {f"offered-{holding_of(licenseid).pk}": "10 %", "reduction": "2,800", "offer_reason": REASON}


@pytest.fixture
def quote(cast, licenseid, changes):
    return given_quote(licenseid, by=cast.staff, changes=changes)


def send(quote, by):
    letter = fill_letter(quote=quote, sender=by, filling=Filling("佐伯", with_link=True, with_pdf=True))
    return send_quote(
        quote=quote, form_key="1", to="saeki@example.jp", to_name="佐伯", cc=(), letter=letter, with_link=True,
        with_pdf=True, by=by, make_address=lambda token: f"https://portal.example.jp/s/{token}/", now=NOW,
    )  # fmt: skip


def test_letters_and_rooms_do_not_say_why(cast, quote):
    keep(cast, with_prices=True)
    send(quote, cast.staff)
    tell_answer(quote=quote, answer="order", by_name="佐伯", message="", now=NOW)
    rooms = [unseal(one.sealed_text, purpose="chat") for one in ChatMessage.objects.all()]
    assert [f"¥{quote.total:,}" in str(json.loads(text)) for text in rooms] == [True]
    letters = arrived()
    [to_customer] = [one for one in letters if "saeki" in str(one.to)]
    [attached] = to_customer.attachments
    content = attached.content if hasattr(attached, "content") else attached[1]
    assert "¥187,000" in to_customer.body
    said = [one.subject + one.body for one in letters] + [str(text) for text in rooms]
    said += [json.dumps(row, default=str, ensure_ascii=False) for row in OutgoingMail.objects.values()]
    said += [json.dumps(row, default=str, ensure_ascii=False) for row in QuoteEvent.objects.values()]
    said.append(read_text(content))
    assert [text for text in said if REASON in text] == []


def test_orders_do_not_say_why(cast, quote):
    record_order(quote=quote, order_number="PO-1", ordered_on=TODAY, by=cast.staff, now=NOW)
    made = read_text(bytes(acknowledge_order(quote=quote, by=cast.staff, now=NOW).content))
    for said in ("標準価格の合計", "▲¥2,800", "¥187,000"):
        assert join(said) in join(made), said
    [ordered] = chosen_orders(cast.staff, [quote.key])
    rows = read_order(ordered)
    assert (rows[0]["list_amount"], rows[0]["amount"], rows[0]["reduction"]) == (192_000, 172_800, 2_800)
    files = []
    for layout in layouts(ALL).values():
        content = write_orders(rows, layout)
        if layout.ending == "xlsx":
            book = load_workbook(io.BytesIO(content))
            files.append(str([row for sheet in book for row in sheet.iter_rows(values_only=True)]))
        else:
            files.append(content.decode(layout.encoding))
    assert len(files) >= 7
    assert [text for text in [made, *files] if REASON in text] == []
    entry = sign_in(cast.staff, language="ja").get(reverse("quotes:entry-sheet", args=[quote.key]))
    assert REASON not in entry.text


def test_an_export_of_records_tells_list_reduction_and_offer(cast, quote, licenseid):
    plain = given_quote(make_license_id(cast.customer, "LIC-2002", ("SMP-BS", 45)), by=cast.staff)
    heads = [head for head, _format, _width in columns(with_reseller=False)]
    at = heads.index("標準価格の合計")
    assert heads[at : at + 4] == ["標準価格の合計", "値引き合計（税抜）", "提供価格（税抜）", "小計"]

    def told(one):
        row = cells(
            one, one.status, on=TODAY, with_reseller=False, file="", sha256="", order_files=[], acknowledgements=[],
            check="",
        )  # fmt: skip
        assert len(row) == len(heads)
        assert REASON not in str(row)
        return row[at : at + 4]

    assert told(quote) == [192_000, 22_000, 170_000, 170_000]
    assert told(plain) == [202_500, 0, 202_500, 202_500]


def test_a_copy_keeps_what_was_offered_and_says_what_it_changes(cast, licenseid, quote, changes):
    draft = duplicate(quote=quote, key=uuid.uuid4(), by=cast.staff, now=NOW + timedelta(minutes=1))
    asked = from_json(draft.asked)
    assert asked == from_json(quote.asked)
    page = Page(sign_in(cast.staff, language="ja").get(reverse("renewals:draft", args=[draft.key])))
    assert page.fields[f"offered-{holding_of(licenseid).pk}"] == ["10 %"]
    assert (page.fields["reduction"], page.fields["offer_reason"]) == (["2,800"], [REASON])
    assert page.total == "¥187,000"
    lines = list(quote.lines.select_related("part", "product"))
    same = price_form(fill(licenseid, changes)).pricing
    [unchanged] = compare_with_quote(lines=lines, total=quote.total, pricing=same).lines
    assert (unchanged.kind, unchanged.new and unchanged.new.amount) == ("same", 172_800)
    dearer = fill(licenseid, {**changes, f"offered-{holding_of(licenseid).pk}": "5 %"})
    found = compare_with_quote(lines=lines, total=quote.total, pricing=price_form(dearer).pricing)
    [changed] = found.lines
    assert (changed.kind, changed.old.amount, changed.new.amount) == ("changed", 172_800, 182_400)
    assert (found.old_total, found.new_total) == (187_000, 197_560)
