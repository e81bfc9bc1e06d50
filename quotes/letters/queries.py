"""By which e-mail a quote was sent, and to whom it may be."""

from django.db.models import QuerySet

from foundation.mail.models import OutgoingMail
from licensing.models import User
from licensing.queries import visible_customers

from ..models import Quote
from ..record.queries import visible_quotes

MOST_QUOTES = 100
MOST_RECIPIENTS = 8


def mails_of(quote: Quote) -> QuerySet[OutgoingMail]:
    """The e-mail by which a quote was sent, the latest first; without texts."""
    return OutgoingMail.objects.filter(about=f"quote:{quote.key}").defer("sealed_text", "attachment")


def known_recipients(user: User, quote: Quote) -> list[tuple[str, str]]:
    """To whom a quote may be sent without typing: address and name. The customer's contacts who log in, then those who
    got an e-mail with one of the reseller's quotes to this customer.
    """
    contacts = User.objects.filter(
        customer=quote.customer_id, customer__in=visible_customers(user), is_active=True
    ).values_list("email", "name")
    same = visible_quotes(user).filter(customer=quote.customer_id).order_by("-issued_at")
    about = [f"quote:{key}" for key in same.values_list("key", flat=True)[:MOST_QUOTES]]
    earlier = OutgoingMail.objects.filter(about__in=about, state=OutgoingMail.State.SENT).order_by("-pk")
    found: dict[str, str] = {}
    for address, name in (*contacts.order_by("name", "pk"), *earlier.values_list("to", "to_name")[:MOST_QUOTES]):
        found.setdefault(address, name)
    return list(found.items())[:MOST_RECIPIENTS]
