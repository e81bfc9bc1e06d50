"""The triggers by which the database refuses to change, delete or empty what was issued, and to lose what is beside it.

How they are watched over: `foundation.integrity`.
"""

from collections.abc import Mapping
from typing import Any

from foundation.integrity import Trigger, triggers_of

MIGRATIONS = ("0013_triggers_without_a_switch",)
"""Those that create triggers; each has `statements(vendor)`. Earlier ones made the same, with a switch for tests."""


def wanted_triggers(connection: Any) -> Mapping[str, Trigger]:
    """Those that should be there, as far as the database is migrated."""
    return triggers_of("quotes", MIGRATIONS, connection)
