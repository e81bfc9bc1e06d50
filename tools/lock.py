"""The locks: requirements*.txt with exact versions and hashes, made from requirements*.in.

python -m tools.lock              make the locks, keeping versions that still fit
python -m tools.lock --upgrade    make them with the newest versions
python -m tools.lock --check      only say whether they are in step (needs no network)
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "requirements.txt": ["requirements.in"],
    "requirements-dev.txt": ["requirements-dev.in", "requirements.in"],
    "requirements-bench.txt": ["requirements-bench.in"],
}
"""Each lock and the files it is made from; the first is the one given to uv."""

CONSTRAINTS = {"requirements-dev.txt": "requirements.txt", "requirements-bench.txt": "requirements-dev.txt"}
"""A lock takes no other version than the lock named here."""


def fingerprint(lock: str) -> str:
    """Changes when a requirement changes, not when a remark does."""
    lines = []
    for source in LOCKS[lock]:
        text = (ROOT / source).read_text(encoding="utf-8")
        lines += [re.sub(r"\s*#.*", "", line).strip() for line in text.splitlines()]
    return hashlib.sha256("\n".join(sorted(filter(None, lines))).encode()).hexdigest()


def head(lock: str) -> str:
    return f"# Made by `make lock`; do not edit. Made from: {fingerprint(lock)}\n"


def make(lock: str, *, upgrade: bool) -> None:
    path = ROOT / lock
    command = ["uv", "pip", "compile", LOCKS[lock][0], "--output-file", lock, "--universal"]
    command += ["--python-version", "3.11", "--generate-hashes", "--no-header", "--quiet", "--no-config"]
    command += ["--no-emit-index-url", "--no-emit-find-links"]  # where packages come from is the machine's affair
    if lock in CONSTRAINTS:
        command += ["--constraints", CONSTRAINTS[lock]]
    if upgrade:
        command.append("--upgrade")
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    subprocess.run(command, cwd=ROOT, check=True, env=os.environ | {"PATH": search})
    path.write_text(head(lock) + path.read_text(encoding="utf-8"), encoding="utf-8")


def stale_locks() -> list[str]:
    """The locks that are missing or were made from other requirements."""
    return [
        lock
        for lock in LOCKS
        if not (ROOT / lock).exists() or not (ROOT / lock).read_text(encoding="utf-8").startswith(head(lock))
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--upgrade", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if not options.check:
        for lock in LOCKS:
            make(lock, upgrade=options.upgrade)
        return 0
    for lock in stale_locks():
        print(f"{lock} was not made from {' and '.join(LOCKS[lock])} as they are now: run `make lock`.")
    return 1 if stale_locks() else 0


if __name__ == "__main__":
    sys.exit(main())
