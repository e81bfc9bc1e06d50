"""The letter that tells of new prices before they hold."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from licensing.models import Reseller, User
from quotes.letters.operations import polite_name, sender_name
from quotes.letters.templates import LetterKind

from .amounts import Dearer

KIND = "prices"
LICENSE_IDS = "license_ids"
PLACEHOLDERS: dict[str, str | Promise] = {
    "customer": _("the customer's company name"),
    "person": _("the recipient's name with 様; without a name ご担当者様"),
    LICENSE_IDS: _("the license IDs with their expiries and both amounts, one to a line"),
    "until": _("the last day of today's prices"),
    "from_day": _("the first day of the new prices"),
    "today": _("what all of them cost for one year at today's prices, tax excluded"),
    "coming": _("the same at the new prices"),
    "difference": _("by how much it gets dearer"),
    "reseller": _("your company name"),
    "sender": _("the name of whoever sends it"),
}
OF_PRICES = LetterKind(
    name=_("Letter before prices rise"),
    placeholders=PLACEHOLDERS,
    needed={
        LICENSE_IDS: _("Write {license_ids} where the license IDs with their amounts are to stand."),
        "until": _("Write {until}: without the day nobody knows until when today's prices hold."),
    },
    not_in_subject=(LICENSE_IDS,),
    defaults={
        "ja": (
            "【価格改定のご案内】{from_day}よりライセンスの更新価格が変わります",
            """{customer}
{person}

いつもお世話になっております。
{reseller}の{sender}でございます。

{from_day}より、ライセンスの更新価格が改定されます。
ご利用中のライセンスを現在の数量のまま1年更新される場合の金額（税抜）は、下記のとおりです。

{license_ids}

　{until}まで　：{today}
　{from_day}から：{coming}（{difference}）

{until}までにお作りするお見積は、現在の価格でご案内いたします。
ご希望の場合は、このメールにご返信ください。お見積をお送りいたします。

※概算です。正式な金額はお見積でご確認ください。
行き違いでお手続きがお済みの場合は、ご容赦ください。
何卒よろしくお願い申し上げます。

--
{reseller}
{sender}
""",
        ),
        "en": (
            "Renewal prices change on {from_day}",
            """{customer}
Dear {person},

Thank you for your continued business. On {from_day} the prices for renewing your licenses change.
Renewed for one year as you hold them today, they cost (tax excluded):

{license_ids}

  until {until}: {today}
  from {from_day}: {coming} ({difference})

A quote that we issue by {until} still has today's prices. If you would like one, just reply to this e-mail.

These are estimates; the quote has the exact amounts. If you have arranged your renewal already, please disregard this
e-mail.

Best regards,

--
{sender}
{reseller}
""",
        ),
    },
)


def letter_values(
    *,
    customer: str,
    to_name: str,
    rows: Sequence[Dearer],
    effective_on: date,
    reseller: Reseller,
    sender: User,
    language: str,
) -> dict[str, str]:
    """What stands in the places of the placeholders. `effective_on`: the first day of the new prices."""
    old, new = sum(row.old for row in rows), sum(row.new for row in rows)
    with override(language):
        told = gettext("{code} (support until {day}): {old} → {new} ({difference})")
        lines = [
            told.format(
                code=row.code,
                day=date_format(row.expires_on),
                old=f"¥{row.old:,}",
                new=f"¥{row.new:,}",
                difference=f"+¥{row.new - row.old:,}",
            )
            for row in rows
        ]
        return {
            "customer": customer,
            "person": polite_name(" ".join(to_name.split()), language),
            LICENSE_IDS: "\n".join(f"  {line}" for line in lines),
            "until": date_format(effective_on - timedelta(days=1)),
            "from_day": date_format(effective_on),
            "today": f"¥{old:,}",
            "coming": f"¥{new:,}",
            "difference": f"+¥{new - old:,}",
            "reseller": reseller.name_en or reseller.name if language == "en" else reseller.name,
            "sender": sender_name(sender, language),
        }
