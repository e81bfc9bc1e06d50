"""Which quotes and drafts a user may see, and how they are found."""

from datetime import date

from django.db.models import QuerySet

from licensing.models import User
from licensing.models.text import search_key
from licensing.queries import visible_customers

from .models import Quote, QuoteDraft

STATUSES = ("valid", "expired", "all")


def visible_quotes(user: User) -> QuerySet[Quote]:
    """Issued quotes to customers whom the user may see; the documents themselves stay unread."""
    return Quote.objects.filter(customer__in=visible_customers(user)).defer("document", "trace", "entry")


def visible_drafts(user: User) -> QuerySet[QuoteDraft]:
    """Drafts are internal: staff of the customer's reseller, and portal admins."""
    if user.role == User.Role.CUSTOMER:
        return QuoteDraft.objects.none()
    return QuoteDraft.objects.filter(licenseid__customer__in=visible_customers(user))


def find_quotes(*, user: User, text: str, status: str, on: date) -> QuerySet[Quote]:
    """Issued quotes, newest first: every word of the text in number, customer, license ID or subject.

    `status` is one of STATUSES; a quote is valid until the end of its last day (R15).
    """
    quotes = visible_quotes(user).order_by("-issued_at", "-pk")
    for word in text.split():
        quotes = quotes.filter(search_key__contains=search_key(word))
    if status == "valid":
        quotes = quotes.filter(valid_until__gte=on)
    elif status == "expired":
        quotes = quotes.filter(valid_until__lt=on)
    return quotes


def find_drafts(*, user: User, text: str) -> QuerySet[QuoteDraft]:
    """Drafts, last saved first: every word of the text in customer, license ID or subject."""
    drafts = visible_drafts(user).select_related("licenseid__customer", "saved_by").order_by("-saved_at", "-pk")
    for word in text.split():
        key = search_key(word)
        drafts = drafts.filter(licenseid__search_key__contains=key) | drafts.filter(
            licenseid__customer__search_key__contains=key
        )
    return drafts
