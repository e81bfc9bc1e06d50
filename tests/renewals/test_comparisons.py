"""Comparisons: two to six alternatives of a form on one paper, priced as quotes are, with numbers of their own."""

import hashlib
import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from foundation.mail.models import OutgoingMail
from licensing.contacts.operations import add_contact
from quotes.archive.verification import Report, verify_records
from quotes.customers.choosing import choose_alternative
from quotes.customers.visits import Visitor
from quotes.models import Alternative, Comparison, ComparisonStatus, Quote, QuoteEvent
from quotes.record.comparisons import state_of, withdraw_comparison
from quotes.record.refusals import FormKeyTaken
from renewals.approval.operations import answer
from renewals.asked import AskedOffer, from_json
from renewals.comparisons.operations import HoldingsDiffer, NotApproved, Wanted, make_comparison
from renewals.refusals import CannotBePrinted, PriceChanged
from tests.at_once import at_once
from tests.cast import NOW, TODAY, make_license_id, publish_prices, sign_in
from tests.making import ask_several, fill, holding_of, load
from tests.page import Page, open_form, read_entry, send
from tests.quotes.paper.reading import join, read_text
from tests.renewals.approving import example, let, limit, request_for
from tests.renewals.comparing import compare, issue_alternative, wanted_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def hundred(cast):
    """E4: 100 of SMP-CC."""
    return make_license_id(cast.customer, "LIC-1700", ("SMP-CC", 100))


def tries(licenseid, text):
    return {f"try-{holding_of(licenseid).product_id}": text}


def point(licenseid, quantity, years):
    return f"{years} {holding_of(licenseid).product_id}:{quantity}"


def test_the_phone_call_on_one_paper(cast, hundred):
    """Keep 100, go down to 80, add 20, for one or three years: proposed without a single tick."""
    made = compare(hundred, by=cast.staff, labels=("現状維持",), **tries(hundred, "80 120"))
    assert (made.number, made.valid_until, made.license_codes) == ("C2701-0001", date(2027, 2, 14), "LIC-1700")
    rows = list(made.alternatives.order_by("position"))
    assert [(row.letter, row.label, row.subtotal, row.tax, row.total) for row in rows] == [
        ("A", "現状維持", 192_000, 19_200, 211_200),
        ("B", "", 174_400, 17_440, 191_840),
        ("C", "", 269_000, 26_900, 295_900),
        ("D", "", 576_000, 57_600, 633_600),
        ("E", "", 523_200, 52_320, 575_520),
        ("F", "", 729_800, 72_980, 802_780),
    ]
    [part] = from_json(rows[1].asked).parts
    assert (part.years, part.is_reduced, part.holdings[0].renewal_quantity) == (1, True, 80)
    columns = made.document["alternatives"]
    assert [one["per_year"] for one in columns] == [192_000, 174_400, 269_000, 192_000, 174_400, 243_267]
    assert [one["difference"] for one in columns] == [0, -17_600, 77_000, 384_000, 331_200, 537_800]
    content = bytes(made.content)
    assert hashlib.sha256(content).hexdigest() == made.sha256
    text = join(read_text(content))
    for said in (
        "比較表", "C2701-0001", "本書はご検討のための比較資料であり、御見積書ではありません。",
        "記載の価格は2027年2月14日まで有効です。", "案A", "現状維持", "案F", "◆80", "20減", "◆120", "20追加",
        "ランクC", "¥802,780", "▲¥17,600", "+¥77,000", "¥243,267", "ライセンスIDLIC-1700",
        "ご注文は、お選びいただいた案の御見積書を発行した後に承ります。",
    ):  # fmt: skip
        assert join(said) in text, said
    for unsaid in ("下記のとおりお見積り", "見積番号", "確認コード"):
        assert unsaid not in text
    assert Quote.objects.count() == 0


def test_ticks_in_their_order_and_what_is_offered_only_where_it_is_entered(cast, hundred):
    pk = holding_of(hundred).pk
    changes = {f"offered-{pk}": "10 %", "reduction": "2,800", "offer_reason": "競合のため"}
    made = compare(hundred, by=cast.staff, ticks=[point(hundred, 80, 3), "form", point(hundred, 80, 3)], **changes)
    first, second = made.alternatives.order_by("position")
    assert (first.subtotal, second.subtotal, second.total) == (523_200, 170_000, 187_000)
    asked = from_json(first.asked)
    assert (asked.has_offers, asked.offer_reason, asked.parts[0].years) == (False, "", 3)
    entered = from_json(second.asked)
    assert entered.parts[0].holdings[0].offered == AskedOffer(percent=Decimal(10))
    assert (entered.reduction, entered.offer_reason) == (2_800, "競合のため")
    text = join(read_text(bytes(made.content)))
    assert join("標準価格の合計（税抜） ¥523,200 ¥192,000") in text
    assert join("値引き ¥0 ▲¥22,000") in text
    assert "競合のため" not in text
    assert "競合のため" not in str(made.document)


def test_a_reduction_above_the_threshold_is_shown_to_nobody_before_it_is_approved(cast, hundred):
    limit(cast.aoba, reduction="5", amount=1)
    changes = example(hundred)
    ticks = [point(hundred, 80, 1), "form"]
    with pytest.raises(NotApproved):
        compare(hundred, by=cast.staff, ticks=ticks, **changes)
    assert compare(hundred, by=cast.staff, ticks=[point(hundred, 80, 1), point(hundred, 100, 1)]).number == "C2701-0001"
    approver = let(cast.manager)
    request = request_for(hundred, by=cast.staff, changes=changes)
    answer(request=request, is_approved=True, words="", by=approver, now=NOW)
    assert compare(hundred, by=cast.staff, ticks=ticks, **changes).number == "C2701-0002"


def test_a_warning_that_matters_names_its_alternative(cast, hundred):
    made = compare(hundred, by=cast.staff, ticks=[point(hundred, 100, 1), point(hundred, 99, 1)])
    assert "案B：" in join(read_text(bytes(made.content)))
    assert [len(one["warnings"]) for one in made.document["alternatives"]] == [0, 1]


def test_several_license_ids_of_which_one_is_another_in_each_alternative(cast, hundred):
    other = make_license_id(cast.customer, "LIC-1701", ("SMP-BS", 45))
    both = ask_several(hundred, other)
    reduced = ask_several(
        hundred,
        other,
        changes={"LIC-1700": {"is_reduced": "on", f"quantity-{holding_of(hundred).pk}": "80", "years": "3"}},
    )
    made = make_comparison(
        key=uuid.uuid4(),
        licenseids=[load(hundred), load(other)],
        alternatives=[Wanted("", both, 433_950), Wanted("", reduced, 798_270)],
        by=cast.staff,
        now=NOW,
    )
    assert [one["per_year"] for one in made.document["alternatives"]] == [394_500, None]  # 192,000 and 202,500
    assert made.document["parts"][1]["subtotals"] == [202_500, 202_500]
    assert made.license_codes == "LIC-1700 / LIC-1701"
    text = join(read_text(bytes(made.content)))
    for said in ("ライセンスIDLIC-1700", "ライセンスIDLIC-1701", "小計（税抜）¥192,000", "1年あたり（税抜）¥394,500–"):
        assert join(said) in text, said


def test_what_is_not_as_it_was_shown_makes_nothing(cast, hundred):
    found = wanted_of(hundred, ticks=[point(hundred, 100, 1), point(hundred, 80, 1)])
    how = {"licenseids": [load(hundred)], "by": cast.staff, "now": NOW}
    changed = [found[0], Wanted("", found[1].asked, found[1].seen_total - 1)]
    with pytest.raises(PriceChanged):
        make_comparison(key=uuid.uuid4(), alternatives=changed, **how)
    unprintable = [found[0], Wanted("😀", found[1].asked, found[1].seen_total)]
    with pytest.raises(CannotBePrinted):
        make_comparison(key=uuid.uuid4(), alternatives=unprintable, **how)
    holding = holding_of(hundred)
    holding.quantity = 90
    holding.save()
    with pytest.raises(HoldingsDiffer):
        make_comparison(key=uuid.uuid4(), alternatives=found, **{**how, "licenseids": [load(hundred)]})
    assert (Comparison.objects.count(), QuoteEvent.objects.count()) == (0, 0)


def test_the_same_key_is_the_same_comparison_and_nobody_else_s(cast, hundred):
    key = uuid.uuid4()
    first = compare(hundred, by=cast.staff, key=key)
    again = compare(hundred, by=cast.colleague, key=key)
    assert (again.pk, Comparison.objects.count(), QuoteEvent.objects.count()) == (first.pk, 1, 1)
    foreign = make_license_id(cast.foreign_customer, "LIC-9001", ("SMP-CC", 100))
    with pytest.raises(FormKeyTaken):
        compare(foreign, by=cast.stranger, key=key)


def test_numbers_are_each_reseller_s_own_by_month(cast, hundred):
    foreign = make_license_id(cast.foreign_customer, "LIC-9001", ("SMP-CC", 100))
    assert compare(hundred, by=cast.staff).number == "C2701-0001"
    assert compare(foreign, by=cast.stranger).number == "C2701-0001"
    assert compare(hundred, by=cast.staff).number == "C2701-0002"
    assert compare(hundred, by=cast.staff, now=NOW + timedelta(days=20)).number == "C2702-0001"


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_no_gap(cast, hundred):
    at_once(*[lambda: compare(hundred, by=cast.staff).number for _ in range(6)])
    numbers = Comparison.objects.order_by("sequence").values_list("number", flat=True)
    assert list(numbers) == [f"C2701-{number:04d}" for number in range(1, 7)]
    assert list(verify_records(report=Report())) == []


def test_a_comparison_is_withdrawn_once_and_for_a_reason(cast, hundred):
    made = compare(hundred, by=cast.staff)
    assert withdraw_comparison(comparison=made, reason="価格の誤り", by=cast.staff, now=NOW)
    assert not withdraw_comparison(comparison=made, reason="もう一度", by=cast.colleague, now=NOW)
    status = ComparisonStatus.objects.get(pk=made.pk)
    assert (status.reason, status.withdrawn_by, state_of(made, on=TODAY, status=status)) == (
        "価格の誤り",
        cast.staff,
        "withdrawn",
    )
    kinds = made.events.order_by("position").values_list("kind", "detail__reason")
    assert list(kinds) == [("compared", None), ("withdrawn", "価格の誤り")]


@pytest.mark.both_databases
def test_nothing_of_it_is_changed_or_deleted(cast, hundred):
    made = compare(hundred, by=cast.staff)
    for table in ("quotes_comparison", "quotes_alternative", "quotes_comparedlicenseid"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):
            with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
                connection.cursor().execute(statement)
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("UPDATE quotes_comparisonnumber SET last = 0")
    assert list(verify_records(report=Report())) == []
    assert Alternative.objects.filter(comparison=made).count() >= 2


# --- pages ----------------------------------------------------------------------------------------------------------


def test_from_the_sheet_to_the_record(cast, hundred):
    client = sign_in(cast.staff)
    url = "/license-ids/LIC-1700/quote/"
    entry = open_form(client, url).fields
    entry |= {name: [text] for name, text in tries(hundred, "80").items()}
    entry |= {"decision": ["LIC-1700"], "compare": [point(hundred, 100, 1), point(hundred, 80, 3)]}
    entry["compare-order"] = [f"{point(hundred, 80, 3)}|{point(hundred, 100, 1)}"]
    body = Page(send(client, f"{url}decision/", entry))
    ticked = body.all(lambda one: one["name"] == "compare" and "checked" in one.attributes)
    assert [one["value"] for one in ticked] == [point(hundred, 80, 3), point(hundred, 100, 1)]  # rows by quantity
    page = Page(send(client, f"{url}compare/", entry, action="compare LIC-1700"))
    assert page.status == 200
    assert Comparison.objects.count() == 0
    tokens = [one["value"] for one in page.all(lambda one: one["name"] == "alternative")]
    [key] = [one["value"] for one in page.all(lambda one: one["name"] == "key")]
    given = {"key": key, "alternative": tokens, "place-0": "2", "place-1": "1", "label-0": "3年で減数", "label-1": ""}
    refused = Page(client.post("/comparisons/make/", {**given, "place-1": "2"}))
    assert refused.status == 422
    assert "Two alternatives have the same place. Give each its own." in refused.text
    answer = client.post("/comparisons/make/", given)
    made = Comparison.objects.get()
    assert answer["Location"] == f"/comparisons/{made.key}/"
    rows = made.alternatives.order_by("position").values_list("label", "subtotal")
    assert list(rows) == [("", 192_000), ("3年で減数", 523_200)]
    shown = Page(client.get(answer["Location"]))
    for said in ("C2701-0001", "Plan A", "Plan B 3年で減数", "◆3 years", "¥575,520", "+¥331,200", "20 fewer"):
        assert said in shown.text, said
    pdf = client.get(f"/comparisons/{made.key}/pdf/")
    assert pdf.content == bytes(made.content)
    assert "C2701-0001" in pdf["Content-Disposition"]
    assert made.events.filter(kind="downloaded").count() == 1
    for address in ("/comparisons/", "/comparisons/?q=C2701-0001&state=open", f"/customers/{cast.customer.pk}/"):
        assert "C2701-0001" in Page(client.get(address)).text
    assert "C2701-0001" not in Page(client.get("/comparisons/?state=withdrawn")).text
    assert client.post(f"/comparisons/{made.key}/withdraw/", {"reason": ""}).status_code == 422
    client.post(f"/comparisons/{made.key}/withdraw/", {"reason": "誤り"})
    assert "誤り" in Page(client.get(f"/comparisons/{made.key}/")).text
    client = sign_in(cast.stranger)
    for address in ("", "pdf/"):
        assert client.get(f"/comparisons/{made.key}/{address}").status_code == 404
    assert "C2701-0001" not in Page(client.get("/comparisons/")).text


def test_made_and_sent_in_one_click(cast, hundred):
    client = sign_in(cast.staff)
    add_contact(
        customer=cast.customer, values={"name": "総務 一郎", "email": "soumu@example.co.jp", "for_quotes": True}
    )
    url = "/license-ids/LIC-1700/quote/"
    entry = open_form(client, url).fields | {"decision": ["LIC-1700"]}
    entry |= {name: [text] for name, text in tries(hundred, "80 +20").items()}
    page = Page(send(client, f"{url}compare/", entry, action="compare LIC-1700"))
    given = read_entry(next(one for one in page.root.walk() if one["action"].endswith("/make/")))
    assert given["recipient"] == ["soumu@example.co.jp"]
    assert len(given["alternative"]) == 6
    send(client, "/comparisons/make/", given | {"act": "send"})
    made, mail = Comparison.objects.get(), OutgoingMail.objects.get()
    assert (mail.to, mail.to_name, mail.about) == ("soumu@example.co.jp", "総務 一郎", f"comparison:{made.key}")
    assert made.share_links.count() == 1


def test_a_choice_waits_on_the_start_page_until_it_is_quoted(cast, hundred):
    made = compare(hundred, by=cast.staff, ticks=[point(hundred, 100, 1), point(hundred, 80, 1)], labels=("", "減数"))
    chosen = made.alternatives.select_related("comparison__customer").get(position=2)
    client = sign_in(cast.colleague)
    assert "Customers have chosen a plan" not in Page(client.get("/")).text
    choose_alternative(alternative=chosen, message="これで", by_name="山田", visitor=Visitor(), seen="", now=NOW)
    text = Page(client.get("/")).text
    for said in ("Customers have chosen a plan", "Plan B (減数)", "C2701-0001", "¥191,840", "これで"):
        assert said in text, said
    for typed in ("C2701-0001", "ｃ２７０１－１", "比較表 C27010001"):
        assert "C2701-0001" in Page(client.get("/", {"q": typed})).text, typed
    assert "Customers have chosen a plan" not in Page(sign_in(cast.stranger).get("/")).text
    issue_alternative(chosen, by=cast.staff)
    assert "Customers have chosen a plan" not in Page(client.get("/")).text


def test_the_list_asks_the_same_for_one_and_for_thirty(cast, hundred, django_assert_num_queries):
    compare(hundred, by=cast.staff)
    client = sign_in(cast.staff)
    client.get("/comparisons/")
    with CaptureQueriesContext(connection) as one:
        client.get("/comparisons/")
    for _ in range(4):
        compare(hundred, by=cast.staff)
    with django_assert_num_queries(len(one)):
        client.get("/comparisons/")


def test_one_alternative_is_no_comparison_and_forged_ones_are_refused(cast, hundred):
    client = sign_in(cast.staff)
    url = "/license-ids/LIC-1700/quote/"
    entry = open_form(client, url).fields | {"compare": [point(hundred, 100, 1)], "decision": ["LIC-1700"]}
    entry |= {"note": ["伝言"]}
    again = Page(send(client, f"{url}compare/", entry, action="compare LIC-1700"))
    assert (again.status, again.notices) == (422, ["A comparison has two to six alternatives. 1 are chosen."])
    assert again.fields["note"] == ["伝言"]
    again = Page(send(client, f"{url}compare/", entry | {"years": ["x"]}, action="compare"))
    assert again.notices == ["Put right what is marked in the form first, then make the comparison."]
    answer = client.post("/comparisons/make/", {"key": str(uuid.uuid4()), "alternative": ["forged", "x"]}, follow=True)
    assert "This page is no longer up to date." in Page(answer).messages[-1]
    assert Comparison.objects.count() == 0


def test_a_new_list_between_the_page_and_the_making_is_told(cast, hundred):
    found = wanted_of(hundred, ticks=[point(hundred, 100, 1), point(hundred, 80, 1)])
    publish_prices("改定", TODAY, by=cast.admin, percent=110)
    with pytest.raises(PriceChanged):
        make_comparison(
            key=uuid.uuid4(), licenseids=[load(hundred)], alternatives=found, by=cast.staff, now=NOW + timedelta(days=1)
        )
    assert fill(hundred).is_valid()
