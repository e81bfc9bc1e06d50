"""The acknowledgement of an order: for what is ordered only, once, as the quote says it, and never changed."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from quotes.archive.verification import Report, verify_records
from quotes.models import Acknowledgement, Quote, QuoteEvent
from quotes.paper.check import group_code
from quotes.record.acknowledgements import acknowledge_order, acknowledgement_rows
from quotes.record.refusals import NotOrdered
from quotes.record.transitions import record_order, reopen
from tests.cast import NOW, sign_in
from tests.making import everything_written, given_quote
from tests.quotes.paper.reading import join, read_text

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


@pytest.fixture
def ordered(cast, licenseid):
    quote = given_quote(licenseid, by=cast.staff)
    record_order(quote=quote, order_number="PO-2026-77", ordered_on=date(2027, 1, 15), by=cast.staff, now=NOW)
    return Quote.objects.get(pk=quote.pk)


def test_it_says_what_the_quote_says_and_what_was_ordered(cast, ordered):
    made = acknowledge_order(quote=ordered, by=cast.staff, now=LATER)
    assert (made.number, made.position) == (f"A{ordered.number[1:]}-1", 1)
    text = join(read_text(bytes(made.content)))
    for said in (
        "注文請書", made.number, ordered.number, "PO-2026-77", "2027年1月15日",
        "下記のとおりご注文をお請けいたします。",
        ordered.document["addressee"]["name"], ordered.document["issuer"]["name"], f"¥{ordered.total:,}",
        "この注文請書が現在も有効か、作成時のままかを確認できます。", f"確認コード {group_code(made.check_code)}",
        f"本書は、見積書 {ordered.number} によるご注文をお請けするものです。",
        *(line["product_name"] for line in ordered.document["lines"]),
    ):  # fmt: skip
        assert join(said) in text, said
    for unsaid in ("見積有効期限", "御見積書", "計算根拠", "この見積書が", group_code(ordered.check_code)):
        assert unsaid not in text


def test_it_is_made_once_and_the_next_only_when_the_order_is_another(cast, ordered):
    first = acknowledge_order(quote=ordered, by=cast.staff, now=LATER)
    before = everything_written()
    again = acknowledge_order(quote=ordered, by=cast.colleague, now=LATER + timedelta(days=1))
    assert (again.pk, again.sha256, everything_written()) == (first.pk, first.sha256, before)
    reopen(quote=ordered, reason="番号の誤り", by=cast.staff, now=LATER)
    with pytest.raises(NotOrdered):
        acknowledge_order(quote=ordered, by=cast.staff, now=LATER)
    record_order(quote=ordered, order_number="PO-78", ordered_on=date(2027, 1, 15), by=cast.staff, now=LATER)
    second = acknowledge_order(quote=ordered, by=cast.staff, now=LATER)
    ordered.status.refresh_from_db()
    assert [(one.number, counts) for one, counts in acknowledgement_rows(ordered)] == [
        (f"A{ordered.number[1:]}-2", True),
        (f"A{ordered.number[1:]}-1", False),
    ]
    told = ordered.events.filter(kind=QuoteEvent.Kind.ORDER_ACKNOWLEDGED).values_list("detail__sha256", flat=True)
    assert set(told) == {first.sha256, second.sha256}
    assert [each.code for each in verify_records(report=Report())] == []


def test_of_what_is_not_ordered_there_is_none(cast, licenseid):
    quote = given_quote(licenseid, by=cast.staff)
    before = everything_written()
    with pytest.raises(NotOrdered):
        acknowledge_order(quote=Quote.objects.get(pk=quote.pk), by=cast.staff, now=NOW)
    assert everything_written() == before


@pytest.mark.both_databases
def test_the_database_refuses_to_change_it(cast, ordered):
    acknowledge_order(quote=ordered, by=cast.staff, now=LATER)
    for change in ("UPDATE quotes_acknowledgement SET number = 'x'", "DELETE FROM quotes_acknowledgement"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert Acknowledgement.objects.get().number == f"A{ordered.number[1:]}-1"


def test_on_the_page_it_is_made_by_a_button_and_fetched(cast, ordered):
    client = sign_in(cast.staff, language="ja")
    address = f"/quotes/{ordered.key}/"
    assert "注文請書を作成" in client.get(address).content.decode()
    answer = client.post(f"{address}order/acknowledge/", follow=True)
    made = Acknowledgement.objects.get()
    page = answer.content.decode()
    assert f"注文請書 {made.number} を作成しました。" in page
    assert "注文請書を作成" not in page
    pdf = client.get(f"{address}order/acknowledgements/{made.key}/")
    assert (pdf.content, pdf["Content-Type"]) == (bytes(made.content), "application/pdf")
    assert f"_{ordered.total}_{made.number}.pdf" in pdf["Content-Disposition"]


def test_a_real_clock_has_fractions_of_seconds(cast, ordered):
    """typst takes none: it would not be drawn."""
    at = LATER + timedelta(microseconds=345_678)
    assert acknowledge_order(quote=ordered, by=cast.staff, now=at).made_at == at


def test_whoever_holds_it_can_check_it_and_learns_nothing_else(cast, ordered, client):
    made = acknowledge_order(quote=ordered, by=cast.staff, now=LATER)
    page = client.get(f"/check/{group_code(made.check_code)}/", headers={"accept-language": "ja"}).content.decode()
    assert "はい。現在の受注の内容と一致しています。" in page
    assert f'data-sha256="{made.sha256}"' in page
    for unsaid in (ordered.number, made.number, "PO-2026-77", ordered.customer_name, f"{ordered.total:,}"):
        assert unsaid not in page
    quote_page = client.get(f"/check/{group_code(ordered.check_code)}/").content.decode()
    assert made.sha256 not in quote_page
    reopen(quote=ordered, reason="番号の誤り", by=cast.staff, now=LATER)
    page = client.get(f"/check/{group_code(made.check_code)}/", headers={"accept-language": "ja"}).content.decode()
    assert "いいえ。作成後に受注が取り消されたか、内容が変更されています。" in page
