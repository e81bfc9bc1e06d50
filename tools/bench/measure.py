"""Timing side by side: the things compared take turns, so that a busy moment of the machine meets all of them."""

import gc
import multiprocessing
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from statistics import median
from time import perf_counter, process_time
from typing import Any

Work = Callable[[], object]


def time_in_turns(
    works: Mapping[str, Work], *, rounds: int, warm_up: int = 1, clock: Callable[[], float] = perf_counter
) -> dict[str, list[float]]:
    """Seconds of each round of each work. Every round does all of them, in an order of its own.

    `clock`: the time on the wall, or `thread_time`, which stands still while other programs have the core.
    """
    order = random.Random(rounds)
    for _ in range(warm_up):
        for work in works.values():
            work()
    names = list(works)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    gc.collect()
    for _ in range(rounds):
        order.shuffle(names)
        for name in names:
            started = clock()
            works[name]()
            seconds[name].append(clock() - started)
    return seconds


def time_apart(
    makers: Mapping[str, Callable[[], Work]],
    *,
    rounds: int,
    warm_up: int = 1,
    clock: Callable[[], float] = process_time,
) -> dict[str, list[float]]:
    """The same, by default in processor time, each work in a process of its own, which it is made in; one at a time.

    For what keeps things in mind for a whole process: within one they would also clear away what the other one left.
    """
    order = random.Random(rounds)
    names = list(makers)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    with _processes(makers, clock) as ends:
        for turn in range(warm_up + rounds):
            order.shuffle(names)
            for name in names:
                ends[name].send(None)
                took = ends[name].recv()
                if turn >= warm_up:
                    seconds[name].append(took)
    return seconds


@contextmanager
def _processes(makers: Mapping[str, Callable[[], Work]], clock: Callable[[], float]) -> Iterator[dict[str, Any]]:
    new = multiprocessing.get_context("spawn")
    ends: dict[str, Any] = {}
    processes = []
    try:
        for name, make in makers.items():
            ends[name], other = new.Pipe()
            processes.append(new.Process(target=_serve, args=(make, other, clock), daemon=True))
            processes[-1].start()
            other.close()  # so that a process that fails ends the wait for it
        yield ends
    finally:
        for end in ends.values():
            end.close()
        for process in processes:
            process.join()


def _serve(make: Callable[[], Work], end: Any, clock: Callable[[], float]) -> None:
    """Work once whenever asked, and say how long it took."""
    work = make()
    try:
        while True:
            end.recv()
            started = clock()
            work()
            end.send(clock() - started)
    except EOFError:
        return


def typical(seconds: list[float]) -> float:
    """The median: half of the rounds were faster."""
    return median(seconds)


def typical_ratio(seconds: list[float], base: list[float]) -> float:
    """The median of the ratios round by round: the two of a round met the same machine."""
    return median(one / other for one, other in zip(seconds, base, strict=True))
