"""What is done with a whole price list in the administration: check and publish, withdraw, copy; and its history."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.messages import get_messages

from licensing.models import Product, Programme, User
from pricing.lists.operations.copy import copy_price_list
from pricing.lists.operations.publish import publish
from pricing.models import PriceList, PriceListEvent, PriceRank, PriceTable
from tests.cast import make_tax_rates, sign_in
from tests.html import tight

pytestmark = pytest.mark.usefixtures("november")

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))


@pytest.fixture
def draft(db):
    make_tax_rates()
    programme = Programme.objects.create(code="通常", name="通常")
    product = Product.objects.create(code="SMP-BS", name="ビジネスセキュリティ", programme=programme)
    price_list = PriceList.objects.create(name="2026年12月版", effective_on=date(2026, 12, 1))
    table = PriceTable.objects.create(price_list=price_list, product=product, minimum_quantity=2)
    PriceRank.objects.create(price_table=table, rank="A", from_quantity=2, renewal_price=5000, addition_price=5100)
    return price_list


def page_of(price_list: PriceList, name: str = "change") -> str:
    return f"/admin/pricing/pricelist/{price_list.pk}/{name}/"


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_a_draft_is_checked_and_published(desk, admin, draft):
    assert page_of(draft, "publish") in desk.get(page_of(draft)).text
    page = desk.get(page_of(draft, "publish")).text
    assert "Quotes made on 1 December 2026 or later use this list." in page
    assert 'value="Publish for 2026-12-01"' in page
    assert "cannot be published" not in page
    draft.refresh_from_db()
    assert not draft.is_published
    answer = desk.post(page_of(draft, "publish"))
    assert said(answer) == ["2026年12月版 is published. Quotes use it from 1 December 2026."]
    assert (answer.status_code, answer.url) == (302, page_of(draft))
    draft.refresh_from_db()
    assert (draft.published_at, draft.published_by) == (NOW, admin)
    assert page_of(draft, "publish") not in desk.get(page_of(draft)).text


def test_a_draft_that_is_wrong_is_not_published_and_every_reason_is_said(desk, draft):
    PriceList.objects.update(effective_on=date(2026, 11, 22))
    PriceRank.objects.all().delete()
    reasons = [
        "Its first day (22 November 2026) is past: quotes were made with other prices since.",
        "The price table of SMP-BS has no ranks.",
    ]
    for answer, status in ((desk.get(page_of(draft, "publish")), 200), (desk.post(page_of(draft, "publish")), 422)):
        assert answer.status_code == status
        assert all(f"<li>{reason}" in tight(answer.text) for reason in reasons)
        assert "disabled" in answer.text
    assert not PriceList.objects.filter(published_at__isnull=False).exists()


def test_a_list_that_is_published_for_later_is_pointed_out(desk, admin, draft):
    later = copy_price_list(price_list=draft, effective_on=date(2027, 2, 1), by=admin, now=NOW)
    told = "It holds only until the day before 1 February 2027: from then on another list is published already"
    assert told not in desk.get(page_of(draft, "publish")).text
    publish(price_list=later, by=admin, now=NOW)
    assert told in desk.get(page_of(draft, "publish")).text


def test_publishing_for_today_is_warned_of(desk, draft):
    PriceList.objects.update(effective_on=date(2026, 11, 23))
    warning = "Its day is today: quotes use the new prices at once, and it cannot be withdrawn."
    assert warning in desk.get(page_of(draft, "publish")).text


def test_a_list_is_withdrawn_with_a_reason(desk, admin, draft):
    assert page_of(draft, "withdraw") not in desk.get(page_of(draft)).text
    publish(price_list=draft, by=admin, now=NOW)
    assert page_of(draft, "withdraw") in desk.get(page_of(draft)).text
    answer = desk.post(page_of(draft, "withdraw"), {"reason": ""})
    assert answer.status_code == 422
    assert "This field is required." in answer.text
    answer = desk.post(page_of(draft, "withdraw"), {"reason": "C列が誤り"})
    assert said(answer) == ["2026年12月版 is withdrawn and is a draft again."]
    draft.refresh_from_db()
    assert not draft.is_published
    page = desk.get(page_of(draft)).text
    assert "香坂 管理: withdrawn (C列が誤り)" in page
    assert 'name="_save"' in page


def test_a_list_in_force_is_not_withdrawn(desk, admin, draft):
    publish(price_list=draft, by=admin, now=NOW)
    with time_machine.travel(datetime(2026, 12, 1, 0, 0, tzinfo=ZoneInfo("Asia/Tokyo")), tick=False):
        assert page_of(draft, "withdraw") not in desk.get(page_of(draft)).text
        answer = desk.post(page_of(draft, "withdraw"), {"reason": "-"})
    assert answer.status_code == 422
    assert "2026年12月版 took effect on 1 December 2026, and quotes use it." in answer.text
    draft.refresh_from_db()
    assert draft.is_published


def test_a_copy_gets_a_free_name_and_its_own_day(desk, draft):
    page = desk.get(page_of(draft, "copy")).text
    assert 'value="2026年12月版 (copy)"' in page
    taken = desk.post(page_of(draft, "copy"), {"name": "2026年12月版", "effective_on": "2027-04-01"})
    assert taken.status_code == 422
    assert "There is a price list of this name already. Choose another name." in taken.text
    assert PriceList.objects.count() == 1
    answer = desk.post(page_of(draft, "copy"), {"name": "2027年4月版", "effective_on": "2027-04-01"})
    copied = PriceList.objects.get(name="2027年4月版")
    assert answer.url == page_of(copied)
    assert (copied.effective_on, copied.based_on, copied.tables.count()) == (date(2027, 4, 1), draft, 1)
    assert "香坂 管理: copied from another list (2026年12月版)" in desk.get(page_of(copied)).text


def test_what_was_changed_is_kept(desk, draft):
    data = {"name": "2026年12月版", "effective_on": "2026-12-10", "note": ""}
    data |= {"ended-TOTAL_FORMS": "0", "ended-INITIAL_FORMS": "0"}
    assert desk.post(page_of(draft), data).status_code == 302
    changed = "香坂 管理: changed (effective on 2026-12-01 → 2026-12-10)"
    assert changed in desk.get(page_of(draft)).text


@pytest.mark.parametrize("at_once", [False, True], ids=["from its page", "ticked in the list"])
def test_who_deleted_a_draft_is_kept(desk, draft, at_once):
    ticked = {"action": "delete_selected", "_selected_action": [str(draft.pk)]} if at_once else {}
    address = "/admin/pricing/pricelist/" if at_once else page_of(draft, "delete")
    assert desk.post(address, ticked | {"post": "yes"}).status_code == 302
    assert not PriceList.objects.exists()
    event = PriceListEvent.objects.get()
    assert (event.kind, event.price_list_name, event.by_name, event.at) == ("deleted", "2026年12月版", "香坂 管理", NOW)


@pytest.mark.parametrize("name", ["publish", "withdraw", "copy"])
def test_a_list_that_is_gone_is_told(desk, draft, name):
    url = page_of(draft, name)
    draft.delete()
    answer = desk.get(url)
    assert (answer.status_code, answer.url) == (302, "/admin/pricing/pricelist/")
    assert said(answer) == ["This price list is not there any more."]


def test_staff_have_no_business_here(draft):
    staff = User.objects.create_user(email="staff@example.jp", name="-", role="staff", reseller=make_reseller())
    for name in ("publish", "withdraw", "copy"):
        assert sign_in(staff).post(page_of(draft, name), {"reason": "-"}).status_code in (302, 403)
    draft.refresh_from_db()
    assert not draft.is_published


def make_reseller():
    from licensing.models import Reseller

    return Reseller.objects.create(name="青葉システム販売株式会社")


def test_the_english_name_stands_on_english_pages_and_only_there(desk, draft):
    PriceList.objects.filter(pk=draft.pk).update(name_en="December 2026")
    for address in ("/admin/pricing/pricelist/", page_of(draft), page_of(draft, "copy"), page_of(draft, "export")):
        assert "December 2026" in desk.get(address).text
        japanese = desk.get(address, headers={"accept-language": "ja"}).text
        assert "2026年12月版" in japanese
        assert ("December 2026" in japanese) == (address == page_of(draft))  # its own field
    PriceList.objects.filter(pk=draft.pk).update(name_en="")
    assert "2026年12月版" in desk.get(page_of(draft, "copy")).text
