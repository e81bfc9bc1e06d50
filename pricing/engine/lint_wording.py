"""The words of the linter's findings, in both languages, side by side so that none is forgotten."""

from collections.abc import Mapping

from .wording import Text


def _t(en: str, ja: str) -> Text:
    return {"en": en, "ja": ja}


LINT_TITLES: Mapping[str, Text] = {
    "no-tables": _t("No price tables", "製品別価格表が1件もない"),
    "no-ranks": _t("No price ranks", "価格ランクがない"),
    "minimum-below-first-rank": _t("Minimum below the first rank", "最低購入本数が最初のランクに届かない"),
    "renewal-price-missing": _t("Renewal price missing", "更新単価がない"),
    "shared-rank-missing": _t("Shared rank missing", "共通ランクの価格がない"),
    "held-product-missing": _t("Held product without prices", "保有されている製品の価格がない"),
    "discount-not-allowed": _t("Multi-year discount not allowed", "複数年割引の対象外の製品に割引がある"),
    "price-rises": _t("Unit price rises with the rank", "上のランクの方が単価が高い"),
    "ranks-equal": _t("Neighbouring ranks with the same price", "隣り合うランクの単価が同じ"),
    "tax-rate-missing": _t("No tax rate", "税率がない"),
    "ended-has-prices": _t("Prices of a product not sold any more", "販売終了の製品に価格がある"),
    "successor-without-prices": _t("Successor without prices", "後継製品の価格がない"),
    "discount-tiny": _t("Discount below 1 %", "1％未満の割引"),
    "discount-falls": _t("Discount falls with the years", "年数が増えると割引が下がる"),
    "addition-price-zero": _t("Addition price is 0", "追加単価が0円"),
    "addition-price-partly": _t("Addition price at some ranks only", "追加単価が一部のランクにしかない"),
    "discount-ends": _t("Years without a discount", "割引のない年数がある"),
    "paradox": _t("Fewer licenses cost more", "少ない方が高くなる数量（逆転）"),
}
"""Headings for all findings of a code."""

_CELL = _t("Check both cells against the vendor’s table.", "メーカーの価格表と両方の欄を照らし合わせてください。")

CATEGORIES: Mapping[str, Text] = {
    "standard": _t("standard rate", "標準税率"),
    "reduced": _t("reduced rate", "軽減税率"),
    "exempt": _t("not taxed", "非課税"),
}
"""What tax categories are called; another one by its code."""

LINT_WORDS: Mapping[str, tuple[Text, Text]] = {
    # code or words: (what was found, what to do)
    "no-tables": (
        _t("The list has no price tables.", "この版には製品別価格表が1件もありません。"),
        _t("Add at least one product’s prices.", "製品の価格を1件以上登録してください。"),
    ),
    "no-ranks": (
        _t("The price table of {code} has no ranks.", "{code} の価格表に価格ランクがありません。"),
        _t("Enter its ranks, or delete the table.", "ランクを入力するか、この価格表を削除してください。"),
    ),
    "minimum-below-first-rank": (
        _t(
            "{code} can be renewed from {minimum:,}, but its first rank {rank} begins at {first:,}: "
            "{minimum:,} to {last:,} would be refused.",
            "{code} は {minimum:,} から更新できますが、最初のランク{rank}は {first:,} からです。"
            "{minimum:,}〜{last:,} は見積できません。",
        ),
        _t(
            "Raise the minimum to {first:,}, or let rank {rank} begin at {minimum:,}.",
            "最低購入本数を {first:,} にするか、ランク{rank}を {minimum:,} から始めてください。",
        ),
    ),
    "renewal-price-missing": (
        _t("{code} has no renewal price at rank {rank}: it is ¥0.", "{code} のランク{rank}の更新単価が 0 円です。"),
        _t("Enter the price, or delete the rank.", "価格を入力するか、このランクを削除してください。"),
    ),
    "shared-rank-missing": (
        _t(
            "{code} has no rank {ranks}, which {carriers} can decide for all products of {programme.english} in a "
            "license ID: {code} would be refused there (R6).",
            "{code} にはランク {ranks} がありません。ライセンスIDの{programme.name}の価格ランクが {carriers} によって"
            "このランクになると、"
            "{code} は見積できません。",
        ),
        _t("Enter the prices of {code} at {ranks}.", "{code} のランク {ranks} の価格を登録してください。"),
    ),
    "held-product-missing": (
        _t(
            "Customers hold {code}, but the list has no prices for it: it could not be renewed.",
            "{code} を保有しているお客様がいますが、この版に価格がありません。更新の見積ができなくなります。",
        ),
        _t("Add the prices of {code}.", "{code} の価格を登録してください。"),
    ),
    "discount-not-allowed": (
        _t(
            "{code} has a multi-year discount, but is not marked as a product that may have one (R10).",
            "{code} に複数年割引がありますが、複数年割引の対象製品として登録されていません。",
        ),
        _t(
            "Delete the discounts, or mark the product first.",
            "割引を削除するか、先に製品を対象として登録してください。",
        ),
    ),
    "tax-rate-missing": (
        _t(
            "No tax rate of the category “{category}” is in force on {day:%Y/%m/%d}: {count:,} product(s) ({products}) "
            "could not be quoted.",
            "{day:%Y/%m/%d} に有効な税区分「{category}」の税率がありません。"
            "{count:,}製品（{products}）の見積ができません。",
        ),
        _t("Add the tax rate first.", "先に税率を登録してください。"),
    ),
    "ended-has-prices": (
        _t(
            "The list says that {code} is not sold since {since:%Y/%m/%d}, and has prices for it: they would never be "
            "used.",
            "{code} は {since:%Y/%m/%d} に販売終了としていますが、この版に価格があります。この価格は使われません。",
        ),
        _t(
            "Delete its price table, or take it off the products not sold any more.",
            "製品別価格表を削除するか、「販売終了の製品」から外してください。",
        ),
    ),
    "successor-without-prices": (
        _t(
            "{successor} is named as the successor of {code}, but the list has no prices for it.",
            "{code} の後継製品 {successor} の価格がこの版にありません。",
        ),
        _t(
            "Add the prices of {successor}, or name another successor.",
            "{successor} の価格を登録するか、後継製品を直してください。",
        ),
    ),
    "price-rises-renewal": (
        _t(
            "{code}: the renewal price rises from ¥{one:,} at rank {lower} to ¥{other:,} at rank {higher}.",
            "{code}：更新単価がランク{lower}の ¥{one:,} からランク{higher}の ¥{other:,} に上がります。",
        ),
        _CELL,
    ),
    "price-rises-addition": (
        _t(
            "{code}: the addition price rises from ¥{one:,} at rank {lower} to ¥{other:,} at rank {higher}.",
            "{code}：追加単価がランク{lower}の ¥{one:,} からランク{higher}の ¥{other:,} に上がります。",
        ),
        _CELL,
    ),
    "ranks-equal-renewal": (
        _t(
            "{code}: the ranks {lower} and {higher} have the same renewal price, ¥{one:,} and ¥{other:,}.",
            "{code}：ランク{lower}とランク{higher}の更新単価が同じです（¥{one:,}、¥{other:,}）。",
        ),
        _CELL,
    ),
    "ranks-equal-addition": (
        _t(
            "{code}: the ranks {lower} and {higher} have the same addition price, ¥{one:,} and ¥{other:,}.",
            "{code}：ランク{lower}とランク{higher}の追加単価が同じです（¥{one:,}、¥{other:,}）。",
        ),
        _CELL,
    ),
    "discount-tiny": (
        _t(
            "{code} has a multi-year discount below 1 %: {what}. 0.08 % is not 8 %.",
            "{code}：1％未満の複数年割引があります（{what}）。8％のつもりで 0.08 と書かれていないか確かめてください。",
        ),
        _CELL,
    ),
    "discount-falls": (
        _t(
            "{code}: the discount is {one} % for {fewer} years, but only {other} % for {more}.",
            "{code}：複数年割引が{fewer}年の{one}％から{more}年の{other}％に下がります。",
        ),
        _CELL,
    ),
    "addition-price-zero": (
        _t("{code}: the addition price at rank {rank} is ¥0.", "{code}：ランク{rank}の追加単価が 0 円です。"),
        _t(
            "Enter the price; leave it empty if the product cannot be added.",
            "価格を入力してください。追加できない場合は空欄にしてください。",
        ),
    ),
    "addition-price-partly": (
        _t(
            "{code} has addition prices, but not at {ranks}: there it cannot be added.",
            "{code}：ランク {ranks} に追加単価がなく、そのランクでは追加できません。",
        ),
        _t("Enter the prices if that is not meant.", "意図していない場合は価格を入力してください。"),
    ),
    "discount-ends": (
        _t(
            "{code} has a multi-year discount from {fewer} years, but none for {without} years.",
            "{code}：複数年割引は{fewer}年からありますが、{without}年にはありません。",
        ),
        _t("Enter the discount if that is not meant.", "意図していない場合は割引を入力してください。"),
    ),
    "paradox": (
        _t(
            "{code}, {all_years} year(s): {first:,} to {last:,} at rank {rank} cost more than {kept_quantity:,} at "
            "rank {kept_rank}. For {years}: {first:,} cost ¥{amount:,}, {kept_quantity:,} cost ¥{kept_amount:,}.",
            "{code}（{all_years}年）：ランク{rank}の {first:,}〜{last:,} は、ランク{kept_rank}の {kept_quantity:,} "
            "より高くなります。{years}年では {first:,} で ¥{amount:,}、{kept_quantity:,} で ¥{kept_amount:,} です。",
        ),
        _t(
            "From {first:,} on, keeping {kept_quantity:,} is cheaper for the customer.",
            "{first:,} 以上を更新するなら、{kept_quantity:,} を保つ方が安くなります。",
        ),
    ),
    "paradox-one": (
        _t(
            "{code}, {all_years} year(s): {first:,} at rank {rank} cost more than {kept_quantity:,} at rank "
            "{kept_rank}. For {years}: {first:,} cost ¥{amount:,}, {kept_quantity:,} cost ¥{kept_amount:,}.",
            "{code}（{all_years}年）：ランク{rank}の {first:,} は、ランク{kept_rank}の {kept_quantity:,} より"
            "高くなります。{years}年では {first:,} で ¥{amount:,}、{kept_quantity:,} で ¥{kept_amount:,} です。",
        ),
        _t(
            "Instead of {first:,}, keeping {kept_quantity:,} is cheaper for the customer.",
            "{first:,} を更新するなら、{kept_quantity:,} を保つ方が安くなります。",
        ),
    ),
}
