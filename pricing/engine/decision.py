"""What a decision is made of."""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def decision(cls: type[T]) -> type[T]:
    """A value that is written once and then only read: a frozen dataclass to the type checker, which refuses writing.

    While running it is a plain one: Python takes four times as long to make a frozen instance, and pricing makes
    dozens of decisions for one license ID.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)


def blank(kind: type[T]) -> T:
    """A decision that is still to be written, at once, by its class: `Line.__init__(line, key=...)`.

    Calling the class does the same, but in more than twice the time where it has many attributes: Python hands their
    names to a class through a dictionary, and to a function without one.
    """
    return object.__new__(kind)
