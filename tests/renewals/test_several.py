"""Several license IDs in one form (R18): how they come in, what the page shows, and what is never shown."""

import json
import re
from urllib.parse import unquote

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from licensing.models import LicenseID
from quotes.models import Quote
from renewals.form.forms import RenewalForm
from renewals.models import QuoteDraft
from tests.cast import PASSWORD, TODAY, Cast, make_license_id, sign_in
from tests.making import everything_written, issue_several, load
from tests.page import Page, open_form, send

URL = "/license-ids/LIC-1/quote/"


@pytest.fixture
def three(cast: Cast) -> list[LicenseID]:
    return [
        make_license_id(cast.customer, "LIC-1", ("SMP-AO", 40)),
        make_license_id(cast.customer, "LIC-2", ("SMP-AO", 20)),
        make_license_id(cast.customer, "LIC-3", ("SMP-BS", 45)),
    ]


def test_e12_each_is_priced_alone_and_taxed_together(desk, three):
    page = open_form(desk, f"{URL}?with=LIC-2&with=LIC-2")
    assert page.fields["with"] == ["LIC-2"]
    assert (page.total, page.sums["Subtotal (10 % tax)"]) == ("¥475,200", "¥432,000")
    assert page.by_id(f"part-{three[1].pk}-head").text().endswith("¥144,000 tax excluded")
    assert page.by_id("all-years-2").text() == "2 years ¥950,400"
    assert "License IDs 2 license IDs Programme" in page.by_id("quote-form").text()
    asked = {e["data-hx-post"] for e in page.all(lambda element: bool(element["data-hx-post"]))}
    named = {f"{URL}{what}/" for what in ("preview", "change", "decision")}
    assert asked == named, "the form's names are those of its first license ID"


def test_one_license_id_sends_what_it_always_sent(desk, three):
    page = open_form(desk, URL)
    assert not any(name == "with" or name[0].isdigit() for name in page.fields)
    assert not page.has_id("all-years")
    assert page.total == "¥316,800"


def test_another_comes_in_with_one_press_and_nothing_typed_is_lost(desk, three):
    entry = open_form(desk, URL).fields | {"note": ["備考"], "years": ["2"]}
    page = Page(send(desk, URL, entry, "with LIC-3"))
    assert (page.status, page.fields["with"], page.fields["note"], page.fields["years"]) == (
        200,
        ["LIC-3"],
        ["備考"],
        ["2"],
    )
    assert page.fields["subject"] == ["ライセンス更新（LIC-1 ほか1件）"]
    typed = page.fields | {"subject": ["件名"]}
    page = Page(send(desk, URL, typed, "with LIC-2"))
    assert (page.fields["with"], page.fields["subject"]) == (["LIC-3", "LIC-2"], ["件名"])
    assert page.codes == []


def test_the_subject_names_what_is_quoted_until_somebody_types_another(desk, three):
    entry = open_form(desk, f"{URL}?with=LIC-2&with=LIC-3").fields
    assert entry["subject"] == ["ライセンス更新（LIC-1 ほか2件）"]

    first, *further = [(load(one), list(one.holdings.all())) for one in three]

    def subject_after(typed: dict[str, list[str]]) -> list[str]:
        data = QueryDict(mutable=True)
        for name, texts in (entry | typed).items():
            data.setlist(name, texts)
        form = RenewalForm(data, licenseid=first[0], holdings=first[1], further=further, on=TODAY)
        return [form.followed_subject() or data["subject"]]

    third, second = ({f"{one.pk}-left_out": ["on"]} for one in (three[2], three[1]))
    fewer = {**third, **second}
    assert subject_after(third) == ["ライセンス更新（LIC-1 ほか1件）"]
    assert Page(send(desk, URL, entry | third, "calculate")).fields["subject"] == subject_after(third)
    assert subject_after(fewer) == ["ライセンス更新（LIC-1）"]
    assert subject_after({"left_out": ["on"]}) == ["ライセンス更新（LIC-2 ほか1件）"]
    assert subject_after({"subject": ["ライセンス更新（LIC-1）"]}) == ["ライセンス更新（LIC-1 ほか2件）"]
    english = {"subject": ["Renewal of licenses (LIC-1 and 2 more)"]}
    assert subject_after({**third, **english}) == ["Renewal of licenses (LIC-1 and 1 more)"]
    for own in ("2027年度の更新", "ライセンス更新（LIC-1 ほか3件）", "ライセンス更新（LIC-1 ほか2件）です"):
        assert subject_after({**third, "subject": [own]}) == [own]
    answer = send(desk, f"{URL}preview/", entry | third)
    assert json.loads(answer["HX-Trigger"]) == {
        "portal:subject": {"before": "ライセンス更新（LIC-1 ほか2件）", "after": "ライセンス更新（LIC-1 ほか1件）"}
    }
    assert "HX-Trigger" not in send(desk, f"{URL}preview/", entry).headers


def test_four_and_more_have_no_row_for_additions_until_it_is_asked_for(desk, cast, three):
    make_license_id(cast.customer, "LIC-4", ("SMP-AO", 20))
    page = open_form(desk, f"{URL}?with=LIC-2&with=LIC-3&with=LIC-4")
    assert not any("addition" in name for name in page.fields)
    number = three[1].pk
    typed = Page(send(desk, URL, page.fields, f"{number}-add-row")).fields
    assert {name for name in typed if "addition" in name} == {
        f"{number}-addition-0-product", f"{number}-addition-0-quantity", f"{number}-addition-0-offered",
    }  # fmt: skip
    row = Page(send(desk, f"{URL}change/", page.fields, f"{number}-add-row"))
    assert row.by_id(f"id_{number}-addition-0-product")["autofocus"] == ""
    typed |= {f"{number}-addition-0-product": ["SMP-AO"], f"{number}-addition-0-quantity": ["2"]}
    emptied = Page(send(desk, URL, typed, f"{number}-remove-0"))
    assert emptied.codes == []
    assert emptied.fields[f"{number}-addition-0-product"] == [""]


def test_one_term_for_all_with_one_press(desk, three):
    entry = open_form(desk, f"{URL}?with=LIC-2&with=LIC-3").fields
    page = Page(send(desk, URL, entry, "all-years 3"))
    years = [page.fields[name] for name in ("years", f"{three[1].pk}-years", f"{three[2].pk}-years")]
    assert (years, page.total) == ([["3"]] * 3, "¥2,093,850")
    answer = send(desk, f"{URL}change/", entry, "all-years 3")
    assert json.loads(answer["HX-Trigger"])["portal:fields"] == {
        "years": "3", f"{three[1].pk}-years": "3", f"{three[2].pk}-years": "3",
    }  # fmt: skip
    assert Page(answer).total == "¥2,093,850"


def test_a_problem_names_its_license_id_and_is_cured_in_its_block(desk, three):
    number, held = three[1].pk, three[1].holdings.get().pk
    entry = open_form(desk, f"{URL}?with=LIC-2").fields
    entry |= {f"{number}-is_reduced": ["on"], f"quantity-{held}": ["25"]}
    page = Page(send(desk, URL, entry, "calculate"))
    [button] = [one for one in page.by_id("refusals").walk() if one.tag == "button"]
    [(code, said)] = page.refusals
    assert (code, said[:5]) == ("renewal-exceeds-held", "LIC-2")
    page = Page(send(desk, URL, entry, button["value"]))
    assert page.codes == []
    added = (page.fields[f"{number}-addition-0-product"], page.fields[f"{number}-addition-0-quantity"])
    assert added == (["SMP-AO"], ["5"])


@pytest.mark.parametrize("code", ["LIC-9", "LIC-B", "LIC-E"])
def test_what_is_not_this_customers_is_never_let_in(desk, cast, three, code):
    """Of nobody, of another reseller, of another customer of the same reseller: all are answered alike."""
    make_license_id(cast.foreign_customer, "LIC-B", ("SMP-BS", 45))
    make_license_id(cast.english_customer, "LIC-E", ("SMP-BS", 45))
    assert desk.get(f"{URL}?with={code}").status_code == 404
    before = everything_written()
    entry = open_form(desk, URL).fields
    for typed, action in ((entry | {"with": [code]}, "issue"), (entry, f"with {code}")):
        page = Page(send(desk, URL, typed, action))
        assert "with" not in page.fields
        said = f"{code} is not among this customer’s license IDs any more, so it is not in this quote."
        assert ("license-id-gone", said) in [(one, text) for one, text in page.refusals]
    assert everything_written() == before


def test_together_leads_to_the_form_or_says_why_not(desk, cast, three):
    make_license_id(cast.english_customer, "LIC-E", ("SMP-BS", 45))
    make_license_id(cast.foreign_customer, "LIC-B", ("SMP-BS", 45))
    go = "/quote-together/?license_id=LIC-1&license_id="
    assert desk.get(f"{go}LIC-2&license_id=LIC-3")["Location"] == f"{URL}?with=LIC-2&with=LIC-3"
    assert desk.get(f"{go}LIC-B").status_code == desk.get(f"{go}LIC-9").status_code == 404
    page = Page(desk.get(f"{go}LIC-E", follow=True))
    assert page.messages == ["A quote is for one customer. Tick license IDs of one customer only."]
    answer = desk.get(f"/quote-together/?customer={cast.customer.pk}", follow=True)
    assert answer.redirect_chain[-1][0] == f"/customers/{cast.customer.pk}/"
    assert Page(answer).messages == ["Tick the license IDs that the quote is for."]


def test_a_draft_gives_back_all_of_them_also_what_is_left_out(desk, cast, three):
    entry = open_form(desk, f"{URL}?with=LIC-2&with=LIC-3").fields
    entry |= {f"{three[1].pk}-left_out": ["on"], f"{three[1].pk}-years": ["5"], f"{three[2].pk}-years": ["2"]}
    address = send(desk, URL, entry, "save")["Location"]
    draft = QuoteDraft.objects.get()
    assert list(draft.parts.values_list("licenseid__code", flat=True)) == ["LIC-1", "LIC-2", "LIC-3"]
    assert [part["license_id"] for part in draft.asked["parts"]] == ["LIC-1", "LIC-3"]
    page = open_form(desk, address)
    of_page = {"csrfmiddlewaretoken", "seen_total", "page", "subject"}
    assert {
        name: texts for name, texts in entry.items() if page.fields.get(name) != texts and name not in of_page
    } == {}
    assert page.fields[f"{three[1].pk}-left_out"] == ["on"]
    assert page.fields["subject"] == ["ライセンス更新（LIC-1 ほか1件）"]
    assert sign_in(cast.colleague).get(address).status_code == 200


def test_what_went_to_another_customer_is_dropped_from_a_draft_and_told(desk, cast, three):
    entry = open_form(desk, f"{URL}?with=LIC-2&with=LIC-3").fields | {f"{three[1].pk}-years": ["4"]}
    address = send(desk, URL, entry, "save")["Location"]
    LicenseID.objects.filter(code="LIC-1").update(customer=cast.foreign_customer)
    page = open_form(desk, address)
    assert page.notices[0] == "LIC-1 is not among this customer’s license IDs any more, so it is not in this quote."
    assert (page.fields["years"], page.fields["with"]) == (["4"], ["LIC-3"])
    typed = page.fields | {"note": ["続き"]}
    assert send(desk, address, typed, "save")["Location"] == address
    draft = QuoteDraft.objects.get()
    assert [part["license_id"] for part in draft.asked["parts"]] == ["LIC-2", "LIC-3"]
    assert draft.asked["note"] == "続き"
    LicenseID.objects.update(customer=cast.foreign_customer)
    answer = desk.get(address, follow=True)
    assert Page(answer).messages[-1:] == ["None of the license IDs of this draft is this customer’s any more."]


def test_a_page_whose_first_license_id_went_keeps_what_was_typed_for_the_others(desk, cast, three):
    address = send(desk, URL, open_form(desk, f"{URL}?with=LIC-2").fields, "save")["Location"]
    typed = open_form(desk, address).fields | {f"{three[1].pk}-years": ["5"]}
    LicenseID.objects.filter(code="LIC-1").update(customer=cast.foreign_customer)
    page = Page(send(desk, address, typed, "calculate"))
    assert (page.status, page.fields["years"], page.codes) == (200, ["5"], ["license-id-gone"])


def test_a_warning_is_read_for_each_license_id_and_the_quote_has_all_parts(desk, cast, three):
    first, second = three[0].holdings.get().pk, three[1].pk
    entry = open_form(desk, f"{URL}?with=LIC-2&with=LIC-3").fields
    add = {f"{second}-addition-0-product": ["SMP-AO"], f"{second}-addition-0-quantity": ["10"]}
    entry |= add | {"is_reduced": ["on"], f"quantity-{first}": ["30"]}
    page = Page(send(desk, URL, entry, "calculate"))
    assert page.codes == []
    for name in [name for name in page.fields if name.endswith("seen_warnings")]:
        codes = [pair.split(":")[0] for pair in page.fields[name][0].split()]
        page.fields[name.replace("seen_warnings", "acknowledge")] = codes
    answer = send(desk, URL, page.fields, "issue")
    quote = Quote.objects.get()
    assert answer["Location"] == f"/quotes/{quote.key}/"
    assert [part.license_code for part in quote.parts.order_by("position")] == ["LIC-1", "LIC-2", "LIC-3"]
    assert f"¥{quote.total:,}" == page.total


def test_the_answer_of_the_preview_swaps_only_what_changed(desk, three):
    """The pieces that are different; all of them only for a page that does not tell what it shows."""
    licenseid = make_license_id(three[0].customer, "LIC-4", ("SMP-CC", 100), ("SMP-IM", 30))
    url = "/license-ids/LIC-4/quote/"
    page = open_form(desk, url)
    [figures] = page.all(lambda element: element.has_class("figures"))
    held = licenseid.holdings.get(product__code="SMP-CC").pk
    typed = page.fields | {"shown": [figures["data-shown"]]}
    whole = send(desk, f"{url}preview/", page.fields).content.decode().count("hx-swap-oob")
    same = send(desk, f"{url}preview/", typed).content.decode()
    years = send(desk, f"{url}preview/", typed | {"years": ["3"]}).content.decode()
    fewer = typed | {"is_reduced": ["on"], f"quantity-{held}": ["99"]}
    quantity = send(desk, f"{url}preview/", fewer).content.decode()
    counts = [answer.count("hx-swap-oob") for answer in (same, years, quantity)]
    assert (whole, counts) == (38, [0, 2, 5])


def test_many_license_ids_take_no_more_queries_than_two(desk, cast, three, django_assert_num_queries):
    codes = [make_license_id(cast.customer, f"LIC-M{number}", ("SMP-AO", 20)).code for number in range(8)]
    desk.get(URL)  # what is read once is read
    with CaptureQueriesContext(connection) as two:
        desk.get(f"{URL}?with=LIC-2")
    with django_assert_num_queries(len(two)):
        page = open_form(desk, f"{URL}?with={'&with='.join(codes)}")
    assert len(page.fields["with"]) == 8


def test_a_draft_follows_its_license_ids_to_another_customer_of_the_reseller(desk, cast, three):
    entry = open_form(desk, f"{URL}?with=LIC-2&with=LIC-3").fields | {f"{three[2].pk}-years": ["2"]}
    address = send(desk, URL, entry, "save")["Location"]
    LicenseID.objects.filter(code="LIC-2").update(customer=cast.foreign_customer)
    LicenseID.objects.filter(code__in=["LIC-1", "LIC-3"]).update(customer=cast.english_customer)
    page = open_form(desk, address)
    assert page.notices[0] == "LIC-2 is not among this customer’s license IDs any more, so it is not in this quote."
    assert (page.fields["with"], page.fields[f"{three[2].pk}-years"]) == (["LIC-3"], ["2"])
    assert cast.english_customer.name in page.text
    assert send(desk, address, page.fields | {"note": ["続き"]}, "save")["Location"] == address
    assert QuoteDraft.objects.get().customer == cast.english_customer
    assert send(desk, address, open_form(desk, address).fields, "issue").status_code == 302
    assert Quote.objects.get().customer == cast.english_customer


def test_what_was_typed_for_several_waits_for_the_log_in(desk, cast, three):
    entry = open_form(desk, f"{URL}?with=LIC-2").fields
    entry |= {"note": ["備考"], f"{three[1].pk}-years": ["5"]}
    Session.objects.all().delete()
    back = send(desk, URL, entry, "issue").url
    desk.post("/accounts/login/", {"login": cast.staff.email, "password": PASSWORD})
    page = open_form(desk, unquote(back.partition("next=")[2]))
    assert page.notices == ["You had typed this when your session ended."]
    assert (page.fields["with"], page.fields["note"], page.fields[f"{three[1].pk}-years"]) == (
        ["LIC-2"],
        ["備考"],
        ["5"],
    )
    assert (Quote.objects.count(), QuoteDraft.objects.count()) == (0, 0)


def test_a_new_quote_begins_with_all_license_ids_of_the_quote(desk, cast, three):
    quote = issue_several(three[0], three[2], by=cast.staff)
    [link] = open_form(desk, f"/quotes/{quote.key}/").all(lambda e: e["aria-describedby"] == "about-new")
    assert link["href"] == f"{URL}?with=LIC-3"
    assert "what the license IDs hold today" in open_form(desk, f"/quotes/{quote.key}/").text


def test_license_ids_are_ticked_on_the_list_of_expiries(desk, three):
    page = open_form(desk, "/?due=all")
    ticks = page.all(lambda e: e.tag == "input" and e["name"] == "row")
    assert {tick["form"] for tick in ticks} == {"desk"}
    rows = [tick["value"] for tick in ticks]
    assert len(rows) == 3
    answer = desk.post("/renewals/act/", {"act": "quote", "row": rows[:2]})
    assert re.fullmatch(r"/quote-together/\?license_id=LIC-\d&license_id=LIC-\d", answer["Location"])
    answer = desk.get("/quote-together/?license_id=LIC-3&license_id=LIC-1")
    assert answer["Location"] == "/license-ids/LIC-3/quote/?with=LIC-1"
