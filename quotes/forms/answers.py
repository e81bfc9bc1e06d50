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
        error_messages={
            "required": _("Type your name, so that your reseller knows who answered."),
            "max_length": _("Type your name in at most %(limit_value)d characters."),
        },
    )
    message = forms.CharField(max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None, *, answer: str, with_name: bool) -> None:
        super().__init__(data, auto_id=f"id_{answer}_%s", use_required_attribute=False)
        self.answer = answer
        message = self.fields["message"]
        message.error_messages["max_length"] = _(
            "Type at most %(limit_value)d characters; now there are %(show_value)d."
        )
        if answer == Answer.ORDER:
            message.label = _("Message to your reseller (optional)")
        else:
            message.label = _("Reason (optional)")
        if not with_name:
            del self.fields["name"]
        for name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = f"error-{answer}-{name}"
            if field.required:
                field.widget.attrs["aria-required"] = "true"
            if self.is_bound and name in self.errors:
                field.widget.attrs["aria-invalid"] = "true"
        if with_name:
            self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())
