"""Two stories in a browser: an authenticator app that a reseller asks for, and a passkey that is all one needs."""

import re

import pytest
from playwright.sync_api import Page, expect

from licensing.models import Reseller
from tests.accounts import code_for
from tests.cast import PASSWORD, Cast

from .conftest import log_in, violations


@pytest.fixture(autouse=True)
def _sessions_are_looked_at_one_by_one(settings) -> None:
    settings.ZEAL_ALLOWLIST = [{"model": "sessions.Session"}, {"model": "licensing.User"}]


def test_an_app_is_set_up_where_the_reseller_asks_for_it_and_used_at_the_next_log_in(
    page: Page, live_server, cast: Cast, complaints: list[str]
) -> None:
    Reseller.objects.filter(pk=cast.aoba.pk).update(requires_mfa=True)
    url = live_server.url
    page.goto(f"{url}/customers/")
    page.get_by_label("メールアドレス").fill(cast.staff.email)
    page.get_by_label("パスワード", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("先に進むには、二段階認証の設定が必要です。")).to_be_visible()
    assert violations(page, complaints) == []
    page.get_by_role("link", name="更新", exact=True).click()
    expect(page).to_have_url(f"{url}/accounts/security/")

    page.get_by_role("link", name="アプリを設定").click()
    assert page.get_by_role("img").evaluate("picture => picture.naturalWidth") > 100
    secret = page.locator(".steps .code").inner_text()
    assert violations(page, complaints) == []
    page.get_by_label("アプリに表示されている認証コード").fill(code_for(secret))
    page.get_by_role("button", name="設定する").click()
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    assert violations(page, complaints) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="テキストファイルに保存").click()
    saved = download.value.path().read_text("utf-8")
    assert download.value.suggested_filename == "recovery-codes.txt"
    assert re.findall(r"^\d{8}$", saved, re.MULTILINE) == codes
    page.get_by_role("link", name="保管しました。先へ進む").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("更新")

    page.context.clear_cookies(name="sessionid")
    page.goto(f"{url}/customers/")
    page.get_by_label("メールアドレス").fill(cast.staff.email)
    page.get_by_label("パスワード", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("二段階認証")
    assert violations(page, complaints) == []
    page.get_by_label("認証コード").fill(codes[0])
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{url}/customers/")

    page.locator("details.menu summary").click()
    page.get_by_role("link", name="アカウントのセキュリティ").click()
    expect(page.get_by_text("残り9個")).to_be_visible()
    page.get_by_role("button", name="ほかの端末をすべてログアウト").click()
    expect(page.get_by_role("status")).to_have_text("ほかの1台をログアウトさせました。")


def test_a_passkey_is_added_and_opens_the_portal_without_the_password(
    page: Page, live_server, cast: Cast, complaints: list[str]
) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"isUserVerified": True}})
    url = live_server.url
    log_in(page, url, cast.staff.email)
    page.goto(f"{url}/accounts/security/passkeys/add/")
    assert violations(page, complaints) == []
    page.get_by_label("パスキーの名前").fill("社用ノートPC")
    page.get_by_role("button", name="パスキーを追加").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto(f"{url}/accounts/security/")
    row = page.get_by_role("row", name="社用ノートPC")
    expect(row).to_contain_text("パスワードなしのログイン")
    assert violations(page, complaints) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert violations(page, complaints) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.set_viewport_size({"width": 1280, "height": 900})

    page.context.clear_cookies(name="sessionid")
    page.goto(f"{url}/accounts/login/?next=/customers/")
    page.get_by_role("button", name="パスキーでログイン").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("お客様")
    expect(page).to_have_url(f"{url}/customers/")

    page.context.clear_cookies(name="sessionid")
    log_in_as_far_as_the_second_factor(page, url, cast)
    page.get_by_role("button", name="パスキーを使う").click()
    expect(page).to_have_url(f"{url}/")

    devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device["authenticatorId"]})
    page.context.clear_cookies(name="sessionid")
    page.goto(f"{url}/accounts/login/")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"isUserVerified": True}})
    page.get_by_role("button", name="パスキーでログイン").click()
    expect(page.get_by_role("alert").filter(has_text="パスキーは使われませんでした。")).to_be_visible()


def log_in_as_far_as_the_second_factor(page: Page, url: str, cast: Cast) -> None:
    page.goto(f"{url}/accounts/login/")
    page.get_by_label("メールアドレス").fill(cast.staff.email)
    page.get_by_label("パスワード", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("二段階認証")
