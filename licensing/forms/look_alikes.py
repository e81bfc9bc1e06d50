"""What is asked about a new customer that looks like an existing one, and what was answered."""

import re
from collections.abc import Mapping

from django.utils.translation import ngettext

from ..operations.companies import LooksLikeExisting

ANYWAY = "anyway"
"""The tick that says: this is another one. It names the customers that were shown (pk), with commas."""


def read_known(posted: Mapping[str, str]) -> set[int]:
    """The customers that were shown to whoever ticked."""
    return {int(pk) for pk in re.findall(r"\b[0-9]{1,18}\b", posted.get(ANYWAY, "")[:1000], re.ASCII)}


def ask_about(existing: LooksLikeExisting) -> str:
    """The question, for the head of the form."""
    return ngettext(
        "There is a customer like this one already. Nothing is saved yet.",
        "There are customers like this one already. Nothing is saved yet.",
        len(existing.customers),
    )
