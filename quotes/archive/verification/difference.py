"""What a check of the records found to be other than it was."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was when it was written."""

    reseller: str
    """The reseller's code; empty where it concerns the whole database."""
    place: str
    """The quote's number, the log's position, or the month, as people know it."""
    code: str
    """What kind of difference it is, for programs: `pdf-changed`."""
    text: str
    """The same for a person, in the active language."""

    def __str__(self) -> str:
        return " ".join(part for part in (self.reseller, f"{self.place}:", self.text) if part)
