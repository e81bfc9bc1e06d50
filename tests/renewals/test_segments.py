"""A product made for one kind of customer, quoted to another (R19): from the customer's page to the ticked warning."""

import pytest

from licensing.models import Customer
from renewals.calculation.calculate import calculate
from tests.cast import TODAY, make_license_id, sign_in
from tests.making import fill


@pytest.fixture
def licenseid(cast):
    product = cast.products["SMP-AG"]
    product.segment = "官公庁"
    product.save()
    return make_license_id(cast.customer, "LIC-AG", ("SMP-AG", 100))


@pytest.mark.parametrize(
    ("segment", "said"),
    [
        ("官公庁", []),
        ("一般", ["SMP-AG は官公庁向けの製品ですが、お客様の区分は一般です。"]),
        ("", ["SMP-AG は官公庁向けの製品ですが、お客様の区分が登録されていません。"]),
    ],
)
def test_the_customers_segment_decides_whether_it_is_warned_of(cast, licenseid, segment, said):
    Customer.objects.filter(pk=cast.customer.pk).update(segment=segment)
    licenseid.refresh_from_db()
    form = fill(licenseid, on=TODAY)
    pricing = calculate(asked=form.to_asked(), customer=form.licenseid.customer, on=TODAY).pricing
    told = [one.problem for one in pricing.warnings if one.problem.code == "segment-differs"]
    assert [problem.what("ja") for problem in told] == said
    assert pricing.refusals == ()


def test_a_manager_chooses_the_segment_and_sees_it(cast, licenseid):
    client = sign_in(cast.manager)
    address = f"/manage/customers/{cast.customer.pk}/"
    page = client.get(address).content.decode()
    for segment, name in (("", "not known"), ("一般", "general"), ("官公庁", "public sector"), ("教育", "education")):
        assert f'<option value="{segment}"' in page
        assert name in page
    known = {"name": cast.customer.name, "language": "ja"}
    assert client.post(address, known | {"segment": "官公庁"}).status_code == 302
    cast.customer.refresh_from_db()
    assert cast.customer.segment == "官公庁"
    refused = client.post(address, known | {"segment": "医療"})
    assert refused.status_code == 422 or "Select a valid choice" in refused.content.decode()
    cast.customer.refresh_from_db()
    assert cast.customer.segment == "官公庁"


def test_the_choice_of_additions_tells_for_whom_a_product_is(cast, licenseid):
    page = sign_in(cast.staff).get(f"/license-ids/{licenseid.code}/quote/").content.decode()
    option = next(part for part in page.split("<option") if 'value="SMP-AG"' in part)
    assert option.partition("</option>")[0].endswith("(SMP-AG) – public sector")
