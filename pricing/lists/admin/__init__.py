"""Price lists in the administration."""
