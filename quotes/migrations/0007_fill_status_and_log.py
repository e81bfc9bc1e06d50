"""Quotes issued before there were states, retention and a sealed log get theirs."""

import hashlib

from django.db import migrations

from pricing.engine.term import last_day
from quotes.models import event_hash, record_hash

YEARS_KEPT = 12


def fill(apps, schema_editor):
    """Every quote so far stands as issued; every entry so far is sealed in the order in which it was made."""
    Quote, QuoteEvent, QuoteStatus, EventChain = (
        apps.get_model("quotes", name) for name in ("Quote", "QuoteEvent", "QuoteStatus", "EventChain")
    )
    hashes = {}
    for quote in Quote.objects.order_by("pk").iterator():
        quote.retain_until = last_day(quote.issued_on, YEARS_KEPT)
        quote.save(update_fields=["retain_until"])
        QuoteStatus.objects.create(
            quote=quote,
            reseller_id=quote.reseller_id,
            month=quote.month,
            sequence=quote.sequence,
            changed_by_id=quote.issued_by_id,
            changed_at=quote.issued_at,
        )
        hashes[quote.pk] = {
            "pdf": hashlib.sha256(bytes(quote.pdf.content)).hexdigest(),
            "record": record_hash(quote, quote.lines.order_by("position")),
        }
    chains = {}
    for event in QuoteEvent.objects.select_related("quote").order_by("at", "pk").iterator():
        reseller = event.quote.reseller_id
        position, last = chains.get(reseller, (0, ""))
        if event.kind == "issued":
            event.detail = {**event.detail, **hashes[event.quote_id]}
        event.reseller_id, event.position, event.previous_hash = reseller, position + 1, last
        event.hash = event_hash(event)
        event.save()
        chains[reseller] = (event.position, event.hash)
    for reseller, (position, last) in chains.items():
        EventChain.objects.create(reseller_id=reseller, last_position=position, last_hash=last)


def empty(apps, schema_editor):
    """Back: the tables go with the migration before."""
    for name in ("QuoteStatus", "EventChain"):
        apps.get_model("quotes", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("quotes", "0006_status_and_log")]

    operations = [migrations.RunPython(fill, empty)]
