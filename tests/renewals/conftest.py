"""The cast on its day and its desks, as the tests of quotes have them."""

from tests.quotes.conftest import cast, clock, colleague_desk, desk, entry, foreign_desk, licenseid

__all__ = ["cast", "clock", "colleague_desk", "desk", "entry", "foreign_desk", "licenseid"]
