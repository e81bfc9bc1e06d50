"""The cells of a list of what is held: texts as people write them become values, or a reason what is wrong."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from foundation.fields import DayField
from foundation.spreadsheets.results import refuse_broken
from foundation.text import is_blank, strip_invisible
from foundation.text.addresses import Mailbox, clean_address, read_addresses
from foundation.text.days import read_serial
from foundation.text.numbers import COUNTED, read_number
from foundation.text.typed import DASHES, half_width, postal_code, squeeze, with_hyphens
from foundation.text.validators import validate_address, validate_printable

from ...models import Customer
from ...models.licenses import CODE, MOST_HELD
from .day_parts import DAY_PARTS

NOTHING = {"", "-", "--", *DASHES, "なし", "無し", "n/a", "na", "未定", "不明", "空欄"}
"""What people write where there is nothing to write."""
LONGEST_NOTHING = 12
"""Characters, with spaces between them."""
ENDLESS = {
    "無期限",
    "永久",
    "永続",
    "期限なし",
    "期限無し",
    "perpetual",
    "permanent",
    "unlimited",
    "never",
    "9999-12-31",
}
UNITS = (
    *COUNTED, "ユーザー", "ユーザ", "名", "人", "件", "式", "口", "セット", "シート", "端末", "デバイス", "ノード",
    "コア", "接続クライアント", "クライアントhw", "アカウント", "メールアカウント", "構成員", "サーバー", "サーバ",
    "users", "user", "user(s)", "licenses", "license", "license(s)", "licences", "licence", "clients", "client",
    "devices", "device", "accounts", "account", "members", "servers", "server", "nodes", "seats", "seat", "pcs",
    "ea", "u", "id", "lic", "lics", "cal", "cals", "vm", "vms", "cpu", "名様", "枚", "組", "ヶ", "ケ", "コ",
)  # fmt: skip
ADDRESS = re.compile(r"[A-Za-z0-9][\w.+-]*@[A-Za-z0-9][A-Za-z0-9.-]*", re.ASCII)
"""What is one address, and nothing else."""
MOST_PHONE = 30
PURPOSE_WORDS = {
    "for_quotes": ("見積", "見積り", "見積もり", "見積書", "お見積", "営業", "購買", "quotes", "quote", "sales"),
    "for_technical": (
        "技術", "技術的な質問", "技術的な問い合わせ", "技術問い合わせ", "技術担当", "管理", "管理者", "システム",
        "サポート", "technicalquestions", "technical", "tech", "support", "admin",
    ),
    "for_billing": ("請求", "請求書", "ご請求", "経理", "支払", "支払い", "billing", "invoice", "accounting"),
}  # fmt: skip
"""By column of `Contact`, the words that mean it."""
EVERYTHING = ("全て", "すべて", "全部", "全般", "all")
FOR = re.compile(r"(?<=.)(?:用|担当者?|窓口|関係)$")
SHORTENED = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
DAY_FOR_CODE = re.compile(r"\d{4}-\d{2}-\d{2}")
MADE_A_DAY = re.compile(r"\d{4}-\d{2}(?:-\d{2})?")
SEPARATED = re.compile(r"[\s,、/;・&+]+")
WHOLE_CODE = re.compile(r"[A-Za-z].*\d|\d.*[A-Za-z]|\d{5}")
PERIOD = re.compile(r"(?P<first>.*?)(?:\s*[~〜]|から)\s*(?P<last>.+)")
UNTIL = re.compile(r"\s*(?:まで|迄|限り)$")
MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)}  # fmt: skip
DAY_MONTH = re.compile(r"(?P<day>\d{1,2})[-/\s.]*(?P<month>[a-z]{3})[a-z]*\.?[-/\s.,]*(?P<year>\d{4}|\d{2})", re.I)
MONTH_DAY = re.compile(
    r"(?P<month>[a-z]{3})[a-z]*\.?[-/\s]*(?P<day>\d{1,2})(?:st|nd|rd|th)?[-/\s.,]+(?P<year>\d{4})", re.IGNORECASE
)
YEAR_MONTH = re.compile(r"(?P<year>\d{4})[-/\s.]*(?P<month>[a-z]{3})[a-z]*\.?[-/\s.]*(?P<day>\d{1,2})", re.IGNORECASE)
KANJI_NUMBER = re.compile(r"[〇一二三四五六七八九十]+(?=年|月|日)")
KANJI_DIGITS = "〇一二三四五六七八九"
MONTH_END = re.compile(r"(.*?\d{1,2})\s*(?:月)?\s*[-/.]?\s*(?:末日|月末|末)")
MONTH_ONLY = re.compile(
    r"(?:西暦)?\d{4}[-/.年]\d{1,2}月?|(?:令和|平成|昭和|[RHSrhs])\.?(?:元|\d{1,2})[-/.年]\d{1,2}月?"
)
DAY_LAST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")
REMEMBERED = 4_096
"""Cells whose value is not read anew: a list has the same days, quantities and names again and again."""
HONORIFICS = {
    "name": re.compile(r"(?:\s+(?:様|殿)|\s*御中)$"),
    "person": re.compile(r"\s*(?:様|殿|さま)$"),
}


@lru_cache(maxsize=REMEMBERED)
def plain(text: str) -> str:
    """What stands in a cell, in one line; empty where a person sees nothing, or what means nothing."""
    if is_blank(text):
        return ""
    told = " ".join(text.split())
    return "" if len(told) < LONGEST_NOTHING and squeeze(told).casefold() in NOTHING else told


@lru_cache(maxsize=REMEMBERED)
def read_code(text: str) -> str:
    """A license ID in half width without spaces. Raises ValueError with the reason."""
    if SEPARATED.search(text) and is_several(text):
        raise ValueError(_("There are several license IDs in this cell. Give each a row of its own."))
    code = with_hyphens(squeeze(text))
    if DAY_FOR_CODE.fullmatch(code):
        raise ValueError(_("A spreadsheet program made a day of this number. Format the column as text, and enter it."))
    if SHORTENED.fullmatch(code):
        raise ValueError(_("A spreadsheet program has shortened this number. Format the column as text, and enter it."))
    if len(code) > 40:
        raise ValueError(_("It is longer than %(most)s characters.") % {"most": 40})
    try:
        CODE(code)
    except ValidationError as error:
        raise ValueError(error.messages[0]) from None
    return code


def is_several(text: str) -> bool:
    """Whether more than one license ID stands there: behind one another, each with a letter and a digit."""
    parts = [part for part in SEPARATED.split(half_width(text)) if part]
    return len(parts) > 1 and all(WHOLE_CODE.search(part) for part in parts)


@lru_cache(maxsize=REMEMBERED)
def read_quantity(text: str) -> int:
    """A held quantity, with or without its unit. Raises ValueError with the reason."""
    if MADE_A_DAY.fullmatch(text):
        raise ValueError(_("A spreadsheet program made a day of this number. Format the column as a number."))
    number = read_number(text, units=UNITS)
    if number is None or number != number.to_integral_value():
        raise ValueError(_("This is not a whole number. Write digits only, for example 1,234."))
    if number == 0:
        raise ValueError(_("Nothing is held. Take the row out, if the holding has ended."))
    if not 1 <= number <= MOST_HELD:
        raise ValueError(_("It must be between %(least)s and %(most)s.") % {"least": 1, "most": f"{MOST_HELD:,}"})
    return int(number)


@lru_cache(maxsize=REMEMBERED)
def read_expiry(text: str) -> date:
    """A day in any form that Japan writes, also as spreadsheet programs count it, or the end of a month (2027年3月末).

    Of a period (2026/4/1～2027/3/31) the last day; also with the name of a month (31 Mar 2027).
    Raises ValueError with the reason.
    """
    text = UNTIL.sub("", half_width(text))
    if found := PERIOD.fullmatch(text):
        text = found["last"]
    text = KANJI_NUMBER.sub(lambda found: _in_digits(found[0]), text)
    found = DAY_MONTH.fullmatch(text) or MONTH_DAY.fullmatch(text) or YEAR_MONTH.fullmatch(text)
    if found and found["month"].lower() in MONTHS:
        year = int(found["year"])  # 27, where a spreadsheet program shows 31-Mar-27
        text = f"{year if year > 99 else year + 2000}/{MONTHS[found['month'].lower()]}/{found['day']}"
    squeezed = with_hyphens(squeeze(text))
    if squeezed.casefold().replace("/", "-") in ENDLESS:
        raise ValueError(_("A holding has a last day of support. Without one it is not renewed: take the row out."))
    if (counted := read_serial(squeezed)) is not None:
        return counted
    if found := MONTH_END.fullmatch(squeezed):
        separator = next((each for each in "年/.-" if each in found[1]), "/")
        first = _day(f"{found[1]}月1日" if separator == "年" else f"{found[1]}{separator}1")
        return first.replace(day=monthrange(first.year, first.month)[1])
    if MONTH_ONLY.fullmatch(squeezed):
        raise ValueError(_("The day is missing. Write it in full, for example 2027/3/31 or 2027年3月末."))
    if DAY_LAST.fullmatch(squeezed):
        raise ValueError(_("Day and month may be meant either way. Write the year first, for example 2027/3/31."))
    return _day(text)


def as_day(text: str) -> date | None:
    """A day that shows that it is one: five digits may be anything."""
    if re.fullmatch(r"[\d.]+", squeeze(text)) and len(squeeze(text)) != 8:
        return None
    try:
        return read_expiry(text)
    except ValueError:
        return None


def _in_digits(kanji: str) -> str:
    """二十八 as 28, 二〇二七 as 2027."""
    if "十" not in kanji:
        return "".join(str(KANJI_DIGITS.index(each)) for each in kanji)
    tens, ones = map(_in_digits, kanji.split("十", 1))
    return f"{tens or 1}{ones or 0}"


def _day(text: str) -> date:
    try:
        day: date | None = DayField().to_python(text)
    except ValidationError as error:
        raise ValueError(error.messages[0]) from None
    if day is None or not date(2000, 1, 1) <= day <= date(2099, 12, 31):
        raise ValueError(_("The support expiry must lie between 2000 and 2099. Look for a typo."))
    return day


def read_postal_code(text: str) -> str:
    """As 123-4567. A zero that a spreadsheet program took away from the front comes back. Raises ValueError."""
    digits = re.sub(r"[-〒\s]", "", with_hyphens(squeeze(text)))
    if re.fullmatch(r"\d{6,7}", digits, re.ASCII):
        return postal_code(digits.rjust(7, "0"))
    raise ValueError(_("Write the postal code as 123-4567."))


def read_language(text: str) -> str:
    """Raises ValueError where it is neither Japanese nor English."""
    key = squeeze(text).casefold()
    for language, words in {
        "ja": ("ja", "jp", "jpn", "japanese", "日本語", "日本", "和文", "日", "和"),
        "en": ("en", "eng", "english", "英語", "英文", "英"),
    }.items():
        if key in words:
            return language
    raise ValueError(_("Write 日本語 (Japanese) or 英語 (English)."))


@lru_cache(maxsize=REMEMBERED)
def read_text(field: str, text: str) -> str:
    """A text of a customer, without 様 or 御中, which quotes add by themselves. Raises ValueError."""
    told = strip_invisible(text) if field == "kana" else text
    if field in HONORIFICS:
        told = HONORIFICS[field].sub("", told) or told
    most = getattr(Customer._meta.get_field(field), "max_length", None)
    if most is not None and len(told) > most:
        raise ValueError(_("It is longer than %(most)s characters.") % {"most": most})
    try:
        validate_printable(told)
    except ValidationError as error:
        raise ValueError(error.messages[0]) from None
    return told


def read_phone(text: str) -> str:
    """As it was written, in half width and with plain hyphens. A zero that a spreadsheet program took away from the
    front comes back.
    """
    number = with_hyphens(text)
    if re.fullmatch(r"[1-9]\d{8,9}", number, re.ASCII):
        number = f"0{number}"
    if len(number) > MOST_PHONE:
        raise ValueError(_("It is longer than %(most)s characters.") % {"most": MOST_PHONE})
    return number


def read_email(text: str) -> str:
    """One address, also copied with a name beside it. Raises ValueError."""
    found = [Mailbox("", text.lower())] if ADDRESS.fullmatch(text) else read_addresses(text)
    if len(found) > 1 and all("@" in each.address for each in found):
        raise ValueError(_("There are several addresses. A contact has one: give each contact a row."))
    address = found[0].address if len(found) == 1 else clean_address(text)
    try:
        validate_address(address)
    except ValidationError as error:
        raise ValueError(error.messages[0]) from None
    return address


def read_purpose(text: str) -> tuple[str, ...]:
    """What a contact is for, as the names of the columns of `Contact`. Raises ValueError for other words."""
    found: set[str] = set()
    for word in re.split(r"[,、/・;；&＆+\n]|\sand\s|と", half_width(text).casefold()):
        key = squeeze(word)
        if not key:
            continue
        if key in EVERYTHING:
            return tuple(PURPOSE_WORDS)
        key = FOR.sub("", key)
        fitting = [name for name, words in PURPOSE_WORDS.items() if key in words]
        if not fitting:
            raise ValueError(
                _("Write 見積 (quotes), 技術 (technical questions) or 請求 (billing), several with a comma.")
            )
        found.update(fitting)
    return tuple(name for name in PURPOSE_WORDS if name in found)


def read_cell(field: str, text: str) -> object:
    """The value of a cell that is not blank, of a field. Raises ValueError with the reason, for a person."""
    refuse_broken(text)
    if field == "license_id":
        return read_code(text)
    if field == "quantity":
        return read_quantity(text)
    if field == "expires_on":
        return read_expiry(text)
    if field == "postal_code":
        return read_postal_code(text)
    if field in ("language", "contact_language"):
        return read_language(text)
    if field == "email":
        return read_email(text)
    if field == "phone":
        return read_phone(text)
    if field == "purpose":
        return read_purpose(text)
    if field == "product_code":
        return half_width(text)
    if field in (*DAY_PARTS, "status"):
        return half_width(text)
    if field in ("note", "product_name"):
        return strip_invisible(text)
    return read_text(field, text)
