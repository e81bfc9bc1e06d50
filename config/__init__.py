"""How the parts are put together: settings, addresses, what is done with every request."""

VERSION = "0.9.0"
"""Of the portal: at the foot of every page, and in `/healthz`. CHANGELOG.md has a heading for each released one."""
