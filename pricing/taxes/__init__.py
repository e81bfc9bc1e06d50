"""Tax rates, and from which day they hold."""
