"""What a page refuses takes the focus, with and without scripts."""

import re
from pathlib import Path

from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
STANDING = {
    "base.html",  # comes while the page is open, as the next two
    "mfa/webauthn/snippets/failed.html",
    "renewals/form/form.html",
    "renewals/form/_form_notices.html",  # the first of several has it
    "licensing/holdings/imported.html",  # what a list says that is looked at, as the next ones
    "licensing/holdings/refused.html",
    "quotes/archive/export.html",
    "quotes/customers/check.html",
    "renewals/approval/approval.html",
    "licensing/invitation.html",
}


def test_every_refusal_takes_the_focus() -> None:
    """A reader's program reads on from there: an alert that is on the page as it comes is not read by itself."""
    silent = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = str(path.relative_to(TEMPLATES))
        if name in STANDING or name.startswith("admin/"):
            continue
        for tag in re.findall(r"<[^<>]*role=\"alert\"[^<>]*>", path.read_text()):
            if "autofocus" not in tag or 'tabindex="-1"' not in tag:
                silent.append((name, tag))
    assert silent == []
