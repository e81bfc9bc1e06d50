"""The letter that brings the acknowledgement of an order (注文請書), as an attachment."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from foundation.mail.models import OutgoingMail
from foundation.transactions import one_transaction
from licensing.models import User

from ..models import Acknowledgement, Quote, QuoteStatus
from ..record.acknowledgements import counting_acknowledgement, name_of_acknowledgement
from ..record.refusals import NotOrdered, NotShareable
from ..record.transitions import has_left
from .posting import key_of, note_settled, queue_letter, record_queued
from .words import SIGNATURE, Letter, fill_in, finish_letter, language_of, signature_of, values_of_all

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
    reseller = quote.document["issuer"]["name"]
    of_all = values_of_all(
        customer=quote.customer_name, to_name=to_name, sender=sender, reseller=reseller, language=language
    )
    with override(language):
        return of_all | {
            "number": one.number,
            "quote_number": quote.number,
            "subject": quote.subject,
            "total": f"¥{quote.total:,}",
            "ordered_on": date_format(one.ordered_on, "DATE_FORMAT"),
            "order_number": one.order_number or NO_NUMBER[language],
            "signature": signature_of(sender, reseller, language),
        }


def fill_order_letter(letter: Letter, values: dict[str, str]) -> Letter:
    """The reseller's text, filled in for somebody to go on with."""
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
    mail = queue_letter(
        key=key,
        about=f"{ABOUT}:{quote.key}",
        to=to,
        to_name=to_name,
        cc=cc,
        language=language_of(quote),
        typed=letter,
        filled=finish_letter(letter, values),
        values=values,
        attachment=(name_of_acknowledgement(quote=quote, one=one, for_customer=True)[0], bytes(one.content)),
        entry={"acknowledgement": str(one.key), "name": one.number},
        by=by,
        now=now,
    )
    record_queued(quote=quote, mail=mail, by=by, now=now)
    return mail


def is_order_mail_wanted(mail: OutgoingMail) -> bool:
    """Whether an e-mail that waits still says what is ordered, to a customer who is still the reseller's."""
    quote = Quote.objects.only("status").select_related("status").filter(key=key_of(mail)).first()
    if quote is None or has_left(quote):
        return False
    one = counting_acknowledgement(quote, quote.status)
    return one is not None and str(one.key) == mail.entry.get("acknowledgement")


def note_order_mail_settled(mail: OutgoingMail, now: datetime) -> None:
    """Write into the quote's log what became of the e-mail."""
    quote = Quote.objects.defer("document", "trace", "asked").get(key=key_of(mail))
    note_settled(quote=quote, mail=mail, now=now)
