"""Send what a run issued: one letter to each customer with all their quotes, queued in the background, each once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django_tasks.base import Task

from foundation.jobs.models import Batch
from foundation.jobs.operations import Beat, start_batch
from foundation.transactions import one_transaction
from licensing.models import Customer, User
from quotes.letters.operations import Letter
from quotes.letters.several import send_several
from quotes.models import Quote

from ...models import QuoteRun, QuoteRunLetter, QuoteRunRow, QuoteRunWork
from ..queries import unsent_rows
from .reviewing import lock
from .starting import RunRefused, check_person, work_of

CHUNK = 10
"""Letters that are queued in one transaction."""
Kind = QuoteRunWork.Kind


@dataclass(frozen=True, slots=True)
class Addressed:
    """To whom a customer's quotes go."""

    customer: Customer
    to: str
    to_name: str
    language: str
    """Of the letter: `ja` or `en`."""


@one_transaction
def start_sending(
    *,
    run: QuoteRun,
    addressed: Sequence[Addressed],
    letters: Mapping[str, Letter],
    task: Task,
    by: User,
    now: datetime,
) -> int:
    """Queue a letter to each of these customers with what was issued for them and not sent yet; how many letters.

    `letters`: the texts by language, with placeholders. Raises RunRefused where there is nothing to send, for instance
    because a colleague was quicker; then nothing was written.
    """
    texts = {language: [one.subject, one.body] for language, one in letters.items()}
    batch = start_batch(task=task, parameters={"run": str(run.key), "letters": texts}, by=by, now=now)
    run = lock(run)
    if run.works.filter(kind=Kind.SEND).exclude(batch__state__in=[Batch.State.DONE, Batch.State.REFUSED]).exists():
        raise RunRefused(_("Letters of this batch are being sent already, or wait for somebody to go on."))
    unsent = unsent_rows(run).filter(present__in=[one.customer.pk for one in addressed])
    waiting: dict[int, list[int]] = {}
    for customer, row in unsent.values_list("present", "pk"):
        waiting.setdefault(customer, []).append(row)
    work = QuoteRunWork.objects.create(run=run, kind=Kind.SEND, batch=batch)
    rows = {one.customer.pk: one for one in addressed if one.customer.pk in waiting}
    if not rows:
        raise RunRefused(_("There is nothing to send: every quote of these customers is on its way already."))
    made = QuoteRunLetter.objects.bulk_create(
        QuoteRunLetter(
            run=run,
            customer_name=one.customer.name,
            to=one.to,
            to_name=one.to_name,
            language=one.language,
            work=work,
        )
        for one in rows.values()
    )
    lettered = [
        QuoteRunRow(pk=row, letter=letter)
        for customer, letter in zip(rows, made, strict=True)
        for row in waiting[customer]
    ]
    QuoteRunRow.objects.bulk_update(lettered, ["letter"], batch_size=500)
    return len(made)


class SendWork:
    """Queues the letters of one press."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now

    def count_items(self, batch: Batch) -> int:
        return -(-work_of(batch).letters.count() // CHUNK)

    def do_item(self, batch: Batch, position: int, beat: Beat) -> Callable[[], None]:
        work = work_of(batch)
        user = check_person(batch, work.run)
        texts = {language: Letter(*text) for language, text in batch.parameters["letters"].items()}
        letters = list(work.letters.order_by("pk")[position * CHUNK : (position + 1) * CHUNK])

        def write() -> None:
            for letter in letters:
                _send(letter, texts[letter.language], user, self.now())

        return write

    def finish(self, batch: Batch) -> dict[str, Any]:
        return {}


def _send(letter: QuoteRunLetter, text: Letter, by: User, now: datetime) -> None:
    """What cannot be addressed after all is left for its own page: the others go out."""
    keys = letter.rows.order_by("position").values_list("key", flat=True)
    quotes = Quote.objects.filter(key__in=list(keys)).select_related("reseller", "customer", "status")
    listed = list(quotes.defer("document", "trace", "asked").order_by("number"))
    if not listed:
        return
    try:
        send_several(
            quotes=listed,
            key=f"quotes:{letter.key}",
            to=letter.to,
            to_name=letter.to_name,
            letter=text,
            language=letter.language,
            by=by,
            make_address=share_address,
            now=now,
        )
    except ValidationError:
        letter.rows.update(letter=None)


def share_address(token: str) -> str:
    """Where a share link leads."""
    return f"{settings.PUBLIC_URL}{reverse('quotes:shared', args=[token])}"
