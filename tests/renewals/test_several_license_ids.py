"""One quote over several license IDs, issued: record, paper, pages, search, revision; and what changes hands."""

import uuid
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licensing.models import Customer, LicenseID
from quotes.archive.verification import Report, verify_records
from quotes.customers.visits import Visitor, record_view
from quotes.models import Quote
from quotes.record.refusals import CustomerMoved
from renewals.golden.operations import keep_as_golden_cases
from renewals.issue.operations import issue
from renewals.refusals import NotAcknowledged, QuoteRefused
from renewals.revisions.operations import begin_revision, duplicate
from tests.cast import NOW, make_license_id, sign_in
from tests.making import ask_several, everything_written, holding_of, issue_quote, issue_several, load
from tests.page import open_form
from tests.quotes.paper.reading import join, read_text

pytestmark = pytest.mark.django_db


def figures(quote: Quote) -> tuple[list[tuple[str, int, int]], int, int, int]:
    parts = [(part.license_code, part.years, part.subtotal) for part in quote.parts.order_by("position")]
    return parts, quote.subtotal, quote.tax, quote.total


def pages_of(quote: Quote, cast) -> list[str]:
    """What staff and the customer read of it, and its paper; without spaces."""
    record_view(quote=quote, visitor=Visitor(user=cast.contact), now=NOW)
    return [
        join(open_form(sign_in(cast.staff), f"/quotes/{quote.key}/").by_id("main").text()),
        join(open_form(sign_in(cast.contact), f"/received/{quote.key}/").by_id("main").text()),
        join(read_text(bytes(quote.pdf.content))),
    ]


def test_e12_each_license_id_is_ranked_alone_and_tax_is_on_the_sum(cast):
    """40 and 20 together would be rank B; each alone is rank A."""
    first = make_license_id(cast.customer, "LIC-1201", ("SMP-AO", 40))
    second = make_license_id(cast.customer, "LIC-1202", ("SMP-AO", 20))
    quote = issue_several(first, second, by=cast.staff)
    assert figures(quote) == ([("LIC-1201", 1, 288_000), ("LIC-1202", 1, 144_000)], 432_000, 43_200, 475_200)
    lines = quote.lines.order_by("position").values_list("position", "part__license_code", "rank", "amount")
    assert list(lines) == [(1, "LIC-1201", "A", 288_000), (2, "LIC-1202", "A", 144_000)]
    for text in pages_of(quote, cast):
        for figure in ("288,000", "144,000", "432,000", "43,200", "475,200", "LIC-1201", "LIC-1202"):
            assert figure in text
    assert list(verify_records(report=Report())) == []


def test_e13_tax_is_rounded_once_for_the_whole_quote(cast):
    first = make_license_id(cast.customer, "LIC-1301", ("SMP-WM", 11))
    second = make_license_id(cast.customer, "LIC-1302", ("SMP-WM", 11))
    years = {code: {"years": "3"} for code in ("LIC-1301", "LIC-1302")}
    quote = issue_several(first, second, by=cast.staff, changes=years)
    assert figures(quote) == ([("LIC-1301", 3, 93_508), ("LIC-1302", 3, 93_508)], 187_016, 18_701, 205_717)
    for text in pages_of(quote, cast):
        for figure in ("93,508", "187,016", "18,701", "205,717"):
            assert figure in text


def test_each_has_its_own_term_and_is_found_and_linked(cast, desk):
    first = make_license_id(cast.customer, "LIC-1401", ("SMP-BS", 45))
    second = make_license_id(cast.customer, "LIC-1402", ("SMP-BS", 45))
    quote = issue_several(first, second, by=cast.staff, changes={"LIC-1402": {"years": "2"}})
    assert [row[1] for row in figures(quote)[0]] == [1, 2]
    for code in ("LIC-1401", "lic1402"):
        for address in (f"/quotes/?q={code}", f"/records/?license_id={code}"):
            assert "Q2701-0001-00" in open_form(desk, address).by_id("main").text()
    page = open_form(desk, f"/quotes/{quote.key}/").by_id("main")
    links = {e["href"] for e in page.walk() if e.tag == "a"}
    assert {"/license-ids/LIC-1401/", "/license-ids/LIC-1402/"} <= links
    for code in ("LIC-1401", "LIC-1402"):
        assert "Q2701-0001-00" in open_form(desk, f"/license-ids/{code}/").text


def test_a_warning_is_ticked_for_its_license_id(cast, desk):
    one, two = (make_license_id(cast.customer, f"LIC-150{n}", ("SMP-CC", 100)) for n in (1, 2))
    changes = {
        one.code: {"is_reduced": "on", f"quantity-{holding_of(one).pk}": "99"},
        two.code: {"is_reduced": "on", f"quantity-{holding_of(two).pk}": "99"},
    }
    before = everything_written()
    with pytest.raises(NotAcknowledged) as refused:
        issue_several(one, two, by=cast.staff, changes=changes, acknowledged=[("LIC-1501", "reduction-does-not-save")])
    assert [(each.license_id, each.problem.code) for each in refused.value.warnings] == [
        ("LIC-1502", "reduction-does-not-save")
    ]
    assert everything_written() == before
    ticked = [(code, "reduction-does-not-save") for code in ("LIC-1501", "LIC-1502")]
    quote = issue_several(one, two, by=cast.staff, changes=changes, acknowledged=ticked)
    assert [each["license_id"] for each in quote.acknowledged] == ["LIC-1501", "LIC-1502"]
    notices = [e.text() for e in open_form(desk, f"/quotes/{quote.key}/").by_id("main").walk() if e.has_class("notice")]
    assert [text.split()[0] for text in notices if "215,820" in text] == ["LIC-1501", "LIC-1502"]


def test_one_license_id_that_cannot_be_quoted_refuses_the_whole(cast):
    one = make_license_id(cast.customer, "LIC-1601", ("SMP-BS", 45))
    two = make_license_id(cast.customer, "LIC-1602", ("SMP-BS", 45))
    with pytest.raises(QuoteRefused) as refused:
        issue_several(one, two, by=cast.staff, changes={"LIC-1602": {"years": "7"}})
    assert [(each.license_id, each.problem.code) for each in refused.value.calculation.pricing.refusals] == [
        ("LIC-1602", "term-out-of-range")
    ]
    assert not Quote.objects.exists()


def test_license_ids_of_two_customers_are_no_quote(cast):
    one = make_license_id(cast.customer, "LIC-1701", ("SMP-BS", 45))
    two = make_license_id(cast.english_customer, "LIC-1702", ("SMP-BS", 45))
    with pytest.raises(ValueError, match="one customer"):
        issue_several(one, two, by=cast.staff)
    assert not Quote.objects.exists()


def test_a_revision_is_refused_when_one_license_id_has_changed_hands(cast, desk):
    one = make_license_id(cast.customer, "LIC-1801", ("SMP-BS", 45))
    two = make_license_id(cast.customer, "LIC-1802", ("SMP-BS", 45))
    quote = issue_several(one, two, by=cast.staff)
    draft, _new = begin_revision(quote=quote, by=cast.staff, now=NOW)
    other = Customer.objects.create(reseller=cast.minato, name="移管先株式会社")
    LicenseID.objects.filter(pk=two.pk).update(customer=other)
    before = everything_written()
    with pytest.raises(CustomerMoved):
        begin_revision(quote=quote, by=cast.staff, now=NOW)
    asked = ask_several(one, two)
    with pytest.raises(CustomerMoved):
        issue(
            key=draft.key, licenseids=[load(one), load(two)], asked=replace(asked, subject="x"), acknowledged=[],
            seen_total=None, issued_by=cast.staff, now=NOW,
        )  # fmt: skip
    assert everything_written() == before
    answer = desk.post(f"/quotes/{quote.key}/revise/", follow=True)
    assert "the license ID LIC-1802 or its customer has come to somebody else" in answer.content.decode()
    links = {e["href"] for e in open_form(desk, f"/quotes/{quote.key}/").by_id("main").walk() if e.tag == "a"}
    assert "/license-ids/LIC-1801/" in links
    assert "/license-ids/LIC-1802/" not in links, "it is another reseller's by now"
    assert "LIC-1802" in open_form(desk, f"/quotes/{quote.key}/").text


def test_a_copy_and_a_revision_have_all_license_ids(cast):
    one = make_license_id(cast.customer, "LIC-1901", ("SMP-BS", 45))
    two = make_license_id(cast.customer, "LIC-1902", ("SMP-BS", 20))
    quote = issue_several(two, one, by=cast.staff)
    draft, _new = begin_revision(quote=quote, by=cast.staff, now=NOW)
    copy = duplicate(quote=quote, key=uuid.uuid4(), by=cast.staff, now=NOW)
    for made in (draft, copy):
        assert list(made.parts.order_by("position").values_list("licenseid__code", flat=True)) == [
            "LIC-1902",
            "LIC-1901",
        ]
        assert [part["license_id"] for part in made.asked["parts"]] == ["LIC-1902", "LIC-1901"]
    new = issue_several(two, one, by=cast.staff, key=draft.key, changes={"LIC-1901": {"years": "2"}})
    assert (new.number, new.license_codes) == ("Q2701-0001-01", "LIC-1902 / LIC-1901")


def test_golden_cases_are_one_for_each_license_id(cast):
    one = make_license_id(cast.customer, "LIC-2001", ("SMP-AO", 40))
    two = make_license_id(cast.customer, "LIC-2002", ("SMP-AO", 20))
    quote = issue_several(one, two, by=cast.staff)
    cases, is_new = keep_as_golden_cases(quote=quote, by=cast.price_admin, now=NOW)
    assert ([case.name for case in cases], is_new) == (["Q2701-0001-00 LIC-2001", "Q2701-0001-00 LIC-2002"], True)
    assert keep_as_golden_cases(quote=quote, by=cast.price_admin, now=NOW) == (cases, False)


def test_the_pages_take_the_same_queries_for_one_license_id_and_for_thirty(cast, desk):
    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address).status_code == 200
        return len(queries)

    one = issue_quote(make_license_id(cast.customer, "LIC-2100", ("SMP-BS", 45)), by=cast.staff)
    addresses = ["/quotes/", "/records/", "/quotes/{}/"]
    count("/quotes/")
    few = [count(address.format(one.key)) for address in addresses]
    many = [make_license_id(cast.customer, f"LIC-22{n:02}", ("SMP-BS", 10)) for n in range(30)]
    quote = issue_several(*many, by=cast.staff)
    assert [count(address.format(quote.key)) for address in addresses] == few
