"""What the project's own Makefile calls. Nothing in here runs in the portal."""
