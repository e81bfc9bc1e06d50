"""The letters that bring papers: one quote, several of one customer, a comparison, the acknowledgement of an order."""

from django.utils.translation import gettext_lazy as _

from . import acknowledging, comparing, operations, several
from .templates import LetterKind
from .words import LINK, MARKS

OF_ONE = LetterKind(
    name=_("Letter with one quote"),
    placeholders=operations.PLACEHOLDERS,
    needed={LINK: _("Write {link} where the share link is to stand.")},
    defaults=operations.DEFAULTS,
    not_in_subject=(LINK, "signature"),
    marks={LINK: MARKS.values()},
)
OF_SEVERAL = LetterKind(
    name=_("Letter with several quotes"),
    placeholders=several.PLACEHOLDERS,
    needed={several.QUOTES: _("Write {quotes} where the quotes with their links are to stand.")},
    defaults=several.DEFAULTS,
    not_in_subject=(several.QUOTES, "signature"),
)
OF_ORDER = LetterKind(
    name=_("Letter with the acknowledgement of an order"),
    placeholders=acknowledging.PLACEHOLDERS,
    needed={},
    defaults=acknowledging.DEFAULTS,
)
OF_COMPARISON = LetterKind(
    name=_("Letter with a comparison"),
    placeholders=comparing.PLACEHOLDERS,
    needed={LINK: _("Write {link} where the share link is to stand.")},
    defaults=comparing.DEFAULTS,
    not_in_subject=(LINK,),
    marks={LINK: MARKS.values()},
)
