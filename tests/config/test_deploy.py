"""The files of deploy/: shown in the documentation as they are, known to what reads them, tried at night."""

import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.db import connection

from quotes.archive.verification import read_heads
from tests.cast import make_cast, make_license_id
from tests.making import issue_quote
from tests.test_project import ROOT

DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
UNITS = sorted((DEPLOY / "systemd").iterdir())


def described() -> set[str]:
    operating = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([A-Z_]+)` \|", operating, re.MULTILINE))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(DEPLOY).as_posix())
def test_the_documentation_shows_it_as_it_is(path: Path) -> None:
    page = (ROOT / "docs/deploying.md").read_text(encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    shown = "".join(f"    {line}\n" if line else "\n" for line in text.rstrip("\n").split("\n"))
    assert f"`deploy/{path.relative_to(DEPLOY).as_posix()}`" in page
    assert shown in page, "run: python -m tools.deploy_page"


def test_the_example_names_all_that_production_needs() -> None:
    named = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / "portal.env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= described()
    assert {"SECRET_KEY", "PUBLIC_URL", "ALLOWED_HOSTS", "EMAIL_URL", "DATABASE_URL", "MEDIA_ROOT"} <= named


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_what_is_there(path: Path) -> None:
    unit = ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(path.read_text(encoding="utf-8"))
    if path.suffix == ".timer":
        assert path.with_suffix(".service") in UNITS
        return
    program, *arguments = unit["Service"]["ExecStart"].split()
    assert program.startswith("/srv/portal/")
    name = program.removeprefix("/srv/portal/")
    assert name in (".venv/bin/gunicorn", ".venv/bin/python") or os.access(ROOT / name, os.X_OK)
    if arguments[:1] == ["manage.py"]:
        from django.core.management import get_commands

        assert arguments[1] in get_commands()
    assert unit["Service"]["EnvironmentFile"] == "/etc/portal/portal.env"


def test_nginx_takes_the_configuration_and_logs_no_address(tmp_path: Path) -> None:
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    if not Path(program).exists():
        pytest.skip("No nginx found. On Debian: apt-get install nginx-light openssl")
    config = (DEPLOY / "nginx/portal.conf").read_text(encoding="utf-8")
    [logged] = re.findall(r"log_format portal '([^']*)'", config)
    named = set(re.findall(r"\$\{?(\w+)", logged))
    assert named == {"time_iso8601", "request_method", "status", "body_bytes_sent", "request_time"}
    assert set(re.findall(r"^\s*access_log ([^;]*);", config, re.MULTILINE)) == {
        "off",
        "/var/log/nginx/portal.log portal",
    }
    key, chain = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    make += ["-keyout", str(key), "-out", str(chain), "-days", "1", "-subj", "/CN=portal.example.jp"]
    subprocess.run(make, check=True, capture_output=True)
    here = config.replace("/etc/ssl/portal/", f"{tmp_path}/").replace("/var/log/nginx/", f"{tmp_path}/")
    whole = f"pid {tmp_path}/pid;\nerror_log {tmp_path}/error.log;\nevents {{}}\nhttp {{\n{here}\n}}\n"
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    done = subprocess.run(
        [program, "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def run_night(environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """As the timer starts it: with the environment and nothing else, from anywhere."""
    own = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = [DEPLOY / "nightly.sh"]
    return subprocess.run(
        command, cwd="/", env=own | environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


@pytest.mark.long
@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_the_nightly_script_works_on_the_first_night(tmp_path: Path) -> None:
    cast = make_cast()
    issue_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)
    done = run_night(
        {
            "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
            "MEDIA_ROOT": str(portal.MEDIA_ROOT),
            "EMAIL_URL": f"filemail:///{tmp_path / 'mail'}",
            "NIGHTLY_ROOT": str(tmp_path / "nightly"),
            "REPORT_TO": "auditor@example.jp",
            "PYTHON": sys.executable,
        }
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "== all good" in done.stdout
    assert len(list((tmp_path / "nightly").glob("portal-*.tar.gz"))) == 1
    assert len(list((tmp_path / "mail").iterdir())) == 1
    noted = (tmp_path / "nightly/last-good.txt").read_text(encoding="utf-8")
    [head] = read_heads(noted.splitlines())  # the second night compares with this
    assert (head.reseller, head.position) == ("aoba", 1)


def test_a_night_on_which_something_fails_is_told_and_is_no_good_one(tmp_path: Path) -> None:
    done = run_night({"NIGHTLY_ROOT": str(tmp_path), "PYTHON": "false"})
    assert done.returncode == 1
    assert done.stdout.endswith("== SOMETHING IS WRONG: read above\n")
    assert not (tmp_path / "last-good.txt").exists()
