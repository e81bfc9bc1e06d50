"""What customers send: their answer to a quote, and the check code that stands on its paper."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.text.typed import with_hyphens

from ..models import QuoteStatus
from ..models.records import CHECK_ALPHABET, CHECK_LENGTH

Answer = QuoteStatus.Answer
_SEPARATORS = re.compile(r"[\s\-_.・]+")
_MISREAD = str.maketrans("OIL", "011")


class SignedForm(forms.Form):
    """A few words to the reseller. Who has no log-in also says who they are."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": _("Type your name, so that your reseller knows who answered."),
            "max_length": _("Type your name in at most %(limit_value)d characters."),
        },
    )
    message = forms.CharField(
        label=_("Message to your reseller"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Type at most %(limit_value)d characters; now there are %(show_value)d.")},
    )

    def __init__(self, data: Any = None, *, with_name: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if not with_name:
            del self.fields["name"]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class AnswerForm(SignedForm):
    """One of the two answers."""

    def __init__(self, data: Any = None, *, answer: str, with_name: bool) -> None:
        super().__init__(data, with_name=with_name, auto_id=f"id_{answer}_%s")
        self.answer = answer
        if answer != Answer.ORDER:
            self.fields["message"].label = _("Reason")


class ChoiceForm(SignedForm):
    """One of the alternatives."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1)
    """The letter that stands there as chosen."""

    def __init__(self, data: Any = None, *, with_name: bool, letter: str = "", seen: str = "") -> None:
        letter = letter or (str(data.get("plan", ""))[:1] if data else "")
        super().__init__(data, with_name=with_name, auto_id=f"id_{letter}_%s", initial={"seen": seen})
        self.fields["message"].widget.attrs["rows"] = 2


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
