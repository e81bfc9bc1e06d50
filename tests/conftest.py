"""What every test may use. CONTRIBUTING.md tells how to write a test and how to run it."""

import gc
import os
import re
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.template import begin_again, copy_template, keep_beginning

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The first is Chromium without its own windows: a page takes half of the computing."""
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
    "--process-per-site",
    "--disable-quic",
    "--in-process-gpu",
]

IN_CI = os.environ.get("CI") == "true"

# The browser's driver runs an event loop in the test's thread; Django would refuse its database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

hypothesis_settings.register_profile(
    "portal",
    deadline=None,  # two cores shared by many tests: a slow example is no failure
    derandomize=IN_CI,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("portal")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--everything", action="store_true", help="on PostgreSQL also what is the same on both databases")
    parser.addoption("--no-browser", action="store_true", help="without the tests in a browser")


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    folder = Path(tempfile.mkdtemp(prefix="portal-tests-"))
    config.stash[FOLDER] = folder
    for name in ("static", "media"):
        (folder / name).mkdir()
    settings.STATIC_ROOT = folder / "static"
    settings.MEDIA_ROOT = folder / "media"
    settings.EXPORT_ROOT = folder / "exports"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECURE_SSL_REDIRECT = False

    database = settings.DATABASES["default"]
    database["CONN_MAX_AGE"] = 0  # connections of the live server's threads must not outlive the test
    if "sqlite" in database["ENGINE"]:
        # A file, as in production: in memory all threads would share one connection, and no lock would be tested.
        database.setdefault("TEST", {})["NAME"] = str(folder / "test.sqlite3")
        # Only a machine that loses its power would lose something: no test waits for the disk.
        safe, fast = "PRAGMA synchronous=NORMAL", "PRAGMA synchronous=OFF"
        database["OPTIONS"]["init_command"] = database["OPTIONS"]["init_command"].replace(safe, fast)
    begin_again_after_transactions()
    keep_contexts_of_pages_only()

    if "sqlite" in database["ENGINE"]:  # which queries a page makes does not depend on who answers them
        watch_for_queries_row_by_row(settings)
    count_force_login_as_proof()
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(FailuresAtOnce(config))


def pytest_unconfigure(config: pytest.Config) -> None:
    if FOLDER in config.stash:
        shutil.rmtree(config.stash[FOLDER], ignore_errors=True)


FOLDER: pytest.StashKey[Path] = pytest.StashKey()


def begin_again_after_transactions() -> None:
    from django.test import TransactionTestCase

    TransactionTestCase._fixture_teardown = lambda _case: begin_again()


def keep_contexts_of_pages_only() -> None:
    """`response.context` tells what a page was drawn with; Django copies that once more for each part it includes."""
    from django.test import client

    store = client.store_rendered_templates

    def store_of_pages(kept: Any, signal: Any, sender: Any, template: Any, context: Any, **others: Any) -> None:
        if context.template is template or context.template is None:
            store(kept, signal, sender, template, context, **others)

    client.store_rendered_templates = store_of_pages


def watch_for_queries_row_by_row(settings: Any) -> None:
    """A request that asks the database the same thing row by row raises NPlusOneError.

    Where that is meant: `with zeal.zeal_ignore(): ...` around the request, and the reason beside it.
    """
    from zeal.constants import initialize_app_registry
    from zeal.patch import patch

    initialize_app_registry()
    patch()
    settings.ZEAL_RAISE = True
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "zeal.middleware.zeal_middleware"]


def count_force_login_as_proof() -> None:
    """`force_login` stands for a log-in a moment ago, in whatever year the test plays: nobody is asked once more, and
    the first page needs no more queries than the second, for writing down who is where.
    """
    from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as PROOFS
    from django.contrib.auth.signals import user_logged_in

    def prove(request: Any, user: Any, **_others: Any) -> None:
        if PROOFS not in request.session:
            request.session[PROOFS] = [{"method": "password", "at": 1e12}]
            request.session["noted_at"] = 1e12
            request.session[f"{PROOFS}_user"] = str(user.pk)

    user_logged_in.connect(prove, weak=False)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What was loaded and collected stays until the end: rubbish is not sought there again and again, nor as often."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        gc.enable()


def pytest_report_header() -> str:
    from django.conf import settings

    return f"database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}; in CI: {IN_CI}"


MAY_DIFFER = re.compile(
    r"both_databases|\bpostgres\b|transaction=True|\btransactional_db\b|\blive_server\b|\bdjango_db_\w"
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A file in which no word could choose a test for PostgreSQL is not loaded there: four of five are none."""
    from django.conf import settings

    if "sqlite" in settings.DATABASES["default"]["ENGINE"] or config.getoption("--everything"):
        return None
    is_test = collection_path.name.startswith("test_") and collection_path.suffix == ".py"
    return True if is_test and not MAY_DIFFER.search(collection_path.read_text(encoding="utf-8")) else None


def differs_between_databases(item: pytest.Item) -> bool:
    """Marked so, or a test with real transactions: locks are what it is about. A browser's are the server's need."""
    if item.get_closest_marker("both_databases") or item.get_closest_marker("postgres"):
        return True
    marker = item.get_closest_marker("django_db")
    has_transactions = bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in getattr(
        item, "fixturenames", ()
    )
    return has_transactions and not (item.get_closest_marker("browser") or item.get_closest_marker("appearance"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    from django.conf import settings

    is_sqlite = "sqlite" in settings.DATABASES["default"]["ENGINE"]
    kept, left_out = [], []
    for item in items:
        if "browser" in Path(item.path).relative_to(config.rootpath).parts[:-1]:
            item.add_marker(pytest.mark.browser)
        unwanted = (config.getoption("--no-browser") and item.get_closest_marker("browser")) or (
            item.get_closest_marker("postgres")
            if is_sqlite
            else item.get_closest_marker("sqlite")
            or not (config.getoption("--everything") or differs_between_databases(item))
        )
        (left_out if unwanted else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    items[:] = what_takes_long_first(kept, getattr(config, "workerinput", {}).get("workercount", 1))


def what_takes_long_first(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """Each worker is given an equal part of the list, begins at its front, and whoever is done takes over from the end
    of another's. So one of them begins with the browser: it waits for it half of the time, and no other starts one. The
    next one begins with what takes long: at the end nobody waits for it.
    """
    if workers == 1:
        return items
    browser = [item for item in items if item.get_closest_marker("browser")]
    long = [item for item in items if item.get_closest_marker("long")]
    begun = {*browser, *long}
    others = [item for item in items if item not in begun]
    beside = max(0, len(items) // workers - len(browser))
    return [*browser, *others[:beside], *long, *others[beside:]]


class FailuresAtOnce:
    """Names each failed test when it fails, not only at the end of the run."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if report.failed and terminal is not None:
            crash = getattr(report.longrepr, "reprcrash", None)
            said = (crash.message if crash else str(report.longrepr)).strip().partition("\n")[0]
            terminal.ensure_newline()
            terminal.write_line(f"FAILED ({report.when}) {report.nodeid}: {said[:200]}", red=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing is skipped: what is missing there must be installed."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: in CI every test must run. {reason}"
    return report


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The database is there when Django looks for it."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        copy_template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        keep_beginning()


@pytest.fixture(autouse=True)
def _start_from_the_same_state() -> Iterator[None]:
    """Language, cache (rate limits) and known price tables as in a fresh process, whatever the test before did."""
    from django.core.cache import cache
    from django.utils import translation

    from pricing.loader import forget_published_tables

    cache.clear()
    forget_published_tables()  # the numbers of rows that another test rolled back come again
    with translation.override("ja"):
        yield


# --- Browser --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_program() -> str:
    """The system's own browser; nothing is downloaded."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    pytest.skip("No Chromium found. On Debian: apt-get install chromium")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], browser_program: str) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": browser_program, "args": BROWSER_ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "locale": "ja-JP",
        "timezone_id": "Asia/Tokyo",
        "viewport": {"width": 1280, "height": 900},
    }


# --- Other programs -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def java() -> str:
    """The program `java`, for the tests that check PDF and HTML with someone else's eyes."""
    if path := shutil.which("java"):
        return path
    pytest.skip("No Java found. On Debian: apt-get install default-jdk-headless libjaxb-java")


@pytest.fixture(scope="session")
def pdftoppm() -> str:
    """The program `pdftoppm`, which makes pictures of PDF pages."""
    if path := shutil.which("pdftoppm"):
        return path
    pytest.skip("No pdftoppm found. On Debian: apt-get install poppler-utils")
