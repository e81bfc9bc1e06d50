"""What customers send: their answer to a quote."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import QuoteStatus

Answer = QuoteStatus.Answer


class AnswerForm(forms.Form):
    """One of the two answers. Who has no log-in also says who they are."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": _("Type your name, so that your reseller knows who answered."),
            "max_length": _("Type your name in at most %(limit_value)d characters."),
        },
    )
    message = forms.CharField(max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None, *, answer: str, with_name: bool) -> None:
        super().__init__(data, auto_id=f"id_{answer}_%s")
        self.answer = answer
        message = self.fields["message"]
        message.error_messages["max_length"] = _(
            "Type at most %(limit_value)d characters; now there are %(show_value)d."
        )
        if answer == Answer.ORDER:
            message.label = _("Message to your reseller")
        else:
            message.label = _("Reason")
        if not with_name:
            del self.fields["name"]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())
