"""Forms of accounts, where the portal's differ from those of the package."""

from typing import Any

from allauth.account.forms import LoginForm as PackageLoginForm


class LoginForm(PackageLoginForm):  # type: ignore[misc]
    """Without the link below the password: the page has its own, beside the button."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
