"""What keeps records as they were written: one form of every value, and triggers that refuse every change."""

from .canonical import canonical_address, canonical_json, canonical_text, make_canonical
from .counts import Count
from .notes import Note
from .triggers import (
    WATCHED,
    Fault,
    Refusal,
    Trigger,
    faults_of,
    make_triggers,
    mend_triggers,
    refuse_always,
    wanted_of,
    watch_triggers,
)

__all__ = [
    "WATCHED",
    "Count",
    "Fault",
    "Note",
    "Refusal",
    "Trigger",
    "canonical_address",
    "canonical_json",
    "canonical_text",
    "faults_of",
    "make_canonical",
    "make_triggers",
    "mend_triggers",
    "refuse_always",
    "wanted_of",
    "watch_triggers",
]
