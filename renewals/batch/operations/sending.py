"""Send what a run issued: one letter to each customer with all their quotes, queued in the background, each once."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
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
from licensing.models import User
from quotes.letters.operations import send_quote
from quotes.letters.several import send_several
from quotes.letters.templates import QUOTE, SEVERAL, template_of
from quotes.letters.texts import Filling, fill_letter
from quotes.letters.words import Letter, language_of
from quotes.models import Quote
from quotes.record.refusals import NotShareable

from ...confirmations.recipients import Addressed
from ...models import QuoteRun, QuoteRunLetter, QuoteRunRow, QuoteRunWork
from ..queries import unsent_rows
from .starting import RunRefused, check_person, lock, work_of

CHUNK = 10
"""Letters that are queued in one transaction."""
Kind = QuoteRunWork.Kind


@one_transaction
def start_sending(
    *,
    run: QuoteRun,
    addressed: Sequence[Addressed],
    letters: Mapping[str, Mapping[str, Letter]],
    task: Task,
    by: User,
    now: datetime,
) -> int:
    """Queue a letter to each of these customers with what was issued for them and not sent yet; how many letters.

    `letters`: the texts by kind and language, with placeholders. Raises RunRefused where there is nothing to send, for
    instance because a colleague was quicker; then nothing was written.
    """
    texts = {
        kind: {language: [one.subject, one.body] for language, one in own.items()} for kind, own in letters.items()
    }
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
        texts = {
            kind: {language: Letter(*text) for language, text in own.items()}
            for kind, own in batch.parameters["letters"].items()
        }
        letters = list(work.letters.order_by("pk")[position * CHUNK : (position + 1) * CHUNK])

        def write() -> None:
            for letter in letters:
                _send(letter, texts, user, self.now())

        return write

    def finish(self, batch: Batch) -> dict[str, Any]:
        return {}


def _send(letter: QuoteRunLetter, texts: Mapping[str, Mapping[str, Letter]], by: User, now: datetime) -> None:
    """What cannot be addressed after all is left for its own page: the others go out."""
    keys = letter.rows.order_by("position").values_list("key", flat=True)
    quotes = Quote.objects.filter(key__in=list(keys)).select_related("reseller", "customer", "status")
    listed = list(quotes.defer("trace", "asked").order_by("number"))
    if not listed:
        return
    try:
        if len(listed) == 1:
            _send_one(letter, listed[0], texts.get(QUOTE, {}), by, now)
        else:
            _send_all(letter, listed, texts.get(SEVERAL, {}), by, now)
    except ValidationError:
        letter.rows.update(letter=None)


def _send_all(
    letter: QuoteRunLetter, quotes: Sequence[Quote], texts: Mapping[str, Letter], by: User, now: datetime
) -> None:
    language = letter.language
    send_several(
        quotes=quotes,
        key=f"quotes:{letter.key}",
        to=letter.to,
        to_name=letter.to_name,
        letter=texts.get(language) or template_of(reseller=quotes[0].reseller, kind=SEVERAL, language=language),
        language=language,
        by=by,
        make_address=share_address,
        now=now,
    )


def _send_one(letter: QuoteRunLetter, quote: Quote, texts: Mapping[str, Letter], by: User, now: datetime) -> None:
    """As from the quote's own page: in its language. One that no longer counts is not sent."""
    filling = Filling(letter.to_name, with_link=True, with_pdf=False)
    template = texts.get(language_of(quote))
    with suppress(NotShareable):
        send_quote(
            quote=quote,
            form_key=str(letter.key),
            to=letter.to,
            to_name=letter.to_name,
            cc=(),
            letter=fill_letter(quote=quote, sender=by, filling=filling, template=template),
            with_link=True,
            with_pdf=False,
            by=by,
            make_address=share_address,
            now=now,
        )


def share_address(token: str) -> str:
    """Where a share link leads."""
    return f"{settings.PUBLIC_URL}{reverse('quotes:shared', args=[token])}"
