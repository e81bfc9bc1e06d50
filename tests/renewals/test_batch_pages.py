"""The pages of a batch of quotes: chosen on a list, reviewed, issued."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quotes.models import Quote
from renewals.models import QuoteRun, QuoteRunRow
from tests.cast import make_license_id, sign_in
from tests.making import given_quote
from tests.renewals.batches import begin, press, price, reviewed, row_of, work_issue

NEW = "/renewals/batch/new"
NOT_THEIRS = "選択したライセンスIDの中に、貴社のお客様のものではないものがあります。選び直してください。"
UNREADABLE = "選択内容を読み取れませんでした。ライセンスIDを選び直してください。"
TOO_MANY = "一括見積は一度に 10,000 件までです。選択を減らしてください。"


@pytest.fixture
def client(cast):
    return sign_in(cast.staff, language="ja")


@pytest.fixture
def two(cast):
    return [
        make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45)),
        make_license_id(cast.english_customer, "LIC-2", ("SMP-BS", 45), ("SMP-CC", 120)),
    ]


def address(run, *names):
    return reverse("renewals:batch", args=[run.key]) + "".join(f"{name}/" for name in names)


def said(client, answer):
    """The messages of the page that it leads to, and the page."""
    page = client.get(answer["Location"])
    return [str(one) for one in page.context["messages"]], page


def test_from_the_list_over_the_review_to_the_quotes(cast, client, two):
    page = client.get(NEW, {"license_id": ["LIC-1", "LIC-2"]})
    assert (page.status_code, page.context["chosen"]) == (200, f"{two[0].pk} {two[1].pk}")
    answer = client.post(NEW, {"licenseid": page.context["chosen"], "act": "start", "years": "2", "per": "each"})
    run = QuoteRun.objects.get()
    assert (answer.status_code, answer["Location"], run.years) == (302, address(run), 2)
    waiting = client.get(address(run))
    [(kind, progress, _late)] = waiting.context["open_works"]
    assert (kind, progress.is_running, waiting.context["sums"].by_state["waiting"]) == ("price", True, 2)
    assert client.get(address(run, "progress", "price")).status_code == 200
    price(run)
    assert "HX-Refresh" in client.get(address(run, "progress", "price"))
    page = client.get(address(run))
    assert page.context["button"] == "1件を発行（合計 ¥445,500）"
    [to_read] = page.context["to_read"]
    assert (to_read.name, to_read.count) == ("複数のプログラムが混在", 1)
    ticked = {"code": to_read.code, "version": page.context["run"].version}
    messages, page = said(client, client.post(address(run, "read"), ticked))
    assert messages == ["「複数のプログラムが混在」を1件分、確認済みにしました。"]
    pressed = {"count": page.context["sums"].ready, "total": page.context["sums"].ready_total}
    assert said(client, client.post(address(run, "issue"), pressed))[0] == ["2件の見積を発行しています。"]
    assert said(client, client.post(address(run, "issue"), pressed))[0] == [
        "この一括見積は処理中です。終わってから、残りを発行できます。"
    ]
    work_issue(run)
    page = client.get(address(run), {"show": "issued"})
    assert {one.quote.number for one in page.context["rows"]} == {"Q2701-0001-00", "Q2701-0002-00"}
    assert client.get("/renewals/batch/").context["page"].object_list[0].issued_count == 2


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "ライセンスIDを1件以上選択してください。"),
        ({"licenseid": "1 x"}, UNREADABLE),
        ({"licenseid": " ".join(map(str, range(10_001)))}, TOO_MANY),
        ({"license_id": "LIC-9"}, NOT_THEIRS),
        ({"license_id": "LIC\x00"}, NOT_THEIRS),
        ({"filter": "x" * 5000}, UNREADABLE),
    ],
)
def test_what_no_page_sends_is_refused_in_words(cast, client, sent, told):
    make_license_id(cast.foreign_customer, "LIC-9", ("SMP-BS", 45))
    assert said(client, client.post(NEW, sent))[0] == [told]
    assert not QuoteRun.objects.exists()


def test_anothers_license_id_by_its_number_and_wrong_settings(cast, client, two):
    foreign = make_license_id(cast.foreign_customer, "LIC-9", ("SMP-BS", 45))
    asked = {"act": "start", "years": "1", "per": "each"}
    messages, _page = said(client, client.post(NEW, {"licenseid": [two[0].pk, foreign.pk], **asked}))
    assert messages == [NOT_THEIRS]
    wrong = client.post(NEW, {"licenseid": two[0].pk, "act": "start", "years": "9", "per": "none", "note": "🍣"})
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"years", "per", "note"})
    assert not QuoteRun.objects.exists()


def test_deeds_with_rows_and_hostile_queries(cast, client, two):
    run = reviewed(two, cast.staff)
    key = str(row_of(run, "LIC-1").key)
    for sent, told in [
        ({"act": "out", "row": key}, "1件を対象外にしました。"),
        ({"act": "in", "row": key}, "1件を対象に戻しました。"),
        ({"act": "price", "row": key}, "1件を再計算しました。"),
        ({"act": "out", "row": "nonsense"}, "先に行にチェックを入れてください。"),
    ]:
        assert said(client, client.post(address(run, "rows"), sent))[0] == [told]
    assert said(client, client.post(address(run, "read"), {"code": "x"}))[0] == ["その警告はありません。"]
    back = {"act": "out", "row": key, "back_show": "look", "back_code": "//evil.example", "back_page": "2"}
    assert client.post(address(run, "rows"), back)["Location"] == f"{address(run)}?show=look&page=2"
    for query in ("show=%00&code=x", "show=look&code=' or 1=1", "page=-1", "page=99999999999999999999"):
        assert client.get(f"{address(run)}?{query}").status_code == 200
    messages, _page = said(client, client.post(address(run, "issue"), {"count": "x", "total": "1e9"}))
    assert messages == ["発行できる行がありません。"]


def test_a_row_is_opened_in_the_form_which_leads_back(cast, client, two):
    run = reviewed(two, cast.staff)
    row = row_of(run, "LIC-1")
    answer = client.post(address(run, "rows", row.key, "open"))
    assert answer["Location"] == reverse("renewals:draft", args=[row.key])
    assert f'href="{address(run)}"' in client.get(answer["Location"]).content.decode()
    given_quote(two[0], by=cast.staff, key=row.key)
    messages, page = said(client, client.post(address(run, "rows", row.key, "open")))
    assert messages == ["この行は発行済みです。"]
    assert [one.row.state for one in page.context["rows"]] == ["issued", "look"]


def test_pause_and_go_on(cast, client, two):
    run = reviewed(two[:1], cast.staff)
    press(run, cast.staff)
    page = said(client, client.post(address(run, "steer"), {"kind": "issue", "act": "pause"}))[1]
    [(_kind, progress, _late)] = page.context["open_works"]
    assert (progress.is_paused, progress.is_running, page.context["is_blocked"]) == (True, False, True)
    page = said(client, client.post(address(run, "steer"), {"kind": "issue", "act": "resume"}))[1]
    assert page.context["open_works"][0][1].is_running
    work_issue(run)
    assert Quote.objects.count() == 1


def test_as_many_queries_for_one_row_as_for_thirty(cast, client, two):
    counts = []
    for first, count in ((0, 1), (100, 30)):
        rows = [make_license_id(cast.customer, f"Z-{first + at}", ("SMP-BS", 45)) for at in range(count)]
        run = price(begin(rows, cast.staff))
        with CaptureQueriesContext(connection) as found:
            assert client.get(address(run)).status_code == 200
        with CaptureQueriesContext(connection) as listed:
            client.get("/renewals/batch/")
        counts.append((len(found), len(listed)))
    assert counts[0] == counts[1]
    assert QuoteRunRow.objects.count() == 31
