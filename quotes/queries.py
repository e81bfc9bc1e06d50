"""Which quotes and drafts a user may see, and how they are found."""

from datetime import date

from django.db.models import Q, QuerySet

from licensing.models import User
from licensing.queries import search_words, visible_customers

from .models import Quote, QuoteDraft

STATUSES = ("valid", "expired", "all")


def visible_quotes(user: User) -> QuerySet[Quote]:
    """Issued quotes that the user may see; the documents themselves stay unread.

    A quote is the record of the reseller that issued it: it stays there when its customer changes the reseller.
    """
    quotes = Quote.objects.defer("document", "trace", "entry")
    if user.role == User.Role.STAFF:
        return quotes.filter(reseller=user.reseller_id) if user.is_active else quotes.none()
    return quotes.filter(customer__in=visible_customers(user))


def visible_drafts(user: User) -> QuerySet[QuoteDraft]:
    """Drafts are internal: staff of the reseller whose draft it is, while the customer is theirs; and portal admins."""
    drafts = QuoteDraft.objects.filter(licenseid__customer__in=visible_customers(user))
    if user.role == User.Role.STAFF:
        return drafts.filter(created_by__reseller=user.reseller_id)
    return drafts if user.role == User.Role.ADMIN else drafts.none()


def find_quotes(*, user: User, text: str, status: str, on: date) -> QuerySet[Quote]:
    """Issued quotes, newest first: every word of the text in number, license ID, subject or customer.

    The customer is found by the name on the quote, and by its present name and kana. `status` is one of STATUSES; a
    quote is valid until the end of its last day (R15).
    """
    quotes = visible_quotes(user).select_related("reseller").order_by("-issued_at", "-pk")
    for word in search_words(text):
        quotes = quotes.filter(Q(search_key__contains=word) | Q(customer__search_key__contains=word))
    if status == "valid":
        quotes = quotes.filter(valid_until__gte=on)
    elif status == "expired":
        quotes = quotes.filter(valid_until__lt=on)
    return quotes


def find_drafts(*, user: User, text: str) -> QuerySet[QuoteDraft]:
    """Drafts, last saved first: every word of the text in customer, license ID or subject."""
    drafts = visible_drafts(user).select_related("licenseid__customer", "saved_by").order_by("-saved_at", "-pk")
    for word in search_words(text):
        drafts = drafts.filter(
            Q(search_key__contains=word)
            | Q(licenseid__search_key__contains=word)
            | Q(licenseid__customer__search_key__contains=word)
        )
    return drafts
