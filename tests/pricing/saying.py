"""What the catalogue says of the engine's problems and findings, in a language."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import override


def said(say: Callable[[Any], str], thing: Any, language: str) -> str:
    with override(language):
        return say(thing)
