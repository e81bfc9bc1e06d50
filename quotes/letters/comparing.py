"""The letter that brings a comparison (比較表): a share link in its text, and the PDF."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.queue import queue_mail
from foundation.transactions import one_transaction
from licensing.models import User

from ..links.operations import link_days, lock_shareable, record_made, record_stopped, stop, write_link
from ..models import Comparison, QuoteEvent, ShareLink
from ..paper import comparison_name
from ..record.comparisons import comparison_has_left, lock_comparison
from ..record.events import record_event
from .lost import tell_lost
from .operations import (
    LINK,
    MARKS,
    Letter,
    detail_of,
    fill_in,
    finish,
    language_of,
    lock_unreached,
    polite_name,
    recipient_words,
    sender_name,
)
from .templates import COMPARISON, template_of

PLACEHOLDERS: dict[str, str | Promise] = {
    "customer": _("the customer's company name"),
    "person": _("the recipient's name with 様; without a name ご担当者様"),
    "number": _("the comparison's number"),
    "subject": _("the comparison's subject"),
    "valid_until": _("the last day on which its prices hold"),
    LINK: _("the share link"),
    "reseller": _("your company name"),
    "sender": _("the name of whoever sends it"),
}
DEFAULTS = {
    "ja": (
        "【比較表 {number}】{subject}",
        """{customer}
{person}

いつもお世話になっております。
{reseller}の{sender}でございます。

ライセンス更新について、ご検討いただける案を比較表にまとめました。

　比較表番号　　：{number}
　件名　　　　　：{subject}
　価格の有効期限：{valid_until}

下記のページで各案を並べてご覧いただき、ご希望の案をお選びいただけます。
案をお選びいただいてもご注文にはなりません。お選びの案の御見積書を、あらためてお送りいたします。

{link}

※ログインせずに開けるページです。このリンクの取扱いにご注意ください。

比較表（PDF）は本メールにも添付しております。
ご不明な点がございましたら、このメールにご返信ください。
何卒よろしくお願い申し上げます。

--
{reseller}
{sender}
""",
    ),
    "en": (
        "Comparison {number}: {subject}",
        """{customer}
Dear {person},

We have put together the plans for the renewal of your licenses side by side.

  Comparison:        {number}
  Subject:           {subject}
  Prices hold until: {valid_until}

On this page you can see the plans and choose one. Choosing is no order: we then send you the quotation of that plan.

{link}

The page opens without a log-in, so please keep the link to yourselves.

The comparison is also attached to this e-mail as a PDF. If you have any questions, just reply to this e-mail.

Best regards,

--
{sender}
{reseller}
""",
    ),
}


def comparison_values(*, comparison: Comparison, to_name: str, sender: User, link: str) -> dict[str, str]:
    """What stands in the places of the placeholders, in the comparison's language."""
    language = language_of(comparison)
    with override(language):
        return {
            "customer": comparison.customer_name,
            "person": polite_name(" ".join(to_name.split()), language),
            "number": comparison.number,
            "subject": comparison.subject,
            "valid_until": date_format(comparison.valid_until, "DATE_FORMAT"),
            LINK: link,
            "reseller": comparison.document["issuer"]["name"],
            "sender": sender_name(sender, language),
        }


def fill_comparison_letter(*, comparison: Comparison, sender: User, to_name: str) -> Letter:
    """The reseller's text as it will read; only the link's address is still a mark."""
    language = language_of(comparison)
    template = template_of(reseller=comparison.reseller, language=language, kind=COMPARISON)
    values = comparison_values(comparison=comparison, to_name=to_name, sender=sender, link=MARKS[language])
    return Letter(fill_in(template.subject, {**values, LINK: ""}).strip(), fill_in(template.body, values))


@one_transaction
def send_comparison(
    *,
    comparison: Comparison,
    form_key: str,
    to: str,
    to_name: str,
    cc: Sequence[str],
    letter: Letter,
    by: User,
    make_address: Callable[[str], str],
    now: datetime,
) -> OutgoingMail:
    """Queue an e-mail with a share link and the PDF. The same `form_key` again is the same e-mail.

    Raises NotShareable where it was withdrawn, ValidationError for addresses and lines that cannot be.
    """
    key = f"{COMPARISON}:{comparison.key}:{form_key}"
    lock_comparison(comparison)  # one click after the other
    if (sent := OutgoingMail.objects.filter(key=key).first()) is not None:
        return sent
    lock_shareable(quote=comparison)
    on = now.astimezone(timezone.get_default_timezone()).date()
    link, token = write_link(
        quote=comparison,
        recipient=recipient_words(to_name, to),
        expires_on=link_days(quote=comparison, on=on).usual,
        max_downloads=settings.SHARE_LINK_MAX_DOWNLOADS,
        by=by,
        now=now,
    )
    values = comparison_values(comparison=comparison, to_name=to_name, sender=by, link=make_address(token))
    mail = queue_mail(
        key=key,
        to=to,
        to_name=" ".join(to_name.split()),
        cc=cc,
        language=language_of(comparison),
        subject=finish(letter.subject, {**values, LINK: ""}).strip(),
        body=finish(letter.body, values),
        sender_name=f"{values['sender']} ({values['reseller']})",
        reply_to=by.email,
        attachment=(comparison_name(document=comparison.document)[0], bytes(comparison.content)),
        about=f"{COMPARISON}:{comparison.key}",
        entry={
            "to": to,
            "to_name": to_name,
            "cc": list(cc),
            "subject": letter.subject,
            "body": letter.body,
            "link": link.pk,
        },
        by=by,
        now=now,
    )
    record_made(link=link, now=now)
    _record(QuoteEvent.Kind.MAIL_QUEUED, comparison, mail, now, by=by)
    return mail


def is_comparison_wanted(mail: OutgoingMail) -> bool:
    """Whether an e-mail that waits still brings something: it was not withdrawn, nor was its link revoked."""
    rows = Comparison.objects.select_related("status").defer("document", "content")
    comparison = rows.filter(key=_key(mail)).first()
    if comparison is None or comparison.status.withdrawn_at or comparison_has_left(comparison):
        return False
    return ShareLink.objects.filter(pk=mail.entry.get("link"), revoked_at=None).exists()


def note_comparison_settled(mail: OutgoingMail, now: datetime) -> None:
    """Write into the log what became of its e-mail. A link that reached nobody is revoked."""
    comparison = Comparison.objects.defer("document", "content").get(key=_key(mail))
    link = lock_unreached(mail)
    if link:
        stop(locked=link, now=now)
    tell_lost(quote=comparison, mail=mail, now=now)
    is_sent = mail.state == OutgoingMail.State.SENT
    _record(QuoteEvent.Kind.MAIL_SENT if is_sent else QuoteEvent.Kind.MAIL_FAILED, comparison, mail, now)
    if link and mail.created_by:
        record_stopped(link=link, by=mail.created_by, now=now)


def _key(mail: OutgoingMail) -> str:
    return mail.about.partition(":")[2]


def _record(kind: str, comparison: Comparison, mail: OutgoingMail, now: datetime, *, by: User | None = None) -> None:
    record_event(quote=comparison, kind=kind, now=now, by=by, detail=detail_of(mail, kind))
