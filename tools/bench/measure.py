"""Timing side by side: the things compared take turns, so that a busy moment of the machine meets all of them."""

import gc
import random
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

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


def typical(seconds: list[float]) -> float:
    """The median: half of the rounds were faster."""
    return median(seconds)


def typical_ratio(seconds: list[float], base: list[float]) -> float:
    """The median of the ratios round by round: the two of a round met the same machine."""
    return median(one / other for one, other in zip(seconds, base, strict=True))
