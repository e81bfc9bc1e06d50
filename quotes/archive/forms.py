"""What records are searched by, as people type it: days with or without era, amounts with ￥ and commas."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.fields import DayField, YenField
from foundation.text.typed import half_width

from ..models import SHOWN_STATES, RecordExport
from .search import DAYS, RECORD_ORDERS, RecordSearch

ORDERS = [*RECORD_ORDERS, *(f"-{name}" for name in RECORD_ORDERS)]


class AmountField(YenField):
    default_error_messages = {
        "negative": _("“%(value)s” is negative; totals never are."),
    }

    def to_python(self, value: Any) -> int | None:
        number = super().to_python(value)
        if number is not None and number < 0:
            raise ValidationError(self.error_messages["negative"], "negative", {"value": half_width(str(value))})
        return number


class RecordSearchForm(forms.Form):
    """Everything may be left empty. Sent by GET: the address can be kept and passed on."""

    marks_optional = False
    first_day = DayField(label=_("Issue day from"), required=False)
    last_day = DayField(label=_("Issue day until"), required=False)
    least = AmountField(label=_("Total with tax from"))
    most = AmountField(label=_("Total with tax up to"))
    customer = forms.CharField(label=_("Customer"), required=False, max_length=200)
    number = forms.CharField(label=_("Quote number"), required=False, max_length=40)
    license_id = forms.CharField(label=_("License ID"), required=False, max_length=60)
    first_order_day = DayField(label=_("Order day from"), required=False)
    last_order_day = DayField(label=_("Order day until"), required=False)
    order_number = forms.CharField(label=_("Customer’s order number"), required=False, max_length=100)
    with_order_file = forms.BooleanField(label=_("Only with a file of the order (注文書)"), required=False)
    state = forms.MultipleChoiceField(
        label=_("State"),
        required=False,
        choices=list(SHOWN_STATES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("none ticked means all"),
    )
    order = forms.ChoiceField(required=False, choices=[(name, name) for name in ORDERS])

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for name in DAYS:
            self.fields[name].help_text = ""  # the page explains days and amounts once
        for name in ("least", "most"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
        for name in (*DAYS, "least", "most", "customer", "number", "license_id", "order_number"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for first, last, text in (
            ("first_day", "last_day", _("This day is before the first one. Exchange the two days.")),
            ("first_order_day", "last_order_day", _("This day is before the first one. Exchange the two days.")),
            ("least", "most", _("This amount is below the first one. Exchange the two amounts.")),
        ):
            low, high = cleaned.get(first), cleaned.get(last)
            if low is not None and high is not None and high < low:
                self.add_error(last, text)
        return cleaned

    def search(self) -> RecordSearch:
        """What a valid form asks for."""
        cleaned = self.cleaned_data
        return RecordSearch(
            first_day=cleaned["first_day"],
            last_day=cleaned["last_day"],
            least=cleaned["least"],
            most=cleaned["most"],
            customer=cleaned["customer"],
            number=cleaned["number"],
            license_id=cleaned["license_id"],
            first_order_day=cleaned["first_order_day"],
            last_order_day=cleaned["last_order_day"],
            order_number=cleaned["order_number"],
            with_order_file=cleaned["with_order_file"],
            states=tuple(cleaned["state"]),
            order=cleaned["order"] or "-day",
        )


class ExportForm(RecordSearchForm):
    """The same search once more, and the file that is wanted."""

    form = forms.ChoiceField(
        choices=RecordExport.Form.choices,
        error_messages={"required": _("Choose a format."), "invalid_choice": _("Choose a format.")},
    )
