"""What is typed for an offered price (R20): `10 %` less, or the amount itself, `172,800`."""

import re
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _

from foundation.fields import YenField
from foundation.text.typed import squeeze, with_hyphens
from pricing.engine.wording import plain

from ..asked import AskedOffer

PERCENT = re.compile(r"([-▲△]?)(\d{1,5}(?:\.\d{1,4})?)%(?:引き?|off)?", re.ASCII | re.IGNORECASE)
EITHER = 100
"""A bare number up to this may be meant as a percentage or as yen: it is asked, and not guessed."""
PLACEHOLDER = _("10 % or ¥90,000")


class OfferedField(YenField):
    """A percentage less or an amount in yen, as one value. Empty: the list price."""

    default_error_messages = {
        "percent": _("“%(value)s” is not a percentage. Write it like 10 %% or 12.5 %%, with two decimals at most."),
        "either": _("“%(value)s” may be a percentage or an amount. Write %(number)s %% or ¥%(number)s."),
        "not_a_number": _("“%(value)s” is neither a percentage nor an amount. Write it like 10 %% or 172,800."),
    }

    def to_python(self, value: Any) -> Any:
        """AskedOffer, or None where nothing was typed."""
        text = with_hyphens(squeeze(str(value or "")).replace("パーセント", "%"))
        if "%" in text:
            ProhibitNullCharactersValidator()(str(value))
            return AskedOffer(percent=self._percent(text, str(value)))
        amount = super().to_python(value)
        if amount is None:
            return None
        if 0 <= amount <= EITHER and not {"¥", "円", "\\"} & set(text):
            told = {"value": str(value).strip(), "number": str(amount)}
            raise ValidationError(self.error_messages["either"], "either", told)
        return AskedOffer(amount=amount)

    def _percent(self, text: str, value: str) -> Decimal:
        if (match := PERCENT.fullmatch(text)) is None:
            raise ValidationError(self.error_messages["percent"], "percent", {"value": value.strip()[:40]})
        percent = Decimal(plain(Decimal(match[2])))
        return -percent if match[1] else percent


def offered_text(offered: AskedOffer) -> str:
    """As somebody types it."""
    if offered.percent is not None:
        return f"{offered.percent:f} %"
    amount = offered.amount or 0
    return f"{amount:,}" if abs(amount) > EITHER else f"¥{amount}"
