"""What people write differently and mean the same is one; what they mean differently stays apart."""

import unicodedata

import pytest

from foundation.text.names import VARIANTS, key_of


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("濱濵浜 櫻桜 惠恵 眞真 德徳 瀨瀬 藏蔵 與与", "浜浜浜桜桜恵恵真真徳徳瀬瀬蔵蔵与与"),
        ("國広 廣沢 澤圓 學會 壽 鐵 驛 黑 萬 豐 彌", "国広広沢沢円学会寿鉄駅黒万豊弥"),
        ("齋斎齊斉 渡邊渡邉渡辺 髙高 﨑嵜崎 𠮷吉 龍竜 嶋嶌島", "斎斎斎斎渡辺渡辺渡辺高高崎崎崎吉吉竜竜島島島"),
        ("渡\u8fba\U000e0101 葛\U000e0100飾 \ufa19田 ⻑⾕川", "渡辺葛飾神田長谷川"),
        ("霞ヶ関 霞ヵ関 霞ケ関 霞が関 霞か関 霞ガ関 霞 ｹ 関", "霞ケ関" * 7),
        ("3ヶ月 ３か月 三カ月 3ｶ月", "3ケ月3ケ月三ケ月3ケ月"),
        ("東京ガス かがみ 山がた", "東京ガスカガミ山ガタ"),
        ("ウィルス ｳｨﾙｽ うぃるす ウイールス", "ウイルス" * 4),
        ("キャノン ヱビス ハッピー カ゛ス ﾊﾟﾝ", "キヤノンエビスハツピガスパン"),
        ("佐々木 佐佐木 いすゞ イスズ すゝき 代々々", "佐佐木佐佐木イスズイスズススキ代代代"),
        ("ＴＭ－００４８\u200b－2210", "tm00482210"),
        ("㈱", ""),
        ("一般社団法人", ""),
    ],
)
def test_the_key_of_all_ways_of_writing(written, key):
    assert key_of(written) == key


@pytest.mark.parametrize(
    "form",
    (
        "株式会社 ㈱ (株) （株） ㍿ 〔株〕 ［株］ 株式會社 有限会社 ㈲ (有) 合同会社 (同) 合名会社 合資会社 "
        "医療法人 醫療法人 (医) 医療法人社団 (医)社団 （医社） 医療法人財団 社会医療法人 学校法人 ㈻ 學校法人 "
        "（学） 社会福祉法人 (社福) 一般社団法人 (一社) 一般財団法人 (一財) 公益社団法人 (公社) 公益財団法人 (公財) "
        "社団法人 ㈳ 財団法人 ㈶ 独立行政法人 (独) 地方独立行政法人 国立研究開発法人 (国研) 国立大学法人 "
        "公立大学法人 宗教法人 特定非営利活動法人 NPO法人 (特非) ＮＰＯ法人 協同組合 (協) 弁護士法人 税理士法人 "
        "監査法人 かぶしきがいしゃ カブシキガイシャ ﾕｳｹﾞﾝｶﾞｲｼｬ"
    ).split(),
)
def test_what_a_company_is_makes_no_difference_before_or_after_its_name(form):
    assert {key_of(f"{form}北山水影"), key_of(f"北山水影{form}"), key_of(f"{form}　北山 水影 ")} == {"北山水影"}


def test_a_company_as_banks_write_it():
    assert [key_of("ｶ)ﾐｽﾞｶｹﾞ"), key_of("ミズカゲ（カ"), key_of("ﾕ)ﾐｽﾞｶｹﾞ"), key_of("カミズカゲ")] == [
        "ミズカゲ",
        "ミズカゲ",
        "ミズカゲ",
        "カミズカゲ",
    ]


def test_each_kanji_stands_in_one_group_and_as_unicode_composes_it():
    every = [character for group in VARIANTS.split() for character in set(group[1:])]
    assert sorted(every) == sorted(set(every))
    assert not {group[0] for group in VARIANTS.split()} & set(every)
    assert [character for character in every if unicodedata.normalize("NFKC", character) != character] == []
