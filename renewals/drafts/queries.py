"""Which drafts a user may see, and how they are found."""

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from foundation.text.search import search_words
from licensing.models import LicenseID, User
from licensing.queries import visible_customers
from licensing.queries.search import once_called
from quotes.record.queries import named, of_amount

from ..models import QuoteDraft, QuoteDraftPart

PRESENT_PARTS = QuoteDraftPart.objects.filter(licenseid__customer__reseller=F("draft__customer__reseller"))
"""The license IDs of drafts, without what has come to another reseller since: its code is told nobody any more."""
DRAFT_PARTS = Prefetch("parts", PRESENT_PARTS.select_related("licenseid").order_by("position"))


def visible_drafts(user: User) -> QuerySet[QuoteDraft]:
    """Drafts are internal: staff of the reseller whose draft it is, while the customer is theirs; and portal admins."""
    drafts = QuoteDraft.objects.filter(customer__in=visible_customers(user))
    if user.is_reseller_staff:
        return drafts.filter(created_by__reseller=user.reseller_id)
    return drafts if user.is_portal_admin else drafts.none()


def drafts_with_basis(user: User) -> QuerySet[QuoteDraft]:
    """Drafts that the user may see, each with the quote that it was made from and how that one stands."""
    large = [f"basis__{name}" for name in ("document", "trace", "acknowledged")]
    large += ["alternative__asked", "alternative__comparison__document", "alternative__comparison__content"]
    return (
        visible_drafts(user)
        .select_related("saved_by", "customer", "basis__status", "alternative__comparison")
        .defer(*large)
    )


def find_drafts(*, user: User, text: str) -> QuerySet[QuoteDraft]:
    """Drafts, last saved first: every word of the text in customer, license ID, subject, person or total."""
    drafts = _with_basis(visible_drafts(user)).order_by("-saved_at", "-pk")
    words = search_words(text)
    people = set(drafts.order_by().values_list("saved_by__name", flat=True).distinct()) if words else set()
    license_ids = LicenseID.objects.filter(
        quote_drafts=OuterRef("pk"), customer__reseller=OuterRef("customer__reseller")
    )
    for word in words:
        drafts = drafts.filter(
            Q(search_key__contains=word)
            | Exists(license_ids.filter(search_key__contains=word))
            | Q(customer__search_key__contains=word)
            | once_called(word, "customer__")
            | Q(saved_by__name__in=named(people, word))
            | of_amount("priced_total", word)
        )
    return drafts


def _with_basis(drafts: QuerySet[QuoteDraft]) -> QuerySet[QuoteDraft]:
    """Drafts with what a list shows of them, the number of the quote that they were made from among it."""
    rows = drafts.select_related("customer", "saved_by", "basis").prefetch_related(DRAFT_PARTS)
    return rows.defer(*(f"basis__{name}" for name in ("document", "trace", "asked", "acknowledged")))
