"""The form keeps what is typed by itself, whatever happens to the network, the session and the page."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from licensing.models import LicenseID
from quotes.models import Quote
from renewals.models import QuoteDraft
from tests.browser.conftest import let_in, quantity_field
from tests.cast import PASSWORD, Cast

pytestmark = [pytest.mark.usefixtures("complaints")]

SAVED = re.compile(r"^保存済み \d\d:\d\d$")
TOTAL = ".total b"
KEEP = re.compile("/keep/")


def type_all(page: Page, licenseid: LicenseID) -> None:
    page.locator("#id_years_3").check()
    page.locator("#id_is_reduced").check()
    page.locator(quantity_field(licenseid, "SMP-CC")).fill("99")
    page.locator("#id_addition-0-product").select_option("SMP-CS")
    page.locator("#id_addition-0-quantity").fill("5")
    page.locator("#id_note").fill("ご確認ください。")


def expect_all(page: Page, licenseid: LicenseID, total: str) -> None:
    expect(page.locator(TOTAL)).to_have_text(total)
    expect(page.locator("#id_years_3")).to_be_checked()
    expect(page.locator(quantity_field(licenseid, "SMP-CC"))).to_have_value("99")
    expect(page.locator("#id_addition-0-quantity")).to_have_value("5")
    expect(page.locator("#id_note")).to_have_value("ご確認ください。")


def log_in_here(page: Page, email: str) -> None:
    page.wait_for_url("**/accounts/login/**")
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")


def test_what_is_shown_after_going_back_is_priced_as_shown(
    page: Page, open_quote_form, cast: Cast, licenseid: LicenseID
):
    open_quote_form()
    type_all(page, licenseid)
    expect(page.locator("#draft-saved")).to_have_text(SAVED)
    expect(page.locator("#quote-form")).not_to_have_class(re.compile("stale"))
    total = page.locator(TOTAL).inner_text()
    draft = QuoteDraft.objects.get()
    assert page.url.endswith(f"/drafts/{draft.key}/")
    expect(page.locator("h1 .chip")).to_have_text("下書き")
    page.get_by_role("link", name="お客様", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("お客様")
    page.go_back()
    expect_all(page, licenseid, total)
    page.reload()
    expect_all(page, licenseid, total)
    page.locator("#id_note").fill("最後の一文")
    page.get_by_role("button", name="English").click()  # leaves at once, before the pause after typing
    expect(page.locator("#id_note")).to_have_value("最後の一文")
    assert QuoteDraft.objects.get().asked["note"] == "最後の一文"
    page.get_by_role("button", name="Issue the quote").click()
    expect(page.get_by_text("The quote was not issued.")).to_be_visible()
    for tick in page.locator("#warnings input[type=checkbox]").all():
        tick.check()
    page.get_by_role("button", name="Issue the quote").click()
    expect(page.locator(".notice.ok")).to_contain_text("was issued.")
    page.go_back()
    expect(page).to_have_url(re.compile(rf"/quotes/{draft.key}/$"))
    assert (QuoteDraft.objects.count(), Quote.objects.get().key) == (0, draft.key)


def test_an_untouched_or_emptied_form_leaves_no_draft(page: Page, open_quote_form, licenseid: LicenseID):
    open_quote_form()
    page.locator("#id_note").fill("や")
    expect(page.locator("#draft-saved")).to_have_text(SAVED)
    assert QuoteDraft.objects.count() == 1
    page.locator("#id_note").fill("")
    expect(page.locator("#draft-saved")).to_have_text("")
    expect(page.locator("form.discard")).to_be_hidden()
    assert QuoteDraft.objects.count() == 0
    page.locator("#id_note").fill("別の一文")
    expect(page.locator("#draft-saved")).to_have_text(SAVED)
    page.locator("form.discard summary").click()
    page.get_by_role("button", name="下書きを削除する").click()
    expect(page.locator(".notice.ok")).to_have_text("下書きを削除しました。")
    assert QuoteDraft.objects.count() == 0


@pytest.mark.parametrize("ends", ["while-typing", "at-the-button"])
def test_a_session_that_ends_loses_nothing(page: Page, open_quote_form, cast: Cast, licenseid: LicenseID, ends: str):
    open_quote_form()
    if ends == "while-typing":
        page.locator("#id_years_3").check()
        expect(page.locator("#draft-saved")).to_have_text(SAVED)
        Session.objects.all().delete()
        type_all(page, licenseid)
    else:
        type_all(page, licenseid)
        expect(page.locator("#draft-saved")).to_have_text(SAVED)
        expect(page.locator("#quote-form")).not_to_have_class(re.compile("stale"))
        Session.objects.all().delete()
        page.get_by_role("button", name="見積を発行").click()
        expect(page.locator("#draft-trouble .notice")).to_be_focused()
    expect(page.locator("#draft-trouble")).to_contain_text("ログインの有効期間が終わりました。")
    expect(page.locator("#id_note")).to_have_value("ご確認ください。")
    page.get_by_role("link", name="ログインして続ける").click()
    log_in_here(page, cast.staff.email)
    expect(page.locator("#id_note")).to_have_value("ご確認ください。")
    expect(page.locator("#draft-saved")).to_have_text(SAVED)
    assert QuoteDraft.objects.get().asked["note"] == "ご確認ください。"
    expect_all(page, licenseid, page.locator(TOTAL).inner_text())
    assert Quote.objects.count() == 0


def test_logging_in_again_in_another_window_is_enough(
    page: Page, live_server, open_quote_form, cast: Cast, licenseid: LicenseID
):
    open_quote_form()
    Session.objects.all().delete()
    type_all(page, licenseid)
    expect(page.locator("#draft-trouble")).to_contain_text("ログインの有効期間が終わりました。")
    other = page.context.new_page()
    other.goto(f"{live_server.url}/accounts/login/")
    log_in_here(other, cast.staff.email)
    expect(other.get_by_role("heading", level=1)).to_have_text("更新")
    other.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#draft-trouble .notice")).to_have_count(0)
    expect(page.locator("#draft-saved")).to_have_text(SAVED)
    expect(page.locator(".line")).to_have_count(3)
    page.get_by_role("button", name="下書き保存").click()
    expect(page.locator(".notice.ok")).to_contain_text("下書きを保存しました。")


def test_without_a_network_it_says_so_and_goes_on_by_itself(
    page: Page, open_quote_form, licenseid: LicenseID, complaints: list[str]
):
    open_quote_form()
    page.context.set_offline(True)
    type_all(page, licenseid)
    notice = page.locator("#draft-trouble .notice")
    expect(notice).to_contain_text("サーバーに接続できません。")
    expect(notice).to_be_in_viewport()
    page.get_by_role("button", name="見積を発行").click()
    expect(notice).to_be_focused()
    expect(page.locator("#id_note")).to_have_value("ご確認ください。")
    assert QuoteDraft.objects.count() == 0
    page.context.set_offline(False)
    expect(page.locator(".line")).to_have_count(3)
    expect(notice).to_have_count(0)
    expect(page.locator("#draft-saved")).to_have_text(SAVED)
    assert QuoteDraft.objects.get().asked["note"] == "ご確認ください。"
    complaints[:] = [text for text in complaints if "ERR_INTERNET_DISCONNECTED" not in text]


def test_two_windows_at_one_draft_lose_neither(
    page: Page, live_server, open_quote_form, cast: Cast, licenseid: LicenseID, browser
):
    open_quote_form()
    page.locator("#id_note").fill("一人目")
    expect(page.locator("#draft-saved")).to_have_text(SAVED)
    theirs = browser.new_context()
    let_in(theirs, live_server.url, cast.colleague)
    other = theirs.new_page()
    other.goto(page.url)
    with other.expect_response(KEEP):  # "saved" stands there already, from when the page was opened
        other.locator("#id_years_3").check()
    page.locator("#id_note").fill("一人目の続き")
    notice = page.locator("#draft-trouble")
    expect(notice).to_contain_text("速水 悠斗さんが保存しています")
    expect(page.locator("#id_note")).to_be_focused()
    page.locator("#id_subject").fill("件名も")
    page.wait_for_timeout(1200)
    assert QuoteDraft.objects.get().asked["note"] == "一人目", "nothing is written before somebody chose"
    page.get_by_role("button", name="両方残す").click()
    expect(page.locator(".notice.ok")).to_contain_text("別の下書きとして保存しました。")
    expect(page.locator("#id_note")).to_have_value("一人目の続き")
    first, second = QuoteDraft.objects.order_by("pk")
    assert (first.asked["parts"][0]["years"], first.asked["note"]) == (3, "一人目")
    assert (second.asked["parts"][0]["years"], second.asked["note"], second.subject) == (1, "一人目の続き", "件名も")
    with other.expect_response(KEEP) as kept:
        other.locator("#id_note").fill("二人目")
    assert kept.value.ok
    first.refresh_from_db()
    assert first.asked["note"] == "二人目"
    expect(other.locator("#draft-trouble .notice")).to_have_count(0)
    theirs.close()


def test_an_answer_that_is_lost_is_no_conflict(
    page: Page, open_quote_form, licenseid: LicenseID, complaints: list[str]
):
    open_quote_form()

    def lose(route) -> None:
        route.fetch()
        route.abort()

    page.route(KEEP, lose)
    page.locator("#id_note").fill("届いたが返事がない")
    expect(page.locator("#draft-trouble")).to_contain_text("サーバーに接続できません。")
    assert QuoteDraft.objects.get().version == 1
    page.unroute(KEEP)
    page.locator("#id_note").fill("その続き")
    expect(page.locator("#draft-trouble .notice")).to_have_count(0)
    expect(page.locator("#draft-saved")).to_have_text(SAVED)
    assert QuoteDraft.objects.get().asked["note"] == "その続き"
    assert timezone.now() - QuoteDraft.objects.get().saved_at < timedelta(minutes=5)
    complaints[:] = [text for text in complaints if "ERR_FAILED" not in text]
