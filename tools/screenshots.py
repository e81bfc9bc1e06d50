"""Takes the pictures of docs/img anew: a temporary database with the sample data, its own server, a real browser.

python -m tools.screenshots
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from foundation.text.printable import find_fonts

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "img"
LAPTOP: ViewportSize = {"width": 1360, "height": 1000}
PHONE: ViewportSize = {"width": 390, "height": 844}
PASSWORD = "renewal-demo-2026"
LICENSE_ID = "TM-0048-2210"
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>{folders}</fontconfig>
"""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> int:
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None or not shutil.which("pdftoppm"):
        print("The pictures need Chromium and pdftoppm. On Debian: apt-get install chromium poppler-utils")
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="portal-pictures-") as name:
        folder = Path(name)
        environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
            "MEDIA_ROOT": str(folder / "media"),
        }
        for command in (["migrate", "--verbosity", "0"], ["load_sample"]):
            program_line = [sys.executable, "manage.py", *command]
            subprocess.run(program_line, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", "--noreload", "--skip-checks", f"127.0.0.1:{port}"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            take(f"http://127.0.0.1:{port}", program, folder)
        finally:
            server.terminate()
            server.wait(timeout=20)
    for image in sorted(IMAGES.glob("*.png")):
        print(f"{image.relative_to(ROOT)}: {image.stat().st_size // 1024} KB")
    return 0


def take(url: str, program: str, folder: Path) -> None:
    """The story of one quote in pictures."""
    wait_for(url)
    with sync_playwright() as playwright:
        environment: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": str(list_fonts(folder))}
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"], env=environment
        )
        page = browser.new_context(viewport=LAPTOP, locale="ja-JP", accept_downloads=True).new_page()
        log_in(page, url)
        picture(page, "start")

        page.goto(f"{url}/license-ids/{LICENSE_ID}/quote/")
        page.locator("#id_years_3").check()
        page.locator("#id_is_reduced").check()
        page.locator("input.when-reduced").first.fill("99")
        expect(page.locator(".total b")).to_have_text("¥861,696")
        page.locator(".line summary").first.click()
        page.locator("h1").click()
        picture(page, "quote-form")
        for tick in page.get_by_role("checkbox", name=re.compile("^確認しました")).all():
            tick.check()
        page.locator("button.main[value=issue]").click()
        expect(page.locator(".fingerprint")).to_be_visible()
        picture(page, "quote")
        with page.expect_download() as started:
            page.locator("a[href$='/pdf/']").click()
        pdf = folder / "quote.pdf"
        started.value.save_as(pdf)
        command = ["pdftoppm", "-r", "80", "-png", "-singlefile", "-f", "1", str(pdf), str(IMAGES / "pdf")]
        subprocess.run(command, check=True)
        page.goto(f"{url}/quotes/")
        picture(page, "quotes")

        phone = browser.new_context(viewport=PHONE, locale="ja-JP", device_scale_factor=1).new_page()
        log_in(phone, url)
        phone.goto(f"{url}/license-ids/{LICENSE_ID}/quote/")
        phone.locator("#id_years_3").check()
        phone.locator("#id_is_reduced").check()
        phone.locator("input.when-reduced").first.fill("99")
        expect(phone.locator(".total-bar b")).to_have_text("¥861,696")
        phone.mouse.wheel(0, 300)
        expect(phone.locator("h1")).not_to_be_in_viewport()
        picture(phone, "phone")
        browser.close()


def list_fonts(folder: Path) -> Path:
    """Settings that show the browser the PDF's Japanese fonts beside those of the system."""
    path = folder / "fonts.conf"
    path.write_text(FONTS.format(folders="".join(f"<dir>{file.parent}</dir>" for file in find_fonts())))
    return path


def wait_for(url: str) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(f"{url}/healthz", timeout=2)
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The server did not start.")


def log_in(page: Page, url: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.locator("input[name=login]").fill("aoki@aoba.example.jp")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/")


def picture(page: Page, name: str) -> None:
    page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    sys.exit(main())
