"""Publish a price list, and withdraw it before its day. The moment comes in as an argument; Japan's day counts."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.text.days import JAPAN
from foundation.transactions import one_transaction
from licensing.models import User

from ...check.operations import Checked, check_price_list
from ...engine.lint import Finding
from ...events import record_event
from ...golden.operations import list_golden_problems, note_changes
from ...models import PriceList, PriceListEvent
from ...wording import say_finding


class PublishRefused(Exception):
    """A price list cannot be published. `problems` says to a person all that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class NotAcknowledged(Exception):
    """Findings must be ticked as read before the price list is published."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(", ".join(sorted({finding.code for finding in findings})))
        self.findings = findings


class WithdrawRefused(Exception):
    """A price list cannot be withdrawn. The text says why to a person."""


@one_transaction
def publish(
    *, price_list: PriceList, by: User, now: datetime, acknowledged: Collection[str] = (), seen: str | None = None
) -> PriceList:
    """Put the draft in force from its day on. From then on neither the list nor anything in it changes.

    `acknowledged`: the codes of the linter's findings that were ticked as read. `seen`: the fingerprint of the findings
    that were on screen, None where nobody saw any (a command).

    Raises PublishRefused with every problem found, and NotAcknowledged with the findings that were not ticked, or with
    all that are to be ticked where they are not those on screen; then nothing was written.
    """
    price_list = lock_lists(price_list)
    checked = check_price_list(price_list=price_list, on=now.astimezone(JAPAN).date())
    problems = list_publish_problems(price_list=price_list, now=now, checked=checked)
    if problems:
        raise PublishRefused(problems)
    has_changed = seen is not None and seen != checked.fingerprint
    unread = tuple(finding for finding in checked.to_tick if has_changed or finding.code not in acknowledged)
    if unread:
        raise NotAcknowledged(unread)
    price_list.published_at = now
    price_list.published_by = by
    try:
        with transaction.atomic():
            price_list.save(update_fields=["published_at", "published_by"])
    except IntegrityError as error:  # another list was published for the same day at the same moment
        raise PublishRefused([say_day_taken(price_list)]) from error
    note_changes(price_list=price_list)
    detail: dict[str, Any] = {"effective_on": price_list.effective_on.isoformat()}
    if checked.to_tick:
        detail["acknowledged"] = products_by_code(checked.to_tick)
    record_event(price_list=price_list, kind=PriceListEvent.Kind.PUBLISHED, by=by, now=now, detail=detail)
    return price_list


def lock_lists(price_list: PriceList) -> PriceList:
    """The list as it is now, and none is published or withdrawn beside it until the transaction ends.

    What is found depends on the published lists around it: of two that are published at once, one must see the other.
    """
    rows = {row.pk: row for row in PriceList.objects.select_for_update(no_key=True).order_by("pk")}
    try:
        return rows[price_list.pk]
    except KeyError:
        raise PriceList.DoesNotExist from None


@one_transaction
def withdraw(*, price_list: PriceList, reason: str, by: User, now: datetime) -> PriceList:
    """Make a published list a draft again, before its day has come. Quotes were only made with lists in force.

    Raises WithdrawRefused where it is a draft, where its day has come, or without a reason; then nothing was written.
    """
    today = now.astimezone(JAPAN).date()
    price_list = lock_lists(price_list)
    if not price_list.is_published:
        raise WithdrawRefused(_("%(name)s is a draft: there is nothing to withdraw.") % {"name": price_list.name})
    if not price_list.is_waiting(on=today):
        raise WithdrawRefused(
            _("%(name)s took effect on %(day)s, and quotes use it. Publish a new list with other prices instead.")
            % {"name": price_list.name, "day": date_format(price_list.effective_on)}
        )
    if not reason.strip():
        raise WithdrawRefused(_("Write why the list is withdrawn."))
    price_list.published_at = None
    price_list.published_by = None
    price_list.withdrawn_on = today
    price_list.save(update_fields=["published_at", "published_by", "withdrawn_on"])
    record_event(
        price_list=price_list,
        kind=PriceListEvent.Kind.WITHDRAWN,
        by=by,
        now=now,
        detail={"reason": reason.strip(), "effective_on": price_list.effective_on.isoformat()},
    )
    return price_list


def list_publish_problems(*, price_list: PriceList, now: datetime, checked: Checked | None = None) -> list[str]:
    """All that keeps the list from being published at this moment; empty: it can be.

    `checked`: what the linter said of it just now; left out, it is asked.
    """
    if price_list.is_published:
        return [_("%(name)s is published already.") % {"name": price_list.name}]
    today = now.astimezone(JAPAN).date()
    problems = []
    if price_list.effective_on < today:
        problems.append(
            _("Its first day (%(day)s) is past: quotes were made with other prices since. Choose today or a later day.")
            % {"day": date_format(price_list.effective_on)}
        )
    if PriceList.objects.filter(published_at__isnull=False, effective_on=price_list.effective_on).exists():
        problems.append(say_day_taken(price_list))
    if checked is None:
        checked = check_price_list(price_list=price_list, on=today)
    problems += [say_finding(finding) for finding in checked.blocking]
    return problems + list_golden_problems(price_list=price_list)


def products_by_code(findings: Sequence[Finding]) -> dict[str, list[str]]:
    """Which products each code was found at, as a list's history keeps it."""
    found: dict[str, set[str]] = {}
    for finding in findings:
        found.setdefault(finding.code, set()).add(finding.product_code)
    return {code: sorted(products) for code, products in found.items()}


def say_day_taken(price_list: PriceList) -> str:
    return _("Another published price list takes effect on %(day)s already.") % {
        "day": date_format(price_list.effective_on)
    }
