"""The triggers by which the database itself keeps what was published.

How they are watched over: `licensing.operations.protection`.
"""

from collections.abc import Mapping
from typing import Any

from licensing.operations.protection import Trigger, missing_of, triggers_of

MIGRATIONS = ("0004_published_lists_are_immutable", "0005_golden_cases", "0006_tax_rates_are_kept")
"""Those that create triggers; each has `statements(vendor)`."""


def missing_triggers(connection: Any) -> list[str]:
    """Of those that keep published price lists, as far as the database is migrated."""
    return missing_of(wanted_triggers(connection), connection)


def wanted_triggers(connection: Any) -> Mapping[str, Trigger]:
    """Those that should be there, as far as the database is migrated."""
    return triggers_of("pricing", MIGRATIONS, connection)
