"""Where text becomes values: accounts, and what managers look after."""

from .accounts import (
    ActivateTOTPForm,
    AddPasskeyForm,
    AuthenticateByPasskeyForm,
    AuthenticateForm,
    ChangePasswordForm,
    CodeField,
    EditPasskeyForm,
    LoginByPasskeyForm,
    LoginForm,
    ReauthenticateByCodeForm,
    ReauthenticateByPasskeyForm,
    ReauthenticateForm,
    ResetPasswordForm,
)
from .entries import (
    AcceptForm,
    CompanyForm,
    CustomerForm,
    InviteForm,
    OwnWordsForm,
    PersonForm,
    fields_of,
    segment_field,
)
from .look_alikes import ask_about, read_known

__all__ = [
    "AcceptForm",
    "ActivateTOTPForm",
    "AddPasskeyForm",
    "AuthenticateByPasskeyForm",
    "AuthenticateForm",
    "ChangePasswordForm",
    "CodeField",
    "CompanyForm",
    "CustomerForm",
    "EditPasskeyForm",
    "InviteForm",
    "LoginByPasskeyForm",
    "LoginForm",
    "OwnWordsForm",
    "PersonForm",
    "ReauthenticateByCodeForm",
    "ReauthenticateByPasskeyForm",
    "ReauthenticateForm",
    "ResetPasswordForm",
    "ask_about",
    "fields_of",
    "read_known",
    "segment_field",
]
