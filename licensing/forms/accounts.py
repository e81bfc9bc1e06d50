"""Forms of accounts where they differ from the package's: log-in, second factors, passkeys."""

import struct
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from foundation.fields import AddressField, HalfWidthField

from ..models.validators import MOST_PASSWORD_CHARACTERS, MaximumLengthValidator


def bound_password(field: forms.Field) -> None:
    """Nobody's password is longer than may be chosen: what is longer is not hashed at all."""
    message = MaximumLengthValidator.MESSAGE % {"most": MOST_PASSWORD_CHARACTERS}
    field.validators.append(MaxLengthValidator(MOST_PASSWORD_CHARACTERS, message))
    field.help_text = ""  # the page has its own link for a forgotten password


def own_address(field: forms.Field) -> AddressField:
    """The field of one's own address, in the place of the package's, which takes no full width."""
    own = AddressField(label=field.label)
    own.widget.attrs["autocomplete"] = "email"
    return own


class LoginForm(account.LoginForm):  # type: ignore[misc]
    """Without the link below the password: the page has its own, beside the button."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = own_address(self.fields["login"])
        bound_password(self.fields["password"])


class ResetPasswordForm(account.ResetPasswordForm):  # type: ignore[misc]
    """For a forgotten password: the address, however it is typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = own_address(self.fields["email"])


class ReauthenticateForm(account.ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bound_password(self.fields["password"])


class ChangePasswordForm(account.ChangePasswordForm):  # type: ignore[misc]
    """The old password and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bound_password(self.fields["oldpassword"])


# --- Second factors -------------------------------------------------------------------------------------------------


class CodeField(HalfWidthField):
    """A code of an authenticator app or a recovery code, typed in any width and with any spaces."""

    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)


class AuthenticateForm(mfa.AuthenticateForm):  # type: ignore[misc]
    """At log-in, after the password."""

    code = CodeField(
        label=_("Code"), help_text=_("Six digits from your authenticator app, or one of your recovery codes.")
    )


class ReauthenticateByCodeForm(mfa.ReauthenticateForm):  # type: ignore[misc]
    """The same, to prove once more who one is."""

    code = CodeField(label=_("Code"), help_text=AuthenticateForm.base_fields["code"].help_text)


class ActivateTOTPForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    """Sets up an authenticator app; the code proves that it works."""

    code = CodeField(label=_("Code that the app shows now"))


UNREADABLE = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError, struct.error)
"""What the package and the library below it raise where a browser's answer is not what a browser answers."""
MOST_NESTED = 100
"""Lists and objects in one answer."""


def refuse_unreadable(clean: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """An answer that no passkey gives is refused like a wrong one."""

    @wraps(clean)
    def checked(form: Any) -> Any:
        try:
            return clean(form)
        except UNREADABLE:
            raise get_adapter().validation_error("incorrect_code") from None

    return checked


class PasskeyField(forms.JSONField):
    """What a browser answers for a passkey. Its JSON is flat: what goes deeper than that is not even read."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        if _is_deep(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": ""})
        return super().to_python(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        return "" if _is_deep(data) else super().bound_data(data, initial)


def _is_deep(text: Any) -> bool:
    return isinstance(text, str) and text.count("[") + text.count("{") > MOST_NESTED


class AddPasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A passkey and what its owner calls it."""

    credential = PasskeyField()
    name = forms.CharField(
        label=_("Name of the passkey"),
        max_length=60,
        required=False,
        help_text=_("So that you recognise it later, for example “Work laptop”."),
    )
    passwordless = forms.BooleanField(
        label=_("Also use it to log in without a password"),
        required=False,
        initial=True,
        help_text=_("Clear this only for a security key that knows neither PIN nor fingerprint."),
    )

    @refuse_unreadable
    def clean(self) -> Any:
        return super().clean()


class EditPasskeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name."""

    name = forms.CharField(label=AddPasskeyForm.base_fields["name"].label, max_length=60)


class AuthenticateByPasskeyForm(webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    credential = PasskeyField()

    @refuse_unreadable
    def clean_credential(self) -> Any:
        return super().clean_credential()


class ReauthenticateByPasskeyForm(webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    credential = PasskeyField()

    @refuse_unreadable
    def clean_credential(self) -> Any:
        return super().clean_credential()


class LoginByPasskeyForm(webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    credential = PasskeyField()

    @refuse_unreadable
    def clean_credential(self) -> Any:
        return super().clean_credential()
