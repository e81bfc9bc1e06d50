"""`make check`: everything that can be found without running tests. All checks run, then the failed ones are named.

python -m tools.check                  all checks
python -m tools.check types imports    only these
python -m tools.check --fix-templates  write templates in djade's form
"""

import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
DJANGO_VERSION = "5.2"
PRODUCTION = ROOT / "deploy" / "portal.env.example"


def program(name: str, *arguments: str) -> list[str]:
    return [str(BIN / name), *arguments]


def manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


def templates() -> list[str]:
    return [str(path.relative_to(ROOT)) for path in sorted((ROOT / "templates").rglob("*.html"))]


def production_environment() -> dict[str, str]:
    """The example for production, with a key of its own: the example's must not look like a good one."""
    lines = PRODUCTION.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if line.strip() and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs} | {"SECRET_KEY": secrets.token_urlsafe(60)}


def checks() -> dict[str, list[str]]:
    found = templates()
    return {
        "lint": program("ruff", "check", "--quiet", "--output-format", "concise", "."),
        "format": program("ruff", "format", "--check", "--quiet", "."),
        "types": program("mypy", "--no-error-summary"),
        "imports": program("lint-imports", "--cache-dir", ".cache/import-linter"),
        "template-form": program("djade", "--target-version", DJANGO_VERSION, "--check", *found) if found else [],
        "template-lint": program("djlint", "--lint", "--quiet", "templates") if found else [],
        "pages": [sys.executable, "-m", "tools.pages"],
        "dockerfile": program("hadolint", "deploy/Dockerfile"),
        "translations": [sys.executable, "-m", "tools.catalog", "check"],
        "locks": [sys.executable, "-m", "tools.lock", "--check"],
        "migrations": manage("makemigrations", "--check", "--dry-run", "--verbosity", "1"),
        "django": manage("check", "--fail-level", "WARNING"),
        "django-production": manage("check", "--deploy", "--fail-level", "WARNING"),
    }


def run(name: str, command: list[str]) -> bool:
    if not command:
        return True
    started = time.monotonic()
    environment = os.environ | (production_environment() if name == "django-production" else {})
    done = subprocess.run(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    print(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name} ({time.monotonic() - started:.1f} s)", flush=True)
    if done.returncode:
        print("".join(f"     {line}\n" for line in done.stdout.rstrip().splitlines()), flush=True)
    return done.returncode == 0


def main() -> int:
    if "--fix-templates" in sys.argv:
        found = templates()
        if found:  # djade's exit code 1 means that it changed something
            subprocess.run(program("djade", "--target-version", DJANGO_VERSION, *found), cwd=ROOT, check=False)
        return 0
    chosen = sys.argv[1:]
    failed = [name for name, command in checks().items() if name in (chosen or checks()) and not run(name, command)]
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
