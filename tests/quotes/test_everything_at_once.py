"""Everything that is done with one quote, by many at the same moment: no error, no deadlock, no entry lost.

Small in `make test`; `make soak` does every pair of deeds many times over (SOAK: how often each thread does it).
"""

import os
import random
from itertools import combinations_with_replacement

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from quotes.links.operations import renew_link
from quotes.models import QuoteEvent, ShareLink
from tests.at_once import at_once
from tests.quotes.deeds import DEEDS, Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.soak]

SOAK = int(os.environ.get("SOAK", "0"))
THREADS = 6
PAIRS = list(combinations_with_replacement(DEEDS, 2))
HARDEST = [
    (Stage.view_by_link, Stage.download_by_link),
    (Stage.renew_link, Stage.send_letter),
    (Stage.bounce, Stage.view_by_link),
]
"""They locked in different orders once."""


@pytest.fixture
def stage(cast) -> Stage:
    return Stage(cast)


def together(stage: Stage, deeds: list[list]) -> None:
    """Each list in a thread of its own."""

    def work(own: list) -> int:
        for deed in own:
            stage.do(deed.__get__(stage))
        return len(own)

    assert at_once(*[lambda own=own: work(own) for own in deeds]) == [len(own) for own in deeds]
    stage.check()


def test_all_deeds_by_all_in_any_order(stage):
    every = [list(DEEDS) * max(1, SOAK // 4) for _thread in range(THREADS)]
    for own in every:
        random.shuffle(own)
    together(stage, every)


@pytest.mark.timeout(3600 if SOAK else 120)
@pytest.mark.parametrize("pair", PAIRS if SOAK else HARDEST, ids=lambda pair: "-".join(deed.__name__ for deed in pair))
def test_pairs(stage, pair):
    together(stage, [[pair[thread % 2]] * (SOAK or 5) for thread in range(THREADS)])


def test_many_look_and_download_by_one_link(stage):
    """Each answer is a page or a PDF; no entry is missing. (It was 41 errors in 200.)"""
    times = SOAK or 6
    token = renew_link(link=stage.link, by=stage.cast.staff, now=stage.quote.issued_at)[1]
    view, pdf = (reverse(name, args=[token]) for name in ("quotes:shared", "quotes:shared-pdf"))

    def ask(address: str, number: int) -> list[int]:
        client = Client(raise_request_exception=False)
        return [
            client.get(address, headers={"user-agent": f"Mozilla/5.0 {number}.{time}"}).status_code
            for time in range(times)
        ]

    answers = at_once(*[lambda number=number: ask([view, pdf][number % 2], number) for number in range(THREADS)])
    assert answers == [[200] * times] * THREADS
    assert ShareLink.objects.latest("pk").downloads == times * 3
    events = QuoteEvent.objects.filter(link=ShareLink.objects.latest("pk"))
    assert events.filter(kind="downloaded").count() == times * 3
    assert events.filter(kind="viewed").count() == min(60, times * 3)
    cache.clear()
