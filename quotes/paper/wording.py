"""The words that stand on a quote in each language, and how it writes amounts, days and percentages."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Literal, TypedDict

from .document import Language, LineKind

Term = Literal["delivery", "payment_terms"]


class OrderWording(TypedDict):
    """What the acknowledgement of an order says in other words than the quote."""

    title: str
    number: str
    order_number: str
    ordered_on: str
    check: str
    check_qr: str
    greeting: str
    total: str
    conditions: str
    """Filled with the number of the quote."""


class Wording(TypedDict):
    """Every fixed text of the drawing. Texts with `{}` are filled by `str.format`."""

    title: str
    number: str
    issued_on: str
    page: str
    no_number: str
    """Stands where the number would, on a draft."""
    organisation: str
    """What an addressee without a person is called by."""
    attention: str
    """What an addressed person is called by."""
    postal_code: str
    phone: str
    email: str
    person: str
    direct: str
    """The telephone of that person."""
    registration_number: str
    seal_omitted: str
    seal: str
    """Said by a screen reader in place of the seal."""
    logo: str
    subject: str
    greeting: str
    total: str
    tax_in_total: str
    terms: dict[Term, str]
    """What stands in a row of its own below the total: by the name that it has in the document, in this order."""
    valid_until: str
    until: str
    lines: str
    """Heading of the line table; heard, not seen."""
    columns: list[str]
    """No., product, kind, quantity, unit, rank, unit price, years, amount."""
    kinds: dict[LineKind, str]
    license_id: str
    and_more: str
    """The first license ID, and how many more there are."""
    years: tuple[str, str]
    """A license ID's term: one year, and several."""
    reduced: str
    subtotal_of: str
    """Of one license ID."""
    term: str
    term_range: str
    quantity_change: str
    first_year: str
    later_years: str
    before_discount: str
    discount: str
    list_price: str
    """Of a line that is offered at less, as the reductions that follow are."""
    line_reduction: str
    line_reduction_percent: str
    list_total: str
    lines_reduction: str
    lines_total: str
    reduction: str
    """値引き on the whole quote."""
    others: str
    """Heading of the free lines."""
    subtotal_of_others: str
    tax_of_line: str
    """At which rate a free line is taxed."""
    reduced_tax_of_line: str
    untaxed_line: str
    subtotal_untaxed: str
    others_total: str
    """Beside the sums of what licenses cost by the list."""
    end_of_lines: str
    totals: str
    subtotal_at: str
    tax_at: str
    subtotal: str
    tax: str
    grand_total: str
    discontinued: str
    discontinued_columns: list[str]
    discontinued_of: str
    """What the first column is called where each row names its license ID."""
    remarks: str
    bank: str
    """Heading of the account to which the customer pays."""
    bank_kinds: dict[Literal["ordinary", "current"], str]
    bank_holder: str
    price_list: str
    calculation: str
    calculation_columns: list[str]
    check: str
    check_code: str
    check_qr: str
    """Said by a screen reader in place of the QR code."""
    draft: str
    draft_notice: str
    sample: str
    sample_notice: str
    order: OrderWording


JAPANESE: Wording = {
    "title": "御見積書",
    "number": "見積番号",
    "issued_on": "発行日",
    "page": "ページ",
    "no_number": "下書き（番号なし）",
    "organisation": "御中",
    "attention": "様",
    "postal_code": "〒{}",
    "phone": "電話 {}",
    "email": "メール {}",
    "person": "担当 {}",
    "direct": "直通 {}",
    "registration_number": "登録番号 {}",
    "seal_omitted": "押印省略",
    "seal": "{}の角印",
    "logo": "{}のロゴ",
    "subject": "件名",
    "greeting": "下記のとおりお見積り申し上げます。",
    "total": "御見積金額（税込）",
    "tax_in_total": "うち消費税 {}",
    "terms": {"delivery": "納期・納品方法", "payment_terms": "お支払条件"},
    "valid_until": "見積有効期限",
    "until": "{}まで",
    "lines": "明細",
    "columns": [
        "No.",
        "製品名・製品コード",
        "区分",
        "数量",
        "単位",
        "価格ランク",
        "単価",
        "年数",
        "金額（税抜）",
    ],
    "kinds": {"renewal": "更新", "reduced_renewal": "減数更新", "addition": "追加"},
    "license_id": "ライセンスID {}",
    "and_more": "{} ほか{}件",
    "years": ("契約期間 {}年", "契約期間 {}年"),
    "reduced": "減数更新",
    "subtotal_of": "{} 小計（税抜）",
    "term": "新サポート期間 {}",
    "term_range": "{}～{}",
    "quantity_change": "保有 {} → 更新 {}",
    "first_year": "初年度",
    "later_years": "2年目以降",
    "before_discount": "割引前",
    "discount": "複数年割引 {}%",
    "list_price": "標準価格",
    "line_reduction": "値引き",
    "line_reduction_percent": "値引き {}%",
    "list_total": "標準価格の合計",
    "lines_reduction": "明細の値引き",
    "lines_total": "明細の合計",
    "reduction": "値引き",
    "others": "その他",
    "subtotal_of_others": "その他 小計（税抜）",
    "tax_of_line": "消費税{}%",
    "reduced_tax_of_line": "※消費税{}%（軽減税率対象）",
    "untaxed_line": "消費税の対象外・非課税",
    "subtotal_untaxed": "小計（対象外・非課税）",
    "others_total": "その他の合計",
    "end_of_lines": "以下余白",
    "totals": "合計",
    "subtotal_at": "小計（{}%対象）",
    "tax_at": "消費税（{}%）",
    "subtotal": "小計",
    "tax": "消費税",
    "grand_total": "合計（税込）",
    "discontinued": "更新しないライセンス",
    "discontinued_columns": ["製品コード", "製品名", "保有数量", "サポート満了日"],
    "discontinued_of": "ライセンスID・製品",
    "remarks": "備考",
    "bank": "お振込先",
    "bank_kinds": {"ordinary": "普通", "current": "当座"},
    "bank_holder": "口座名義 {}",
    "price_list": "価格表の版：{}",
    "calculation": "計算根拠",
    "calculation_columns": ["ルール", "内容", "結果"],
    "check": "この見積書が現在も有効か、発行時のままかを確認できます。",
    "check_code": "確認コード",
    "check_qr": "この見積書の確認ページを開くQRコード。確認コードは{}",
    "draft": "下書き",
    "draft_notice": "下書きです。正式な見積書ではありません。",
    "sample": "サンプル価格",
    "sample_notice": "サンプル価格による見積です。効力はありません。",
    "order": {
        "title": "注文請書",
        "number": "注文請書番号",
        "order_number": "貴社注文番号",
        "ordered_on": "ご注文日",
        "check": "この注文請書が現在も有効か、作成時のままかを確認できます。",
        "check_qr": "この注文請書の確認ページを開くQRコード。確認コードは{}",
        "greeting": "下記のとおりご注文をお請けいたします。",
        "total": "ご注文金額（税込）",
        "conditions": "本書は、見積書 {} によるご注文をお請けするものです。",
    },
}

ENGLISH: Wording = {
    "title": "Quotation",
    "number": "Quote no.",
    "issued_on": "Issued on",
    "page": "Page",
    "no_number": "Draft (no number)",
    "organisation": "To: ",
    "attention": "Attn: ",
    "postal_code": "{}",
    "phone": "Tel. {}",
    "email": "E-mail {}",
    "person": "Contact: {}",
    "direct": "Direct {}",
    "registration_number": "Registration no. {}",
    "seal_omitted": "Seal omitted",
    "seal": "Company seal of {}",
    "logo": "Logo of {}",
    "subject": "Subject",
    "greeting": "We are pleased to submit our quotation as follows.",
    "total": "Total (tax included)",
    "tax_in_total": "of which consumption tax {}",
    "terms": {"delivery": "Delivery", "payment_terms": "Terms of payment"},
    "valid_until": "Valid until",
    "until": "{}",
    "lines": "Items",
    "columns": ["No.", "Product", "Kind", "Qty", "Unit", "Rank", "Unit price", "Years", "Amount excl. tax"],
    "kinds": {"renewal": "Renewal", "reduced_renewal": "Reduced renewal", "addition": "Addition"},
    "license_id": "License ID {}",
    "and_more": "{} and {} more",
    "years": ("Term {} year", "Term {} years"),
    "reduced": "Reduced renewal",
    "subtotal_of": "Subtotal of {} (tax excluded)",
    "term": "New support period {}",
    "term_range": "{} – {}",
    "quantity_change": "Held {} → renewed {}",
    "first_year": "First year",
    "later_years": "From the second year",
    "before_discount": "Before discount",
    "discount": "Multi-year discount {}%",
    "list_price": "List price",
    "line_reduction": "Reduction",
    "line_reduction_percent": "Reduction {}%",
    "list_total": "Total at list prices",
    "lines_reduction": "Reductions on items",
    "lines_total": "Total of items",
    "reduction": "Reduction",
    "others": "Other items",
    "subtotal_of_others": "Subtotal of other items (tax excluded)",
    "tax_of_line": "Consumption tax {}%",
    "reduced_tax_of_line": "※ Consumption tax {}% (reduced rate)",
    "untaxed_line": "Not subject to consumption tax",
    "subtotal_untaxed": "Subtotal (not taxed)",
    "others_total": "Total of other items",
    "end_of_lines": "End of items",
    "totals": "Totals",
    "subtotal_at": "Subtotal (taxed at {}%)",
    "tax_at": "Consumption tax ({}%)",
    "subtotal": "Subtotal",
    "tax": "Consumption tax",
    "grand_total": "Total (tax included)",
    "discontinued": "Licenses not renewed",
    "discontinued_columns": ["Product code", "Product", "Held", "Support expires on"],
    "discontinued_of": "License ID, product",
    "remarks": "Remarks",
    "bank": "Bank account",
    "bank_kinds": {"ordinary": "Ordinary account", "current": "Current account"},
    "bank_holder": "Account holder {}",
    "price_list": "Price list: {}",
    "calculation": "How the amounts were calculated",
    "calculation_columns": ["Rule", "Step", "Result"],
    "check": "See whether this quotation still counts and is as it was issued:",
    "check_code": "Check code",
    "check_qr": "QR code that opens the page on which this quotation is checked. The check code is {}",
    "draft": "DRAFT",
    "draft_notice": "This is a draft and not a formal quotation.",
    "sample": "SAMPLE PRICES",
    "sample_notice": "Quoted on sample prices. This quotation has no effect.",
    "order": {
        "title": "Order acknowledgement",
        "number": "Acknowledgement no.",
        "order_number": "Your order no.",
        "ordered_on": "Ordered on",
        "check": "See whether this acknowledgement still counts and is as it was made:",
        "check_qr": "QR code that opens the page on which this acknowledgement is checked. The check code is {}",
        "greeting": "We accept your order as follows.",
        "total": "Order total (tax included)",
        "conditions": "This accepts the order placed by our quotation {}.",
    },
}

WORDINGS: dict[Language, Wording] = {"ja": JAPANESE, "en": ENGLISH}

# strftime would follow the server's locale.
MONTHS = ("January February March April May June July August September October November December").split()


def write_number(number: int, *, sign: str = "") -> str:
    """A whole number with thousands separated; below zero with ▲ in front, before the currency `sign`."""
    return f"{'▲' if number < 0 else ''}{sign}{abs(number):,}"


def write_yen(amount: int) -> str:
    """An amount in whole yen with its currency sign."""
    return write_number(amount, sign="¥")


@lru_cache(maxsize=1024)
def write_day(iso: str, *, language: Language) -> str:
    """An ISO day as the language writes it. Raises ValueError for text that is no day."""
    day = date.fromisoformat(iso)
    if language == "ja":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def write_percent(percent: str) -> str:
    """Decimal text without zeros that say nothing: `10.00` is `10`, `7.50` is `7.5`."""
    return percent.rstrip("0").rstrip(".") if "." in percent else percent


def name_license_ids(codes: Sequence[str], *, language: Language) -> str:
    """The first, and how many more: 「TM-0048-2210 ほか2件」."""
    if len(codes) == 1:
        return codes[0]
    return WORDINGS[language]["and_more"].format(codes[0], len(codes) - 1)
