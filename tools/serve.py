"""Serves the portal on this machine for `make run`. The real thing: docs/operating.md.

This module is also the configuration that gunicorn reads: hence the lower-case names and the functions it calls. Beside
the server it starts a worker for what takes longer than a request.
"""

import argparse
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

threads = 4
loglevel = "warning"
proc_name = "portal"


worker: list[subprocess.Popen[bytes]] = []


def on_starting(server: Any) -> None:
    """Called by gunicorn before anything else."""
    command = [sys.executable, "manage.py", "worker", "--verbosity", "0"]
    worker.append(subprocess.Popen(command, start_new_session=True))  # Ctrl-C reaches the server, which stops it


def on_exit(server: Any) -> None:
    """Called by gunicorn at its end."""
    for process in worker:
        process.terminate()
        process.wait()


def when_ready(server: Any) -> None:
    """Called by gunicorn once it listens."""
    print(f"\n  The portal is at {os.environ['PORTAL_ADDRESS']}   (Ctrl-C stops it)\n", flush=True)


def is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def main() -> int:
    parser = argparse.ArgumentParser(description="Serve the portal on this machine")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--check-port", action="store_true", help="only say whether the port is free")
    options = parser.parse_args()
    if not is_free(options.host, options.port):
        print(f"Port {options.port} is in use. Stop what uses it, or take another: make run PORT={options.port + 1}")
        return 1
    if options.check_port:
        return 0
    shown = "localhost" if options.host in {"127.0.0.1", "0.0.0.0"} else options.host
    # Whoever tries the portal sees its own pages, also where something is not there.
    address = f"http://{shown}:{options.port}"
    environment = {"TECHNICAL_ERROR_PAGES": "False", "PUBLIC_URL": address} | os.environ
    environment["PORTAL_ADDRESS"] = f"{address}/"
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    command = [gunicorn, "--no-control-socket", "--config", "python:tools.serve"]
    command += ["--bind", f"{options.host}:{options.port}", "config.wsgi"]
    sys.stdout.flush()
    os.execve(gunicorn, command, environment)


if __name__ == "__main__":
    sys.exit(main())
