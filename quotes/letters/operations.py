"""Sending a quote by e-mail: the reseller's text with its placeholders, a share link, the PDF."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from foundation.mail.models import OutgoingMail
from foundation.transactions import one_transaction
from licensing.models import User

from ..links.operations import can_share
from ..models import Quote, QuoteStatus, ShareLink, State, shown_state
from ..paper import download_name
from ..record.refusals import NotShareable
from ..record.transitions import has_left
from .posting import key_of, link_for, note_settled, queue_letter, record_queued
from .words import LINK, SIGNATURE, Letter, finish_letter, language_of, signature_of, values_of_all

PLACEHOLDERS: dict[str, str | Promise] = {
    "customer": _("the customer's company name"),
    "person": _("the recipient's name with 様; without a name ご担当者様"),
    "number": _("the quote's number"),
    "subject": _("the quote's subject"),
    "total": _("the total with tax"),
    "valid_until": _("the last day of validity"),
    LINK: _("the share link"),
    "reseller": _("your company name"),
    "sender": _("the name of whoever sends it"),
    "signature": SIGNATURE,
}
ABOUT = "quote"

DEFAULTS = {
    "ja": (
        "【お見積 {number}】{subject}",
        """{customer}
{person}

いつもお世話になっております。
{reseller}の{sender}でございます。

ライセンス更新のお見積をお送りいたします。

　見積番号　　　：{number}
　件名　　　　　：{subject}
　御見積金額　　：{total}（税込）
　見積有効期限　：{valid_until}

下記のページで、お見積の内容をご確認いただけます。
PDFのダウンロードと、ご発注のご希望などのご回答もこちらからお願いいたします。

{link}

※ログインせずに開けるページです。このリンクの取扱いにご注意ください。

ご不明な点がございましたら、このメールにご返信ください。
何卒よろしくお願い申し上げます。

--
{signature}
""",
    ),
    "en": (
        "Quote {number}: {subject}",
        """{customer}
Dear {person},

Thank you for your continued business. Please find below our quote for the renewal of your licenses.

  Quote number: {number}
  Subject:      {subject}
  Total:        {total} (tax included)
  Valid until:  {valid_until}

On this page you can read the quote, download the PDF, and tell us whether you wish to order:

{link}

The page opens without a log-in, so please keep the link to yourselves.

If you have any questions, just reply to this e-mail.

Best regards,

--
{signature}
""",
    ),
}


def letter_values(*, quote: Quote, to_name: str, sender: User, link: str) -> dict[str, str]:
    """What stands in the places of the placeholders, in the quote's language."""
    language = language_of(quote)
    reseller = quote.document["issuer"]["name"]
    of_all = values_of_all(
        customer=quote.customer_name, to_name=to_name, sender=sender, reseller=reseller, language=language
    )
    with override(language):
        return of_all | {
            "number": quote.number,
            "subject": quote.subject,
            "total": f"¥{quote.total:,}",
            "valid_until": date_format(quote.valid_until, "DATE_FORMAT"),
            LINK: link,
            "signature": signature_of(sender, reseller, language),
        }


@one_transaction
def send_quote(
    *,
    quote: Quote,
    form_key: str,
    to: str,
    to_name: str,
    cc: Sequence[str],
    letter: Letter,
    with_link: bool,
    with_pdf: bool,
    by: User,
    make_address: Callable[[str], str],
    now: datetime,
    is_reminder: bool = False,
) -> OutgoingMail:
    """Queue an e-mail with the quote. The same `form_key` again is the same e-mail: nothing more is written.

    `make_address` makes the address of a share link from its token; the link is made here, and its token stands in the
    sealed text of the e-mail only. `is_reminder`: nobody wrote it; it is sent only while the quote waits for an answer.
    Raises NotShareable for a quote that no longer counts, ValidationError for addresses
    and lines that cannot be.
    """
    key = f"{ABOUT}:{quote.key}:{form_key}"
    status = QuoteStatus.objects.select_for_update(no_key=True).get(pk=quote.pk)  # one click after the other
    if (sent := OutgoingMail.objects.filter(key=key).first()) is not None:
        return sent
    if not can_share(status.state) or has_left(quote):
        raise NotShareable(quote, status.state)
    link, token = link_for(quote, to=to, to_name=to_name, by=by, now=now) if with_link else (None, "")
    values = letter_values(quote=quote, to_name=to_name, sender=by, link=make_address(token) if link else "")
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
        attachment=(download_name(document=quote.document)[0], bytes(quote.pdf.content)) if with_pdf else None,
        entry={
            "with_link": with_link,
            "with_pdf": with_pdf,
            "link": link.pk if link else None,
            "is_reminder": is_reminder,
        },
        by=by,
        now=now,
    )
    record_queued(quote=quote, mail=mail, link=link, by=by, now=now)
    return mail


def is_expired(*, quote: Quote, state: str, now: datetime) -> bool:
    """Whether its last day has passed: it can be sent, but must be meant."""
    on = now.astimezone(timezone.get_default_timezone()).date()
    return shown_state(state=state, valid_until=quote.valid_until, on=on) != state


def is_mail_wanted(mail: OutgoingMail) -> bool:
    """Whether an e-mail that waits still brings something: its quote counts, its customer has not come to another
    reseller, and its link was not revoked.
    """
    quote = Quote.objects.only("status").select_related("status").filter(key=key_of(mail)).first()
    if quote is None or not can_share(State(quote.status.state)) or has_left(quote):
        return False
    if mail.entry.get("is_reminder") and (quote.status.state != State.ISSUED or quote.status.answer):
        return False
    link = mail.entry.get("link")
    return link is None or ShareLink.objects.filter(pk=link, revoked_at=None).exists()


def note_mail_settled(mail: OutgoingMail, now: datetime) -> None:
    """Write into the quote's log what became of its e-mail. A link that reached nobody is revoked."""
    quote = Quote.objects.defer("document", "trace", "asked").get(key=key_of(mail))
    note_settled(quote=quote, mail=mail, now=now)
