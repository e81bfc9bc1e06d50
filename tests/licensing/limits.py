"""What the constraints about approval refuse: name, a row that violates it, words."""

from collections.abc import Callable
from typing import Any

from django.db import models

from licensing.models import Reseller, User

PERCENT_RULE = "Enter 0 to 100 percent, or leave it empty."
YEN_RULE = "Enter ¥0 or more, or leave it empty."


def staff(rows: dict[str, Any], **rights: Any) -> User:
    return User(email="a@example.com", name="A", role="staff", reseller=rows["reseller"], **rights)


APPROVAL: list[tuple[str, Callable[[dict[str, Any]], models.Model], str]] = [
    *(
        (
            f"reseller_{name}_range",
            lambda r, name=name, value=value: Reseller(code="x", name="X", **{name: value}),
            words,
        )
        for name, value, words in (
            ("approval_reduction", 101, PERCENT_RULE),
            ("approval_line_margin", 101, PERCENT_RULE),
            ("approval_quote_margin", -1, PERCENT_RULE),
            ("approval_amount", -1, YEN_RULE),
        )
    ),
    *(
        (f"user_{name}_range", lambda r, name=name: staff(r, **{name: -1}), words)
        for name, words in (("approves_amount", YEN_RULE), ("approves_reduction", PERCENT_RULE))
    ),
    (
        "user_approves_for_reseller",
        lambda r: User(email="a@example.com", name="A", role="customer", customer=r["customer"], approves=True),
        "Only reseller staff and managers approve quotes.",
    ),
]
