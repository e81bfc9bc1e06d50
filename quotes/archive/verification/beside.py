"""What stands beside a record and may change: how it stands, its share links; and what is only derived from it.

Every change of these is an entry of the log too, so each field must be what the log tells of last.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from foundation.text.search import SearchKeyField

from ...models import TRANSITIONS, Comparison, Quote, QuoteEvent, QuoteStatus, ShareLink, State

STATES: dict[str, str] = {QuoteEvent.Kind.ISSUED: State.ISSUED, **{way.name: way.target for way in TRANSITIONS}}
"""The state to which each kind of entry leads."""
ANSWERS: dict[str, str] = {
    QuoteEvent.Kind.ORDER_WISHED: QuoteStatus.Answer.ORDER,
    QuoteEvent.Kind.DECLINED: QuoteStatus.Answer.DECLINE,
}
"""What the customer answered, by the kind of entry that tells it."""
LINKS = (QuoteEvent.Kind.LINK_MADE, QuoteEvent.Kind.LINK_REVOKED)
CARRYING_OUT: dict[str, int] = {QuoteEvent.Kind.CARRIED_OUT: 1, QuoteEvent.Kind.CARRY_OUT_UNDONE: -1}
"""By the kind of entry that tells it: of how many more license IDs the holdings are what was ordered."""
Found = Iterator[tuple[str, str]]
"""Code and text of each difference."""


def check_status(quote: Quote, status: QuoteStatus | None, events: list[QuoteEvent]) -> Found:
    """Against the quote's entries that change its state, and those of answers; all in their order."""
    if status is None:
        yield "status-missing", _("how it stands is gone.")
        return
    if (status.reseller_id, status.month, status.sequence) != (quote.reseller_id, quote.month, quote.sequence):
        yield "status-of-another", _("the status beside it names another number.")
    answered = [event for event in events if event.kind in ANSWERS]
    wanted_answer = (ANSWERS[answered[-1].kind], answered[-1].at) if answered else ("", None)
    if (status.answer, status.answered_at) != wanted_answer:
        yield "answer", _("the customer’s answer beside it is not the one that the log tells of.")
    if status.carried_out != sum(CARRYING_OUT.get(event.kind, 0) for event in events):
        yield "carried-out", _("it was not carried out as often as the log tells.")
    changes = [event for event in events if event.kind in STATES]
    if not changes:
        return
    last = changes[-1]
    if (wanted := STATES[last.kind]) != status.state:
        text = _("it stands as “%(state)s”, but by the log it is “%(wanted)s”.")
        yield "state", text % {"state": State(status.state).label, "wanted": State(wanted).label}
        return
    told = {
        "reason": last.detail.get("reason", ""),
        "changed_at": last.at,
        "changed_by_id": last.by_id,
        "ordered_on": last.detail.get("ordered_on"),
        "order_number": last.detail.get("order_number", ""),
    }
    if names := _unlike(status, told):
        text = _("of its state, something is not what the log tells of: %(fields)s.")
        yield "state-details", text % {"fields": names}


def check_links(links: list[ShareLink], events: list[QuoteEvent], downloads: dict[int, int]) -> Found:
    """The share links of one quote against the quote's entries; `downloads` are counted in the log, by link."""
    made = [event for event in events if event.kind == QuoteEvent.Kind.LINK_MADE]
    revoked = {event.link_id: event.at for event in events if event.kind == QuoteEvent.Kind.LINK_REVOKED}
    for link in links:
        entries = [event for event in made if event.link_id == link.pk]
        if len(entries) != 1:
            yield "link-not-made", _("the log does not tell of its share link %(link)s.") % {"link": link.pk}
            continue
        detail = entries[0].detail
        told = {
            "created_at": entries[0].at,
            "created_by_id": entries[0].by_id,
            "expires_on": detail.get("expires_on"),
            "max_downloads": detail.get("max_downloads"),
            "revoked_at": revoked.get(link.pk),
            "downloads": downloads.get(link.pk, 0),
            # entries of the portal's first versions do not tell these two
            "recipient": detail.get("recipient", link.recipient),
            "token_hash": detail.get("token", link.token_hash),
        }
        if names := _unlike(link, told):
            text = _("of its share link %(link)s, something is not what the log tells of: %(fields)s.")
            yield "link-changed", text % {"link": link.pk, "fields": names}
    if gone := {event.link_id for event in made} - {link.pk for link in links}:
        text = _("its share links %(links)s are gone.")
        yield "link-missing", text % {"links": ", ".join(str(pk) for pk in sorted(gone, key=str))}


def check_derived(row: Quote | QuoteStatus | Comparison) -> Found:
    """Columns made of others: a search key that was emptied hides it from every search and export."""
    for field in row._meta.concrete_fields:
        if isinstance(field, SearchKeyField) and getattr(row, field.attname) != field.derive(row):
            yield "not-found", _("its search key is not made of what it says: it is not found by it.")


def _unlike(row: Any, told: dict[str, Any]) -> str:
    """The names of the fields that say something else than the log, for a person; days as the log writes them."""
    names = []
    for name, value in told.items():
        found = getattr(row, name)
        if (found.isoformat() if found and name.endswith("_on") else found) != value:
            names.append(str(row._meta.get_field(name.removesuffix("_id")).verbose_name))
    return ", ".join(names)
