"""Comparisons as the reseller's people see them: the list, one as it was made, its PDF, withdrawing it."""
