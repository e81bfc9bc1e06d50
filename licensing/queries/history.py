"""What was done to customers, license IDs and other master data, and who may read it."""

from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from django.db.models import Model

from foundation.integrity.changes import Change, Words, read_changes

from ..models import Contact, Customer, Holding, LicenseID, Reseller, User
from ..models.licenses import name_segment, name_tax_category

WORDS = Words(
    values={"tax_category": name_tax_category, "segment": name_segment}, parts={Holding: "product", Contact: "name"}
)
"""A holding is told of on the page of its license ID, by its product; a contact on its customer's, by its name."""

THRESHOLDS = (
    "approval_reduction",
    "approval_amount",
    "approval_line_margin",
    "approval_quote_margin",
    "approval_unrated",
)
"""Columns of a reseller: what makes a quote need approval."""
RIGHTS = ("approves", "approves_amount", "approves_reduction")
"""Columns of a person: what they may approve."""
LOOKED_THROUGH = 1_000
"""Entries of a reseller and of its people, of which only some are about approval."""


def changes_of(row: Model, *, most: int) -> list[Change]:
    """What was done to a row of master data, the latest first; for portal admins, who may see all of it."""
    histories = [_history(type(row)).filter(id=row.pk)]
    if isinstance(row, LicenseID):
        histories.append(Holding.history.filter(licenseid_id=row.pk))
    elif isinstance(row, Customer):
        histories.append(LicenseID.history.filter(customer_id=row.pk))
        histories.append(Contact.history.filter(customer_id=row.pk))
    return read_changes(histories, words=WORDS, most=most)


def visible_changes(user: User, row: Customer | LicenseID, *, most: int) -> list[Change]:
    """What was done to a customer or a license ID that the user may see, the latest first.

    A portal admin sees all of it. Others see it from the moment on when the license ID came to the customer and the
    customer to the reseller: what was before belongs to somebody else.
    """
    if user.is_portal_admin:
        return changes_of(row, most=most)
    customer = row.customer if isinstance(row, LicenseID) else row
    moments = [_since(Customer, customer.pk, reseller_id=customer.reseller_id)]
    if isinstance(row, LicenseID):
        moments.append(_since(LicenseID, row.pk, customer_id=customer.pk))
        histories = [LicenseID.history.filter(id=row.pk), Holding.history.filter(licenseid_id=row.pk)]
    else:
        own = (LicenseID, Contact)
        histories = [Customer.history.filter(id=row.pk)]
        histories += [_history(model).filter(customer_id=row.pk) for model in own]
    since = max((moment for moment in moments if moment), default=None)
    return read_changes(histories, words=WORDS, since=since, most=most)


def approval_changes(reseller: Reseller, *, most: int) -> list[Change]:
    """What was done to the reseller's thresholds and to its people's right to approve, the latest first."""
    columns = [Reseller._meta.get_field(name) for name in THRESHOLDS] + [User._meta.get_field(name) for name in RIGHTS]
    labels = {str(cast(Any, column).verbose_name) for column in columns}
    histories = [_history(Reseller).filter(id=reseller.pk), _history(User).filter(reseller_id=reseller.pk)]
    found = []
    for change in read_changes(histories, words=WORDS, most=LOOKED_THROUGH):
        values = [one for one in change.values if one.label in labels and (one.old or one.new)]
        if values and change.kind != "removed":
            found.append(replace(change, values=values))
    return found[:most]


def _history(model: type[Model]) -> Any:
    return model.history  # type: ignore[attr-defined]


def _since(model: type[Model], pk: int, **owner: int) -> datetime | None:
    """The moment of the first entry after the last one with another owner; None where there was no other."""
    entries = _history(model).filter(id=pk)
    last_of_others = entries.exclude(**owner).first()
    if last_of_others is None:
        return None
    first = entries.filter(history_id__gt=last_of_others.history_id).order_by("history_id").first()
    moment: datetime = (first or last_of_others).history_date
    return moment
