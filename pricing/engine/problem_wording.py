"""The words of refusals and warnings, in both languages: what is wrong, and what to do (R17)."""

from collections.abc import Mapping

from .wording import Text


def _t(en: str, ja: str) -> Text:
    return {"en": en, "ja": ja}


PROBLEM_WORDS: Mapping[str, tuple[Text, Text]] = {
    # code: (what is wrong, what to do)
    "term-out-of-range": (
        _t("A renewal is for 1 to {most} years, not {years}.", "更新は1年から{most}年までです（入力：{years}年）。"),
        _t("Choose 1 to {most} years.", "1〜{most}年から選んでください。"),
    ),
    "term-out-of-programme": (
        _t(
            "Products of {programme} are renewed for at most {most} year(s), not {years}.",
            "{programme} の製品の更新は最長{most}年です（入力：{years}年）。",
        ),
        _t(
            "Choose at most {most} year(s), or leave the products of {programme} out.",
            "{most}年以内を選ぶか、{programme} の製品を見積から外してください。",
        ),
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
            "{product.code} has no price at rank {rank}, which {basis.code} ({quantity:,}) decides for all products of "
            "{programme} in the license ID.",
            "このライセンスIDの{programme}の価格ランクは {basis.code}（{quantity:,}）によりランク{rank}ですが、"
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
    "product-discontinued": (
        _t(
            "{product.code} has not been sold since {since:%Y/%m/%d}.",
            "{product.code} は {since:%Y/%m/%d} に販売終了となりました。",
        ),
        _t(
            "Discontinue it with 0, or take it out of the quote.",
            "0（更新しない）にするか、この製品を見積から外してください。",
        ),
    ),
    "product-replaced": (
        _t(
            "{product.code} has not been sold since {since:%Y/%m/%d}. Its successor is {successor.code}.",
            "{product.code} は {since:%Y/%m/%d} に販売終了となりました。後継製品は {successor.code} です。",
        ),
        _t(
            "Discontinue it with 0, and add {successor.code} where the customer wants it.",
            "0（更新しない）にし、必要なら {successor.code} を「追加」に入力してください。",
        ),
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
            "{tied} have the same largest quantity of {programme} ({quantity:,}) but reach different ranks. "
            "Rank {rank} of {basis.code} was taken.",
            "{programme}では {tied} が同数（{quantity:,}）で最多ですが、届くランクが異なります。"
            "{basis.code} のランク{rank}を適用しました。",
        ),
        _t(
            "Check with the vendor which rank applies.",
            "どちらのランクになるか、メーカーに確認してください。",
        ),
    ),
    "mixed-programmes": (
        _t(
            "This license ID mixes products of several programmes ({programmes}). "
            "Ranks were decided for each programme by itself.",
            "このライセンスIDには複数のプログラム（{programmes}）の製品が混在しています。"
            "価格ランクはプログラムごとに決めました。",
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
    "too-late-to-renew": (
        _t(
            "{product.code}: support expired on {expired:%Y/%m/%d}, and {programme} is renewed until {last:%Y/%m/%d} "
            "at the latest.",
            "{product.code}：サポートは {expired:%Y/%m/%d} に満了しており、{programme}で更新できるのは"
            " {last:%Y/%m/%d} までです。",
        ),
        _t(
            "Take it out of the quote, and ask the vendor about buying it anew.",
            "この製品を見積から外し、新規購入についてメーカーに確認してください。",
        ),
    ),
    "segment-differs": (
        _t(
            "Made for another kind of customer: {products} (for {segment}; the customer: {customer_segment}).",
            "{products} は{segment}向けの製品ですが、お客様の区分は{customer_segment}です。",
        ),
        _t(
            "Check that the customer may use it, or choose another product.",
            "このお客様が購入できるか確認するか、別の製品を選んでください。",
        ),
    ),
    "segment-unknown": (
        _t(
            "Made for one kind of customer: {products} (for {segment}; the customer’s segment is not known).",
            "{products} は{segment}向けの製品ですが、お客様の区分が登録されていません。",
        ),
        _t(
            "Check that the customer may use it, and enter the customer’s segment.",
            "このお客様が購入できるか確認し、お客様の区分を登録してください。",
        ),
    ),
}
