"""Words about prices that know screens and roles, in the reader's language: the engine gives codes and facts."""

from .changes import say_changes
from .findings import say_finding, title_of, what_to_do_about, what_was_found
from .problems import what_to_do
from .rules import say_rule

__all__ = ["say_changes", "say_finding", "say_rule", "title_of", "what_to_do", "what_to_do_about", "what_was_found"]
