"""A row of the list as it is shown: with words, products, whose it is, and its one main action."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.text.language import name_of, unit_of
from licensing.models import Customer, Product, Programme, Reseller, User
from licensing.queries import Reason, Reasons
from pricing.costs.margins import MarginTotals
from quotes.models import QuoteEvent

from ..confirmations.queries import Standing, standings
from ..drift.queries import drifts_by_key
from ..models import DeskRow, QuoteDrift, Stage, Step
from .choices import Choice, choices_of
from .margins import margins_of_rows
from .queries import people_in_rows

MOVEMENTS: dict[str, str | Promise] = {
    **dict(QuoteEvent.Kind.choices),
    "draft": _("draft saved"),
    "declined": _("entered that it is not renewed"),
    "asked": _("quantities asked"),
    "answered": _("quantities answered"),
}
LOOKS = {
    Stage.OPEN: "",
    Stage.ASKED: "",
    Stage.ANSWERED: "due",
    Stage.CHOSEN: "due",
    Stage.DRAFTED: "",
    Stage.QUOTED: "rank",
    Stage.SENT: "rank",
    Stage.SEEN: "rank",
    Stage.WISHED: "due",
    Stage.ORDERED: "due",
    Stage.DONE: "ok",
    Stage.LOST: "past",
    Stage.DECLINED: "past",
    Stage.LAPSED: "past",
}


@dataclass(frozen=True, slots=True)
class Held:
    """One product that a row names."""

    product: Product
    quantity: int


@dataclass(frozen=True, slots=True)
class Action:
    """The one main action of a row."""

    words: str | Promise
    url: str


@dataclass(slots=True)
class Shown:
    """One row on the page."""

    row: DeskRow
    days_left: int
    held: list[Held]
    programmes: list[Programme]
    owner: User | None
    reseller: Reseller | None
    action: Action
    drift: QuoteDrift | None = None
    """What its open quote would cost today, where that is something else."""
    choice: Choice | None = None
    """The plan that its customer has chosen, where that is to be quoted."""
    margin: MarginTotals | None = None
    """What would be left of its amount, for those who see margins and show the column; None: not to be priced."""
    reasons: list[Reason] = field(default_factory=list)
    """Why a search found it, where the list does not show it."""

    @property
    def look(self) -> str:
        return LOOKS[Stage(self.row.stage)]

    @property
    def stage(self) -> str:
        """How far it is, in words."""
        return str(Stage(self.row.stage).label)

    @property
    def step(self) -> str:
        """What is to be done next, in words. Django's `get_step_display` puts all steps into words first."""
        return str(Step(self.row.step).label)

    @property
    def movement(self) -> str | Promise:
        return MOVEMENTS.get(self.row.movement, "")

    @property
    def more_held(self) -> int:
        return self.row.held_count - len(self.held)

    @property
    def days_past(self) -> int:
        return -self.days_left


def shown_rows(rows: Iterable[DeskRow], *, user: User, on: date, text: str = "") -> list[Shown]:
    """The rows of a page: a few queries for all of them."""
    page = list(rows)
    owners = people_in_rows(page)
    held = {row.pk: [tuple(map(int, one.split(":"))) for one in row.held.split()] for row in page}
    products = Product.objects.in_bulk({number for some in held.values() for number, _quantity in some})
    programmes = Programme.objects.in_bulk({int(number) for row in page for number in row.programmes.split()})
    resellers = Reseller.objects.in_bulk({row.reseller_id for row in page}) if user.is_portal_admin else {}
    drifts = drifts_by_key({row.quote_key for row in page}, on=on)
    answered = [row.licenseid_id for row in page if row.step == Step.QUOTE_ANSWERED]
    confirmed = standings(answered, on=on) if answered else {}
    chosen = [row.licenseid_id for row in page if row.stage == Stage.CHOSEN]
    choices = choices_of(chosen) if chosen else {}
    shown = [
        Shown(
            row=row,
            days_left=(row.expires_on - on).days,
            held=[Held(products[number], quantity) for number, quantity in held[row.pk][:2] if number in products],
            programmes=[programmes[int(number)] for number in row.programmes.split() if int(number) in programmes],
            owner=owners.get(row.owner_id or 0),
            reseller=resellers.get(row.reseller_id),
            action=action_of(row, confirmed.get(row.licenseid_id), choices.get((row.licenseid_id, row.expires_on))),
            drift=drifts.get(row.quote_key),
            choice=choices.get((row.licenseid_id, row.expires_on)) if row.stage == Stage.CHOSEN else None,
        )
        for row in page
    ]
    if text:
        _add_reasons(shown, held, products, user=user, text=text)
    return shown


def add_margins(shown: list[Shown], *, user: User) -> None:
    """To the rows of a page, for somebody who sees margins. Four queries for all of them."""
    if not user.sees_margins or user.reseller_id is None:
        return
    margins = margins_of_rows([one.row for one in shown], reseller=user.reseller_id)
    for one in shown:
        one.margin = margins.get(one.row.pk)


def _add_reasons(
    shown: list[Shown], held: dict[int, list[tuple[int, ...]]], products: dict[int, Product], *, user: User, text: str
) -> None:
    customers = Customer.objects.in_bulk({one.row.customer_id for one in shown})
    reasons = Reasons(text=text, user=user, customers=customers.values())
    for one in shown:
        customer = customers.get(one.row.customer_id)
        if customer:
            words = [one.row.code, customer.name, *(name_of(each.product) for each in one.held)]
            own = [products[number] for number, _quantity in held[one.row.pk] if number in products]
            one.reasons = reasons.find(customer, shown=words, products=own)


def action_of(row: DeskRow, confirmed: Standing | None = None, choice: Choice | None = None) -> Action:
    """What the row's button does: the next step, where it has one, or else what tells most of it.

    `confirmed`: the quantity confirmation that was answered; `choice`: the plan that was chosen.
    """
    quote = row.quote_key
    match row.step:
        case Step.QUOTE_ANSWERED if confirmed:
            key = confirmed.confirmation.key
            return Action(_("Quote the answer"), reverse("renewals:confirmation", args=[key]))
        case Step.ISSUE_CHOSEN if choice:
            return Action(_("Issue the chosen plan"), reverse("quotes:comparison", args=[choice.key]) + "#choice")
        case Step.FINISH_DRAFT if row.draft_key:
            return Action(_("Open the draft"), reverse("renewals:draft", args=[row.draft_key]))
        case Step.SEND if quote:
            return Action(_("Send the quote"), reverse("quotes:send", args=[quote]))
        case Step.RECORD_ORDER if quote:
            return Action(_("Record the order"), reverse("quotes:record-order", args=[quote]))
        case Step.RECORD_LOSS if quote:
            return Action(_("Record the loss"), reverse("quotes:record-loss", args=[quote]))
        case Step.CARRY_OUT if quote:
            return Action(_("Carry out the order"), reverse("renewals:carry-out", args=[quote]))
        case Step.QUOTE | Step.QUOTE_AGAIN | Step.QUOTE_ANSWERED | Step.ISSUE_CHOSEN | Step.WAIT_ANSWER:
            return Action(_("Make renewal quote"), reverse("renewals:new", args=[row.code]))
    if quote:
        return Action(_("Open the quote"), reverse("quotes:detail", args=[quote]))
    return Action(_("Open"), reverse("renewals:desk-row", args=[row.pk]))


def held_in_words(row: DeskRow, products: dict[int, Product]) -> str:
    """For a file: product and quantity, the largest first."""
    told = []
    for one in row.held.split():
        number, quantity = map(int, one.split(":"))
        if number in products:
            product = products[number]
            told.append(f"{product.code} {name_of(product)} × {quantity:,} {unit_of(product)}".strip())
    return "、".join(told)
