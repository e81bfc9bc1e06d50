"""The reading process: takes one file, shows the beginning of its sheets, and hands over the rows of those asked for.

It limits its own memory and time before it looks at a byte, and has neither Django nor settings nor secrets in it.
It speaks lines of JSON: first the sheets, then rows in batches, each sheet ended by what was noticed in it.
"""

import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

from .bounds import MOST_ANSWER, MOST_MEMORY, MOST_SECONDS, Refused

AT_ONCE = 250
"""Rows in a line."""


def limit_itself(*, memory: int = MOST_MEMORY, seconds: int = MOST_SECONDS) -> None:
    """Neither more memory nor more processor time, no file written, no memory left behind on the disk."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read a file from standard input: its size in a line, its bytes, then in lines which sheets are wanted."""
    limit_itself()
    write = sys.stdout.buffer
    answer = 0

    def send(message: dict[str, Any]) -> None:
        nonlocal answer
        line = json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode(errors="surrogatepass") + b"\n"
        answer += len(line)
        if answer > MOST_ANSWER:
            raise Refused("too-much")
        write.write(line)

    try:
        data = sys.stdin.buffer.read(int(sys.stdin.buffer.readline()))
        tables = open_tables(data)
        send({"sheets": [table.describe() for table in tables]})
        write.flush()
        if len(tables) == 1:  # while the other side looks at its head
            tables[0].get_ready()
        while asked := sys.stdin.buffer.readline():
            table = tables[int(asked)]
            for rows in in_batches(table.rows()):
                send({"rows": rows})
            send({"end": table.facts()})
            write.flush()
    except Refused as refused:
        send({"refused": refused.code, "values": refused.values})
    except MemoryError:
        tables = []
        send({"refused": "too-much"})
    except BrokenPipeError:
        sys.exit(1)
    except Exception as error:  # whatever a broken file leads the libraries to
        send({"refused": "damaged", "why": repr(error)[:300]})
    write.flush()


def open_tables(data: bytes) -> list[Any]:
    """The tables of a file. What its kind does not need is not loaded: the start of this process is waited for."""
    if data[:4] == b"PK\x03\x04":
        from .workbooks import open_workbook

        return open_workbook(data, sys.argv[2] if len(sys.argv) > 2 else "")
    from .delimited import open_text

    return list(open_text(data))


def in_batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
