"""Many customers asked in one go: in the background, one after the other, each once."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Prefetch

from foundation.jobs.models import Batch
from foundation.jobs.operations import Beat, Clock
from licensing.models import Customer, Holding, LicenseID, User
from licensing.operations.turns import ChangedHands
from quotes.letters.words import Letter

from .addresses import answer_address
from .operations import AlreadyAsked, ask
from .queries import asked_keys

NAMED = 20
"""Customers who were not asked that the end names."""


def as_row(
    *, key: UUID, licenseids: Iterable[LicenseID], customer: Customer, to: str, to_name: str, language: str
) -> dict[str, Any]:
    """One customer, as the work's parameters keep it."""
    return {
        "key": str(key),
        "license_ids": [one.pk for one in licenseids],
        "customer": customer.pk,
        "to": to,
        "to_name": to_name,
        "language": language,
    }


class AskWork:
    """Ask the customers of a batch's rows. Whoever cannot be asked keeps back no other."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def count_items(self, batch: Batch) -> int:
        return len(batch.parameters["rows"])

    def do_item(self, batch: Batch, position: int, _beat: Beat) -> Callable[[], None]:
        row = batch.parameters["rows"][position]
        by = User.objects.select_related("reseller").get(pk=batch.created_by_id)
        return lambda: self._ask(row, batch.parameters, by, self.clock())

    def _ask(self, row: dict[str, Any], said: dict[str, Any], by: User, now: datetime) -> None:
        held = Prefetch("holdings", Holding.objects.select_related("product").order_by("support_expires_on", "pk"))
        found = LicenseID.objects.filter(customer=row["customer"], customer__reseller=by.reseller_id)
        rows = found.select_related("customer__reseller").prefetch_related(held).in_bulk(row["license_ids"])
        licenseids = [rows[pk] for pk in row["license_ids"] if pk in rows]
        remind_on = said["remind_on"]
        if not licenseids or not by.is_active:
            return
        try:
            ask(
                key=UUID(row["key"]),
                licenseids=licenseids,
                to=row["to"],
                to_name=row["to_name"],
                language=row["language"],
                letter=Letter(*said["letters"][row["language"]]),
                open_until=date.fromisoformat(said["open_until"]),
                remind_on=date.fromisoformat(remind_on) if remind_on else None,
                with_prices=said["with_prices"],
                by=by,
                make_address=answer_address,
                now=now,
            )
        except (AlreadyAsked, ChangedHands, ValidationError, ValueError):
            return  # they are named at the end

    def finish(self, batch: Batch) -> dict[str, Any]:
        """How many were asked, and who was not."""
        rows = batch.parameters["rows"]
        asked = asked_keys(row["key"] for row in rows)
        left = [row["customer"] for row in rows if row["key"] not in asked]
        names = Customer.objects.filter(pk__in=left).order_by("kana", "name", "pk").values_list("name", flat=True)
        return {"asked": len(asked), "left": len(left), "names": list(names[:NAMED])}
