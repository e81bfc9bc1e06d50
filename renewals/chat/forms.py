"""What a manager says of the reseller's chat rooms."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.chat.webhook import LONGEST_ADDRESS, split
from foundation.versioned_forms import VersionedForm

from ..models import ChatSettings
from .queries import CHANNELS, SLACK, TEAMS

NOTICES = ("tells_answers", "tells_wishes", "tells_digest", "tells_bounces", "tells_approvals", "with_prices")
SECRET = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none", "inputmode": "url"}


class AddressField(forms.CharField):
    """A webhook's address; what is kept is never shown again."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=LONGEST_ADDRESS, widget=forms.TextInput(attrs=SECRET), **kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        if not value:
            return
        try:
            split(value)
        except ValueError:
            words = _("This is not the address of a webhook: it begins with https:// and a server’s name.")
            raise ValidationError(words, code="address") from None


class ChatForm(VersionedForm):
    """Where notices go, and which."""

    marks_optional = False
    secrets = (TEAMS, SLACK)

    teams = AddressField(
        label=gettext_lazy("Webhook address of Teams"),
        help_text=gettext_lazy("From Workflows: “Post to a channel when a webhook request is received”."),
    )
    teams_gone = forms.BooleanField(label=gettext_lazy("Take the address of Teams away"), required=False)
    slack = AddressField(
        label=gettext_lazy("Webhook address of Slack"),
        help_text=gettext_lazy("From the app’s “Incoming Webhooks”."),
    )
    slack_gone = forms.BooleanField(label=gettext_lazy("Take the address of Slack away"), required=False)
    tells_answers = forms.BooleanField(label=gettext_lazy("Answers of quantity confirmations"), required=False)
    tells_wishes = forms.BooleanField(label=gettext_lazy("Wishes to order"), required=False)
    tells_digest = forms.BooleanField(
        label=gettext_lazy("Every morning in short what is to be done"),
        required=False,
        help_text=gettext_lazy("Of the whole company, on business days, where there is something."),
    )
    tells_bounces = forms.BooleanField(
        label=gettext_lazy("Letters with quotes that were not delivered"), required=False
    )
    tells_approvals = forms.BooleanField(label=gettext_lazy("Requests for approval, and their answers"), required=False)
    with_prices = forms.BooleanField(
        label=gettext_lazy("With prices"),
        required=False,
        help_text=gettext_lazy("Otherwise no amount leaves the portal."),
    )

    def __init__(self, *args: Any, settings: ChatSettings, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(settings, name) for name in NOTICES}
        super().__init__(*args, **kwargs)
        for channel, column in CHANNELS.items():
            if getattr(settings, column) is None:
                del self.fields[f"{channel}_gone"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for channel in (TEAMS, SLACK):
            if cleaned.get(channel) and cleaned.get(f"{channel}_gone"):
                self.add_error(channel, _("Either a new address, or none."))
        return cleaned

    def values(self) -> dict[str, bool]:
        """The switches. The form was valid."""
        return {name: self.cleaned_data[name] for name in NOTICES}

    def addresses(self) -> dict[str, str | None]:
        """New addresses by channel; None: taken away. The form was valid."""
        found: dict[str, str | None] = {}
        for channel in (TEAMS, SLACK):
            if address := self.cleaned_data[channel]:
                found[channel] = address
            elif self.cleaned_data.get(f"{channel}_gone"):
                found[channel] = None
        return found
