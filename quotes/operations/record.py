"""What happens to a quote after its issue."""

from datetime import datetime

from licensing.models import User

from ..models import Quote, QuoteEvent


def record_download(*, quote: Quote, by: User, now: datetime) -> QuoteEvent:
    """Note that the PDF was handed to somebody."""
    return QuoteEvent.objects.create(quote=quote, kind=QuoteEvent.Kind.DOWNLOADED, at=now, by=by, by_name=by.name)
