"""Files in, for every import: the one place that starts the reading process and hears what it has to say.

    with open_file(data) as book:
        for sheet in book.sheets: ...       # their first rows, to choose one by
        for number, cells in book.read(sheet): ...

Nothing in a file is trusted. It is read by a process of its own (`child`), started for this one file, with limits of
memory and time; whatever happens to that process is a refusal that says what is wrong and what to do.
"""

import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

from .bounds import MOST_WAITING, USUAL_ROWS, Refused
from .refusals import FileRefused, check_head, say

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent.parent
START = "import sys; sys.path.insert(0, sys.argv[1]); from foundation.spreadsheets.child import main; main()"
LIBRARY = str(Path(getattr(find_spec("python_calamine"), "origin", "")).parent)
"""The one package that the process may load, for large workbooks."""
COMMAND = [sys.executable, "-I", "-S", "-X", "utf8", "-c", START, str(ROOT), LIBRARY]
"""Without other packages, and without the environment: no secret is in the process that reads."""

Row = tuple[int, list[str]]
"""A row's number as spreadsheet programs show it, and the texts of its cells as a person sees them."""


@dataclass(slots=True)
class Sheet:
    """One table of a file, and its beginning."""

    position: int
    name: str
    """Empty: a text with delimiters has no names."""
    state: str
    """`visible`, `hidden` or `veryHidden`."""
    is_active: bool
    """Whether spreadsheet programs show it first."""
    row_count: int
    """About how many rows it has: for telling the progress."""
    head: list[Row]
    """The first rows with something in them."""
    spans: list[tuple[int, int, int, int]]
    """Merged cells that begin in the head: first and last row, first and last column from 0."""
    refused: str = ""
    """Why its rows cannot be read further than the head; empty where nothing is known of it."""
    delimiter: str = ""
    """Of a text: the same text is a table for each delimiter that it may have."""

    @property
    def is_hidden(self) -> bool:
        return self.state != "visible"


@dataclass(slots=True)
class Facts:
    """What was noticed while a sheet was read."""

    formulas: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    """From 0; only those that hold something."""


class Book:
    """A file that is being read. To be used in a `with`, at the end of which the reading process is gone."""

    def __init__(self, data: bytes) -> None:
        self.process = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
        )
        assert self.process.stdin is not None  # noqa: S101 - it is a pipe
        assert self.process.stdout is not None  # noqa: S101 - it is one, too
        self.stdin, self.stdout = self.process.stdin, self.process.stdout
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.stdout, selectors.EVENT_READ)
        self.waited = 0.0
        self.heard: deque[bytes] = deque()
        self.rest = bytearray()
        self.facts = Facts()
        # The process may die before it has taken the file: then the pipe breaks, and its end tells why.
        self.feeder = threading.Thread(target=self._feed, args=(data,), daemon=True)
        self.feeder.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the reading process, whatever it is doing."""
        self.process.kill()
        self.feeder.join()
        self.selector.close()
        for pipe in (self.stdin, self.stdout):
            with suppress(OSError):  # what was still to be written finds nobody
                pipe.close()
        self.process.wait()

    @cached_property
    def sheets(self) -> list[Sheet]:
        """All of the file's. Waits for the reading process. Raises FileRefused where the file cannot be read."""
        return [
            Sheet(
                position=position,
                name=sheet["name"],
                state=sheet["state"],
                is_active=sheet.get("is_active", True),
                row_count=sheet["row_count"],
                head=[(number, cells) for number, cells in sheet["head"]],
                spans=[tuple(span) for span in sheet.get("spans", ())],
                refused=say(sheet["refused"][0], **sheet["refused"][1]) if sheet["refused"] else "",
                delimiter=sheet.get("delimiter", ""),
            )
            for position, sheet in enumerate(self._hear()["sheets"])
        ]

    def read(self, sheet: Sheet, *, most: int = USUAL_ROWS) -> Iterator[Row]:
        """The sheet's rows from the top; afterwards `facts` are its own.

        Raises FileRefused where that fails, or there are more than `most`.
        """
        self.feeder.join()
        try:
            self.stdin.write(b"%d\n" % sheet.position)
            self.stdin.flush()
        except OSError as error:
            raise self._died() from error
        count = 0
        while "rows" in (message := self._hear()):
            count += len(message["rows"])
            if count > most:
                raise FileRefused(say("too-long", most_rows=f"{most:,}"))
            yield from map(tuple, message["rows"])
        self.facts = Facts(**message["end"])

    def _feed(self, data: bytes) -> None:
        try:
            self.stdin.write(b"%d\n" % len(data))
            self.stdin.write(data)
            self.stdin.flush()
        except OSError:
            logger.info("the reading process ended before it had the whole file")

    def _hear(self) -> dict[str, Any]:
        """What the process says next. Raises FileRefused where it refuses, dies or lets one wait too long."""
        while not self.heard:
            before = monotonic()
            if not self.selector.select(timeout=max(0.0, MOST_WAITING - self.waited)):
                raise FileRefused(say("too-slow"))
            self.waited += monotonic() - before
            piece = os.read(self.stdout.fileno(), 1 << 20)
            if not piece:
                raise self._died()
            *whole, last = piece.split(b"\n")
            if whole:
                self.heard.append(bytes(self.rest) + whole[0])
                self.heard.extend(whole[1:])
                self.rest = bytearray(last)
            else:
                self.rest += last
        message: dict[str, Any] = json.loads(self.heard.popleft())
        if "refused" in message:
            if "why" in message:
                logger.info("a file was refused: %s", message["why"])
            raise FileRefused(say(message["refused"], **message.get("values", {})))
        return message

    def _died(self) -> FileRefused:
        code = self.process.wait()
        logger.warning("the reading process ended with %s", code)
        return FileRefused(say("too-slow" if code == -signal.SIGXCPU else "too-much"))


def open_file(data: bytes) -> Book:
    """A CSV or XLSX file, to be used in a `with`. Raises FileRefused where it is none, or larger than the bounds."""
    check_head(data)
    return Book(data)


__all__ = ["Book", "Facts", "FileRefused", "Refused", "Row", "Sheet", "check_head", "open_file"]
