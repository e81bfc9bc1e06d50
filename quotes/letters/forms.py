"""Sending a quote by e-mail, and the texts for it."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.text.addresses import Mailbox, read_addresses
from foundation.text.validators import MOST_COPIES, validate_addresses, validate_one_line
from foundation.versioned_forms import VersionedForm
from licensing.models import Reseller

from .acknowledging import PLACEHOLDERS as OF_ORDER
from .operations import PLACEHOLDERS
from .templates import QUOTE, last_saved, letter_kinds, templates_of
from .words import LINK, PATTERN, Letter, has_link

OTHER = "other"
ADDRESSES = {"inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
LONGEST_SUBJECT = 200
LONGEST_BODY = 5000
LABELS = {
    "ja": (gettext_lazy("Subject (Japanese)"), gettext_lazy("Text (Japanese)")),
    "en": (gettext_lazy("Subject (English)"), gettext_lazy("Text (English)")),
}


class KnownPlaceholders:
    """Refuses what is in braces and means nothing, by name."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known

    def __call__(self, text: str) -> None:
        """Raises ValidationError."""
        if wrong := [name for name in dict.fromkeys(PATTERN.findall(text)) if name not in self.known]:
            raise forms.ValidationError(
                _("%(wrong)s is no placeholder. Placeholders are: %(known)s.")
                % {
                    "wrong": ", ".join(f"{{{name}}}" for name in wrong),
                    "known": " ".join(f"{{{name}}}" for name in self.known),
                },
                code="placeholder",
            )


refuse_unknown_placeholders = KnownPlaceholders(PLACEHOLDERS)


def refuse_link(text: str) -> None:
    if has_link(text):
        raise forms.ValidationError(_("The link stands in the text, not in the subject."), code="link")


class SubjectField(forms.CharField):
    """One line, with placeholders. `not_here`: those that stand in the text only."""

    def __init__(
        self,
        *,
        known: KnownPlaceholders = refuse_unknown_placeholders,
        not_here: Collection[str] = (LINK,),
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("label", gettext_lazy("Subject of the e-mail"))
        self.not_here = not_here
        super().__init__(
            max_length=LONGEST_SUBJECT,
            validators=[validate_one_line, known, self.refuse_not_here],
            widget=forms.TextInput(),
            **kwargs,
        )

    def refuse_not_here(self, text: str) -> None:
        """Raises ValidationError for a link, and for what fills more than a line."""
        if LINK in self.not_here:
            refuse_link(text)
        for name in PATTERN.findall(text):
            if name in self.not_here:
                words = _("%(name)s stands in the text, not in the subject.") % {"name": f"{{{name}}}"}
                raise forms.ValidationError(words, code="not-here")


class BodyField(forms.CharField):
    """The text, with placeholders. `needed`: those without which it says nothing, with what is said then."""

    def __init__(
        self,
        *,
        known: KnownPlaceholders = refuse_unknown_placeholders,
        needed: Mapping[str, str | Promise] = MappingProxyType({}),
        rows: int = 28,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("label", gettext_lazy("Text of the e-mail"))
        self.needed = needed
        super().__init__(
            max_length=LONGEST_BODY,
            validators=[known, self.refuse_without_needed],
            widget=forms.Textarea(attrs={"rows": rows}),
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n")

    def refuse_without_needed(self, text: str) -> None:
        """Raises ValidationError for a text, not for none, that lacks a placeholder."""
        used = PATTERN.findall(text)
        if text and (missing := [words for name, words in self.needed.items() if name not in used]):
            raise forms.ValidationError(" ".join(str(words) for words in missing), code="missing")


class RecipientForm(forms.Form):
    """To whom an e-mail goes. Subject and text are added by each kind of letter."""

    marks_optional = ("to_name", "cc")

    key = forms.CharField(max_length=36, widget=forms.HiddenInput)
    """Of this one e-mail: sent twice, it is still one."""
    recipient = forms.ChoiceField(
        label=gettext_lazy("To"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the recipient.")},
    )
    to = forms.CharField(
        label=gettext_lazy("E-mail address"),
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs=ADDRESSES | {"data-instead-of": "recipient"}),
        help_text=gettext_lazy(
            "name@example.co.jp, or as a mail program copies it: Name <name@example.co.jp>. "
            "Further ones get a copy (Cc)."
        ),
    )
    to_name = forms.CharField(
        label=gettext_lazy("Recipient's name"), required=False, max_length=100, validators=[validate_one_line]
    )
    cc = forms.CharField(
        label=gettext_lazy("Copies to (Cc)"),
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs=ADDRESSES),
        help_text=gettext_lazy("Several addresses are separated by spaces, commas or semicolons."),
    )

    def __init__(
        self, data: Any = None, *, known: Iterable[tuple[str, str]], is_literal: bool, initial: dict[str, Any]
    ) -> None:
        """`known`: addresses and names to choose from. `is_literal`: braces mean nothing in this letter."""
        self.known = dict(known)
        to = initial.get("to", "")
        start = {"key": uuid.uuid4(), "recipient": to if to in self.known else OTHER, **initial}
        if "to" not in initial and self.known:
            start["recipient"] = next(iter(self.known))
        if start["recipient"] != OTHER:
            start |= {"to": "", "to_name": ""}
        super().__init__(data, initial=start)
        names = [(address, f"{name} <{address}>" if name else address) for address, name in self.known.items()]
        choices: Any = self.fields["recipient"]
        choices.choices = [*names, (OTHER, _("Another address"))]
        if is_literal:
            for field in (self.fields["subject"], self.fields["body"]):
                field.validators = [one for one in field.validators if not isinstance(one, KnownPlaceholders)]

    def clean_to(self) -> list[Mailbox]:
        """What was typed: the recipient first."""
        typed = read_addresses(self.cleaned_data["to"])
        validate_addresses([mailbox.address for mailbox in typed])
        return typed

    def clean_cc(self) -> list[str]:
        addresses = [mailbox.address for mailbox in read_addresses(self.cleaned_data["cc"])]
        validate_addresses(addresses)
        return addresses

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        typed = cleaned.pop("to", [])
        recipient = self._recipient(cleaned.get("recipient"), typed)
        if recipient is not None:
            cleaned["to"] = recipient.address
            cleaned["to_name"] = cleaned.get("to_name") or recipient.name[:100]
            copies = [mailbox.address for mailbox in typed[1:]]
            if "cc" in cleaned:
                cc = dict.fromkeys([*copies, *cleaned["cc"]])
                cleaned["cc"] = [address for address in cc if address != recipient.address]
                if len(cleaned["cc"]) > MOST_COPIES:
                    self.add_error("cc", _("At most %(most)s copies are sent.") % {"most": MOST_COPIES})
        return cleaned

    def _recipient(self, chosen: str | None, typed: list[Mailbox]) -> Mailbox | None:
        """To whom it goes. Where one was chosen and another typed, nobody knows who is meant: that is asked."""
        if "to" in self.errors or chosen is None:
            return None
        if chosen == OTHER:
            if not typed:
                self.add_error("to", _("Enter the recipient's e-mail address."))
                return None
            return typed[0]
        if typed and typed[0].address != chosen:
            text = _(
                "You chose %(chosen)s, and typed another address here. To send to the typed one, choose “Another "
                "address”; to send to the chosen one, empty this field."
            )
            self.add_error("to", text % {"chosen": chosen})
            return None
        return Mailbox(self.known[chosen], chosen)

    @property
    def letter(self) -> Letter:
        """For a valid form."""
        return Letter(self.cleaned_data["subject"], self.cleaned_data["body"])

    def typed(self) -> list[tuple[str, str]]:
        """All that was sent, to be sent once more from the page that shows the e-mail."""
        return [(name, str(self.data[name])) for name in self.fields if name in self.data]


class SendForm(RecipientForm):
    """To whom a quote is sent, with which text, as a link or a PDF or both."""

    subject = SubjectField()
    body = BodyField()
    with_link = forms.BooleanField(
        label=gettext_lazy("Share link in the text"),
        required=False,
        help_text=gettext_lazy("shows when it was seen; always tells whether the quote still counts"),
    )
    with_pdf = forms.BooleanField(label=gettext_lazy("PDF as an attachment"), required=False)
    filled_for = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    """For what the text was filled in: two digits (link, PDF), then the recipient's name."""
    accept_expired = forms.BooleanField(
        label=gettext_lazy("I have read this: the validity of this quote has passed. Send it all the same."),
        required=False,
    )

    def __init__(self, data: Any = None, *, is_expired: bool, **given: Any) -> None:
        super().__init__(data, **given)
        self.is_expired = is_expired
        if not is_expired:
            del self.fields["accept_expired"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._check_contents(cleaned)
        if self.is_expired and not cleaned.get("accept_expired"):
            self.add_error("accept_expired", _("Tick this to send a quote whose validity has passed."))
        return cleaned

    def _check_contents(self, cleaned: dict[str, Any]) -> None:
        with_link = cleaned.get("with_link")
        if not with_link and not cleaned.get("with_pdf"):
            self.add_error(
                "with_link", _("Choose the share link, the PDF, or both: without them nobody sees the quote.")
            )
        if "body" not in cleaned:
            return
        if with_link and not has_link(cleaned["body"]):
            self.add_error("body", _("Write {link} where the share link is to stand, or untick the share link."))
        if not with_link and has_link(cleaned["body"]):
            self.add_error(
                "body",
                _("Without a share link nothing can stand for {link}: take it out, with what is written about it."),
            )


class SendOrderForm(RecipientForm):
    """To whom the acknowledgement of an order is sent, with which text."""

    subject = SubjectField(known=KnownPlaceholders(OF_ORDER), not_here=())
    body = BodyField(known=KnownPlaceholders(OF_ORDER), rows=24)
    filled_for = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    """The recipient's name for which the text was filled in."""


class TemplatesForm(VersionedForm):
    """A reseller's texts in both languages; where both fields of one are empty, the portal's own are used."""

    marks_optional = False

    def __init__(self, *args: Any, reseller: Reseller, **kwargs: Any) -> None:
        letters = templates_of(reseller=reseller)
        kwargs["initial"] = {
            field_of(kind, part, language): getattr(letter, part)
            for (kind, language), letter in letters.items()
            for part in ("subject", "body")
        }
        super().__init__(*args, **kwargs)
        self.row = reseller
        self.own = {key: not letter_kinds()[key[0]].is_default(letter, key[1]) for key, letter in letters.items()}
        """By kind and language, whether the text is the reseller's own."""
        for kind, language in letters:
            letter = letter_kinds()[kind]
            known = KnownPlaceholders(letter.placeholders)
            subject, body = LABELS[language]
            self.fields[field_of(kind, "subject", language)] = SubjectField(
                known=known, not_here=letter.not_in_subject, label=subject, required=False
            )
            self.fields[field_of(kind, "body", language)] = BodyField(known=known, label=body, required=False)

    def find_last_change(self) -> tuple[str, Any]:
        return last_saved(reseller=self.row)  # type: ignore[arg-type]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for kind, language in self.own:
            subject, body = field_of(kind, "subject", language), field_of(kind, "body", language)
            if subject in cleaned and body in cleaned and bool(cleaned[subject]) != bool(cleaned[body]):
                empty = body if cleaned[subject] else subject
                self.add_error(empty, _("Fill in both, or empty both to use the portal's own text."))
                continue
            letter = letter_kinds()[kind]
            for name in letter.missing(cleaned[body]) if cleaned.get(body) else ():
                self.add_error(body, str(letter.needed[name]))
        return cleaned

    def letters(self) -> dict[tuple[str, str], Letter | None]:
        """By kind and language. For a valid form."""
        cleaned = self.cleaned_data
        texts = {
            (kind, language): [cleaned[field_of(kind, part, language)] for part in ("subject", "body")]
            for kind, language in self.own
        }
        return {key: Letter(subject, body) if subject else None for key, (subject, body) in texts.items()}

    def parts(self) -> list[dict[str, Any]]:
        """The kinds of letters as the page shows them."""
        return [
            {
                "kind": kind,
                "name": letter.name,
                "placeholders": [(f"{{{name}}}", explained) for name, explained in letter.placeholders.items()],
                "texts": [
                    {
                        "language": language,
                        "is_own": self.own[kind, language],
                        "subject": self[field_of(kind, "subject", language)],
                        "body": self[field_of(kind, "body", language)],
                    }
                    for language in letter.defaults
                ],
            }
            for kind, letter in letter_kinds().items()
        ]


def field_of(kind: str, part: str, language: str) -> str:
    """The field of a text; those of the letter that brings one quote have no prefix."""
    return f"{part}_{language}" if kind == QUOTE else f"{kind}_{part}_{language}"
