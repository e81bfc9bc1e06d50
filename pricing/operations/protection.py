"""The triggers by which the database itself keeps what was published.

How they are watched over: `foundation.integrity`.
"""

from collections.abc import Mapping
from typing import Any

from foundation.integrity import Trigger, triggers_of

MIGRATIONS = (
    "0004_published_lists_are_immutable",
    "0005_golden_cases",
    "0006_tax_rates_are_kept",
    "0008_triggers_without_a_switch",
    "0014_end_of_sale",
)
"""Those that create triggers; each has `statements(vendor)`."""


def wanted_triggers(connection: Any) -> Mapping[str, Trigger]:
    """Those that should be there, as far as the database is migrated."""
    return triggers_of("pricing", MIGRATIONS, connection)
