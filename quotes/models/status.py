"""How a quote stands: its states, and every way from one to another. All of them are here and nowhere else.

`docs/quote-states.md` draws them; a test keeps the drawing true. `quotes.record.transitions` walks them.
"""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.text.search import SearchKeyField
from licensing.models import Reseller, User

from .records import Quote


class State(models.TextChoices):
    """What is stored. Whether an issued quote has expired follows from its last day, see `shown_state`."""

    ISSUED = "issued", pgettext_lazy("state of a quote", "issued")
    SUPERSEDED = "superseded", pgettext_lazy("state of a quote", "superseded")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a quote", "withdrawn")
    ORDERED = "ordered", pgettext_lazy("state of a quote", "ordered")
    LOST = "lost", pgettext_lazy("state of a quote", "lost")


EXPIRED = "expired"
"""The state shown for a quote that is still `issued` after its last day (R15)."""

SHOWN_STATES: dict[str, str | Promise] = {
    **dict(State.choices),
    EXPIRED: pgettext_lazy("state of a quote", "expired"),
}
"""Every state that people see, with its name."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One way from state to state. `name` is also the kind of the event that tells of it."""

    name: str
    sources: frozenset[State]
    target: State
    needs_reason: bool


SUPERSEDE = Transition("superseded", frozenset({State.ISSUED, State.WITHDRAWN, State.LOST}), State.SUPERSEDED, False)
"""By issuing the next revision. What was ordered is not revised: the outcome is taken back first."""
WITHDRAW = Transition("withdrawn", frozenset({State.ISSUED}), State.WITHDRAWN, True)
ORDER = Transition("ordered", frozenset({State.ISSUED}), State.ORDERED, False)
"""Also after the last day: an order is often recorded later than it came."""
LOSE = Transition("lost", frozenset({State.ISSUED}), State.LOST, True)
REOPEN = Transition("reopened", frozenset({State.ORDERED, State.LOST}), State.ISSUED, True)
"""An outcome recorded by mistake is taken back."""

TRANSITIONS = (SUPERSEDE, WITHDRAW, ORDER, LOSE, REOPEN)


def can_become(transition: Transition, state: str) -> bool:
    """Whether a quote in this state may take this way. Buttons and doors both ask here."""
    return state in transition.sources


def shown_state(*, state: str, valid_until: date, on: date) -> str:
    """The state as people see it on a day in Japan: a key of SHOWN_STATES."""
    return EXPIRED if state == State.ISSUED and valid_until < on else state


class QuoteStatus(models.Model):
    """How one issued revision stands today. The record beside it never changes; every change here is an event too."""

    class Answer(models.TextChoices):
        """What the customer answered last."""

        NONE = "", _("no answer")
        ORDER = "order", _("wishes to order")
        DECLINE = "decline", _("declined")

    quote = models.OneToOneField(
        Quote, on_delete=models.PROTECT, primary_key=True, related_name="status", verbose_name=_("quote")
    )
    reseller = models.ForeignKey(
        Reseller, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("reseller")
    )
    month = models.CharField(_("month"), max_length=4)
    sequence = models.PositiveIntegerField(_("number in the month"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ISSUED)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    """Of the last change of state, in the words of the person who made it. Internal."""
    ordered_on = models.DateField(_("order day"), null=True)
    """On which the customer ordered; None where it is not ordered."""
    order_number = models.CharField(_("customer's order number"), max_length=100, blank=True, default="")
    order_key = SearchKeyField(sources=("order_number",))
    carried_out = models.PositiveSmallIntegerField(_("license IDs carried out"), default=0)
    """Of how many of its license IDs the holdings were brought to what was ordered (R21)."""
    changed_at = models.DateTimeField(_("changed at"))
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("changed by"))
    answer = models.CharField(_("customer's answer"), max_length=10, choices=Answer.choices, blank=True, default="")
    answered_at = models.DateTimeField(_("answered at"), null=True)

    class Meta:
        verbose_name = _("status of a quote")
        verbose_name_plural = _("statuses of quotes")
        constraints = [
            models.UniqueConstraint(
                name="quote_one_active_revision",
                fields=["reseller", "month", "sequence"],
                condition=~Q(state="superseded"),
                violation_error_message=_("Only one revision of a number can be the one that counts."),
            ),
            models.CheckConstraint(
                name="quote_status_state_known",
                condition=Q(state__in=["issued", "superseded", "withdrawn", "ordered", "lost"]),
                violation_error_message=_("Choose one of the states."),
            ),
            models.CheckConstraint(
                name="quote_status_answer_known",
                condition=Q(answer="", answered_at__isnull=True)
                | Q(answer__in=["order", "decline"], answered_at__isnull=False),
                violation_error_message=_("An answer needs the moment at which it came."),
            ),
            models.CheckConstraint(
                name="quote_status_reason_given",
                condition=~Q(state__in=["withdrawn", "lost"]) | ~Q(reason=""),
                violation_error_message=_("Say why."),
            ),
            models.CheckConstraint(
                name="quote_status_carried_out_when_ordered",
                condition=Q(carried_out=0) | Q(state="ordered"),
                violation_error_message=_("Only what was ordered is carried out."),
            ),
        ]
        indexes = [
            models.Index(fields=["reseller", "state"], name="quote_status_by_state"),
            models.Index(
                name="quote_status_answered",
                fields=["reseller", "answered_at"],
                condition=Q(state="issued", answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quote_id} {self.state}"
