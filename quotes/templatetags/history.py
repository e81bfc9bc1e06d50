"""What happened to a quote or a comparison, in words for the reseller's people."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from foundation.browsers import name_browser
from foundation.text.language import in_language

from ..models import QuoteEvent, QuoteStatus, State

register = template.Library()

Kind = QuoteEvent.Kind
ANSWERS = (Kind.ORDER_WISHED, Kind.DECLINED, Kind.CHOSEN)
BY_CUSTOMERS = (Kind.VIEWED, Kind.FETCHED, Kind.DOWNLOADED, *ANSWERS)


@register.filter
def told(event: QuoteEvent) -> str:
    """One sentence: who did what. The event's link is loaded."""
    said = {
        "who": _who(event),
        "recipient": event.link.recipient if event.link else "",
        "to": event.detail.get("to", ""),
        "file": event.detail.get("name", ""),
        "robot": event.detail.get("robot", ""),
        "plan": event.detail.get("alternative", ""),
        "number": event.detail.get("number", ""),
    }
    sentences = {
        Kind.VIEWED: _("%(who)s opened the quote."),
        Kind.FETCHED: _("%(who)s: a program (%(robot)s) fetched it by itself. This is no visit."),
        Kind.DOWNLOADED: _("%(who)s downloaded the PDF."),
        Kind.ORDER_WISHED: _("%(who)s wishes to order by this quote."),
        Kind.DECLINED: _("%(who)s declined this quote."),
        Kind.COMPARED: _("%(who)s made the comparison."),
        Kind.CHOSEN: _("%(who)s chose plan %(plan)s."),
        Kind.QUOTED: _("%(who)s issued quote %(number)s from plan %(plan)s."),
        Kind.LINK_MADE: _("%(who)s made a share link for %(recipient)s."),
        Kind.LINK_REVOKED: _("%(who)s stopped the share link for %(recipient)s."),
        Kind.ORDER_FILE_KEPT: _("%(who)s kept the file of the order: %(file)s."),
        Kind.ORDER_ACKNOWLEDGED: _("%(who)s made the acknowledgement of the order: %(file)s."),
        Kind.MAIL_QUEUED: _("%(who)s sent the quote by e-mail to %(to)s."),
        Kind.MAIL_SENT: _("The mail server took the e-mail to %(to)s."),
        Kind.MAIL_FAILED: _("The e-mail to %(to)s was not delivered."),
    }
    if event.detail.get("acknowledgement"):
        sentences |= {
            Kind.DOWNLOADED: _("%(who)s downloaded the acknowledgement of the order: %(file)s."),
            Kind.MAIL_QUEUED: _("%(who)s sent the acknowledgement of the order %(file)s by e-mail to %(to)s."),
        }
    if event.comparison_id:
        sentences |= {
            Kind.VIEWED: _("%(who)s opened the comparison."),
            Kind.MAIL_QUEUED: _("%(who)s sent the comparison by e-mail to %(to)s."),
        }
    if event.kind in sentences:
        return sentences[Kind(event.kind)] % said
    text = f"{event.get_kind_display()} – {latin_name(event)}"
    if approval := event.detail.get("approval"):
        text += _(" (approved by %(name)s)") % {"name": approval["by_name"]}
    return text


@register.filter
def reason_told(event: QuoteEvent) -> str:
    """Why, in the person's words; what is noted with an order is no reason."""
    text = event.detail.get("reason", "")
    if not text:
        return ""
    return reason_or_remark(text, is_order=event.kind == Kind.ORDERED)


@register.filter
def status_reason(status: QuoteStatus) -> str:
    """Why the quote stands so; what was noted with an order."""
    return reason_or_remark(status.reason, is_order=status.state == State.ORDERED) if status.reason else ""


def reason_or_remark(text: str, *, is_order: bool) -> str:
    """A text under its name."""
    return (_("Remark: %(remark)s") % {"remark": text}) if is_order else (_("Reason: %(reason)s") % {"reason": text})


@register.filter
def browser(event: QuoteEvent) -> str:
    """With what the visitor came; nothing of somebody of the reseller."""
    return name_browser(event.user_agent) if event.user_agent else ""


def latin_name(event: QuoteEvent) -> str:
    """The name in the log; on English pages in Latin letters where they are known. The person is loaded."""
    return in_language(event.by_name, event.by.name_en if event.by else "")


def _who(event: QuoteEvent) -> str:
    """The person, and the link by which they came; of somebody who did not say a name, the link alone."""
    name = latin_name(event)
    if event.link is None or event.kind not in BY_CUSTOMERS:
        return pgettext("who did something", "%(name)s") % {"name": name}
    names = {"name": name, "recipient": event.link.recipient}
    if event.by_id or event.kind in ANSWERS:
        return _("%(name)s (share link: %(recipient)s)") % names
    return _("Somebody with the share link for %(recipient)s") % names
