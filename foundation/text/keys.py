"""Keys of rows (UUIDs), as addresses and forms name them."""

import uuid


def read_key(text: str) -> uuid.UUID | None:
    """None where the text is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
