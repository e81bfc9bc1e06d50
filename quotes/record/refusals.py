"""Why something could not be done with a quote. The doors (views, commands) turn these into words."""

import uuid
from datetime import date

from ..models import Comparison, Quote, Shared, ShareLink, Transition


class AlreadyIssued(Exception):
    """A quote was issued with this key before: by a double click, a resent form, or a colleague."""

    def __init__(self, quote: Quote) -> None:
        super().__init__(quote.number)
        self.quote = quote


class IssuedAlike(Exception):
    """The reseller issued a quote of the same content and total for this customer on the same day."""

    def __init__(self, quote: Quote) -> None:
        super().__init__(quote.number)
        self.quote = quote


class FormKeyTaken(Exception):
    """The form's key belongs to something else; a fresh form is needed."""

    def __init__(self, key: uuid.UUID) -> None:
        super().__init__(str(key))


class ClockBehind(Exception):
    """The log holds entries of a later day than today: the portal's clock is wrong, or was. Days in Japan."""

    def __init__(self, *, today: date, latest: date) -> None:
        super().__init__(f"today is {today}, but the log has entries of {latest}")
        self.today = today
        self.latest = latest


class WrongState(Exception):
    """The quote is in a state from which this way does not lead, perhaps since a moment ago."""

    def __init__(self, quote: Quote, transition: Transition, state: str) -> None:
        super().__init__(f"{quote.number} is {state}, not to be {transition.name}")
        self.quote = quote
        self.transition = transition
        self.state = state


class CustomerMoved(Exception):
    """The quote's license ID belongs to another customer by now, or the customer to another reseller."""

    def __init__(self, quote: Quote) -> None:
        super().__init__(quote.number)
        self.quote = quote


class OrderedElsewhere(Exception):
    """The same support is ordered already, by another quote (R22)."""

    def __init__(self, quote: Quote, other: Quote) -> None:
        super().__init__(f"{quote.number}: {other.number} is ordered")
        self.quote = quote
        self.other = other


class HoldingsChanged(Exception):
    """The holdings are not those that were quoted any more, and nobody said that the order counts all the same."""

    def __init__(self, quote: Quote) -> None:
        super().__init__(quote.number)
        self.quote = quote


class CarriedOut(Exception):
    """Holdings were brought to what the quote's order says: that is undone before the order is taken back (R21)."""

    def __init__(self, quote: Quote) -> None:
        super().__init__(quote.number)
        self.quote = quote


class NotOrdered(Exception):
    """Only what was ordered is carried out (R21); the order may have been taken back a moment ago."""

    def __init__(self, quote: Quote) -> None:
        super().__init__(quote.number)
        self.quote = quote


class FilesChanged(Exception):
    """Somebody else has kept a file of this order since the page was opened, or replaced the same one."""

    def __init__(self, quote: Quote) -> None:
        super().__init__(quote.number)
        self.quote = quote


class ReasonMissing(Exception):
    """This way needs a reason."""

    def __init__(self, transition: Transition) -> None:
        super().__init__(transition.name)
        self.transition = transition


class NotOpen(Exception):
    """A customer answers a quote that is not open any more; `state` is the one shown on that day."""

    def __init__(self, quote: Quote, state: str) -> None:
        super().__init__(f"{quote.number} is {state}")
        self.quote = quote
        self.state = state


class NotShareable(Exception):
    """No link is made to a quote that was superseded or withdrawn, or to a comparison that was withdrawn."""

    def __init__(self, quote: Shared, state: str) -> None:
        super().__init__(f"{quote.number} is {state}")
        self.quote = quote
        self.state = state


class LinksChanged(Exception):
    """A link to it was made since the page was opened: by a second click, or a colleague."""

    def __init__(self, quote: Shared) -> None:
        super().__init__(quote.number)
        self.quote = quote


class LinkClosed(Exception):
    """The share link was revoked or has expired, perhaps since a moment ago."""

    def __init__(self, link: ShareLink) -> None:
        super().__init__(str(link))
        self.link = link


class DownloadsUsedUp(Exception):
    """The share link's downloads are used up."""

    def __init__(self, link: ShareLink) -> None:
        super().__init__(str(link))
        self.link = link


class ChoiceClosed(Exception):
    """No alternative of the comparison is chosen any more; `state` is the one shown on that day."""

    def __init__(self, comparison: Comparison, state: str) -> None:
        super().__init__(f"{comparison.number} is {state}")
        self.comparison = comparison
        self.state = state


class ChoiceChanged(Exception):
    """Somebody chose since the page was opened: whoever chooses has seen what was chosen before."""

    def __init__(self, comparison: Comparison) -> None:
        super().__init__(comparison.number)
        self.comparison = comparison
