"""Renewal pricing: plain Python that knows no database, no clock and no settings."""
