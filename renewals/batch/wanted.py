"""What is wanted of a license ID where nobody has filled in a form for it."""

from dataclasses import replace
from datetime import date

from licensing.models import LicenseID

from ..asked import AskedPart, first_part, held_of
from ..confirmations.needed import NeededPart, still_meant, wanted_part


def wanted(licenseid: LicenseID, *, on: date, years: int, needed: NeededPart | None) -> AskedPart:
    """As the customer confirmed (`needed`), else as it is held: what the form proposes when it opens. Its holdings are
    loaded. A term that the customer did not say is the run's.
    """
    held = held_of(licenseid.holdings.all())
    needed = still_meant(needed, held=held)
    if needed is None:
        return first_part(licenseid.code, held, on=on, years=years)
    part = wanted_part(needed, license_id=licenseid.code, held=held)
    return part if needed.years else replace(part, years=years)
