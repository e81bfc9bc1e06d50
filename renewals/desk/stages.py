"""How far a renewal is, what comes next and by when: all of it follows from facts, by the rules of this file.

Plain values in and out; the facts are fetched by `renewals.desk.facts`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from quotes.models import State

from ..models import Stage, Step

BEGIN_DAYS = 60
"""So many days before the expiry a renewal is to be begun."""
SILENT_DAYS = 7
"""So many days after a quote was sent somebody asks how it stands."""
LAST_DAYS = 7
"""At the latest so many days before the expiry, whatever there is is to be got on with."""
KEPT_DAYS = 365
"""So long what was carried out stays in the list."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuoteFact:
    """One quote of a renewal: what it is today."""

    issued_on: date
    valid_until: date
    state: str = State.ISSUED
    sent_on: date | None = None
    seen_on: date | None = None
    wishes_order: bool = False
    is_declined: bool = False
    """The customer answered that they do not want it; the reseller has not recorded that yet."""
    ordered_on: date | None = None
    carried_out_on: date | None = None
    """Of this license ID."""
    changed_on: date | None = None
    """The day of its last change of state."""
    key: str = ""
    number: str = ""

    @property
    def is_carried_out(self) -> bool:
        return self.state == State.ORDERED and self.carried_out_on is not None

    def is_open(self, on: date) -> bool:
        return self.state == State.ISSUED and self.valid_until >= on

    @property
    def reached(self) -> Stage:
        """How far an issued quote has come."""
        if self.wishes_order:
            return Stage.WISHED
        if self.seen_on or self.is_declined:
            return Stage.SEEN
        return Stage.SENT if self.sent_on else Stage.QUOTED


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one license ID and expiry on a day."""

    on: date
    expires_on: date
    is_held: bool = True
    """Something is held that expires then."""
    quotes: tuple[QuoteFact, ...] = ()
    """Those that are issued, ordered or lost, in the order of their issue; none that was withdrawn or revised."""
    drafted_on: date | None = None
    asked_on: date | None = None
    """The customer was asked for quantities."""
    asked_until: date | None = None
    """The last day on which that can be answered; None: no last one."""
    answered_on: date | None = None
    chosen_on: date | None = None
    """The customer chose a plan of a comparison, of which no quote was made since."""
    chosen_until: date | None = None
    """The day until which the prices of that plan hold."""
    declined_on: date | None = None
    """Somebody entered that it is not renewed."""
    follow_up_on: date | None = None
    open_quotes: tuple[QuoteFact, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "open_quotes", tuple(one for one in self.quotes if one.is_open(self.on)))

    @property
    def is_over(self) -> bool:
        return self.expires_on < self.on

    @property
    def is_asked(self) -> bool:
        return self.asked_on is not None and (self.asked_until is None or self.asked_until >= self.on)

    @property
    def is_chosen(self) -> bool:
        """A plan is chosen, and can still be quoted: before the expiry, or as long as its prices hold."""
        holds = self.chosen_until is not None and self.chosen_until >= self.on
        return self.chosen_on is not None and (holds or not self.is_over)

    @property
    def ordered(self) -> QuoteFact | None:
        """The order that is still to be carried out."""
        return next((one for one in self.quotes if one.state == State.ORDERED and not one.is_carried_out), None)

    @property
    def carried_out(self) -> QuoteFact | None:
        return next((one for one in reversed(self.quotes) if one.is_carried_out), None)

    @property
    def best(self) -> QuoteFact | None:
        """The open quote that has come furthest; of several the latest."""
        return max(self.open_quotes, key=_furthest) if self.open_quotes else None

    @property
    def last(self) -> QuoteFact | None:
        """The latest quote that is neither open nor ordered: lost, or its validity has ended."""
        ended = [one for one in self.quotes if one.state != State.ORDERED and not one.is_open(self.on)]
        return ended[-1] if ended else None

    @property
    def has_newer_draft(self) -> bool:
        """A draft that was saved after the last quote ended: somebody is at it again."""
        if self.drafted_on is None or self.last is None:
            return self.drafted_on is not None
        ended = self.last.changed_on if self.last.state == State.LOST else self.last.valid_until
        return self.drafted_on >= (ended or self.last.issued_on)


def _furthest(quote: QuoteFact) -> tuple[int, date]:
    return list(Stage).index(quote.reached), quote.issued_on


RULES: tuple[tuple[Callable[[Facts], object], Callable[[Facts], Stage]], ...] = (
    (lambda facts: facts.ordered, lambda facts: Stage.ORDERED),
    (lambda facts: not facts.is_held and facts.carried_out, lambda facts: Stage.DONE),
    (lambda facts: facts.declined_on, lambda facts: Stage.DECLINED),
    (lambda facts: facts.is_chosen, lambda facts: Stage.CHOSEN),
    (lambda facts: facts.best, lambda facts: facts.best.reached if facts.best else Stage.QUOTED),
    (lambda facts: facts.is_over and facts.last and facts.last.state == State.LOST, lambda facts: Stage.LOST),
    (lambda facts: facts.is_over, lambda facts: Stage.LAPSED),
    (lambda facts: facts.has_newer_draft, lambda facts: Stage.DRAFTED),
    (lambda facts: facts.last and facts.last.state == State.LOST, lambda facts: Stage.LOST),
    (lambda facts: facts.last, lambda facts: facts.last.reached if facts.last else Stage.QUOTED),
    (lambda facts: facts.answered_on, lambda facts: Stage.ANSWERED),
    (lambda facts: facts.is_asked, lambda facts: Stage.ASKED),
)
"""The first whose condition holds says the stage; none does: not begun."""


def stage_of(facts: Facts) -> Stage:
    """How far a renewal is."""
    return next((stage(facts) for holds, stage in RULES if holds(facts)), Stage.OPEN)


def step_of(facts: Facts, stage: Stage) -> tuple[Step, date | None]:
    """What is to be done next, and by which day. A follow-up day that somebody entered goes before what can wait."""
    step, day = _own_step(facts, stage)
    if facts.follow_up_on and step not in (Step.CARRY_OUT, Step.RECORD_ORDER):
        return (
            Step.FOLLOW_UP if step in (Step.NOTHING, Step.WAIT_ANSWER, Step.ASK_AGAIN) else step
        ), facts.follow_up_on
    return step, day


def _own_step(facts: Facts, stage: Stage) -> tuple[Step, date | None]:
    due, latest = facts.expires_on - BEGIN_DAYS * _DAY, facts.expires_on - LAST_DAYS * _DAY
    quote = facts.best or facts.last
    if stage == Stage.ORDERED:
        return Step.CARRY_OUT, facts.expires_on
    if stage in (Stage.DONE, Stage.DECLINED, Stage.LOST, Stage.LAPSED):
        return Step.NOTHING, None
    if stage == Stage.CHOSEN:
        return Step.ISSUE_CHOSEN, facts.chosen_on
    if stage == Stage.DRAFTED:
        return Step.FINISH_DRAFT, max(due, facts.drafted_on or due)
    if stage == Stage.ANSWERED:
        return Step.QUOTE_ANSWERED, facts.answered_on
    if stage == Stage.ASKED:
        return Step.WAIT_ANSWER, min(latest, facts.asked_until or latest)
    if quote is None:
        return Step.QUOTE, due
    if not quote.is_open(facts.on):
        return Step.QUOTE_AGAIN, min(quote.valid_until + _DAY, facts.expires_on)
    if quote.is_declined:
        return Step.RECORD_LOSS, quote.changed_on
    if stage == Stage.WISHED:
        return Step.RECORD_ORDER, quote.changed_on
    if stage == Stage.QUOTED:
        return Step.SEND, quote.issued_on
    return Step.ASK_AGAIN, min((quote.sent_on or quote.issued_on) + SILENT_DAYS * _DAY, quote.valid_until)


def alters_on(facts: Facts, stage: Stage) -> date | None:
    """The first day after today on which the same facts say something else: validity ends, or support."""
    days = [one.valid_until + _DAY for one in facts.open_quotes]
    if not facts.is_held:  # it stays for a while after what was carried out
        carried = [one.carried_out_on for one in facts.quotes if one.is_carried_out and one.carried_out_on]
        days += [day + (KEPT_DAYS + 1) * _DAY for day in carried]
    if facts.chosen_until:
        days.append(facts.chosen_until + _DAY)
    if facts.asked_until:
        days.append(facts.asked_until + _DAY)
    days.append(facts.expires_on + _DAY)
    return min((day for day in days if day > facts.on), default=None)
