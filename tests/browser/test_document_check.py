"""The document check in a browser: the file that was downloaded is the one, another is not."""

from django.utils import timezone
from playwright.sync_api import Page, expect

from licensing.models import LicenseID
from quotes.record.transitions import withdraw
from tests.browser.conftest import let_in, violations
from tests.cast import Cast
from tests.making import issue_quote

DROP = """([name, bytes]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes)], name, { type: "application/pdf" }));
  document.querySelector(".drop").dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
}"""


def test_a_downloaded_file_is_compared_without_leaving_the_browser(
    page: Page, browser, live_server, cast: Cast, licenseid: LicenseID, complaints: list[str], settings
):
    settings.PUBLIC_URL = live_server.url
    quote = issue_quote(licenseid, by=cast.staff, now=timezone.now())
    let_in(page.context, live_server.url, cast.staff)
    page.goto(f"{live_server.url}/quotes/{quote.key}/")
    with page.expect_download() as started:
        page.get_by_role("link", name="PDFをダウンロード").click()
    content = started.value.path().read_bytes()

    page.context.clear_cookies()
    page.goto(f"{live_server.url}/check/")
    page.get_by_label("確認コード").fill(("１" if quote.check_code[0] == "0" else "０") + quote.check_code[1:])
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("このコードの見積書はありません。")
    page.get_by_label("確認コード").fill(quote.check_code.lower())
    page.keyboard.press("Enter")
    expect(page.get_by_text("この見積書は現在有効です。")).to_be_visible()
    assert violations(page, complaints) == []

    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    result = page.locator("#file-result")
    page.evaluate(DROP, ["quote.pdf", list(content)])
    expect(result).to_contain_text("発行時のファイルと完全に一致しました。")
    altered = bytearray(content)
    altered[len(altered) // 2] ^= 1
    chosen = {"name": "changed.pdf", "mimeType": "application/pdf", "buffer": bytes(altered)}
    page.get_by_label("ここにPDFをドロップ、または選択").set_input_files(chosen)
    expect(result).to_contain_text("changed.pdf: 発行時のファイルと一致しません。")
    assert sent == []

    withdraw(quote=quote, reason="誤り", by=cast.staff, now=timezone.now())
    page.reload()
    expect(page.get_by_text("この見積書は取り下げられています。")).to_be_visible()

    plain = browser.new_context(java_script_enabled=False, locale="ja-JP").new_page()
    plain.goto(page.url)
    expect(plain.get_by_text("certutil -hashfile quote.pdf SHA256")).to_be_visible()
    expect(plain.locator("#file-check")).to_be_hidden()
    expect(plain.get_by_text(quote.pdf.sha256)).to_be_visible()
    plain.context.close()
