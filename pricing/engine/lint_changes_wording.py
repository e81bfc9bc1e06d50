"""The words of what the linter finds beside other lists, in both languages, side by side so that none is forgotten."""

from collections.abc import Mapping

from .wording import Text


def _t(en: str, ja: str) -> Text:
    return {"en": en, "ja": ja}


CHANGES_TITLES: Mapping[str, Text] = {
    "following-product-gone": _t("Gone again with the following list", "次の版で追加した製品がなくなる"),
    "following-goes-back": _t("Goes back with the following list", "次の版で変更が元に戻る"),
    "between-product-gone": _t("Product of the list in between is missing", "間に公開された版の製品がない"),
    "between-goes-back": _t("Takes back the list in between", "間に公開された版の変更が元に戻る"),
    "product-gone": _t("Product no longer in the list", "なくなる製品"),
    "product-ended": _t("Taken out of sale", "販売終了にする製品"),
    "product-changed": _t("Product or programme changed", "製品・プログラムの登録内容が変わった"),
    "price-changed": _t("Large change of prices", "価格が大きく変わる"),
    "rank-gone": _t("Price rank gone", "なくなる価格ランク"),
    "rank-added": _t("New price rank", "新しい価格ランク"),
    "rank-moved": _t("Rank begins at another quantity", "ランクの開始数量が変わる"),
    "minimum-changed": _t("Minimum at renewal changed", "最低購入本数が変わる"),
    "discount-lost": _t("Multi-year discount gone", "複数年割引がなくなる"),
    "discount-changed": _t("Multi-year discount changed", "複数年割引が変わる"),
    "discount-added": _t("New multi-year discount", "新しい複数年割引"),
    "addition-price-lost": _t("Addition price dropped", "追加単価がなくなる"),
    "addition-price-added": _t("New addition price", "新しい追加単価"),
    "prices-differ": _t("Prices that change", "変わる価格"),
    "product-added": _t("New product in the list", "新しい製品"),
}
"""Headings for all findings of a code."""

_PRICES = _t(
    "Compare its prices with the vendor’s table, then tick this as read.",
    "メーカーの価格表と照らし合わせ、正しければ確認済みにしてください。",
)
_MEANT = _t(
    "Compare it with the vendor’s table; tick this as read if it is meant so.",
    "メーカーの価格表と照らし合わせ、このとおりでよければ確認済みにしてください。",
)
_FOLLOWING = _t(
    "Withdraw {list}, bring the change into a new list for that day, and publish it; or tick this as read if it is "
    "meant so.",
    "変更を続ける場合は「{list}」を取り下げ、同じ変更を入れた版を公開し直してください。"
    "このとおりでよければ確認済みにしてください。",
)
_BETWEEN = _t(
    "Bring the change into this list, or tick this as read if it is meant so.",
    "変更を続ける場合はこの版にも反映してください。このとおりでよければ確認済みにしてください。",
)

CHANGES_WORDS: Mapping[str, tuple[Text, Text]] = {
    # code or words: (what was found, what to do)
    "product-ended": (
        _t(
            "{code} has prices in the compared list, and is not sold any more with this one ({since:%Y/%m/%d}).",
            "比較する版では価格がある {code} を、この版で販売終了にします（{since:%Y/%m/%d}）。",
        ),
        _MEANT,
    ),
    "product-ended-held": (
        _t(
            "{code} is taken out of sale with this list ({since:%Y/%m/%d}). Customers hold it: their renewal will be "
            "refused with these words.",
            "この版で {code} を販売終了にします（{since:%Y/%m/%d}）。保有しているお客様がいます。"
            "更新の見積はできなくなります。",
        ),
        _MEANT,
    ),
    "following-product-gone": (
        _t(
            "{code} is added by this list and missing from {list}, which is published for {day:%Y/%m/%d}: from then on "
            "it could not be quoted.",
            "この版で追加した {code} は、{day:%Y/%m/%d}から有効になる公開済みの「{list}」にありません。"
            "その日から見積できなくなります。",
        ),
        _FOLLOWING,
    ),
    "following-goes-back": (
        _t(
            "{code}: {count:,} change(s) of this list are undone on {day:%Y/%m/%d} by {list}, which is published "
            "already: {what}.",
            "{code}：この版の変更のうち{count:,}件が、公開済みの「{list}」により{day:%Y/%m/%d}に元に戻ります（{what}）。",
        ),
        _FOLLOWING,
    ),
    "following-product-back": (
        _t(
            "{code} is not in this list any more, but is there again on {day:%Y/%m/%d} with {list}, which is published "
            "already.",
            "この版でなくした {code} が、公開済みの「{list}」により{day:%Y/%m/%d}に再び見積できるようになります。",
        ),
        _FOLLOWING,
    ),
    "between-product-gone": (
        _t(
            "{code} was added by {list} on {day:%Y/%m/%d}, after the list that this one is based on, and is missing "
            "here.",
            "{code} は{day:%Y/%m/%d}の「{list}」で追加されましたが、それより前の版をもとにしたこの版にはありません。",
        ),
        _BETWEEN,
    ),
    "between-goes-back": (
        _t(
            "{code}: {count:,} change(s) that {list} made on {day:%Y/%m/%d}, after the list that this one is based on, "
            "are undone: {what}.",
            "{code}：{day:%Y/%m/%d}の「{list}」の変更のうち{count:,}件が、"
            "それより前の版をもとにしたこの版で元に戻ります（{what}）。",
        ),
        _BETWEEN,
    ),
    "between-product-back": (
        _t(
            "{code} was taken out by {list} on {day:%Y/%m/%d}, after the list that this one is based on, and is here "
            "again.",
            "{code} は{day:%Y/%m/%d}の「{list}」でなくなりましたが、それより前の版をもとにしたこの版に残っています。",
        ),
        _BETWEEN,
    ),
    "product-gone": (
        _t(
            "{code} is in the compared list and not in this one. Nobody holds it now; it could not be added any more.",
            "{code} は比較元の版にありますが、この版にはありません（現在の保有はありません）。"
            "追加の見積もできなくなります。",
        ),
        _t(
            "Add its prices if it is still sold; else tick this as read.",
            "販売が続く場合は価格を登録してください。終了する場合は確認済みにしてください。",
        ),
    ),
    "product-changed": (
        _t(
            "{code} is not registered as it was when {list} was made: {what}.",
            "{code} の登録内容が「{list}」の時点から変わっています（{what}）。",
        ),
        _t(
            "Make sure that its prices and ranks fit it as it is now, then tick this as read.",
            "価格とランクが現在の登録内容に合っているか確かめ、正しければ確認済みにしてください。",
        ),
    ),
    "price-changed-renewal": (
        _t(
            "{code}: {count:,} price(s) change by more than {limit} %, most of all the renewal price at rank {rank}: "
            "¥{was:,} → ¥{now:,} ({change} %).",
            "{code}：{limit}％を超えて変わる単価が{count:,}件あります。最大はランク{rank}の更新単価"
            " ¥{was:,} → ¥{now:,}（{change}％）です。",
        ),
        _PRICES,
    ),
    "price-changed-addition": (
        _t(
            "{code}: {count:,} price(s) change by more than {limit} %, most of all the addition price at rank {rank}: "
            "¥{was:,} → ¥{now:,} ({change} %).",
            "{code}：{limit}％を超えて変わる単価が{count:,}件あります。最大はランク{rank}の追加単価"
            " ¥{was:,} → ¥{now:,}（{change}％）です。",
        ),
        _PRICES,
    ),
    "rank-gone": (
        _t(
            "{code}: the compared list has rank {ranks}, this one has not: the quantities fall to another rank.",
            "{code}：比較元の版にあるランク {ranks} がこの版にありません。その数量は別のランクの価格になります。",
        ),
        _MEANT,
    ),
    "rank-added": (
        _t(
            "{code}: rank {ranks} is new: {what}.",
            "{code}：ランク {ranks} が新しく加わります（{what}）。",
        ),
        _MEANT,
    ),
    "rank-moved": (
        _t("{code}: {what}.", "{code}：{what}に変わります。"),
        _MEANT,
    ),
    "minimum-changed": (
        _t(
            "{code}: the minimum at renewal changes from {was:,} to {now:,}.",
            "{code}：更新時の最低購入本数が {was:,} から {now:,} に変わります。",
        ),
        _MEANT,
    ),
    "discount-lost": (
        _t(
            "{code} loses its multi-year discount: {what}.",
            "{code}：複数年割引がなくなります（{what}）。",
        ),
        _t(
            "Enter the discount, or tick this as read if it ends. A file without the columns of discounts has none.",
            "割引を入力してください。終了する場合は確認済みにしてください"
            "（割引の列がないファイルを取り込むと、割引はなくなります）。",
        ),
    ),
    "discount-changed": (
        _t("{code}: {what}.", "{code}：複数年割引が変わります（{what}）。"),
        _MEANT,
    ),
    "discount-added": (
        _t("{code} gets a multi-year discount: {what}.", "{code}：複数年割引が加わります（{what}）。"),
        _MEANT,
    ),
    "addition-price-lost": (
        _t(
            "{code}: the compared list has an addition price at {ranks}, this one has none: it could not be added.",
            "{code}：比較元の版にはある追加単価が、ランク {ranks} でなくなっています。追加の見積ができなくなります。",
        ),
        _t(
            "Enter the prices, or tick this as read if it is no longer sold.",
            "価格を入力してください。追加の販売を終える場合は確認済みにしてください。",
        ),
    ),
    "addition-price-added": (
        _t(
            "{code} can be added where it could not be before: {what}.",
            "{code}：追加の見積ができなかったところで、できるようになります（{what}）。",
        ),
        _MEANT,
    ),
    "prices-differ": (
        _t(
            "{count:,} price(s) of {products:,} product(s) change, by {least} % to {most} %.",
            "{products:,}製品の単価{count:,}件が変わります（{least}％〜{most}％）。",
        ),
        _t("“Difference” shows them product by product.", "製品ごとの内容は「差分」で確認できます。"),
    ),
    "product-added": (
        _t("{code} is not in the compared list: its prices are new.", "{code} は比較元の版になく、新しく加わります。"),
        _t("Compare its prices with the vendor’s table.", "メーカーの価格表と照らし合わせてください。"),
    ),
}
