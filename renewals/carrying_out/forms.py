"""What is noted when an order is carried out."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from foundation.fields import DayField
from foundation.text.validators import validate_one_line


class CertificateForm(forms.Form):
    """The vendor's certificate, where it is there already."""

    certificate_number = forms.CharField(
        label=_("Certificate number"),
        max_length=100,
        required=False,
        validators=[validate_one_line],
        error_messages={"max_length": _("Write it in at most %(limit_value)d characters.")},
    )
    certificate_on = DayField(label=_("Certificate day"), required=False)

    def __init__(self, data: Any = None, *, on: date) -> None:
        """`on`: today in Japan."""
        super().__init__(data)
        self.fields["certificate_on"].validators += [
            MinValueValidator(date(2000, 1, 1), _("This day is too long ago. Look for a typo.")),
            MaxValueValidator(on, _("Enter today or an earlier day.")),
        ]
