"""Quotes that the one search box in the header finds: by their numbers, those of their orders, and the addresses that
they went to.
"""

import re
from uuid import UUID

from django.db.models import Q, QuerySet

from foundation.mail.models import OutgoingMail
from foundation.text.addresses import clean_address
from foundation.text.search import MOST_SEARCHED, search_key, search_words
from foundation.text.typed import with_hyphens
from licensing.models import User

from ..models import Quote, ShareLink
from ..record.queries import PLACES, customer_named, in_key, visible_quotes

WHOLE = re.compile(r"q\d{8,12}(?!\d)", re.ASCII)
"""A quote's number in a search key, with or without the revision: Q2611-0042-00 is q2611004200. Wherever it stands, as
in the name of a file."""
LABEL = r"(?:[御ゴ]?見積書?|quote)?(?:番号|number|no|#)?[:#]*"
PART = re.compile(LABEL + r"(q\d{2,}|\d{4,12})", re.ASCII)
"""A part of one that stands alone, at least four digits or two after the Q."""
SPELT = re.compile(r"(?<![0-9a-z])q(\d{4})-(\d{1,6})(?:-(\d{1,2}))?(?!\d)", re.IGNORECASE | re.ASCII)
"""One with its hyphens, where zeros may be missing: Q2611-42."""
MOST_MAILS = 200
LEAST_OF_ORDER = 4
"""Characters of a customer's order number that are looked for without saying that it is one."""


def quotes_in_box(user: User, text: str) -> QuerySet[Quote]:
    """Quotes with a number that is in the text, or ordered by it, or sent to an e-mail address in it; newest first.

    Words beside a number are looked for in the license ID, the subject and the customer. Nothing is found by such
    words alone: by them the list of quotes is searched.
    """
    quotes = visible_quotes(user).select_related("reseller", *PLACES).order_by("-issued_at", "-pk")
    addresses = [address for word in text[:MOST_SEARCHED].split() if "@" in (address := _address(word))]
    if addresses:
        for address in addresses:
            quotes = quotes.filter(_went_to(user, address))
        return quotes
    is_meant = False
    for word in search_words(_with_zeros(text)):
        if re.fullmatch(LABEL, word):
            continue
        number = _number(word)
        is_meant = is_meant or bool(number)
        beside = Q(search_key__contains=word) | customer_named(word)
        beside |= Q(status__order_key__contains=word)
        quotes = quotes.filter(_numbered(number) | Q(status__order_key__contains=word) if number else beside)
    return quotes if is_meant else _ordered_by(user, text)


def _ordered_by(user: User, text: str) -> QuerySet[Quote]:
    """Those whose customer's order number the whole text is, or a part of at least four characters with a digit."""
    key = search_key(text[:MOST_SEARCHED])
    if len(key) < LEAST_OF_ORDER or not any(char.isdigit() for char in key):
        return Quote.objects.none()
    quotes = visible_quotes(user).select_related("reseller", *PLACES).order_by("-issued_at", "-pk")
    return quotes.filter(status__order_key__contains=key)


def _with_zeros(text: str) -> str:
    def complete(number: re.Match[str]) -> str:
        month, sequence, revision = number.groups()
        return f"Q{month}-{sequence:0>4}" + (f"-{revision:0>2}" if revision else "")

    plain = with_hyphens(text[:MOST_SEARCHED])
    return SPELT.sub(complete, plain) if SPELT.search(plain) else text


def _number(word: str) -> str:
    whole, part = WHOLE.search(word), PART.fullmatch(word)
    return whole[0] if whole else part[1] if part else ""


def _numbered(number: str) -> Q:
    """0042 alone is the number in the month; anything else a part of the whole number."""
    return Q(sequence=int(number)) if len(number) == 4 and number[0] != "q" else in_key(0, number)


def _address(word: str) -> str:
    """An address, or the part from its @ on, without what stands around it."""
    match = re.search(r"[\w.+%-]*@[\w.-]*\w", clean_address(word))
    return match[0] if match else ""


def _went_to(user: User, address: str) -> Q:
    is_ours = Q(about__startswith="quote:") | Q(about__startswith="acknowledgement:")
    mails = OutgoingMail.objects.filter(is_ours).order_by("-pk")
    mails = mails.filter(Q(to__icontains=address) | Q(cc__icontains=address))
    if user.is_reseller_staff:
        mails = mails.filter(created_by__reseller=user.reseller_id)
    about = mails.values_list("about", flat=True)[:MOST_MAILS]
    keys = {UUID(each.partition(":")[2]) for each in about}
    links = ShareLink.objects.filter(recipient__icontains=address)
    return Q(key__in=keys) | Q(pk__in=links.values("quote"))
