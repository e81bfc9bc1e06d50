"""How the quotes of a run are made, and to whom they are sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation.text.validators import validate_printable
from licensing.models import Customer
from pricing.engine.values import LEAST_YEARS, MOST_YEARS
from quotes.letters.templates import QUOTE, SEVERAL, letter_kinds
from quotes.letters.words import Letter
from quotes.models import Quote

from ..asked import LONGEST_TERM_TEXT, AskedTerms
from ..confirmations.letters_form import LANGUAGES, LettersForm
from ..confirmations.recipients import Recipient
from ..form.forms import MOST_NOTE
from ..form.terms import MOST_REMARKS, validity_days_field
from .operations import Settings

TERMS = ("payment_terms", "delivery", "remarks", "valid_days")
AS_ALWAYS = gettext_lazy("Empty: as always.")
EACH, TOGETHER = "each", "customer"
PREFIXES = {SEVERAL: "", QUOTE: "one_"}
"""Of the fields of a text, by its kind."""


class SettingsForm(forms.Form):
    """Settings that hold for every quote of the run; each can be opened and changed afterwards."""

    marks_optional = ("note", *TERMS)

    years = forms.TypedChoiceField(label=gettext_lazy("Term"), coerce=int, initial=1)
    per = forms.ChoiceField(
        label=gettext_lazy("Quotes"),
        choices=[
            (EACH, gettext_lazy("One for each license ID")),
            (TOGETHER, gettext_lazy("One for each customer, over all their license IDs")),
        ],
        initial=EACH,
        widget=forms.RadioSelect,
    )
    as_confirmed = forms.BooleanField(
        label=gettext_lazy("Quantities and term as the customer confirmed, where they did"),
        help_text=gettext_lazy("All others as held."),
        required=False,
        initial=True,
    )
    note = forms.CharField(
        label=gettext_lazy("Note to the customer"),
        max_length=MOST_NOTE,
        required=False,
        validators=[validate_printable],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    payment_terms = forms.CharField(
        label=gettext_lazy("Terms of payment"),
        max_length=LONGEST_TERM_TEXT,
        required=False,
        validators=[validate_printable],
        help_text=AS_ALWAYS,
    )
    delivery = forms.CharField(
        label=gettext_lazy("Delivery"),
        max_length=LONGEST_TERM_TEXT,
        required=False,
        validators=[validate_printable],
        help_text=AS_ALWAYS,
    )
    remarks = forms.CharField(
        label=gettext_lazy("Remarks"),
        max_length=MOST_REMARKS,
        required=False,
        validators=[validate_printable],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=AS_ALWAYS,
    )
    valid_days = validity_days_field(
        help_text=gettext_lazy("Empty: as always. A quote ends earlier where its price does not hold so long.")
    )
    with_calculation = forms.BooleanField(
        label=gettext_lazy("Add a page to the PDF that shows the calculation step by step"), required=False
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        years: Any = self.fields["years"]
        years.choices = [
            (count, ngettext("%(counter)s year", "%(counter)s years", count) % {"counter": count})
            for count in range(LEAST_YEARS, MOST_YEARS + 1)
        ]
        years.error_messages["invalid_choice"] = _("Choose the term.")

    def settings(self) -> Settings:
        """For a valid form."""
        cleaned = self.cleaned_data
        return Settings(
            is_per_customer=cleaned["per"] == TOGETHER,
            years=cleaned["years"],
            note=cleaned["note"].replace("\r\n", "\n"),
            terms=AskedTerms(
                payment_terms=cleaned["payment_terms"],
                delivery=cleaned["delivery"],
                remarks=cleaned["remarks"].replace("\r\n", "\n"),
                valid_days=cleaned["valid_days"],
            ),
            with_calculation=cleaned["with_calculation"],
            as_confirmed=cleaned["as_confirmed"],
        )


@dataclass(frozen=True)
class Group:
    """A customer with what was issued for them and not sent yet, and to whom it may go."""

    customer: Customer
    quotes: Sequence[Quote]
    """With the language of each as `spoken`."""
    known: Sequence[Recipient]


class BatchLettersForm(LettersForm[Group]):
    """To whom each customer's letter goes, and what it says: one text for several quotes, one for a single quote."""

    def __init__(
        self, data: Any = None, *, groups: Sequence[Group], templates: Mapping[tuple[str, str], Letter]
    ) -> None:
        """`templates`: the reseller's texts by kind and language."""
        super().__init__(data, groups=groups)
        kinds = letter_kinds()
        single = {language_of_one(group.quotes[0]) for group in groups if len(group.quotes) == 1}
        spoken = {
            SEVERAL: self.languages if any(len(group.quotes) > 1 for group in groups) else [],
            QUOTE: [language for language in LANGUAGES if language in single],
        }
        for kind, languages in spoken.items():
            self.add_texts(
                {language: templates[kind, language] for language in languages},
                known=kinds[kind].placeholders,
                needed=kinds[kind].needed,
                not_in_subject=kinds[kind].not_in_subject,
                prefix=PREFIXES[kind],
            )

    def letters_of_kinds(self) -> dict[str, dict[str, Letter]]:
        """The texts by kind and language, for a valid form."""
        return {kind: self.letters(prefix) for kind, prefix in PREFIXES.items()}

    def parts(self) -> list[dict[str, Any]]:
        """The texts as the page shows them, where there are any."""
        parts = [
            {
                "kind": kind,
                "name": letter_kinds()[kind].name,
                "texts": self.texts_of(prefix),
                "placeholders": [(f"{{{name}}}", told) for name, told in letter_kinds()[kind].placeholders.items()],
            }
            for kind, prefix in PREFIXES.items()
        ]
        return [part for part in parts if part["texts"]]


def language_of_one(quote: Any) -> str:
    """In which a single quote is sent: that of the quote, as `spoken`."""
    return "en" if quote.spoken == "en" else "ja"
