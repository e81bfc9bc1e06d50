"""What a comparison says in its language."""

from typing import TypedDict

from .document import Language


class ComparisonWords(TypedDict):
    """What a comparison says in its language. Texts with `{}` are filled by `str.format`."""

    title: str
    number: str
    made_on: str
    no_quote: str
    holds_until: str
    alternative: str
    heading: str
    row: str
    years: str
    years_value: tuple[str, str]
    held: str
    kept: str
    reduced: str
    added: str
    new: str
    reduced_and_added: str
    discontinued: str
    left_out: str
    nothing: str
    rank: str
    subtotal_of: str
    list_subtotal: str
    free_subtotal: str
    reduction: str
    subtotal: str
    tax: str
    total: str
    per_year: str
    difference: str
    basis: str
    warnings: str
    legend: str
    sample_notice: str


COMPARISON_WORDS: dict[Language, ComparisonWords] = {
    "ja": {
        "title": "比較表",
        "number": "比較表番号",
        "made_on": "作成日",
        "no_quote": "本書はご検討のための比較資料であり、御見積書ではありません。",
        "holds_until": "記載の価格は{}まで有効です。",
        "alternative": "案{}",
        "heading": "各案の内容と金額",
        "row": "項目",
        "years": "契約期間",
        "years_value": ("{}年", "{}年"),
        "held": "現在の保有 {} {}",
        "kept": "維持",
        "reduced": "{}減",
        "added": "{}追加",
        "new": "新規追加",
        "reduced_and_added": "{}減・{}追加",
        "discontinued": "更新しない",
        "left_out": "対象外",
        "nothing": "なし",
        "rank": "ランク {}",
        "subtotal_of": "小計（税抜）",
        "list_subtotal": "標準価格の合計（税抜）",
        "free_subtotal": "ライセンス以外の品目（税抜）",
        "reduction": "値引き",
        "subtotal": "合計（税抜）",
        "tax": "消費税（{}%）",
        "total": "合計（税込）",
        "per_year": "1年あたり（税抜）",
        "difference": "案Aとの差額（税抜）",
        "basis": "基準",
        "warnings": "ご確認いただきたい点",
        "legend": "◆は案Aと異なる箇所です。",
        "sample_notice": "サンプル価格による比較表です。効力はありません。",
    },
    "en": {
        "title": "Comparison",
        "number": "Comparison no.",
        "made_on": "Made on",
        "no_quote": "This comparison is for your consideration. It is not a quotation.",
        "holds_until": "Its prices hold until {}.",
        "alternative": "Plan {}",
        "heading": "The plans and their amounts",
        "row": "Item",
        "years": "Term",
        "years_value": ("{} year", "{} years"),
        "held": "{} {} held now",
        "kept": "kept",
        "reduced": "{} fewer",
        "added": "{} added",
        "new": "new",
        "reduced_and_added": "{} fewer, {} added",
        "discontinued": "not renewed",
        "left_out": "not included",
        "nothing": "none",
        "rank": "Rank {}",
        "subtotal_of": "Subtotal (tax excluded)",
        "list_subtotal": "Total at list prices (tax excluded)",
        "free_subtotal": "Items other than licenses (tax excluded)",
        "reduction": "Reduction",
        "subtotal": "Total (tax excluded)",
        "tax": "Consumption tax ({}%)",
        "total": "Total (tax included)",
        "per_year": "Per year (tax excluded)",
        "difference": "Difference to plan A (tax excluded)",
        "basis": "basis",
        "warnings": "Please note",
        "legend": "◆ marks what differs from plan A.",
        "sample_notice": "Compared on sample prices. This comparison has no effect.",
    },
}


def letter_of(position: int) -> str:
    """A for the first one, which is 0."""
    return chr(ord("A") + position)


def name_alternative(position: int, language: Language) -> str:
    """案A, 案B …; Plan A in English. The first one is 0."""
    return COMPARISON_WORDS[language]["alternative"].format(letter_of(position))
