"""The letter that brings the acknowledgement of an order (注文請書), as an attachment."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.queue import queue_mail
from foundation.transactions import one_transaction
from licensing.models import User

from ..models import Acknowledgement, Quote, QuoteEvent, QuoteStatus
from ..record.acknowledgements import counting_acknowledgement, name_of_acknowledgement
from ..record.events import record_event
from ..record.refusals import NotOrdered, NotShareable
from ..record.transitions import has_left
from .lost import tell_lost
from .operations import (
    SIGNATURE,
    Letter,
    detail_of,
    fill_in,
    is_literal,
    language_of,
    polite_name,
    sender_name,
    signature_of,
)

ABOUT = "acknowledgement"
PLACEHOLDERS: dict[str, str | Promise] = {
    "customer": _("the customer's company name"),
    "person": _("the recipient's name with 様; without a name ご担当者様"),
    "number": _("the acknowledgement's number"),
    "quote_number": _("the quote's number"),
    "subject": _("the quote's subject"),
    "total": _("the total with tax"),
    "ordered_on": _("the order day"),
    "order_number": _("the customer's order number; without one －"),
    "reseller": _("your company name"),
    "sender": _("the name of whoever sends it"),
    "signature": SIGNATURE,
}
DEFAULTS = {
    "ja": (
        "【注文請書 {number}】{subject}",
        """{customer}
{person}

いつもお世話になっております。
{reseller}の{sender}でございます。

このたびはご注文いただき、誠にありがとうございます。
注文請書（PDF）を本メールに添付しております。ご査収ください。

　注文請書番号　：{number}
　見積番号　　　：{quote_number}
　件名　　　　　：{subject}
　ご注文日　　　：{ordered_on}
　貴社注文番号　：{order_number}
　ご注文金額　　：{total}（税込）

内容に相違がございましたら、お手数ですがこのメールにご返信ください。
今後とも何卒よろしくお願い申し上げます。

--
{signature}
""",
    ),
    "en": (
        "Acknowledgement of your order {number}: {subject}",
        """{customer}
Dear {person},

Thank you very much for your order. The acknowledgement is attached to this e-mail as a PDF.

  Acknowledgement: {number}
  Quote:           {quote_number}
  Subject:         {subject}
  Order day:       {ordered_on}
  Your order no.:  {order_number}
  Total:           {total} (tax included)

If anything in it is not as you ordered, please reply to this e-mail.

Best regards,

--
{signature}
""",
    ),
}
NO_NUMBER = {"ja": "－", "en": "-"}


def order_values(*, quote: Quote, one: Acknowledgement, to_name: str, sender: User) -> dict[str, str]:
    """What stands in the places of the placeholders, in the quote's language."""
    language = language_of(quote)
    with override(language):
        return {
            "customer": quote.customer_name,
            "person": polite_name(" ".join(to_name.split()), language),
            "number": one.number,
            "quote_number": quote.number,
            "subject": quote.subject,
            "total": f"¥{quote.total:,}",
            "ordered_on": date_format(one.ordered_on, "DATE_FORMAT"),
            "order_number": one.order_number or NO_NUMBER[language],
            "reseller": quote.document["issuer"]["name"],
            "sender": sender_name(sender, language),
            "signature": signature_of(sender, quote.document["issuer"]["name"], language),
        }


def fill_order_letter(letter: Letter, values: dict[str, str]) -> Letter:
    """As it goes out. Where a value holds a brace itself, nothing in braces is looked at in what somebody wrote."""
    return Letter(fill_in(letter.subject, values).strip(), fill_in(letter.body, values))


@one_transaction
def send_acknowledgement(
    *,
    quote: Quote,
    one: Acknowledgement,
    form_key: str,
    to: str,
    to_name: str,
    cc: Sequence[str],
    letter: Letter,
    by: User,
    now: datetime,
) -> OutgoingMail:
    """Queue an e-mail with the acknowledgement attached. The same `form_key` again is the same e-mail.

    Raises NotOrdered where it does not say any more what is ordered, NotShareable where the customer has come to
    another reseller, ValidationError for addresses and lines that cannot be.
    """
    key = f"{ABOUT}:{one.key}:{form_key}"
    status = QuoteStatus.objects.select_for_update(no_key=True).get(pk=quote.pk)  # one click after the other
    if (sent := OutgoingMail.objects.filter(key=key).first()) is not None:
        return sent
    if counting_acknowledgement(quote, status) != one:
        raise NotOrdered(quote)
    if has_left(quote):
        raise NotShareable(quote, status.state)
    values = order_values(quote=quote, one=one, to_name=to_name, sender=by)
    filled = letter if is_literal(values) else fill_order_letter(letter, values)
    mail = queue_mail(
        key=key,
        to=to,
        to_name=" ".join(to_name.split()),
        cc=cc,
        language=language_of(quote),
        subject=filled.subject.strip(),
        body=filled.body,
        sender_name=f"{values['sender']} ({values['reseller']})",
        reply_to=by.email,
        attachment=(name_of_acknowledgement(quote=quote, one=one, for_customer=True)[0], bytes(one.content)),
        about=f"{ABOUT}:{quote.key}",
        entry={
            "to": to,
            "to_name": to_name,
            "cc": list(cc),
            "subject": letter.subject,
            "body": letter.body,
            "acknowledgement": str(one.key),
            "name": one.number,
        },
        by=by,
        now=now,
    )
    _record(QuoteEvent.Kind.MAIL_QUEUED, quote, mail, now, by=by)
    return mail


def is_order_mail_wanted(mail: OutgoingMail) -> bool:
    """Whether an e-mail that waits still says what is ordered, to a customer who is still the reseller's."""
    quote = Quote.objects.only("status").select_related("status").filter(key=_quote_key(mail)).first()
    if quote is None or has_left(quote):
        return False
    one = counting_acknowledgement(quote, quote.status)
    return one is not None and str(one.key) == mail.entry.get("acknowledgement")


def note_order_mail_settled(mail: OutgoingMail, now: datetime) -> None:
    """Write into the quote's log what became of the e-mail."""
    quote = Quote.objects.defer("document", "trace", "asked").get(key=_quote_key(mail))
    tell_lost(quote=quote, mail=mail, now=now)
    is_sent = mail.state == OutgoingMail.State.SENT
    _record(QuoteEvent.Kind.MAIL_SENT if is_sent else QuoteEvent.Kind.MAIL_FAILED, quote, mail, now)


def _quote_key(mail: OutgoingMail) -> str:
    return mail.about.partition(":")[2]


def _record(kind: str, quote: Quote, mail: OutgoingMail, now: datetime, *, by: User | None = None) -> None:
    told: dict[str, Any] = {"acknowledgement": mail.entry["acknowledgement"], "name": mail.entry["name"]}
    record_event(quote=quote, kind=kind, now=now, by=by, detail=detail_of(mail, kind) | told)
