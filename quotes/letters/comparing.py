"""The letter that brings a comparison (比較表): a share link in its text, and the PDF."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from foundation.mail.models import OutgoingMail
from foundation.transactions import one_transaction
from licensing.models import User

from ..links.operations import lock_shareable
from ..models import Comparison, ShareLink
from ..paper import comparison_name
from ..record.comparisons import comparison_has_left, lock_comparison
from .posting import key_of, link_for, note_settled, queue_letter, record_queued
from .templates import COMPARISON, template_of
from .words import LINK, MARKS, Letter, fill_in, finish_letter, language_of, values_of_all

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
    of_all = values_of_all(
        customer=comparison.customer_name,
        to_name=to_name,
        sender=sender,
        reseller=comparison.document["issuer"]["name"],
        language=language,
    )
    with override(language):
        return of_all | {
            "number": comparison.number,
            "subject": comparison.subject,
            "valid_until": date_format(comparison.valid_until, "DATE_FORMAT"),
            LINK: link,
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
    link, token = link_for(comparison, to=to, to_name=to_name, by=by, now=now)
    values = comparison_values(comparison=comparison, to_name=to_name, sender=by, link=make_address(token))
    mail = queue_letter(
        key=key,
        about=f"{COMPARISON}:{comparison.key}",
        to=to,
        to_name=to_name,
        cc=cc,
        language=language_of(comparison),
        typed=letter,
        filled=finish_letter(letter, values),
        values=values,
        attachment=(comparison_name(document=comparison.document)[0], bytes(comparison.content)),
        entry={"link": link.pk},
        by=by,
        now=now,
    )
    record_queued(quote=comparison, mail=mail, link=link, by=by, now=now)
    return mail


def is_comparison_wanted(mail: OutgoingMail) -> bool:
    """Whether an e-mail that waits still brings something: it was not withdrawn, nor was its link revoked."""
    rows = Comparison.objects.select_related("status").defer("document", "content")
    comparison = rows.filter(key=key_of(mail)).first()
    if comparison is None or comparison.status.withdrawn_at or comparison_has_left(comparison):
        return False
    return ShareLink.objects.filter(pk=mail.entry.get("link"), revoked_at=None).exists()


def note_comparison_settled(mail: OutgoingMail, now: datetime) -> None:
    """Write into the log what became of its e-mail. A link that reached nobody is revoked."""
    comparison = Comparison.objects.defer("document", "content").get(key=key_of(mail))
    note_settled(quote=comparison, mail=mail, now=now)
