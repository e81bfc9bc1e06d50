"""The triggers by which the database itself keeps the history. How they are watched over: `foundation.integrity`."""

from collections.abc import Mapping
from typing import Any

from foundation.integrity import Trigger, triggers_of

MIGRATIONS = ("0007_history_is_kept", "0011_triggers_without_a_switch")
"""Those that create triggers; each has `statements(vendor)`."""


def wanted_triggers(connection: Any) -> Mapping[str, Trigger]:
    """Those that should be there, as far as the database is migrated."""
    return triggers_of("licensing", MIGRATIONS, connection)
