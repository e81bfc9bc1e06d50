"""What the rules are called."""

from foundation.text.language import reader_language

from ..engine.rulebook import rule_name


def say_rule(rule: str) -> str:
    """The name of a rule such as `R5`; the number itself where there is no such rule."""
    return rule_name(rule, reader_language())
