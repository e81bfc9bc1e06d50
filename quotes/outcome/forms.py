"""Why a quote stands otherwise from now on: typed, or chosen from the common reasons."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.fields import DayField
from foundation.text.validators import validate_one_line

from ..orders.forms import OrderFileField, WithOrderFile

LONGEST_REASON = 500
FIRST_DAY = date(2000, 1, 1)
OTHER = "other"
LOST_BECAUSE = {
    "price": gettext_lazy("Price"),
    "supplier": gettext_lazy("Another supplier was chosen"),
    "budget": gettext_lazy("Budget or timing"),
    "unused": gettext_lazy("The product is no longer used"),
    "silence": gettext_lazy("No answer from the customer"),
    OTHER: gettext_lazy("Another reason"),
}
"""Why quotes are commonly lost."""


class ReasonForm(WithOrderFile):
    """A reason, which must be given."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_REASON}),
        error_messages={"required": gettext_lazy("Enter the reason.")},
    )

    def __init__(self, data: Any = None, files: Any = None, *, on: date, is_old: bool = False) -> None:
        """`on`: today in Japan. `is_old`: what is held is not what was quoted."""
        super().__init__(data, files)
        self.on = on

    @property
    def text(self) -> str:
        """What is kept. For a valid form."""
        reason: str = self.cleaned_data["reason"]
        return reason

    @property
    def more(self) -> dict[str, Any]:
        """What else is kept. For a valid form."""
        return {}


class OrderForm(ReasonForm):
    """When the customer ordered and by which number of theirs; their file and a remark may be left out."""

    ordered_on = DayField(
        label=gettext_lazy("Order day"), error_messages={"required": gettext_lazy("Enter the order day.")}
    )
    order_number = forms.CharField(
        label=gettext_lazy("Customer’s order number"),
        max_length=100,
        required=False,
        validators=[validate_one_line],
        error_messages={"max_length": gettext_lazy("Write it in at most %(limit_value)d characters.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Remark"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_REASON}),
    )

    order_file = OrderFileField(required=False)
    knows_old = forms.BooleanField(
        label=gettext_lazy("The customer ordered by this quote all the same"),
        error_messages={
            "required": gettext_lazy(
                "The holdings are no longer those that were quoted. Tick this if the order counts all the same."
            )
        },
    )

    field_order = ("ordered_on", "order_number", "order_file", "reason", "knows_old")

    def __init__(self, data: Any = None, files: Any = None, *, on: date, is_old: bool = False) -> None:
        super().__init__(data, files, on=on, is_old=is_old)
        if not is_old:
            del self.fields["knows_old"]
        self.initial["ordered_on"] = on.strftime("%Y/%m/%d")
        self.fields["ordered_on"].validators += [
            MinValueValidator(FIRST_DAY, gettext_lazy("This day is too long ago. Look for a typo.")),
            MaxValueValidator(
                on, gettext_lazy("An order is recorded when it has come: enter today or an earlier day.")
            ),
        ]

    @property
    def more(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "ordered_on": cleaned["ordered_on"],
            "order_number": cleaned["order_number"],
            "file": cleaned["order_file"],
            "knows_old": cleaned.get("knows_old", False),
        }


class LossForm(ReasonForm):
    """One of the common reasons, and more in words; in words alone where it is another."""

    marks_optional = False

    cause = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=list(LOST_BECAUSE.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the reason.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("In more detail"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 400}),
    )
    field_order = ("cause", "reason")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("cause") == OTHER and "reason" not in self.errors and not cleaned.get("reason"):
            self.add_error("reason", _("Describe the other reason."))
        return cleaned

    @property
    def text(self) -> str:
        cause, more = self.cleaned_data["cause"], self.cleaned_data["reason"]
        if cause == OTHER:
            return str(more)
        said = str(LOST_BECAUSE[cause])
        return _("%(reason)s: %(detail)s") % {"reason": said, "detail": more} if more else said
