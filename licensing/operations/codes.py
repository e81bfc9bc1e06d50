"""Whom the code of a license ID concerns beside itself: the apps above say so when they start."""

from collections.abc import Callable, Iterable

from ..models import LicenseID
from .registration import Effect

Tell = Callable[[LicenseID], Iterable[Effect]]
"""What names the license ID by its code."""
Follow = Callable[[LicenseID, str], None]
"""Brings what follows to the license ID's new code, from the old one; in the transaction of the correction."""

_watchers: list[tuple[Tell, Follow | None]] = []


def watch_codes(*, tell: Tell, follow: Follow | None = None) -> None:
    """From now on, ask what a correction concerns, and have it followed. For the apps' `ready`."""
    _watchers.append((tell, follow))


def effects_of_code(licenseid: LicenseID) -> list[Effect]:
    """All that a correction of the code concerns."""
    return [effect for tell, _follow in _watchers for effect in tell(licenseid)]


def follow_code(licenseid: LicenseID, old: str) -> None:
    """The license ID has its new code."""
    for _tell, follow in _watchers:
        if follow:
            follow(licenseid, old)
