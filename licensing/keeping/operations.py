"""What a license ID holds, entered and corrected as one list: all or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from foundation.transactions import one_transaction
from foundation.versioned_forms import ChangedMeanwhile

from ..models import Customer, Holding, LicenseID, Product
from ..operations.codes import follow_code
from ..operations.turns import lock_if_kept


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A holding as it is to be. `number`: of the row (pk) that stands for it now; None: a new one."""

    number: int | None
    product: Product
    quantity: int
    support_expires_on: date

    @property
    def key(self) -> tuple[int, date]:
        """What there is once in a license ID: a product with an expiry."""
        return self.product.pk, self.support_expires_on


@one_transaction
def add_license_id(*, customer: Customer, code: str, note: str) -> LicenseID:
    """A new license ID of the customer, which holds nothing yet.

    Raises ValidationError where the code cannot be one or is registered already, also at this very moment; then nothing
    was written. Customer.DoesNotExist where the customer was deleted or merged meanwhile, or is another reseller's.
    """
    rows = Customer.objects.filter(reseller=customer.reseller_id, merged_into=None)
    locked = rows.select_for_update(no_key=True).get(pk=customer.pk)
    row = LicenseID(customer=locked, code=code, note=note)
    row.full_clean()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # another reseller, at the same moment
        raise ValidationError({"code": _("This license ID is registered already.")}) from None
    return row


@one_transaction
def correct_code(*, licenseid: LicenseID, code: str, seen: str) -> LicenseID:
    """Give a license ID the code that it should have had. Drafts follow; issued quotes keep what they say.

    `seen`: the code that it had on the page. Raises ValidationError where the new one cannot be one, is what it has, or
    is registered already, whoever's it is; ChangedMeanwhile where somebody else corrected it; LicenseID.DoesNotExist.
    Of two who give one code to two license IDs the second is refused.
    """
    found = lock_if_kept(licenseid)
    if found.code != seen:
        raise ChangedMeanwhile(found)
    if code == seen:
        raise ValidationError({"code": _("This is the license ID that it has already. Type the right one.")})
    found.code = code
    found.full_clean()
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:  # another reseller, at the same moment
        raise ValidationError({"code": _("This license ID is registered already.")}) from None
    follow_code(found, seen)
    return found


@one_transaction
def save_holdings(
    *,
    licenseid: LicenseID,
    note: str,
    rows: Sequence[HeldRow],
    look: Callable[[LicenseID], None] = lambda _licenseid: None,
) -> LicenseID:
    """From now on the license ID holds these rows and no others; what is not among them has ended.

    No product stands twice with one expiry. A row that takes the place of another (two expiries that change places)
    is written into that other row, so that the database never sees both at once.

    Raises what `look` raises over the locked license ID, ValidationError where a value cannot be, ChangedMeanwhile
    where somebody else wrote at this moment, and LicenseID.DoesNotExist.
    """
    found = lock_if_kept(licenseid)
    look(found)
    stored = list(Holding.objects.filter(licenseid=found).order_by("pk"))
    at = {(row.product_id, row.support_expires_on): row for row in stored}
    stays = {row.key: at[row.key] for row in rows if row.key in at}
    free = {row.pk: row for row in stored if row not in stays.values()}
    moved = {row.key: free.pop(row.number) for row in rows if row.key not in stays and row.number in free}
    found.note = note
    try:
        with transaction.atomic():
            found.save()
            for ended in free.values():
                ended.delete()
            for row in rows:
                _write(stays.get(row.key) or moved.get(row.key) or Holding(licenseid=found), row)
    except IntegrityError:
        raise ChangedMeanwhile(found) from None
    return found


def _write(holding: Holding, row: HeldRow) -> None:
    before = (holding.product_id, holding.quantity, holding.support_expires_on) if holding.pk else None
    if before == (row.product.pk, row.quantity, row.support_expires_on):
        return
    holding.product, holding.quantity, holding.support_expires_on = row.product, row.quantity, row.support_expires_on
    holding.full_clean(validate_unique=False)
    holding.save()
