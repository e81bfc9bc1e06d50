"""The columns of a list of what is held, and the names by which they are found."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.spreadsheets.heads import header_key, stack_names
from foundation.text.language import join_words
from foundation.text.typed import half_width

from .day_parts import DAY_PARTS, find_day_parts, is_part, stem_of_part

LABELS: dict[str, Promise] = {
    "name": _("Customer name"),
    "kana": _("Name in kana"),
    "department": _("Department"),
    "person": _("Contact person"),
    "email": _("E-mail"),
    "phone": _("Telephone"),
    "contact_language": _("Language of the contact"),
    "purpose": _("What the contact is for"),
    "postal_code": _("Postal code"),
    "address": _("Address"),
    "language": _("Language of quotes"),
    "segment": _("Customer segment"),
    "license_id": _("License ID"),
    "note": _("Internal note"),
    "product_code": _("Product code"),
    "product_name": _("Product name"),
    "quantity": _("Held quantity"),
    "expires_on": _("Support expiry"),
    "expires_year": _("Expiry year"),
    "expires_month": _("Expiry month"),
    "expires_day": _("Expiry day"),
    "status": _("Contract state"),
}
ONLY_READ = (*DAY_PARTS, "status")
EXPORTED = tuple(name for name in LABELS if name not in ONLY_READ)
"""What stands above each column of an exported file, in its order."""
OF_CONTACT = ("person", "department", "email", "phone", "contact_language", "purpose")
CONTACT_COLUMNS = {"person": "name", "contact_language": "language"}
"""Of `Contact`, where a column of it has another name than the field."""
OF_CUSTOMER = ("name", "kana", "department", "person", "postal_code", "address", "language", "segment")
OF_HOLDING = ("product_code", "product_name", "quantity", "expires_on")
FIRST_SHOWN = ("name", "license_id", *OF_HOLDING, *ONLY_READ)
"""What a person looks at first, to see whether a list is understood."""

NAMES: dict[str, tuple[str, ...]] = {
    "name": (
        "顧客名", "お客様名", "会社名", "エンドユーザー名", "エンドユーザー", "エンドユーザー会社名",
        "エンドユーザ様名", "顧客会社名", "お客様会社名", "御社名", "貴社名", "社名", "企業名", "法人名", "団体名",
        "組織名", "機関名", "取引先名", "取引先", "得意先名", "得意先", "納入先", "納入先名", "使用者", "使用者名",
        "契約者名", "契約者", "契約先", "契約先名", "ライセンス使用者", "ライセンシー", "ユーザー企業名",
        "ユーザー会社名", "ユーザー名", "お客様名称", "顧客名称", "会社名称", "お客様", "顧客", "会社", "ユーザー",
        "customer name", "customer", "company name", "company", "end user name", "end user", "end customer",
        "end customer name", "account name", "account", "organization", "organisation", "organization name",
        "licensee", "client", "client name", "customer company",
    ),
    "kana": (
        "フリガナ", "ふりがな", "カナ", "カナ名", "顧客名カナ", "会社名カナ", "お客様名カナ", "会社名フリガナ",
        "顧客名フリガナ", "お客様名フリガナ", "フリガナ会社名", "カナ会社名", "読み", "よみ", "ヨミガナ", "よみがな",
        "読み仮名", "name in kana", "kana", "furigana", "customer name kana", "reading",
    ),
    "department": (
        "部署", "部署名", "担当者部署", "担当者部署名", "ご担当者部署", "ご担当者部署名", "担当部門", "部門",
        "部門名", "所属", "所属部署", "ご所属", "ご担当部署", "担当部署", "お客様部署",
        "お客様部署名", "部課", "department", "dept", "division",
    ),
    "person": (
        "担当者", "担当者名", "ご担当者", "ご担当者名", "お客様担当者", "お客様担当者名", "お客様ご担当者",
        "お客様ご担当者名", "顧客担当者", "顧客担当者名", "担当者氏名", "ご担当者氏名", "ご担当者様", "ご担当",
        "ご担当者名様", "お客様担当", "ご担当名", "窓口", "窓口担当者", "連絡先氏名", "連絡先担当者",
        "氏名", "お名前", "名前", "宛名", "管理者", "管理者名", "contact person", "contact", "contact name",
        "person", "attention", "attn",
    ),
    "email": (
        "メール", "メールアドレス", "Eメール", "Eメールアドレス", "電子メール", "担当者メール", "担当者メールアドレス",
        "ご担当者メール", "ご担当者メールアドレス", "担当メール", "お客様メールアドレス", "連絡先メール",
        "連絡先メールアドレス", "連絡先Eメール", "メアド", "メールアドレス1", "contact e-mail", "contact mail",
        "担当者Eメール", "ご担当者Eメール", "e-mailアドレス", "mailアドレス", "email", "e-mail", "mail", "mail address",
        "email address", "e-mail address",
    ),
    "phone": (
        "電話", "電話番号", "TEL", "ＴＥＬ番号", "連絡先", "連絡先電話番号", "お電話番号", "代表電話", "代表電話番号",
        "担当者電話番号", "ご担当者電話番号", "担当者電話", "ご担当者電話", "担当者TEL", "お客様電話番号", "連絡先TEL",
        "TEL番号", "TEL1", "電話番号1", "内線", "携帯", "携帯電話", "携帯番号", "contact phone", "tel number",
        "telephone", "phone", "phone number", "tel no",
    ),
    "contact_language": (
        "連絡先の言語", "担当者の言語", "ご担当者の言語", "担当者言語", "ご担当者言語", "メールの言語",
        "language of the contact", "contact language", "contact's language",
    ),
    "purpose": (
        "連絡先の用途", "担当者の用途", "ご担当者の用途", "用途", "担当業務", "連絡先区分", "連絡先種別", "担当区分",
        "what the contact is for", "purpose", "contact purpose", "contact type", "contact for",
    ),
    "postal_code": ("郵便番号", "〒", "郵便", "postal code", "postcode", "zip", "zip code", "postal"),
    "address": (
        "住所", "所在地", "ご住所", "会社住所", "お客様住所", "顧客住所", "住所1", "address", "company address",
        "street",
    ),
    "language": ("見積の言語", "見積書の言語", "言語", "language of quotes", "language"),
    "segment": ("顧客区分", "顧客セグメント", "顧客の区分", "お客様区分", "業種区分", "customer segment", "segment"),
    "license_id": (
        "ライセンスID", "ライセンス番号", "ライセンスNo", "ライセンスコード", "ライセンスキー番号", "License ID",
        "契約番号", "契約ID", "契約No", "契約コード", "ライセンス契約番号", "証書番号", "ライセンス証書番号",
        "シリアル", "シリアル番号", "シリアルNo", "シリアルナンバー", "製造番号", "管理番号", "登録番号",
        "license no", "license number", "license", "licence id", "licence number", "licence no", "licence",
        "contract number", "contract no", "contract id", "contract", "agreement number", "agreement no",
        "serial number", "serial no", "serial",
    ),
    "note": ("社内メモ", "内部メモ", "メモ", "ライセンスIDのメモ", "internal note", "memo"),
    "product_code": (
        "製品コード", "商品コード", "品番", "型番", "製品型番", "商品型番", "製品番号", "商品番号", "製品ID", "型式",
        "品目コード", "メーカー型番", "製品CD", "商品CD", "product code", "product id", "product no",
        "product number", "part number", "part no", "item code", "item no", "item number", "sku", "model",
        "model number", "コード", "code",
    ),
    "product_name": (
        "製品名", "商品名", "品名", "製品名称", "商品名称", "製品", "商品", "品目", "品目名", "ライセンス名",
        "ライセンス名称", "ソフトウェア名", "ソフトウェア", "サービス名", "契約製品", "ご契約製品", "対象製品",
        "product name", "product", "item name", "item", "software", "description", "product description",
    ),
    "quantity": (
        "保有数量", "保有数", "保有本数", "保有ライセンス数", "ライセンス数", "ライセンス数量", "現在数量", "現在数",
        "契約数量", "契約数", "契約本数", "契約ライセンス数", "利用数", "使用数", "ユーザー数", "クライアント数",
        "導入数", "台数", "本数", "数量", "個数", "員数", "数", "held quantity", "licenses held",
        "number of licenses", "number of licences", "license count", "license quantity", "licenses", "licences",
        "quantity", "qty", "seats", "users", "count",
    ),
    "expires_on": (
        "サポート満了日", "サポート終了日", "サポート期限", "サポート有効期限", "サポート契約終了日",
        "サポート契約満了日", "保守満了日", "保守終了日", "保守期限", "保守契約終了日", "保守契約満了日",
        "ライセンス満了日", "ライセンス終了日", "ライセンス期限", "ライセンス有効期限", "満了日", "満了年月日",
        "満期日", "満期", "有効期限", "有効期限日", "使用期限", "利用期限", "契約満了日", "契約終了日", "契約期限",
        "契約終了年月日", "契約期間終了日", "契約期間至", "更新期限", "次回更新日", "期限", "期限日", "失効日",
        "終了日", "終了年月日", "期間終了日", "終了", "至", "まで", "support expiry", "support expires on",
        "support expiration date",
        "support expiration", "support end date", "support end", "support until", "maintenance expiry",
        "maintenance end date", "expiry", "expiry date", "expiration date", "expiration", "expires on", "expires",
        "contract end date", "contract end", "license expiry", "license end date", "valid until", "valid to",
        "end date", "until", "end", "renewal date",
    ),
    "status": (
        "契約状態", "契約ステータス", "契約状況", "ライセンス状態", "ライセンスステータス", "ライセンス状況",
        "保守状態", "保守状況", "サポート状態", "サポート状況", "サポートステータス", "利用状態", "利用状況",
        "使用状況", "状態", "ステータス", "状況", "契約の状態", "継続状況", "更新状況", "更新ステータス", "更新状態",
        "現在の状態", "現況", "有効無効", "有効フラグ", "有効", "継続有無", "解約区分", "解約フラグ", "解約有無",
        "解約", "解約済", "解約済み", "キャンセル", "失効", "無効", "廃止", "削除フラグ", "削除", "解約日",
        "解約年月日", "キャンセル日", "廃止日", "contract status", "license status", "licence status", "support status",
        "subscription status", "account status", "status", "contract state", "license state", "state", "active",
        "is active", "cancelled", "canceled", "terminated", "cancellation", "cancellation date", "termination date",
        "cancelled on", "terminated on",
    ),
}  # fmt: skip
"""By column, the names that mean it; where several stand above a table, an earlier one means it more surely."""
KNOWN_BUT_UNUSED = (
    "No", "番号", "項番", "連番", "行", "行番号", "備考", "摘要", "remarks", "note", "notes", "comment", "comments",
    "顧客コード", "顧客番号", "顧客ID", "お客様コード", "お客様番号", "お客様ID", "会社コード", "取引先コード",
    "得意先コード", "ユーザーコード", "ユーザーID", "customer code", "customer id", "customer no", "customer number",
    "account id", "契約開始日", "開始日", "開始", "自", "から", "利用開始日", "サポート開始日",
    "保守開始日", "契約日", "発行日", "購入日",
    "登録日", "受注日", "注文日", "納品日", "出荷日", "作成日", "更新日", "最終更新日", "契約期間自", "start date",
    "contract start date", "support start date", "issue date", "issued on", "purchase date", "order date",
    "registered on", "last updated", "単価", "金額", "価格", "定価", "標準価格", "合計", "合計金額", "小計",
    "消費税", "税込金額", "税抜金額", "price", "unit price", "amount", "total", "tax", "更新単価", "更新金額",
    "更新数", "更新数量", "発注数", "発注数量", "追加数", "販売店", "販売店名", "販売店コード", "販売代理店",
    "代理店", "代理店名", "販売会社", "販売会社名", "二次店", "二次店名", "一次店", "ディストリビューター",
    "reseller", "reseller name", "distributor", "partner", "partner name", "営業担当", "営業担当者", "担当営業",
    "弊社担当", "弊社担当者", "sales", "sales rep", "sales person", "区分", "種別",
    "type", "プログラム", "プログラム名", "programme", "program", "ランク", "rank", "単位", "unit", "FAX", "FAX番号",
    "契約年数", "年数", "期間", "残日数", "days left", "version", "バージョン", "メーカー", "メーカー名",
    "ベンダー", "vendor", "住所2", "ビル名",
)  # fmt: skip
"""What lists have beside it: it is taken for nothing else, and nobody needs to be told that it is not read."""
REMEMBERED = 4_096
"""Texts of cells whose meaning is not looked up anew: lists say the same again and again."""
_BRACKETED = re.compile(r"[(\[<【「][^)\]>】」]*[)\]>】」]")


def name_key(text: str) -> str:
    """The form in which names of columns are compared; ユーザ and ユーザー are one."""
    return header_key(text.replace("〒", "郵便番号")).replace("ー", "")


_KEYS: dict[str, tuple[str, int]] = {}
for _field, _names in NAMES.items():
    for _rank, _name in enumerate((*_names, _field)):
        _KEYS.setdefault(name_key(_name), (_field, _rank))
_UNUSED = {name_key(name) for name in KNOWN_BUT_UNUSED} - set(_KEYS)


_STATE = re.compile(
    r"(?!.*(?:入金|支払|請求|出荷|納品|配送|送付|見積|受注|発注|注文|連絡|対応|作業|処理|案件|商談|進捗|回答|案内))"
    r".*(?:状態|ステタス|状況|status)(?:区分|コド|名)?"
)
"""Of whatever else is held: 契約状態区分; not how far an order or an invoice is."""
_REMARKS = {
    name_key(name)
    for name in ("備考", "摘要", "区分", "種別", "remarks", "note", "notes", "comment", "comments", "type")
}


@lru_cache(maxsize=REMEMBERED)
def find_field(text: str) -> tuple[str, int] | None:
    """The field that a name means, and how surely (0: most); what stands in brackets counts only where it must."""
    key, shorter = name_key(text), name_key(_BRACKETED.sub("", half_width(text)))
    if found := _KEYS.get(key) or _KEYS.get(shorter):
        return found
    return ("status", len(NAMES["status"])) if _STATE.fullmatch(shorter) else None


@lru_cache(maxsize=1_000)
def is_unused(text: str) -> bool:
    """Whether the column is known to be something that is not read."""
    keys = {name_key(text), name_key(_BRACKETED.sub("", half_width(text)))}
    keys |= {name_key(f"{stem}日") for part in range(3) if (stem := stem_of_part(text, part))}
    return find_field(text) is None and bool(keys & _UNUSED)


def is_remark(text: str) -> bool:
    """Whether the column may say anything, although it is known and not read."""
    return name_key(_BRACKETED.sub("", half_width(text))) in _REMARKS


def join_names(rows: Sequence[Sequence[str]]) -> list[str]:
    """One name for each column from several rows: all of them together, if that means something, else the lowest."""
    return [_join(own) for own in stack_names(rows)]


def _join(own: Sequence[str]) -> str:
    if len(own) > 1 and is_part(own[-1]):  # 満了日 above 年, 月 and 日
        return f"{_join(own[:-1])} {own[-1]}"
    tries = ["".join(own), *reversed(own)]
    return next((text for text in tries if find_field(text) or is_unused(text)), " ".join(own))


def find_fields(names: Sequence[str]) -> dict[int, str]:
    """The field of each column that has a known name. Of two names for the same, the surer one; of equals the first."""
    parts = find_day_parts(names, _means_expiry)
    best: dict[str, tuple[int, int]] = {}
    for index, text in enumerate(names):
        if index not in parts and (found := find_field(text)) is not None:
            field, rank = found
            best[field] = min(best.get(field, (rank, index)), (rank, index))
    if "expires_on" in best:
        parts = {}
    found_fields = {index: field for field, (_rank, index) in best.items()}
    return dict(sorted((found_fields | parts).items()))


def _means_expiry(name: str) -> bool:
    found = find_field(name)
    return found is not None and found[0] == "expires_on"


def missing_fields(fields: Collection[str]) -> list[str]:
    """Which columns are still needed for rows to say something: holdings, license IDs or customers."""
    if any(field in fields for field in (*OF_HOLDING, *DAY_PARTS)):
        wanted = ["license_id", "quantity"]
        wanted += DAY_PARTS if set(DAY_PARTS) & set(fields) and "expires_on" not in fields else ["expires_on"]
        product = [] if {"product_code", "product_name"} & set(fields) else ["product_code"]
        return [field for field in LABELS if field in (*product, *(each for each in wanted if each not in fields))]
    return [] if "name" in fields else ["name"]


def label_of_contact(column: str) -> Promise:
    """What stands above a column of `Contact` in a list."""
    return LABELS[{name: field for field, name in CONTACT_COLUMNS.items()}.get(column, column)]


def name_fields(fields: Sequence[str]) -> str:
    return join_words(LABELS[field] for field in fields)
