"""Tell customers that prices rise: each once for a list, in the background, with the amounts of that moment."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_tasks.base import Task

from foundation.jobs.models import Batch
from foundation.jobs.operations import BatchFailed, Beat, Clock, start_batch
from foundation.mail.models import OutgoingMail
from foundation.mail.operations.queue import queue_mail
from foundation.transactions import one_transaction
from licensing.models import Customer, User
from pricing.models import PriceList
from quotes.letters.templates import template_of
from quotes.letters.words import Letter

from ..confirmations.recipients import Addressed
from ..desk.facts import day_of
from ..models import ImpactRun, PriceLetter
from .amounts import Changed, changes_of
from .queries import current_run, told_letters
from .texts import KIND, REFUSED_KIND, Texts, fill_letter, letter_values

CHUNK = 10
"""Letters that are written in one transaction."""
NAMED = 20
"""Customers who were not told that the end names."""


class NobodyToTell(Exception):
    """Nothing was written: a colleague was quicker, or there is nobody. The text says so to a person."""


@one_transaction
def start_telling(
    *,
    price_list: PriceList,
    run: ImpactRun,
    addressed: Sequence[Addressed],
    letters: Texts,
    task: Task,
    by: User,
    now: datetime,
) -> int:
    """Have these customers told of a list to come; how many. Who was told of it before is left out.

    `letters`: the texts by kind and language, with placeholders. Raises NobodyToTell.
    """
    texts = [[kind, language, one.subject, one.body] for (kind, language), one in letters.items()]
    said = {"price_list": price_list.pk, "run": run.pk, "letters": texts}
    batch = start_batch(task=task, parameters=said, by=by, now=now)
    wanted = {one.customer.pk: one for one in addressed}
    ours = Customer.objects.filter(pk__in=wanted, reseller=by.reseller_id, merged_into=None)
    free = list(ours.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    told = set(told_letters(price_list.pk).filter(present__in=free).values_list("present", flat=True))
    lost = {one.customer_id: one for one in PriceLetter.objects.filter(price_list=price_list, customer__in=free)}
    rows = [_row(wanted[pk], lost.get(pk), price_list, batch, by, now) for pk in free if pk not in told]
    if not rows:
        raise NobodyToTell(_("There is nobody to tell: each of these customers has had a letter about this list."))
    fields = ("key", "to", "to_name", "language", "by", "at", "batch", "queued_at", "mail")
    PriceLetter.objects.bulk_update([one for one in rows if one.pk], fields, batch_size=500)
    PriceLetter.objects.bulk_create([one for one in rows if not one.pk])
    return len(rows)


def _row(
    one: Addressed, lost: PriceLetter | None, price_list: PriceList, batch: Batch, by: User, now: datetime
) -> PriceLetter:
    """A letter that is to be written; where an earlier one reached nobody, in its place."""
    row = lost or PriceLetter(price_list=price_list, customer=one.customer)
    row.key, row.to, row.to_name, row.language = uuid.uuid4(), one.to, one.to_name, one.language
    row.by, row.at, row.batch, row.queued_at, row.mail = by, now, batch, None, None
    return row


class TellWork:
    """Writes the letters of one press. Whoever cannot be told keeps back no other."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def count_items(self, batch: Batch) -> int:
        """Which letters there are is fixed now: one that is sent anew later changes no place of another."""
        numbers = PriceLetter.objects.filter(batch=batch).order_by("customer").values_list("pk", flat=True)
        batch.parameters |= {"rows": list(numbers)}
        Batch.objects.filter(pk=batch.pk).update(parameters=batch.parameters)
        return -(-len(batch.parameters["rows"]) // CHUNK)

    def do_item(self, batch: Batch, position: int, _beat: Beat) -> Callable[[], None]:
        said = batch.parameters
        by = User.objects.select_related("reseller").get(pk=batch.created_by_id)
        if not (by.is_active and by.is_reseller_staff):
            raise BatchFailed(_("Whoever started this may not write to customers any more."))
        run = ImpactRun.objects.filter(pk=said["run"]).first()
        price_list = PriceList.objects.filter(pk=said["price_list"]).first()
        if run is None or price_list is None:
            raise BatchFailed(_("What the list changes is being worked out anew. Tell the customers after that."))
        texts = {(kind, language): Letter(*text) for kind, language, *text in said["letters"]}
        numbers = said["rows"][position * CHUNK : (position + 1) * CHUNK]
        return lambda: _write(batch, numbers, texts, run=run, price_list=price_list, by=by, now=self.clock())

    def finish(self, batch: Batch) -> dict[str, Any]:
        """How many were told, and who was not."""
        own = PriceLetter.objects.filter(batch=batch)
        left = own.filter(queued_at=None).select_related("customer").order_by("customer__kana", "customer__name", "pk")
        told = own.exclude(queued_at=None).count()
        return {"told": told, "left": left.count(), "names": [one.customer.name for one in left[:NAMED]]}


def _write(
    batch: Batch,
    numbers: Sequence[int],
    texts: Texts,
    *,
    run: ImpactRun,
    price_list: PriceList,
    by: User,
    now: datetime,
) -> None:
    """One e-mail to each customer for whom the list still changes something; a moment ago's order counts."""
    on = day_of(now)
    letters = list(PriceLetter.objects.filter(pk__in=numbers, batch=batch, queued_at=None).order_by("customer"))
    ours = Customer.objects.filter(
        pk__in=[one.customer_id for one in letters], reseller=by.reseller_id, merged_into=None
    )
    customers = {one.pk: one for one in ours.select_for_update(no_key=True).order_by("pk")}
    if not is_to_come(price_list.pk, now):
        return
    found = changes_of(customers.keys(), run=run, price_list=price_list, on=on)
    for letter in letters:
        if changed := found.get(letter.customer_id):
            kind = REFUSED_KIND if changed.refused else KIND
            # Where a moment ago another letter fitted, nobody has seen this one: it is the reseller's standing text.
            text = texts.get((kind, letter.language)) or template_of(
                reseller=by.reseller,  # type: ignore[arg-type]
                language=letter.language,
                kind=kind,
            )
            _queue(letter, customers[letter.customer_id], changed, text, price_list, by, now)


def _queue(
    letter: PriceLetter,
    customer: Customer,
    changed: Changed,
    text: Letter,
    price_list: PriceList,
    by: User,
    now: datetime,
) -> None:
    values = letter_values(
        customer=customer.name,
        to_name=letter.to_name,
        changed=changed,
        effective_on=price_list.effective_on,
        reseller=by.reseller,  # type: ignore[arg-type]
        sender=by,
        language=letter.language,
    )
    filled = fill_letter(text, values)
    try:
        mail = queue_mail(
            key=f"{KIND}:{letter.key}",
            about=f"{KIND}:{letter.key}",
            to=letter.to,
            to_name=letter.to_name,
            language=letter.language,
            subject=filled.subject,
            body=filled.body,
            sender_name=f"{values['sender']} ({values['reseller']})",
            reply_to=by.email,
            by=by,
            now=now,
        )
    except ValidationError:
        return  # they are named at the end
    letter.mail, letter.queued_at = mail, now
    letter.save(update_fields=["mail", "queued_at"])


def is_to_come(price_list: int, now: datetime) -> bool:
    """Whether a list is published and takes effect on a later day."""
    return PriceList.objects.filter(pk=price_list, published_at__isnull=False, effective_on__gt=day_of(now)).exists()


def is_mail_wanted(mail: OutgoingMail) -> bool:
    """Whether a letter that waits still says what is so: its list is to come, and changes something for them."""
    letter = PriceLetter.objects.select_related("price_list", "customer", "by").filter(mail=mail).first()
    if letter is None or letter.customer.merged_into_id or letter.customer.reseller_id != letter.by.reseller_id:
        return False
    on = day_of(mail.leased_until or mail.created_at)
    is_coming = letter.price_list.is_published and letter.price_list.effective_on > on
    run = current_run(letter.price_list) if is_coming else None
    if run is None:
        return False
    return letter.customer_id in changes_of([letter.customer_id], run=run, price_list=letter.price_list, on=on)
