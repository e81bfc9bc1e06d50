"""How far a renewal is, what comes next and by when: case by case, without a database."""

from datetime import date, timedelta
from typing import Any

import pytest

from quotes.models import State
from renewals.desk.stages import Facts, QuoteFact, alters_on, stage_of, step_of
from renewals.models import Stage, Step

ON = date(2027, 1, 15)
EXPIRY = date(2027, 3, 31)
DAY = timedelta(days=1)


def quote(**how: Any) -> QuoteFact:
    return QuoteFact(**{"issued_on": date(2027, 1, 10), "valid_until": date(2027, 2, 9)} | how)


def facts(*quotes: QuoteFact, **how: Any) -> Facts:
    return Facts(**{"on": ON, "expires_on": EXPIRY, "quotes": quotes} | how)


SENT = date(2027, 1, 11)
SEEN = date(2027, 1, 12)
LOST = {"state": State.LOST, "changed_on": date(2027, 1, 13)}
ORDERED = {"state": State.ORDERED, "ordered_on": date(2027, 1, 14), "changed_on": date(2027, 1, 14)}
OLD = {"issued_on": date(2026, 12, 1), "valid_until": date(2026, 12, 31)}
PAST = {"expires_on": date(2027, 1, 14)}

CASES = [
    (facts(), Stage.OPEN, Step.QUOTE, date(2027, 1, 30)),
    (facts(asked_on=ON), Stage.ASKED, Step.WAIT_ANSWER, date(2027, 3, 24)),
    (facts(asked_on=SENT, answered_on=SEEN), Stage.ANSWERED, Step.QUOTE_ANSWERED, SEEN),
    (facts(answered_on=SEEN, drafted_on=ON), Stage.DRAFTED, Step.FINISH_DRAFT, date(2027, 1, 30)),
    (facts(chosen_on=SEEN, chosen_until=ON), Stage.CHOSEN, Step.ISSUE_CHOSEN, SEEN),
    (facts(chosen_on=SEEN, chosen_until=SEEN), Stage.CHOSEN, Step.ISSUE_CHOSEN, SEEN),  # by today's list
    (facts(chosen_on=SEEN, chosen_until=ON, drafted_on=ON), Stage.CHOSEN, Step.ISSUE_CHOSEN, SEEN),
    (facts(quote(sent_on=SENT), chosen_on=SEEN, chosen_until=ON), Stage.CHOSEN, Step.ISSUE_CHOSEN, SEEN),
    (facts(chosen_on=SEEN, chosen_until=ON, declined_on=ON), Stage.DECLINED, Step.NOTHING, None),
    (facts(quote(**ORDERED), chosen_on=SEEN, chosen_until=ON), Stage.ORDERED, Step.CARRY_OUT, EXPIRY),
    (facts(chosen_on=SEEN, chosen_until=ON, **PAST), Stage.CHOSEN, Step.ISSUE_CHOSEN, SEEN),
    (facts(chosen_on=SEEN, chosen_until=SEEN, **PAST), Stage.LAPSED, Step.NOTHING, None),
    (facts(quote()), Stage.QUOTED, Step.SEND, date(2027, 1, 10)),
    (facts(quote(), drafted_on=ON), Stage.QUOTED, Step.SEND, date(2027, 1, 10)),
    (facts(quote(sent_on=SENT)), Stage.SENT, Step.ASK_AGAIN, date(2027, 1, 18)),
    (facts(quote(sent_on=SENT, valid_until=ON)), Stage.SENT, Step.ASK_AGAIN, ON),
    (facts(quote(sent_on=SENT, seen_on=SEEN)), Stage.SEEN, Step.ASK_AGAIN, date(2027, 1, 18)),
    (facts(quote(wishes_order=True, changed_on=ON)), Stage.WISHED, Step.RECORD_ORDER, ON),
    (facts(quote(is_declined=True, changed_on=ON)), Stage.SEEN, Step.RECORD_LOSS, ON),
    (facts(quote(), quote(sent_on=SENT)), Stage.SENT, Step.ASK_AGAIN, date(2027, 1, 18)),
    (facts(quote(**ORDERED)), Stage.ORDERED, Step.CARRY_OUT, EXPIRY),
    (facts(quote(), quote(**ORDERED), declined_on=ON), Stage.ORDERED, Step.CARRY_OUT, EXPIRY),
    (facts(quote(**ORDERED, carried_out_on=ON), is_held=False), Stage.DONE, Step.NOTHING, None),
    (facts(quote(**ORDERED, carried_out_on=ON)), Stage.OPEN, Step.QUOTE, date(2027, 1, 30)),  # of the rest
    (facts(quote(**ORDERED, carried_out_on=ON), is_held=False, **PAST), Stage.DONE, Step.NOTHING, None),
    (facts(quote(sent_on=SENT), declined_on=ON), Stage.DECLINED, Step.NOTHING, None),
    (facts(quote(**LOST)), Stage.LOST, Step.NOTHING, None),
    (facts(quote(**LOST), drafted_on=ON), Stage.DRAFTED, Step.FINISH_DRAFT, date(2027, 1, 30)),
    (facts(quote(**LOST), drafted_on=SENT), Stage.LOST, Step.NOTHING, None),
    (facts(quote(**LOST), quote(sent_on=SENT)), Stage.SENT, Step.ASK_AGAIN, date(2027, 1, 18)),
    (facts(quote(**OLD, sent_on=date(2026, 12, 2))), Stage.SENT, Step.QUOTE_AGAIN, date(2027, 1, 1)),
    (facts(quote(**OLD), drafted_on=ON), Stage.DRAFTED, Step.FINISH_DRAFT, date(2027, 1, 30)),
    (facts(expires_on=ON), Stage.OPEN, Step.QUOTE, ON - 60 * DAY),
    (facts(**PAST), Stage.LAPSED, Step.NOTHING, None),
    (facts(drafted_on=SENT, asked_on=SENT, **PAST), Stage.LAPSED, Step.NOTHING, None),
    (facts(quote(**OLD), **PAST), Stage.LAPSED, Step.NOTHING, None),
    (facts(quote(**LOST), **PAST), Stage.LOST, Step.NOTHING, None),
    (facts(quote(), **PAST), Stage.QUOTED, Step.SEND, date(2027, 1, 10)),  # a late renewal is under way
    (facts(quote(**ORDERED), **PAST), Stage.ORDERED, Step.CARRY_OUT, date(2027, 1, 14)),
]


@pytest.mark.parametrize(("known", "stage", "step", "day"), CASES)
def test_stage_and_next_step_follow_from_facts(known: Facts, stage: Stage, step: Step, day: date | None) -> None:
    assert stage_of(known) == stage
    assert step_of(known, stage) == (step, day)


@pytest.mark.parametrize(
    ("known", "step"),
    [
        (facts(follow_up_on=ON), Step.QUOTE),
        (facts(quote(sent_on=SENT), follow_up_on=ON), Step.FOLLOW_UP),
        (facts(declined_on=ON, follow_up_on=ON), Step.FOLLOW_UP),
    ],
)
def test_a_follow_up_day_that_was_entered_counts(known: Facts, step: Step) -> None:
    assert step_of(known, stage_of(known)) == (step, ON)


def test_a_follow_up_day_does_not_put_an_order_off() -> None:
    known = facts(quote(**ORDERED), follow_up_on=date(2027, 6, 1))
    assert step_of(known, stage_of(known)) == (Step.CARRY_OUT, EXPIRY)


@pytest.mark.parametrize(
    ("known", "day"),
    [
        (facts(), EXPIRY + DAY),
        (facts(quote()), date(2027, 2, 10)),
        (facts(chosen_on=SEEN, chosen_until=ON, **PAST), ON + DAY),
        (facts(quote(valid_until=ON)), ON + DAY),
        (facts(**PAST), None),
        (facts(quote(**ORDERED, carried_out_on=ON), is_held=False, **PAST), date(2028, 1, 16)),
    ],
)
def test_the_day_on_which_it_changes_by_itself(known: Facts, day: date | None) -> None:
    assert alters_on(known, stage_of(known)) == day
    if day is not None:  # one day before, nothing is otherwise
        from dataclasses import replace

        assert stage_of(replace(known, on=day - DAY)) == stage_of(known)
