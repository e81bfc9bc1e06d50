"""The letters that tell of new prices before they hold: what gets dearer, and what cannot be renewed any more."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from licensing.models import Reseller, User
from quotes.letters.templates import LetterKind
from quotes.letters.words import PATTERN, SIGNATURE, Letter, fill_in, polite_name, sender_name, signature_of

from .amounts import Changed, Dearer, Refused

KIND = "prices"
REFUSED_KIND = "prices_refused"
REFUSED, DEARER = "refused", "dearer"
Texts = Mapping[tuple[str, str], Letter]
"""By kind and language."""
FOR_CUSTOMERS = frozenset({"below-minimum", "product-discontinued", "product-replaced"})
"""Refusals whose own words a customer is told; the others speak of price lists, so only that it is refused is told."""
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
    "signature": SIGNATURE,
}
OF_PRICES = LetterKind(
    name=_("Letter before prices rise"),
    placeholders=PLACEHOLDERS,
    needed={
        LICENSE_IDS: _("Write {license_ids} where the license IDs with their amounts are to stand."),
        "until": _("Write {until}: without the day nobody knows until when today's prices hold."),
    },
    not_in_subject=(LICENSE_IDS, "signature"),
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
{signature}
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
{signature}
""",
        ),
    },
)


OF_REFUSED = LetterKind(
    name=_("Letter before a renewal is not possible any more"),
    placeholders={
        **{name: told for name, told in PLACEHOLDERS.items() if name in ("customer", "person")},
        REFUSED: _("the license IDs that cannot be renewed as they are held, each with its reason"),
        DEARER: _("a paragraph with the license IDs that get dearer; nothing where there are none"),
        **{name: PLACEHOLDERS[name] for name in ("until", "from_day", "reseller", "sender", "signature")},
    },
    needed={
        REFUSED: _("Write {refused} where the license IDs with their reasons are to stand."),
        "until": _("Write {until}: without the day nobody knows until when today's prices hold."),
    },
    not_in_subject=(REFUSED, DEARER, "signature"),
    defaults={
        "ja": (
            "【重要】{from_day}以降、現在の内容では更新いただけないライセンスのご案内",
            """{customer}
{person}

いつもお世話になっております。
{reseller}の{sender}でございます。

価格改定に伴い、ご利用中のライセンスのうち下記のものは、{from_day}以降、現在の内容では更新いただけなくなります。

{refused}

{until}までにお作りするお見積は、現在の内容・価格でご案内いたします。
更新をご希望の場合は、お早めにこのメールにご返信ください。後継製品などのご相談も承ります。

{dearer}

行き違いでお手続きがお済みの場合は、ご容赦ください。
何卒よろしくお願い申し上げます。

--
{signature}
""",
        ),
        "en": (
            "Important: licenses that cannot be renewed as they are from {from_day} on",
            """{customer}
Dear {person},

Thank you for your continued business. With the new prices, these licenses cannot be renewed as you hold them today
from {from_day} on:

{refused}

A quote that we issue by {until} still renews them as they are, at today's prices. If you would like to renew, please
reply to this e-mail soon. We are glad to advise you on successors too.

{dearer}

If you have arranged your renewal already, please disregard this e-mail.

Best regards,

--
{signature}
""",
        ),
    },
)


def letter_values(
    *,
    customer: str,
    to_name: str,
    changed: Changed,
    effective_on: date,
    reseller: Reseller,
    sender: User,
    language: str,
) -> dict[str, str]:
    """What stands in the places of the placeholders, of both kinds. `effective_on`: the first day of the new prices."""
    old, new = sum(row.old for row in changed.dearer), sum(row.new for row in changed.dearer)
    company = reseller.name_en or reseller.name if language == "en" else reseller.name
    with override(language):
        lines = _tell_dearer(changed.dearer)
        also = gettext("These licenses get dearer (renewed for one year as held, tax excluded):")
        return {
            REFUSED: "\n".join(_tell_refused(row, language) for row in changed.refused),
            DEARER: f"{also}\n\n{lines}" if lines else "",
            "customer": customer,
            "person": polite_name(" ".join(to_name.split()), language),
            LICENSE_IDS: lines,
            "until": date_format(effective_on - timedelta(days=1)),
            "from_day": date_format(effective_on),
            "today": f"¥{old:,}",
            "coming": f"¥{new:,}",
            "difference": f"+¥{new - old:,}",
            "reseller": company,
            "sender": sender_name(sender, language),
            "signature": signature_of(sender, company, language),
        }


def fill_letter(letter: Letter, values: Mapping[str, str]) -> Letter:
    """As it goes out. A paragraph that is nothing leaves no gap."""
    listed = dict.fromkeys((LICENSE_IDS, REFUSED, DEARER), "")
    body = fill_in(letter.body, values)
    return Letter(
        fill_in(letter.subject, {**values, **listed}).strip(),
        body if values[DEARER] or DEARER not in PATTERN.findall(letter.body) else re.sub(r"\n{3,}", "\n\n", body),
    )


def _tell_dearer(rows: Sequence[Dearer]) -> str:
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
    return "\n".join(f"  {line}" for line in lines)


def _tell_refused(row: Refused, language: str) -> str:
    """The license ID with its expiry, and each reason on a line of its own."""
    head = gettext("{code} (support until {day})").format(code=row.code, day=date_format(row.expires_on))
    return "\n".join([f"  {head}", *(f"    {words}" for words in _reasons(row.reasons, language))])


def _reasons(reasons: Iterable[Mapping[str, str]], language: str) -> list[str]:
    words = (
        one[language] if one["code"] in FOR_CUSTOMERS else gettext("It cannot be renewed as it is held.")
        for one in reasons
    )
    return list(dict.fromkeys(words))
