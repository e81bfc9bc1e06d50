"""What is wanted of a license ID where nobody has filled in a form for it."""

from datetime import date

from licensing.models import LicenseID

from ..asked import AskedPart, first_part, held_of


def wanted(licenseid: LicenseID, *, on: date, years: int) -> AskedPart:
    """As it is held: what the form proposes when it opens. Its holdings are loaded."""
    return first_part(licenseid.code, held_of(licenseid.holdings.all()), on=on, years=years)
