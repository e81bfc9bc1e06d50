"""The words of rules and of the trace, in both languages, side by side so that none is forgotten.

They live here and not in the message catalogue because the engine knows no framework, and because an issued
quote keeps both languages of its trace as they were on that day.
Products are passed as values (`{product.code}`), programmes and segments by their names, days as dates, yen and
quantities as whole numbers.
"""

from collections.abc import Mapping
from typing import Literal

Language = Literal["en", "ja"]
Text = Mapping[Language, str]


def _t(en: str, ja: str) -> Text:
    return {"en": en, "ja": ja}


RULE_NAMES: Mapping[str, Text] = {
    # The headings of docs/pricing-rules.md: what a rule is called wherever a person reads it.
    "R1": _t("Term", "更新年数"),
    "R2": _t("New support period", "新サポート期間"),
    "R3": _t("What is quoted", "見積の対象"),
    "R4": _t("Rank quantity", "ランク数量"),
    "R5": _t("Rank by own quantity", "製品ごとのランク"),
    "R6": _t("Rank by the largest product", "最多の製品によるランク"),
    "R7": _t("Additions at renewal", "更新時の追加"),
    "R8": _t("Minimum", "最低購入本数"),
    "R9": _t("No rank, no price table", "ランク・価格表なし"),
    "R10": _t("Renewal amount", "更新金額"),
    "R11": _t("Addition amount", "追加金額"),
    "R12": _t("Reduced renewal", "減数更新"),
    "R13": _t("Date", "基準日"),
    "R14": _t("Tax", "消費税"),
    "R15": _t("Validity of a quote", "見積有効期限"),
    "R16": _t("License IDs stand alone", "ライセンスIDごと"),
    "R17": _t("Refusals and warnings", "見積不可と警告"),
    "R18": _t("Several license IDs in one quote", "複数ライセンスIDの見積"),
    "R19": _t("Segment", "お客様区分"),
    "R20": _t("Offered price", "提示価格"),
    "R21": _t("After the order", "受注後の反映"),
    "R22": _t("Quoted twice", "見積の重複"),
}


def rule_name(rule: str, language: Language) -> str:
    """What the rule is called. A rule that this release does not know keeps its number."""
    name = RULE_NAMES.get(rule)
    return name[language] if name else rule


STEP_WORDS: Mapping[str, tuple[Text, str]] = {
    # step: (what was decided and from what; the result). Facts by position.
    "kept": (_t("All that is held is renewed", "保有数量をそのまま更新"), "{0:,}"),
    "reduced": (_t("Quantity after the reduction: {0:,} → {1:,}", "減数後の数量 {0:,} → {1:,}"), "{1:,}"),
    "added": (_t("Added quantity of {0.code}", "{0.code} の追加数量"), "{1:,}"),
    "rank-quantity": (_t("Quantity that counts for {0.code}", "{0.code} のランク数量"), "{1:,}"),
    "rank-quantity-left-out": (
        _t(
            "Quantity that counts for {0.code}: {2:,} in this quote + {3:,} still held",
            "{0.code} のランク数量：今回 {2:,} ＋ 見積対象外の保有 {3:,}",
        ),
        "{1:,}",
    ),
    "rank-quantity-added": (
        _t(
            "Quantity that counts for {0.code}: {2:,} renewed + {4:,} added",
            "{0.code} のランク数量：更新 {2:,} ＋ 追加 {4:,}",
        ),
        "{1:,}",
    ),
    "rank-quantity-both": (
        _t(
            "Quantity that counts for {0.code}: {2:,} renewed + {3:,} still held + {4:,} added",
            "{0.code} のランク数量：更新 {2:,} ＋ 見積対象外の保有 {3:,} ＋ 追加 {4:,}",
        ),
        "{1:,}",
    ),
    "rank-own": (
        _t("{0.code} {1:,} reaches rank {2} (from {3:,})", "{0.code} {1:,} によりランク{2}（{3:,}から）"),
        "{2}",
    ),
    "rank-largest": (
        _t(
            "Largest product of {0.programme.english} in the license ID: {0.code} {1:,} reaches rank {2} (from {3:,})",
            "ライセンスID内で最多の{0.programme.name}製品 {0.code} {1:,} によりランク{2}（{3:,}から）",
        ),
        "{2}",
    ),
    "rank-alone": (
        _t(
            "The addition is ranked alone: {0.code} {1:,} reaches rank {2} (from {3:,})",
            "追加だけの数量でランクを決定：{0.code} {1:,} によりランク{2}（{3:,}から）",
        ),
        "{2}",
    ),
    "addition-summed": (
        _t(
            "Ordered by the expiry on {0:%Y/%m/%d}: the addition is summed with the renewal",
            "満了日 {0:%Y/%m/%d} までの追加のため、更新と合算",
        ),
        "",
    ),
    "addition-after-expiry": (
        _t(
            "After the expiry on {0:%Y/%m/%d}: the addition is not summed with the renewal",
            "満了日 {0:%Y/%m/%d} を過ぎた追加のため、更新と合算しない",
        ),
        "",
    ),
    "addition-without-renewal": (_t("Nothing is renewed with the addition", "更新を伴わない追加"), ""),
    "minimum": (
        _t("Minimum at renewal {0:,}: {1:,} is enough", "更新時の最低購入本数 {0:,}：{1:,} で満たす"),
        "",
    ),
    "term": (
        _t(
            "{1} year(s) from the day after the expiry on {0:%Y/%m/%d}",
            "満了日 {0:%Y/%m/%d} の翌日から{1}年間",
        ),
        "{2:%Y/%m/%d} – {3:%Y/%m/%d}",
    ),
    "term-of-addition": (
        _t(
            "Same period as the renewal: {1} year(s) after {0:%Y/%m/%d}",
            "更新と同じ期間：{0:%Y/%m/%d} の翌日から{1}年間",
        ),
        "{2:%Y/%m/%d} – {3:%Y/%m/%d}",
    ),
    "term-from-quote": (
        _t("{1} year(s) from the quote’s date", "見積日から{1}年間"),
        "{2:%Y/%m/%d} – {3:%Y/%m/%d}",
    ),
    "renewal-price": (
        _t("“{0}”, {1.code} rank {2}: renewal price", "価格表「{0}」{1.code} ランク{2} 更新単価"),
        "¥{3:,}",
    ),
    "addition-price": (
        _t("“{0}”, {1.code} rank {2}: addition price", "価格表「{0}」{1.code} ランク{2} 追加単価"),
        "¥{3:,}",
    ),
    "renewal-amount": (_t("¥{0:,} × {1:,} × {2} year(s)", "{0:,} × {1:,} × {2}年"), "¥{3:,}"),
    "addition-amount": (
        _t("{1:,} × (¥{4:,} + ¥{0:,} × {5} further year(s))", "{1:,} ×（{4:,} ＋ {0:,} × 2年目以降{5}年）"),
        "¥{3:,}",
    ),
    "addition-amount-one-year": (_t("{1:,} × ¥{4:,}", "{1:,} × {4:,}"), "¥{3:,}"),
    "discount": (
        _t(
            "Multi-year discount for {1} years: ¥{0:,} less {2} %, rounded down",
            "{1}年の複数年割引：¥{0:,} から {2}％引き（円未満切捨て）",
        ),
        "¥{3:,}",
    ),
    "kept-total": (
        _t("Keeping every held license would cost ¥{0:,} (tax excluded)", "すべて更新した場合は税抜 ¥{0:,}"),
        "{1}",
    ),
    "price-list": (_t("Price list in force on {0:%Y/%m/%d}", "{0:%Y/%m/%d} に有効な価格表"), "{1}"),
    "years": (_t("Term", "期間"), "{0}"),
    "subtotal": (_t("Sum of the lines, tax excluded", "明細の合計（税抜）"), "¥{0:,}"),
    "tax-down": (
        _t("Tax {0} % on ¥{1:,}, rounded down", "¥{1:,} に対する消費税 {0}％（円未満切捨て）"),
        "¥{2:,}",
    ),
    "tax-half_up": (
        _t("Tax {0} % on ¥{1:,}, rounded half up", "¥{1:,} に対する消費税 {0}％（円未満四捨五入）"),
        "¥{2:,}",
    ),
    "tax-up": (
        _t("Tax {0} % on ¥{1:,}, rounded up", "¥{1:,} に対する消費税 {0}％（円未満切上げ）"),
        "¥{2:,}",
    ),
    "total": (_t("Total with tax", "合計（税込）"), "¥{0:,}"),
}

RANK_REASONS: Mapping[str, Text] = {
    # One sentence for the quote itself: what decided the rank.
    "own": _t(
        "{product.code} {quantity:,}{made_of}: rank {rank}",
        "{product.code} {quantity:,}{unit}{made_of}によりランク{rank}",
    ),
    "largest": _t(
        "{product.programme.english}: {product.code} {quantity:,}{made_of}: rank {rank}",
        "{product.programme.name}: {product.code} {quantity:,}{unit}{made_of}によりランク{rank}",
    ),
    "alone": _t(
        "{product.code} {quantity:,} added: rank {rank}", "追加 {product.code} {quantity:,}{unit}によりランク{rank}"
    ),
}

RANK_PARTS: Mapping[str, Text] = {
    # What the quantity of that sentence is the sum of, where it is more than what is renewed.
    "all": _t(" ({})", "（{}）"),
    "renewed": _t("{:,} renewed", "更新{:,}"),
    "left-out": _t("{:,} held but not in this quote", "今回の見積に含まない保有{:,}"),
    "added": _t("{:,} added", "追加{:,}"),
}
