"""The words of problems and of the trace, in both languages, side by side so that none is forgotten.

They live here and not in the message catalogue because the engine knows no framework, and because an issued
quote keeps both languages of its trace as they were on that day.
Products are passed as values (`{product.code}`), days as dates, yen and quantities as whole numbers.
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
    "R5": _t("Rank of other programmes", "TRSL以外のランク"),
    "R6": _t("Rank of TRSL products", "TRSL製品のランク"),
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
}


def rule_name(rule: str, language: Language) -> str:
    """What the rule is called. A rule that this release does not know keeps its number."""
    name = RULE_NAMES.get(rule)
    return name[language] if name else rule


PROBLEM_WORDS: Mapping[str, tuple[Text, Text]] = {
    # code: (what is wrong, what to do)
    "term-out-of-range": (
        _t("A renewal is for 1 to 6 years, not {years}.", "更新は1年から6年までです（入力：{years}年）。"),
        _t("Choose 1, 2, 3, 4, 5 or 6 years.", "1〜6年から選んでください。"),
    ),
    "quantity-negative": (
        _t("The quantity of {product.code} is {quantity:,}.", "{product.code} の数量が {quantity:,} です。"),
        _t(
            "Enter 0 or more. 0 discontinues the product.",
            "0以上を入力してください（0は更新しないという意味です）。",
        ),
    ),
    "renewal-exceeds-held": (
        _t(
            "{product.code}: {quantity:,} to renew, but only {held:,} are held.",
            "{product.code}：更新数量 {quantity:,} が保有数量 {held:,} を超えています。",
        ),
        _t(
            "Renew at most {held:,} and enter the other {excess:,} as an addition.",
            "更新は {held:,} までとし、超える {excess:,} は「追加」に入力してください。",
        ),
    ),
    "nothing-to-quote": (
        _t("Nothing is renewed and nothing is added.", "更新も追加もありません。"),
        _t("Tick a product to renew, or add one.", "更新する製品を選ぶか、追加する製品を入力してください。"),
    ),
    "addition-repeated": (
        _t(
            "{product.code} stands more than once among the additions.",
            "追加に {product.code} が重複しています。",
        ),
        _t(
            "Enter it once, with the total of {quantity:,}.",
            "1行にまとめ、合計 {quantity:,} を入力してください。",
        ),
    ),
    "rank-missing": (
        _t(
            "{product.code} has no price at rank {rank}, which {basis.code} ({quantity:,}) decides for the license ID.",
            "このライセンスIDの価格ランクは {basis.code}（{quantity:,}）によりランク{rank}ですが、"
            "{product.code} にはランク{rank}の価格がありません。",
        ),
        _t(
            "Ask a price admin to check the price table of {product.code}, or leave the product out.",
            "価格表の管理者に {product.code} の価格表を確認するか、この製品を見積から外してください。",
        ),
    ),
    "below-minimum": (
        _t(
            "{product.code}: {quantity:,} is below the minimum of {minimum:,} at renewal.",
            "{product.code}：数量 {quantity:,} は更新時の最低購入本数 {minimum:,} を下回ります。",
        ),
        _t(
            "Renew at least {minimum:,}, or discontinue it with 0.",
            "{minimum:,} 以上にするか、0（更新しない）にしてください。",
        ),
    ),
    "below-first-rank": (
        _t(
            "{product.code}: its rank quantity {quantity:,} is below the first price rank ({rank}, from {first:,}).",
            "{product.code}：価格ランクの数量 {quantity:,} が最初のランク（{rank}、{first:,}から）に届きません。",
        ),
        _t("Bring the quantity to {first:,} or more.", "数量を {first:,} 以上にしてください。"),
    ),
    "no-ranks": (
        _t(
            "The price table of {product.code} has no price ranks.",
            "{product.code} の価格表に価格ランクがありません。",
        ),
        _t(
            "Ask a price admin to complete the price table.",
            "価格表の管理者に価格表の登録を依頼してください。",
        ),
    ),
    "no-price-table": (
        _t(
            "{product.code} has no price table in “{price_list}”, the price list in force on {on:%Y/%m/%d}.",
            "{on:%Y/%m/%d} に有効な価格表「{price_list}」に {product.code} がありません。",
        ),
        _t(
            "Leave the product out, or ask a price admin to publish its prices.",
            "この製品を見積から外すか、価格表の管理者に公開を依頼してください。",
        ),
    ),
    "no-price-list": (
        _t(
            "No price list is in force on {on:%Y/%m/%d}, so {product.code} has no price.",
            "{on:%Y/%m/%d} に有効な価格表がないため、{product.code} の価格がありません。",
        ),
        _t("Ask a price admin to publish a price list.", "価格表の管理者に価格表の公開を依頼してください。"),
    ),
    "no-addition-price": (
        _t(
            "{product.code} has no addition price at rank {rank}.",
            "{product.code} のランク{rank}には追加の価格がありません。",
        ),
        _t(
            "Take the addition out, or ask a price admin for the price.",
            "追加を取り消すか、価格表の管理者に価格を確認してください。",
        ),
    ),
    "no-tax-rate": (
        _t(
            "No tax rate is in force on {on:%Y/%m/%d} for {product.code} (tax category {category}).",
            "{on:%Y/%m/%d} に有効な {product.code} の税率がありません（税区分 {category}）。",
        ),
        _t("Ask an administrator to enter the tax rate.", "管理者に税率の登録を依頼してください。"),
    ),
    "rank-basis-tie": (
        _t(
            "{tied} have the same largest quantity ({quantity:,}) but reach different ranks. "
            "Rank {rank} of {basis.code} was taken.",
            "{tied} が同数（{quantity:,}）で最多ですが、届くランクが異なります。"
            "{basis.code} のランク{rank}を適用しました。",
        ),
        _t(
            "Check with the vendor which rank applies.",
            "どちらのランクになるか、メーカーに確認してください。",
        ),
    ),
    "mixed-programmes": (
        _t(
            "This license ID mixes TRSL and other products. TRSL products share one rank; others are ranked singly.",
            "このライセンスIDにはTRSLとそれ以外の製品が混在しています。"
            "TRSL製品は共通のランク、それ以外は製品ごとのランクで計算しました。",
        ),
        _t(
            "Check that the license ID is registered correctly.",
            "ライセンスIDの登録内容が正しいか確認してください。",
        ),
    ),
    "reduction-does-not-save": (
        _t(
            "Reducing does not save: ¥{reduced:,} against ¥{kept:,} for keeping everything "
            "(tax excluded), ¥{difference:,} more.",
            "減らしても安くなりません。減数後は税抜 ¥{reduced:,}、すべて更新すると税抜 ¥{kept:,} で、"
            "減らすほうが ¥{difference:,} 高くなります。",
        ),
        _t(
            "Confirm that the customer wants the reduction all the same.",
            "それでも減らすか、お客様に確認してください。",
        ),
    ),
    "reduction-saves-nothing": (
        _t(
            "Reducing does not save: ¥{reduced:,}, just as much as keeping everything (tax excluded).",
            "減らしても安くなりません。減数後もすべて更新しても、税抜 ¥{reduced:,} で同額です。",
        ),
        _t(
            "Confirm that the customer wants the reduction all the same.",
            "それでも減らすか、お客様に確認してください。",
        ),
    ),
    "support-expired": (
        _t(
            "Support has expired already ({products}, first on {expired:%Y/%m/%d}).",
            "サポートがすでに満了しています（{products}、最も早い満了日 {expired:%Y/%m/%d}）。",
        ),
        _t(
            "Confirm with the vendor that it may still be renewed.",
            "まだ更新できるか、メーカーに確認してください。",
        ),
    ),
}

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
            "Largest TRSL product of the license ID: {0.code} {1:,} reaches rank {2} (from {3:,})",
            "ライセンスID内で最多のTRSL製品 {0.code} {1:,} によりランク{2}（{3:,}から）",
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
    "renewal-amount": (_t("{0:,} × {1:,} × {2} year(s)", "{0:,} × {1:,} × {2}年"), "¥{3:,}"),
    "addition-amount": (
        _t("{1:,} × ({4:,} + {0:,} × {5} further year(s))", "{1:,} ×（{4:,} ＋ {0:,} × 2年目以降{5}年）"),
        "¥{3:,}",
    ),
    "addition-amount-one-year": (_t("{1:,} × {4:,}", "{1:,} × {4:,}"), "¥{3:,}"),
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
        "TRSL: {product.code} {quantity:,}{made_of}: rank {rank}",
        "TRSL: {product.code} {quantity:,}{unit}{made_of}によりランク{rank}",
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
