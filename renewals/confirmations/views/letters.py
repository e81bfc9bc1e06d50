"""What the pages of letters to several customers do when they are sent."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..contacts import keep_contact
from ..letters_form import LettersForm
from ..recipients import Addressed


def start_letters(
    request: HttpRequest,
    form: LettersForm[Any],
    *,
    start: Callable[[Sequence[Addressed]], int],
    refused: tuple[type[Exception], int],
) -> bool:
    """Have a valid form's letters sent: who was typed becomes a contact, and the next page says how many letters go.

    `start` queues them and says how many; `refused`: what it raises where there is nothing to send, and how grave that
    is. False where the form now says that nobody is addressed.
    """
    addressed = [one for _group, one in form.addressed()]
    if not addressed:
        form.add_error(None, _("Type an address for at least one customer."))
        return False
    for one in addressed:
        keep_contact(one)
    why, level = refused
    try:
        count = start(addressed)
    except why as error:
        messages.add_message(request, level, str(error))
    else:
        said = ngettext("%(count)s letter is being sent.", "%(count)s letters are being sent.", count)
        messages.success(request, said % {"count": f"{count:,}"})
    return True
