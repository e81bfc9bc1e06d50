"""Customers whose renewal a list to come refuses: they stand first, with the reason, and their letter says so."""

import pytest
from django.urls import reverse

from foundation.jobs.models import Batch
from foundation.jobs.operations import work_off
from foundation.mail.models import OutgoingMail
from foundation.mail.operations.compose import unseal
from licensing.models import Contact, LicenseID
from pricing.lists.operations.ending import end_sale
from pricing.lists.operations.publish import publish
from pricing.models import PriceTable
from quotes.letters.templates import save_templates
from quotes.letters.words import Letter
from quotes.record.transitions import record_order
from renewals.confirmations.recipients import Addressed
from renewals.desk.refresh import refresh
from renewals.models import PriceLetter
from renewals.price_changes.operations import TellWork, is_mail_wanted, start_telling
from renewals.price_changes.queries import Filter, current_run, rises_of, rising_customers
from renewals.price_changes.tasks import tell_customers
from tests.cast import NOW, TODAY, make_license_id, sign_in
from tests.making import everything_written, given_quote
from tests.renewals.asking import entry_of
from tests.renewals.impacts import FIRST_DAY, given_run, make_draft

ADDRESS = "saeki@takasaki.example.jp"
ENDED = "SMP-AO は 2027/02/01 に販売終了となりました。後継製品は SMP-IM です。"
TEXTS = {
    ("prices", "ja"): Letter("値上げ", "{license_ids} {until}"),
    ("prices_refused", "ja"): Letter("重要 {from_day}", "{person}\n{refused}\n\n{dearer}\n\n{until}"),
}


@pytest.fixture
def prices(cast):
    """A list from 1 February that is dearer, does not have SMP-AO any more, and sells SMP-WM from 50 on; published.

    Aoba: one customer with a dearer license ID, one with two refused ones and a dearer one. Minato: a refused one.
    """
    Contact.objects.create(customer=cast.english_customer, name="佐伯 美和", email=ADDRESS, language="ja")
    make_license_id(cast.customer, "LIC-1", ("SMP-BS", 450))
    make_license_id(cast.english_customer, "LIC-2", ("SMP-AO", 20))
    make_license_id(cast.english_customer, "LIC-3", ("SMP-WM", 30))
    make_license_id(cast.english_customer, "LIC-4", ("SMP-BS", 20))
    make_license_id(cast.foreign_customer, "LIC-5", ("SMP-AO", 777))
    draft = make_draft(cast)
    given = {"draft": draft, "since_on": FIRST_DAY, "by": cast.admin, "now": NOW}
    end_sale(product=cast.products["SMP-AO"], successor=cast.products["SMP-IM"], **given)
    PriceTable.objects.filter(price_list=draft, product=cast.products["SMP-WM"]).update(minimum_quantity=50)
    given_run(draft, cast.admin)
    publish(price_list=draft, by=cast.admin, now=NOW, acknowledged=("product-ended", "minimum-changed"))
    draft.refresh_from_db()
    refresh(on=TODAY)
    return draft


def rises(prices, user, **wanted):
    run = current_run(prices)
    return rises_of(rising_customers(run, user, Filter(**wanted)), run, user, on=TODAY)


def tell(prices, by, customer):
    return start_telling(
        price_list=prices, run=current_run(prices), addressed=[Addressed(customer, ADDRESS, "佐伯 美和", "ja")],
        letters=TEXTS, task=tell_customers, by=by, now=NOW,
    )  # fmt: skip


def work():
    for batch in Batch.objects.filter(task_path__contains="price_changes").exclude(state="done"):
        work_off(batch_pk=batch.pk, work=TellWork(lambda: NOW), clock=lambda: NOW)


def test_who_cannot_renew_any_more_stands_first_with_the_reasons(cast, prices):
    first, second = rises(prices, cast.staff)
    assert (first.customer, second.customer) == (cast.english_customer, cast.customer)
    assert [(code, [one["ja"] for one in reasons]) for code, _day, reasons in first.refused] == [
        ("LIC-2", [ENDED]),
        ("LIC-3", ["SMP-WM：数量 30 は更新時の最低購入本数 50 を下回ります。"]),
    ]
    assert [code for code, _day in first.codes] == ["LIC-4"]
    assert 0 < first.difference < second.difference
    assert second.refused == []
    dearest = rises(prices, cast.staff, at_least=second.difference + 1)
    assert [one.customer for one in dearest] == [cast.english_customer]
    assert [one.customer for one in rises(prices, cast.stranger)] == [cast.foreign_customer]


def test_what_is_ordered_is_not_among_it(cast, prices):
    quote = given_quote(LicenseID.objects.get(code="LIC-2"), by=cast.staff)
    record_order(quote=quote, by=cast.staff, now=NOW, ordered_on=TODAY)
    refresh(on=TODAY)
    assert [code for code, _day, _why in rises(prices, cast.staff)[0].refused] == ["LIC-3"]


def test_the_letter_says_what_cannot_be_renewed_and_what_gets_dearer(cast, prices):
    tell(prices, cast.staff, cast.english_customer)
    work()
    mail = OutgoingMail.objects.get()
    text = unseal(bytes(mail.sealed_text))
    assert mail.subject == "重要 2027年2月1日"
    assert text.startswith("佐伯 美和 様\n  LIC-2（サポート満了日：2027年")
    assert f"\n    {ENDED}\n  LIC-3（" in text
    assert "\n\n次のライセンスは価格が上がります（現在の数量で1年更新、税抜）。\n\n  LIC-4（" in text
    assert text.endswith("\n\n2027年1月31日")
    assert is_mail_wanted(mail)
    LicenseID.objects.filter(customer=cast.english_customer).delete()
    assert not is_mail_wanted(mail)


def test_what_holds_when_it_is_written_decides_which_letter(cast, prices):
    """A moment ago something was refused: by now only a price is dearer, and there is nothing to say of the other."""
    tell(prices, cast.staff, cast.english_customer)
    LicenseID.objects.filter(code__in=["LIC-2", "LIC-3"]).delete()
    work()
    assert OutgoingMail.objects.get().subject == "値上げ"
    LicenseID.objects.filter(code="LIC-4").delete()
    make_license_id(cast.customer, "LIC-9", ("SMP-AO", 20))
    save_templates(
        reseller=cast.aoba, letters={("prices_refused", "ja"): Letter("自社の件名", "{refused}{until}")},
        by=cast.manager, now=NOW,
    )  # fmt: skip
    start_telling(
        price_list=prices, run=current_run(prices), addressed=[Addressed(cast.customer, ADDRESS, "", "ja")],
        letters={("prices", "ja"): TEXTS["prices", "ja"]}, task=tell_customers, by=cast.staff, now=NOW,
    )  # fmt: skip
    work()
    assert OutgoingMail.objects.latest("pk").subject == "自社の件名"


def test_a_paragraph_that_is_nothing_leaves_no_gap(cast, prices):
    LicenseID.objects.filter(code="LIC-4").delete()
    tell(prices, cast.staff, cast.english_customer)
    work()
    text = unseal(bytes(OutgoingMail.objects.get().sealed_text))
    assert "\n\n\n" not in text
    assert text.endswith("を下回ります。\n\n2027年1月31日")


def test_from_the_list_to_both_letters(cast, prices):
    desk = sign_in(cast.staff, language="ja")
    page = desk.get(reverse("renewals:price-change", args=[prices.pk])).content.decode()
    for said in (
        "現在の内容では更新できなくなるお客様：1社",
        ENDED,
        "SMP-WM：数量 30 は更新時の最低購入本数 50 を下回ります。",
    ):
        assert said in page
    assert "LIC-5" not in page
    address = reverse("renewals:price-letters", args=[prices.pk])
    ticked = {"customer": [cast.english_customer.pk, cast.customer.pk]}
    letters = desk.post(address, ticked)
    assert [part["kind"] for part in letters.context["parts"]] == ["prices_refused", "prices"]
    entry = entry_of(letters)
    before = everything_written()
    wrong = desk.post(address, {**entry, "refused_body_ja": "{until}", "act": "send"})
    assert (wrong.status_code, sorted(wrong.context["form"].errors)) == (422, ["refused_body_ja"])
    assert "{refused}" in wrong.content.decode()
    assert everything_written() == before
    looked = desk.post(address, {**entry, "act": "look"})
    assert [one["subject"] for one in looked.context["previews"]] == [
        "【重要】2027年2月1日以降、現在の内容では更新いただけないライセンスのご案内",
        "【価格改定のご案内】2027年2月1日よりライセンスの更新価格が変わります",
    ]
    desk.post(address, {**entry, "act": "send"})
    work()
    assert PriceLetter.objects.exclude(mail=None).count() == 2
