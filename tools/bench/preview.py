"""(b) The live preview of a license ID with four holdings, against a bare view on the same server.

The two get the same request: same cookies, same body, same middleware with session and user. What differs is the view.
"""

import io
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from .measure import Work, time_in_turns, typical, typical_ratio
from .portal import CODE, Desk
from .results import Result

GOAL = 2.5


def measure(desk: Desk, *, rounds: int = 400, warm_up: int = 20) -> list[Result]:
    results = []
    with gunicorn() as port:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        works = {name: over_http(connection, path, desk) for name, path in paths().items()}
        results += tell("over HTTP", time_in_turns(works, rounds=rounds, warm_up=warm_up))
        connection.close()
    results += tell("in process", time_in_turns(in_process(desk), rounds=rounds, warm_up=warm_up))
    return results


def tell(where: str, seconds: dict[str, list[float]]) -> list[Result]:
    preview, bare = seconds["preview"], seconds["bare"]
    return [
        Result(f"Preview {where}", typical(preview) * 1000, "ms"),
        Result(f"Bare view {where}", typical(bare) * 1000, "ms"),
        Result(f"Preview : bare view, {where}", typical_ratio(preview, bare), "x", at_most=GOAL),
    ]


def paths() -> dict[str, str]:
    from django.urls import reverse

    return {"preview": reverse("renewals:preview", args=[CODE]), "bare": reverse("bare", args=[CODE])}


# --- Over HTTP ------------------------------------------------------------------------------------------------------


@contextmanager
def gunicorn() -> Iterator[int]:
    """A server with one worker and one thread, which keeps connections open; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    program = str(Path(sys.executable).with_name("gunicorn"))
    command = [program, "--no-control-socket", "--worker-class", "gthread", "--threads", "1", "--keep-alive", "60"]
    server = subprocess.Popen([*command, "--log-level", "warning", "--bind", f"127.0.0.1:{port}", "config.wsgi"])
    try:
        wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("gunicorn did not start.")


def headers(desk: Desk) -> dict[str, str]:
    token = secrets.token_hex(16)
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"sessionid={desk.session}; csrftoken={token}",
        "X-CSRFToken": token,
        "HX-Request": "true",
        "Accept-Language": "ja",
    }


def over_http(connection: HTTPConnection, path: str, desk: Desk) -> Work:
    body, sent = desk.body.encode(), headers(desk)

    def ask() -> bytes:
        connection.request("POST", path, body, sent)
        response = connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status}")
        return content

    return ask


# --- In process -----------------------------------------------------------------------------------------------------


def in_process(desk: Desk) -> dict[str, Work]:
    """The same requests to the portal's WSGI application, without a server and a socket."""
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    return {name: through_wsgi(application, path, desk) for name, path in paths().items()}


def through_wsgi(application: Any, path: str, desk: Desk) -> Work:
    body = desk.body.encode()
    sent = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers(desk).items()}
    environ = sent | {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": sent.pop("HTTP_CONTENT_TYPE"),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }

    def ask() -> bytes:
        told: list[str] = []
        response = application(environ | {"wsgi.input": io.BytesIO(body)}, lambda status, _: told.append(status))
        content = b"".join(response)
        response.close()
        if told != ["200 OK"]:
            raise RuntimeError(f"{path}: {told}")
        return content

    return ask
