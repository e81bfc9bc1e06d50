"""What the portal writes to customers by itself, where a reseller has no text of its own."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quotes.letters.operations import PLACEHOLDERS as OF_QUOTES
from quotes.letters.words import LINK, Letter

from ..confirmations.texts import PLACEHOLDERS as OF_CONFIRMATIONS
from ..models import Reminder, ReminderSettings

SILENT, EXPIRY = Reminder.Kind.SILENT.value, Reminder.Kind.EXPIRY.value
PLACEHOLDERS: Mapping[str, Mapping[str, str | Promise]] = {
    SILENT: OF_QUOTES,
    EXPIRY: {
        name: OF_CONFIRMATIONS[name]
        for name in ("customer", "person", "license_ids", "reseller", "sender", "signature")
    },
}
NEEDED: Mapping[str, Mapping[str, str | Promise]] = {
    SILENT: {
        "valid_until": _("Without {valid_until} the text does not say until when the quote is valid."),
        LINK: _("Without {link} in the text nobody could answer."),
    },
    EXPIRY: {"license_ids": _("Without {license_ids} the text does not say what expires.")},
}
"""Without these a letter would not say what it is about, nor until when."""
MANY_LINES = {SILENT: (LINK, "signature"), EXPIRY: ("license_ids", "signature")}
"""What stands in the text only."""
NAMES = {SILENT: _("Quote without an answer"), EXPIRY: _("Support expiry")}
DEFAULTS = {
    (SILENT, "ja"): (
        "【ご確認】お見積 {number} の有効期限は{valid_until}です",
        """{customer}
{person}

いつもお世話になっております。
{reseller}の{sender}でございます。

先日お送りしたお見積の有効期限が近づいております。

　見積番号　　　：{number}
　件名　　　　　：{subject}
　御見積金額　　：{total}（税込）
　見積有効期限　：{valid_until}

下記のページで内容のご確認とご回答ができます。ログインは不要です。

{link}

行き違いでご連絡をいただいておりましたら、ご容赦ください。
ご不明な点がございましたら、このメールにご返信ください。

--
{signature}
""",
    ),
    (SILENT, "en"): (
        "Quote {number} is valid until {valid_until}",
        """{customer}
Dear {person},

The quote that we sent you is about to end its validity.

  Quote number: {number}
  Subject:      {subject}
  Total:        {total} (tax included)
  Valid until:  {valid_until}

On this page you can read it and answer; no log-in is needed:

{link}

If you have answered already, please disregard this e-mail. For questions just reply to it.

--
{signature}
""",
    ),
    (EXPIRY, "ja"): (
        "【ご確認】ライセンスのサポート満了日が近づいています",
        """{customer}
{person}

いつもお世話になっております。
{reseller}の{sender}でございます。

下記ライセンスのサポート満了日が近づいております。
満了日を過ぎるとサポートを受けられなくなります。

{license_ids}

ご更新について、このメールへのご返信でお知らせください。
行き違いでお手続きがお済みの場合は、ご容赦ください。

--
{signature}
""",
    ),
    (EXPIRY, "en"): (
        "Support for your licenses is about to expire",
        """{customer}
Dear {person},

Support for the following licenses is about to expire:

{license_ids}

Please reply to this e-mail and tell us whether you wish to renew. If you have arranged it already, please disregard
this e-mail.

--
{signature}
""",
    ),
}


def letter_of(settings: ReminderSettings, kind: str, language: str) -> Letter:
    """The reseller's text of a kind (`silent`, `expiry`) in a language, else the portal's."""
    subject, body = DEFAULTS[kind, language]
    own = getattr(settings, f"{kind}_subject_{language}"), getattr(settings, f"{kind}_body_{language}")
    return Letter(own[0] or subject, own[1] or body)
