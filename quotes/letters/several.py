"""One letter with several quotes of one customer, and a link to each."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from foundation.mail.models import OutgoingMail
from foundation.transactions import one_transaction
from licensing.models import Reseller, User

from ..links.operations import can_share, record_made, record_stopped, stop
from ..models import Quote, QuoteEvent, QuoteLetter, QuoteStatus, ShareLink
from ..record.events import Entry, record_events
from ..record.transitions import has_left
from .lost import tell_lost
from .posting import detail_of, link_for, queue_letter, reached_nobody, settled_kind
from .words import SIGNATURE, Letter, fill_in, signature_of, values_of_all

ABOUT = "quotes"
QUOTES = "quotes"
PLACEHOLDERS: dict[str, str | Promise] = {
    "customer": _("the customer's company name"),
    "person": _("the recipient's name with 様; without a name ご担当者様"),
    "count": _("how many quotes there are"),
    "total": _("the total with tax of all of them"),
    QUOTES: _("each quote: number, subject, total, last day of validity, link"),
    "reseller": _("your company name"),
    "sender": _("the name of whoever sends it"),
    "signature": SIGNATURE,
}
MARKS = {
    "ja": "【見積ごとの共有リンク（送信時に入ります）】",
    "en": "[share link of the quote, filled in when it is sent]",
}
DEFAULTS = {
    "ja": (
        "【お見積 {count}件】ライセンス更新のご案内",
        """{customer}
{person}

いつもお世話になっております。
{reseller}の{sender}でございます。

ライセンス更新のお見積を{count}件、お送りいたします（合計 {total}、税込）。
それぞれのページで内容をご確認いただけます。PDFのダウンロードと、ご発注のご希望などのご回答もこちらからお願いいたします。

{quotes}

※ログインせずに開けるページです。リンクの取扱いにご注意ください。

ご不明な点がございましたら、このメールにご返信ください。
何卒よろしくお願い申し上げます。

--
{signature}
""",
    ),
    "en": (
        "{count} quotes for the renewal of your licenses",
        """{customer}
Dear {person},

Thank you for your continued business. Please find below {count} quotes for the renewal of your licenses, {total} in all
(tax included). On each page you can read the quote, download the PDF, and tell us whether you wish to order.

{quotes}

The pages open without a log-in, so please keep the links to yourselves.

If you have any questions, just reply to this e-mail.

Best regards,

--
{signature}
""",
    ),
}
BLOCKS = {
    "ja": "■ {number}　{subject}\n　御見積金額　　：{total}（税込）\n　見積有効期限　：{valid_until}\n　{link}",
    "en": "* {number}  {subject}\n  Total:       {total} (tax included)\n  Valid until: {valid_until}\n  {link}",
}


def several_values(
    *, quotes: Sequence[Quote], links: Mapping[int, str], to_name: str, sender: User, reseller: Reseller, language: str
) -> dict[str, str]:
    """What stands in the places of the placeholders. `links`: addresses by the quotes' row numbers."""
    company = reseller.name_en or reseller.name if language == "en" else reseller.name
    with override(language):
        blocks = [
            fill_in(
                BLOCKS[language],
                {
                    "number": one.number,
                    "subject": one.subject,
                    "total": f"¥{one.total:,}",
                    "valid_until": date_format(one.valid_until, "DATE_FORMAT"),
                    "link": links.get(one.pk, MARKS[language]),
                },
            )
            for one in quotes
        ]
        return values_of_all(
            customer=quotes[0].customer_name, to_name=to_name, sender=sender, reseller=company, language=language
        ) | {
            "count": f"{len(quotes):,}",
            "total": f"¥{sum(one.total for one in quotes):,}",
            QUOTES: "\n\n".join(blocks),
            "signature": signature_of(sender, company, language),
        }


@one_transaction
def send_several(
    *,
    quotes: Sequence[Quote],
    key: str,
    to: str,
    to_name: str,
    letter: Letter,
    language: str,
    by: User,
    make_address: Callable[[str], str],
    now: datetime,
) -> OutgoingMail | None:
    """Queue one e-mail with several quotes of one customer, each with a share link of its own. The same `key` again is
    the same e-mail. Quotes that no longer count are left out of it; None where none is left.

    Raises ValidationError for addresses and lines that cannot be.
    """
    statuses = QuoteStatus.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in quotes])
    states = {one.pk: one.state for one in statuses.order_by("pk")}
    if (sent := OutgoingMail.objects.filter(key=key).first()) is not None:
        return sent
    counting = [one for one in quotes if can_share(states[one.pk]) and not has_left(one)]
    if not counting:
        return None
    made = {one.pk: link_for(one, to=to, to_name=to_name, by=by, now=now) for one in counting}
    values = several_values(
        quotes=counting,
        links={pk: make_address(token) for pk, (_link_row, token) in made.items()},
        to_name=to_name,
        sender=by,
        reseller=counting[0].reseller,
        language=language,
    )
    subject = fill_in(letter.subject, {**values, QUOTES: ""}).strip()
    mail = queue_letter(
        key=key,
        about=f"{ABOUT}:{counting[0].key}",
        to=to,
        to_name=to_name,
        language=language,
        typed=letter,
        filled=Letter(subject, fill_in(letter.body, values)),
        values=values,
        by=by,
        now=now,
    )
    QuoteLetter.objects.bulk_create(QuoteLetter(mail=mail, quote=one, link=made[one.pk][0]) for one in counting)
    for one in counting:
        record_made(link=made[one.pk][0], now=now)
    _record(QuoteEvent.Kind.MAIL_QUEUED, counting, mail, now, by=by)
    return mail


def is_several_wanted(mail: OutgoingMail) -> bool:
    """Whether an e-mail that waits still says what is so: each of its quotes counts, and no link of it was revoked."""
    letters = list(QuoteLetter.objects.filter(mail=mail).select_related("quote__status", "link"))
    return bool(letters) and all(
        can_share(one.quote.status.state) and not has_left(one.quote) and one.link.revoked_at is None for one in letters
    )


def note_several_settled(mail: OutgoingMail, now: datetime) -> None:
    """Write into the log of each quote what became of the e-mail. Links that reached nobody are revoked."""
    letters = list(QuoteLetter.objects.filter(mail=mail).select_related("quote").order_by("pk"))
    stopped: list[ShareLink] = []
    if reached_nobody(mail) and mail.created_by:
        links = ShareLink.objects.select_for_update(no_key=True).filter(pk__in=[one.link_id for one in letters])
        stopped = list(links.filter(revoked_at=None).order_by("pk"))
        for link in stopped:
            stop(locked=link, now=now)
    if letters:
        tell_lost(quote=letters[0].quote, mail=mail, now=now)
        _record(settled_kind(mail), [one.quote for one in letters], mail, now)
    for link in stopped:
        if mail.created_by:
            record_stopped(link=link, by=mail.created_by, now=now)


def _record(kind: str, quotes: Sequence[Quote], mail: OutgoingMail, now: datetime, *, by: User | None = None) -> None:
    record_events([Entry(one, kind, by=by, detail=detail_of(mail, kind)) for one in quotes], now=now)
