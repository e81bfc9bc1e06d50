"""The field for a check code, which people type from paper."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.text.typed import with_hyphens

from ..models.records import CHECK_ALPHABET, CHECK_LENGTH

_SEPARATORS = re.compile(r"[\s\-_.・]+")
_MISREAD = str.maketrans("OIL", "011")


class CheckForm(forms.Form):
    """Takes a code in any width and case, with or without hyphens; O for 0, I and L for 1; or its whole address."""

    code = forms.CharField(
        label=_("Check code"),
        max_length=300,
        help_text=_(
            "At the foot of the first page, beside the QR code. Capitals, hyphens and spaces make no difference."
        ),
        widget=forms.TextInput(
            attrs={
                "class": "code",
                "placeholder": "XXXX-XXXX-XXXX",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": _("Type the check code. It stands at the foot of the quote’s first page.")},
    )

    def clean_code(self) -> str:
        """The code as it is stored."""
        typed = with_hyphens(self.cleaned_data["code"]).rstrip("/").rpartition("/")[2]
        code = _SEPARATORS.sub("", typed).upper().translate(_MISREAD)
        if len(code) != CHECK_LENGTH or not set(code) <= set(CHECK_ALPHABET):
            raise ValidationError(
                _(
                    "A check code has 12 letters and digits, such as 8K3M-Q2ZT-7W0C. Compare what you typed with the "
                    "foot of the quote’s first page."
                )
            )
        return code
