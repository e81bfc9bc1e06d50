"""What keeps records as they were written: one form of every value, and triggers that refuse every change."""

from .canonical import canonical_address, canonical_json, canonical_text, make_canonical
from .triggers import WATCHED, Fault, Trigger, faults_of, mend_triggers, triggers_of, wanted_of, watch_triggers

__all__ = [
    "WATCHED",
    "Fault",
    "Trigger",
    "canonical_address",
    "canonical_json",
    "canonical_text",
    "faults_of",
    "make_canonical",
    "mend_triggers",
    "triggers_of",
    "wanted_of",
    "watch_triggers",
]
