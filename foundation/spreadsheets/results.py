"""What stands in a cell in place of a value: the error of a formula, or nothing because it was never calculated."""

import re

from django.utils.translation import gettext as _

from .bounds import NO_RESULT

BROKEN = re.compile(
    r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|#+)",
    re.IGNORECASE,
)


def refuse_broken(text: str) -> None:
    """Raises ValueError, for a person, for a formula that has no result, or has failed."""
    if text == NO_RESULT:
        raise ValueError(
            _("This is a formula without its result. Save the file in a spreadsheet program, then upload it again.")
        )
    if text[:1] == "#" and BROKEN.fullmatch(text.strip()):
        raise ValueError(_("This is the error of a formula. Correct it in the file, or write the value itself."))
