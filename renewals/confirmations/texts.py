"""The letter that asks: the reseller's text with its placeholders, filled in for one customer."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from licensing.models import Reseller, User
from quotes.letters.words import SIGNATURE, Letter, polite_name, sender_name, signature_of

from ..models import ConfirmationSettings

LINK = "link"
PLACEHOLDERS: dict[str, str | Promise] = {
    "customer": _("the customer's company name"),
    "person": _("the recipient's name with 様; without a name ご担当者様"),
    "license_ids": _("the license IDs with their expiries, one to a line"),
    "open_until": _("the last day for the answer"),
    LINK: _("the link to the page on which the customer answers"),
    "reseller": _("your company name"),
    "sender": _("the name of whoever sends it"),
    "signature": SIGNATURE,
}
DEFAULTS = {
    "ja": (
        "【ご確認のお願い】ライセンス更新の数量について",
        """{customer}
{person}

いつもお世話になっております。
{reseller}の{sender}でございます。

下記ライセンスのサポート満了日が近づいております。
お見積をお作りする前に、次の期間に必要な数量をお知らせください。

{license_ids}

下記のページで、製品ごとに「このまま」「減らす」「増やす」「更新しない」をお選びいただけます。
ログインは不要です。ご回答期限は{open_until}です。

{link}

※ご回答はご注文ではありません。ご回答をもとに、あらためてお見積をお送りいたします。

ご不明な点がございましたら、このメールにご返信ください。
何卒よろしくお願い申し上げます。

--
{signature}
""",
    ),
    "en": (
        "Please confirm quantities for your license renewal",
        """{customer}
Dear {person},

Thank you for your continued business. Support for the following licenses is about to expire.
Before we prepare a quote, please tell us how many licenses you need for the next period.

{license_ids}

On this page you choose for each product: keep, fewer, more, or not needed any more. No log-in is needed.
Please answer by {open_until}.

{link}

Your answer is not an order. We will send you a quote based on it.

If you have any questions, just reply to this e-mail.

Best regards,

--
{signature}
""",
    ),
}
REMINDERS = {"ja": "【再度のご確認】", "en": "Reminder: "}
"""What stands before the subject when the customer is reminded."""


def settings_of(reseller: Reseller) -> ConfirmationSettings:
    """How the reseller asks; the portal's own way where nothing was saved."""
    return ConfirmationSettings.objects.filter(reseller=reseller).first() or ConfirmationSettings(reseller=reseller)


def letter_of(settings: ConfirmationSettings, language: str) -> Letter:
    """The reseller's text in a language (`ja` or `en`), else the portal's."""
    subject, body = DEFAULTS[language]
    own = (settings.subject_en, settings.body_en) if language == "en" else (settings.subject_ja, settings.body_ja)
    return Letter(own[0] or subject, own[1] or body)


def letter_values(
    *,
    customer: str,
    to_name: str,
    reseller: Reseller,
    sender: User,
    expiries: Sequence[tuple[str, date | None]],
    open_until: date,
    link: str,
    language: str,
) -> dict[str, str]:
    """What stands in the places of the placeholders. `expiries`: codes of license IDs with their next expiries."""
    company = reseller.name_en or reseller.name if language == "en" else reseller.name
    with override(language):
        told = gettext("{code} (support until {day})")
        lines = [told.format(code=code, day=date_format(day)) if day else code for code, day in expiries]
        return {
            "customer": customer,
            "person": polite_name(" ".join(to_name.split()), language),
            "license_ids": "\n".join(f"  {line}" for line in lines),
            "open_until": date_format(open_until),
            LINK: link,
            "reseller": company,
            "sender": sender_name(sender, language),
            "signature": signature_of(sender, company, language),
        }
