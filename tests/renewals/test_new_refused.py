"""Bad input to the renewal form: the form again, everything said at once, what was typed kept, nothing written."""

import pytest

from quotes.models import Quote
from tests.cast import make_license_id
from tests.making import count_rows, holding_of
from tests.page import Page, open_form, send
from tests.quotes.answers import URL, kept, refuse
from tests.renewals.sheets import answer, refused


@pytest.mark.parametrize(
    ("years", "said"),
    [
        (["7"], [("term-out-of-range", "A renewal is for 1 to 6 years, not 7. Choose 1 to 6 years.")]),
        (["0"], [("term-out-of-range", "A renewal is for 1 to 6 years, not 0. Choose 1 to 6 years.")]),
        (["-1"], [("term-out-of-range", "A renewal is for 1 to 6 years, not -1. Choose 1 to 6 years.")]),
        (["７年"], [("term-out-of-range", "A renewal is for 1 to 6 years, not 7. Choose 1 to 6 years.")]),
        (
            ["1000000000000"],
            [
                (
                    "term-out-of-range",
                    "A renewal is for 1 to 6 years, not 1000000000000. Choose 1 to 6 years.",
                )
            ],
        ),
        (["two"], [("not_a_number", "“two” is not a whole number. Write it in digits, like 12.")]),
        (["1.5"], [("not_a_number", "“1.5” is not a whole number. Write it in digits, like 12.")]),
        ([""], [("required", "Choose the term.")]),
        (None, [("required", "Choose the term.")]),
        (["1", "2"], [("repeated-field", "This was sent more than once with different entries. Enter it once.")]),
    ],
)
def test_terms_that_are_none(cast, licenseid, years, said):
    form = refused(licenseid, {"years": years, "note": ["残す"]}, by=cast.staff)
    assert form.refusals == said
    assert form.total == "–"
    assert len(form.errors_of("years")) == 1
    assert form.stands("note") == "残す"


@pytest.mark.parametrize(
    ("years", "said"),
    [
        (["7"], ("term-out-of-range", "A renewal is for 1 to 6 years, not 7. Choose 1 to 6 years.")),
        (["two"], ("not_a_number", "“two” is not a whole number. Write it in digits, like 12.")),
        (None, ("required", "Choose the term.")),
    ],
)
def test_the_page_says_it_at_the_term_and_keeps_the_rest(desk, entry, years, said):
    """What the rules refuse, what the form cannot read, and what was not sent."""
    typed = entry | {"years": years, "note": ["残す"]}
    page = refuse(desk, typed)
    assert (page.refusals, page.total, len(page.errors_of("years"))) == ([said], "–", 1)
    assert kept(page, {name: value for name, value in typed.items() if name != "years"}) == {}


def test_terms_as_people_write_them(cast, licenseid):
    written = ["２", "２年", " 2 ", "02"]
    totals = {years: answer(licenseid, {"years": [years]}, by=cast.staff).total for years in written}
    assert totals == dict.fromkeys(written, "¥445,500")


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("46", "renewal-exceeds-held", "SMP-BS: 46 to renew, but only 45 are held."),
        ("1000000000000", "renewal-exceeds-held", "SMP-BS: 1,000,000,000,000 to renew, but only 45 are held."),
        ("-1", "quantity-negative", "The quantity of SMP-BS is -1."),
        ("▲３", "quantity-negative", "The quantity of SMP-BS is -3."),
        ("many", "not_a_number", "“many” is not a whole number. Write it in digits, like 12."),
        ("四十", "not_a_number", "“四十” is not a whole number. Write it in digits, like 12."),
        ("1.5", "not_a_number", "“1.5” is not a whole number. Write it in digits, like 12."),
        ("１．５", "not_a_number", "“１．５” is not a whole number. Write it in digits, like 12."),
        (
            "10000000000000000",
            "too_large",
            "“10000000000000000” is too large a number. Check how many digits it has.",
        ),
        ("<script>", "not_a_number", "“<script>” is not a whole number. Write it in digits, like 12."),
        ("1", "below-minimum", "SMP-BS: 1 is below the minimum of 2 at renewal."),
    ],
)
def test_quantities_that_cannot_be_renewed(cast, licenseid, typed, code, said):
    pk = holding_of(licenseid).pk
    form = refused(licenseid, {"is_reduced": ["on"], f"quantity-{pk}": [typed]}, by=cast.staff)
    assert code in form.codes
    assert form.errors_of(str(pk))[0] == said
    assert form.stands(f"quantity-{pk}") == typed


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("▲３", "quantity-negative", "The quantity of SMP-BS is -3."),
        ("<script>", "not_a_number", "“<script>” is not a whole number. Write it in digits, like 12."),
    ],
)
def test_the_page_says_it_at_the_quantity_and_keeps_it(desk, licenseid, entry, typed, code, said):
    """What the rules refuse, and what the form cannot read."""
    pk = holding_of(licenseid).pk
    sent = entry | {"is_reduced": ["on"], f"quantity-{pk}": [typed]}
    page = refuse(desk, sent)
    assert code in page.codes
    assert page.errors_of(str(pk))[0] == said
    assert kept(page, sent) == {}


def test_zero_everywhere_is_nothing_to_quote(desk, licenseid, entry):
    page = refuse(desk, entry | {"is_reduced": ["on"], f"quantity-{holding_of(licenseid).pk}": ["0"]})
    assert page.codes == ["nothing-to-quote"]
    page = refuse(desk, entry | {f"renew-{holding_of(licenseid).pk}": None})
    assert page.codes == ["nothing-to-quote"]


@pytest.mark.parametrize(
    ("product", "quantity", "code", "said"),
    [
        ("SMP-BS", "", "required", "Enter how many to add, 1 or more."),
        ("SMP-BS", "0", "required", "Enter how many to add, 1 or more."),
        ("", "5", "required", "Choose the product to add."),
        (
            "SMP-BS",
            "-5",
            "quantity-negative",
            "-5 cannot be added. Enter 1 or more; to reduce, use the reduced renewal above.",
        ),
        ("SMP-BS", "five", "not_a_number", "“five” is not a whole number. Write it in digits, like 12."),
        ("SMP-BS", "10000000", "too-many", "At most 9,999,999 can be added at once."),
        ("SMP-BS", "1000000000000", "too-many", "At most 9,999,999 can be added at once."),
        ("SMP-XX", "5", "unknown-product", "There is no product “SMP-XX”. Choose one from the list."),
        ("' OR 1=1 --", "5", "unknown-product", "There is no product “' OR 1=1 --”. Choose one from the list."),
        ("smp-bs", "5", "unknown-product", "There is no product “smp-bs”. Choose one from the list."),
    ],
)
def test_additions_that_are_none(cast, licenseid, product, quantity, code, said):
    added = {"addition-0-product": [product], "addition-0-quantity": [quantity]}
    form = refused(licenseid, added, by=cast.staff)
    assert code in form.codes
    assert said in form.errors_of("addition-0")
    assert form.stands("addition-0-quantity") == quantity


def test_the_page_says_it_at_the_addition_and_keeps_it(desk, entry):
    page = refuse(desk, entry | {"addition-0-product": ["SMP-XX"], "addition-0-quantity": ["five"]})
    assert {"unknown-product", "not_a_number"} <= set(page.codes)
    assert page.errors_of("addition-0") == [
        "There is no product “SMP-XX”. Choose one from the list.",
        "“five” is not a whole number. Write it in digits, like 12.",
    ]
    assert page.fields["addition-0-quantity"] == ["five"]


def test_the_same_product_added_twice(desk, entry):
    rows = {f"addition-{n}-product": ["SMP-AO"] for n in (0, 1)} | {f"addition-{n}-quantity": ["5"] for n in (0, 1)}
    page = refuse(desk, entry | rows)
    assert page.codes == ["addition-repeated"]
    assert (
        page.errors_of("addition-0")
        == page.errors_of("addition-1")
        == ["SMP-AO stands more than once among the additions."]
    )
    assert kept(page, entry | rows) == {}


def test_more_additions_than_there_are_rows(desk, entry):
    rows = {f"addition-{n}-product": ["SMP-AO"] for n in range(21)} | {
        f"addition-{n}-quantity": ["5"] for n in range(21)
    }
    page = refuse(desk, entry | rows)
    assert [said for code, said in page.refusals if code == "unknown-field"] == [
        "The entry “addition-20-product” does not belong to this form. Open the license ID again.",
        "The entry “addition-20-quantity” does not belong to this form. Open the license ID again.",
    ]


NULL = "null_characters_not_allowed"


@pytest.mark.parametrize(
    ("forged", "codes"),
    [
        ({"total": ["1"]}, ["unknown-field"]),
        ({"renew-999999": ["on"]}, ["unknown-field"]),
        ({"renew-": ["on"], "quantity-1; DROP TABLE": ["1"]}, ["unknown-field", "unknown-field"]),
        ({"addition-0-price": ["1"]}, ["unknown-field"]),
        ({"addition-99-product": ["SMP-BS"]}, ["unknown-field"]),
        ({"subject": ["a", "b"]}, ["repeated-field"]),
        ({"years": ["1", "1"]}, ["repeated-field"]),
        ({"note": ["a", "b"], "is_reduced": ["on", "on"]}, ["repeated-field", "repeated-field"]),
        ({"subject": ["a\x00b"]}, [NULL]),
        ({"note": ["a\x00b"]}, [NULL]),
        ({"years": ["1\x00"]}, [NULL]),
        ({"held": ["a\x00"]}, [NULL, "holdings-changed"]),
        ({"nu\x00ll": ["1"]}, ["unknown-field"]),
        ({"key": ["1\x00"]}, ["invalid"]),
        ({"addition-0-product": ["SMP\x00BS"], "addition-0-quantity": ["5"]}, [NULL]),
    ],
)
def test_what_the_form_never_sends_is_forged(cast, licenseid, forged, codes):
    form = refused(licenseid, {"note": ["残す"]} | forged, by=cast.staff)
    assert form.codes == codes
    assert form.form.is_forged or "key" not in form.form.cleaned_data, "neither issued nor saved"


@pytest.mark.parametrize("action", ["issue", "save"])
@pytest.mark.parametrize(
    ("forged", "codes"),
    [
        ({"renew-": ["on"], "quantity-1; DROP TABLE": ["1"]}, ["unknown-field", "unknown-field"]),
        ({"note": ["a", "b"], "is_reduced": ["on", "on"]}, ["repeated-field", "repeated-field"]),
        ({"held": ["a\x00"]}, [NULL, "holdings-changed"]),
        ({"nu\x00ll": ["1"]}, ["unknown-field"]),
        ({"key": ["1\x00"]}, ["invalid"]),
    ],
)
def test_what_the_form_never_sends_is_neither_issued_nor_saved(desk, entry, forged, codes, action):
    typed = entry | {"note": ["残す"]} | forged
    page = refuse(desk, typed, action=action)
    assert page.codes == codes
    assert kept(page, {name: value for name, value in typed.items() if name not in forged}) == {}


def test_the_preview_bears_what_the_form_never_sends(desk, entry):
    forged = entry | {"addition-0-product": ["SMP\x00BS"], "addition-0-quantity": ["\x00"], "x\x00": ["\x00"]}
    for action in ("", "add-row"):
        assert send(desk, f"{URL}preview/", forged, action).status_code == 200
    assert count_rows()["QuoteDraft"] == 0


def test_another_license_ids_holding_cannot_be_quoted(cast, desk, entry):
    foreign = make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 500))
    own = make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 500))
    for other in (foreign, own):
        pk = holding_of(other).pk
        page = refuse(desk, entry | {f"renew-{pk}": ["on"], f"quantity-{pk}": ["500"]})
        assert page.codes == ["unknown-field", "unknown-field"]
        assert "500" not in page.lines


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("", "Enter the subject of the quote."),
        ("　", "Enter the subject of the quote."),
        ("件" * 101, "Ensure this value has at most 100 characters (it has 101)."),
    ],
)
def test_subjects_that_are_none(cast, licenseid, subject, said):
    form = refused(licenseid, {"subject": [subject]}, by=cast.staff)
    assert form.errors_of("subject") == [said]
    assert form.stands("subject") == subject


def test_texts_that_are_too_long_stay_on_the_page(desk, entry):
    typed = entry | {"subject": ["件" * 101], "note": ["注" * 1001]}
    page = refuse(desk, typed)
    assert page.errors_of("subject") == ["Ensure this value has at most 100 characters (it has 101)."]
    assert page.errors_of("note") == ["Ensure this value has at most 1000 characters (it has 1001)."]
    assert kept(page, typed) == {}


@pytest.mark.parametrize("key", ["", "1", "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz", None])
def test_a_key_that_is_none(cast, licenseid, key):
    form = refused(licenseid, {"key": key}, by=cast.staff)
    assert "key" in form.form.errors
    assert "key" not in form.form.cleaned_data, "neither issued nor saved"


@pytest.mark.parametrize("action", ["issue", "save"])
def test_without_its_key_the_form_is_shown_again(desk, entry, action):
    assert refuse(desk, entry | {"key": None}, action=action).refusals


def test_everything_wrong_is_said_at_once(cast, desk):
    licenseid = make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 45), ("SMP-IW", 25), ("SMP-AO", 50))
    url = "/license-ids/LIC-1002/quote/"
    bs, iw, ao = (holding_of(licenseid, code).pk for code in ("SMP-BS", "SMP-IW", "SMP-AO"))
    typed = open_form(desk, url).fields | {
        "years": ["7"],
        "is_reduced": ["on"],
        f"quantity-{bs}": ["50"],
        f"quantity-{iw}": ["20"],
        f"quantity-{ao}": ["ten"],
        "addition-0-product": ["SMP-DS"],
        "addition-0-quantity": ["-2"],
        "addition-1-product": ["SMP-XX"],
        "addition-1-quantity": ["1"],
        "subject": [""],
        "note": ["そのまま"],
        "forged": ["1"],
    }
    page = refuse(desk, typed, url)
    assert sorted(page.codes) == [
        "below-minimum",
        "not_a_number",
        "quantity-negative",
        "renewal-exceeds-held",
        "required",
        "term-out-of-range",
        "unknown-field",
        "unknown-product",
    ]
    assert page.errors_of(str(bs)) == ["SMP-BS: 50 to renew, but only 45 are held."]
    assert page.errors_of(str(iw)) == ["SMP-IW: 20 is below the minimum of 25 at renewal."]
    assert page.errors_of(str(ao)) == ["“ten” is not a whole number. Write it in digits, like 12."]
    assert set(kept(page, typed)) == {"years", "forged", "addition-1-product"}
    assert "“SMP-XX”" in page.text


def test_holdings_that_changed_since_the_page_was_opened(desk, licenseid, entry):
    licenseid.holdings.update(quantity=40)
    said = "The holdings of this license ID have changed since this page was opened."
    page = refuse(desk, entry)
    assert page.codes == ["holdings-changed"]
    assert page.refusals[0][1].startswith(said)
    pk = holding_of(licenseid).pk
    assert page.fields["held"] == [f"{pk}:40"]
    page = Page(send(desk, URL, page.fields, "calculate"))
    assert (page.refusals, page.total) == ([], "¥198,000")
    send(desk, URL, page.fields, "issue")
    assert Quote.objects.get().lines.get().quantity == 40


def test_a_holding_that_is_gone_since_the_page_was_opened(cast, desk):
    licenseid = make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 45), ("SMP-AO", 50))
    url = "/license-ids/LIC-1002/quote/"
    typed = open_form(desk, url).fields
    holding_of(licenseid, "SMP-AO").delete()
    page = refuse(desk, typed, url)
    assert "holdings-changed" in page.codes
    page = Page(send(desk, url, page.fields, "calculate"))
    assert (page.refusals, page.total) == ([], "¥222,750")
