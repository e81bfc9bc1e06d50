"""What the page of a golden case sends."""

from typing import Any

ADD = "/admin/pricing/goldencase/add/"


def case_data(*holdings: dict[str, str], additions: tuple[dict[str, str], ...] = (), **changes: str) -> dict[str, Any]:
    """The form filled in: a dict of texts for each row, the case's own fields by name."""
    data = {"name": "E2", "note": "", "is_active": "on", "years": "1", "tax_rounding": "down", "seen": ""}
    for prefix, rows in (("holding", holdings), ("addition", additions)):
        data |= {f"{prefix}-TOTAL_FORMS": str(len(rows) + 1), f"{prefix}-INITIAL_FORMS": "0"}
        for position, row in enumerate(rows):
            data |= {f"{prefix}-{position}-{name}": text for name, text in row.items()}
    return data | changes


E2 = ({"product": "SMP-CC", "quantity": "120"}, {"product": "SMP-IM", "quantity": "30"})
