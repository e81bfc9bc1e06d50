"""A product that was given another code: what names the former one goes on to mean it."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from foundation.text.typed import half_width
from licensing.holdings.operations.works import load_catalogue
from licensing.holdings.reading import read_held
from licensing.models import FormerCode, Product
from licensing.operations.products import keep_former_code
from licensing.queries import license_ids_by_expiry, present_codes, products_by_code
from pricing.files.operations import load_products
from pricing.files.reading import read_prices
from pricing.golden.operations import calculate_case, check_golden_cases, keep_case
from pricing.loader import load_prices
from pricing.models import GoldenCase
from quotes.record.transitions import record_order
from renewals.asked import from_json
from renewals.calculation.calculate import calculate
from renewals.calculation.differences import compare_with_quote
from renewals.carrying_out.operations import carry_out, undo
from renewals.drafts.operations import save_draft
from renewals.issue.operations import issue
from renewals.revisions.operations import begin_revision, duplicate
from tests.cast import NOW, TODAY, make_license_id, sign_in
from tests.licensing.holdings.lists import HEAD, as_csv
from tests.licensing.test_admin_files import confirm, told, upload
from tests.licensing.test_confirmed import entry_of, mark, page_of
from tests.making import fill, holding_of, issue_quote, load, typed
from tests.pricing.files.workbooks import HEAD as PRICE_HEAD
from tests.pricing.files.workbooks import make_csv
from tests.pricing.golden_page import ADD, case_data
from tests.pricing.test_golden import ASKED


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def licenseid(cast):
    return make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))


def rename(old: str = "SMP-BS", new: str = "SMP-BZ") -> Product:
    product = Product.objects.get(code=old)
    product.code = new
    product.full_clean()
    product.save()
    keep_former_code(product=product, code=old)
    return product


def test_the_page_of_the_product_keeps_the_former_code_and_the_search_finds_it(cast, licenseid):
    desk, product = sign_in(cast.price_admin), cast.products["SMP-BS"]
    entry = entry_of(desk, product, code="SMP-BZ")
    asked = desk.post(page_of(product), entry)
    assert not FormerCode.objects.exists()
    assert desk.post(page_of(product), entry | {"confirmed": mark(asked)}).status_code == 302
    [former] = FormerCode.objects.all()
    assert (former.code, former.product.code) == ("SMP-BS", "SMP-BZ")
    assert 'value="SMP-BS"' in desk.get(page_of(product)).text
    assert [row.code for row in license_ids_by_expiry(cast.staff, on=TODAY, text="smpbs")] == ["LIC-1001"]


def test_prices_are_found_by_the_present_code_also_when_the_former_one_is_taken_away(cast):
    assert "SMP-BS" in load_prices(on=TODAY).tables.tables
    rename()
    FormerCode.objects.all().delete()
    prices = load_prices(on=TODAY).tables.tables
    assert ("SMP-BZ" in prices, "SMP-BS" in prices) == (True, False)


def test_no_code_is_two_products_and_one_that_comes_back_is_no_former_one(cast):
    product, other = rename(), cast.products["SMP-AO"]
    for code in ("SMP-BS", "smp-bs"):
        other.code = code
        with pytest.raises(ValidationError, match=f"{code} is a former code of SMP-BZ"):
            other.full_clean()
    for code in ("SMP-IM", "smp-im", "SMP-BS"):
        with pytest.raises(ValidationError):
            FormerCode(product=other, code=code).full_clean()
    rename("SMP-BZ", "SMP-BS")
    assert list(FormerCode.objects.values_list("code", "product")) == [("SMP-BZ", product.pk)]
    assert present_codes(["SMP-BS", "SMP-BZ", "NONE"]) == {"SMP-BZ": "SMP-BS"}
    assert {code: row.pk for code, row in products_by_code(["SMP-BZ", "SMP-BS", "NONE"]).items()} == {
        "SMP-BS": product.pk, "SMP-BZ": product.pk,
    }  # fmt: skip
    FormerCode.objects.create(product=product, code="SMP-IM")  # two at once: the present code counts
    assert products_by_code(["SMP-IM"])["SMP-IM"].code == "SMP-IM"
    assert present_codes(["SMP-IM"]) == {}


@pytest.mark.parametrize("code", ["SMP-BS", "ｓｍｐ－ｂｓ", "SMP-BS サンプル"])
def test_lists_of_holdings_are_told_the_code_of_now(cast, code):
    product = rename()
    row = ["株式会社青空商事", "L-1001", code, "10", "2027/3/31"]
    found = read_held(as_csv(HEAD, row), catalogue=load_catalogue())
    assert [(one.product.pk, one.is_wrong) for one in found.rows] == [(product.pk, False)]
    [remark] = [one for one in found.problems if one.row == 2]
    assert (remark.is_error, half_width(remark.value)) == (False, half_width(code))
    assert remark.reason == "This is a former code. The product’s code is SMP-BZ now."


def test_price_files_are_told_the_code_of_now_also_of_a_successor(cast):
    rename()
    rename("SMP-AO", "SMP-AX")
    content = make_csv(
        "smp-bs,1,A,1,,900,900,,", "SMP-AO,,,,,,,2027-03-31,SMP-BS", head=PRICE_HEAD + ",販売終了日,後継製品"
    )
    former = {"SMP-BS": "SMP-BZ", "SMP-AO": "SMP-AX"}
    found = read_prices(content, products=load_products(), before={}, former=former)
    assert found.error_count == 0
    assert ([*found.tables], {code: end.successor for code, end in found.ends.items()}) == (
        ["SMP-BZ"], {"SMP-AX": "SMP-BZ"},
    )  # fmt: skip
    reasons = [one.reason for one in found.problems if one.column and "former" in one.reason]
    assert reasons == [f"This is a former code. The product’s code is {code} now." for code in ("SMP-BZ", "SMP-AX")]


def test_a_file_of_products_means_the_product(cast):
    rename()
    desk = sign_in(cast.admin, language="ja")
    page = upload(desk, Product, "製品コード,製品名\r\nsmp-bs,新\r\n".replace("smp-bs", "SMP-BS"))
    assert told(page) == []
    confirm(desk, Product, page)
    assert Product.objects.get(code="SMP-BZ").name == "新"
    assert not Product.objects.filter(code="SMP-BS").exists()
    twice = upload(desk, Product, "製品コード,製品名\r\nSMP-BS,1\r\nSMP-BZ,2\r\n")
    assert told(twice) == ["「SMP-BZ」の行が2つあります。1つにしてください。"]


def test_a_golden_case_stays_right_and_is_typed_with_either_code(cast):
    price_list, result = calculate_case(asked=ASKED, name="E2", on=TODAY)
    case = GoldenCase(name="E2")
    keep_case(case=case, asked=ASKED, expected=result, expected_from=price_list, by=cast.admin, now=NOW)
    rename("SMP-CC", "SMP-CZ")
    [check] = check_golden_cases(price_list=price_list)
    assert (check.found == check.expected, check.found["lines"][0]["product"]) == (True, "SMP-CZ")
    page = sign_in(cast.admin).post(
        ADD, case_data({"product": "smp-cc", "quantity": "120"}, name="New", action="calculate")
    )
    assert "There is no product" not in page.text
    assert "“smp-cc” is a former code. The product’s code is SMP-CZ now." in page.text
    assert "230,400" in page.text


def test_a_draft_goes_on_and_is_issued_under_the_code_of_now(cast, licenseid):
    added = {"addition-0-product": "SMP-AO", "addition-0-quantity": "40"}
    form = fill(licenseid, added)
    draft = save_draft(key=form.cleaned_data["key"], licenseids=[load(licenseid)], pricing=None, saved_by=cast.staff,
                       now=NOW, **typed(form))  # fmt: skip
    rename()
    rename("SMP-AO", "SMP-AX")
    page = sign_in(cast.staff).get(f"/drafts/{draft.key}/")
    assert '<option value="SMP-AX" selected>' in page.text
    quote = issue(key=draft.key, licenseids=[load(licenseid)], asked=form.to_asked(), acknowledged=[("LIC-1001", "x")],
                  seen_total=None, issued_by=cast.staff, now=NOW)  # fmt: skip
    assert list(quote.lines.values_list("product_code", flat=True)) == ["SMP-BZ", "SMP-AX"]


def test_a_quote_keeps_its_code_and_is_revised_copied_carried_out_and_undone(cast, licenseid):
    quote = issue_quote(licenseid, by=cast.staff)
    before = quote.document
    product = rename()
    assert quote.lines.get().product_code == "SMP-BS"
    quote.refresh_from_db()
    assert quote.document == before
    draft, _is_new = begin_revision(quote=quote, by=cast.staff, now=NOW)
    pricing = calculate(asked=from_json(draft.asked), customer=load(licenseid).customer, on=TODAY).pricing
    compared = compare_with_quote(lines=quote.lines.select_related("part"), total=quote.total, pricing=pricing)
    assert [line.kind for line in compared.lines] == ["same"]
    copy = duplicate(quote=quote, key=uuid.uuid4(), by=cast.staff, now=NOW)
    assert copy.asked["parts"][0]["holdings"][0]["product"] == "SMP-BZ"
    record_order(quote=quote, by=cast.staff, now=NOW)
    [done] = carry_out(quote=quote, parts=[quote.parts.get().pk], by=cast.staff, now=NOW)
    rename("SMP-BZ", "SMP-BY")
    undo(done=done, by=cast.staff, now=NOW)
    holding = holding_of(licenseid)
    assert (holding.product_id, holding.quantity, str(holding.support_expires_on)) == (product.pk, 45, "2027-03-31")
