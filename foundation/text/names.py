"""One key for all ways of writing a name in Japan: what two people write differently, and mean the same, is one.

The key is only ever compared and searched in; what was written is kept and shown. Only Python's standard library.
Whoever changes what a key is writes the stored ones anew, by a migration.
"""

import re
import unicodedata

from .invisible import strip_invisible
from .typed import DASHES

VARIANTS = (
    # The traditional forms of the joyo and jinmeiyo kanji, and what else families, places and companies write:
    # in each group the one that stands in the key first.
    "亜亞 悪惡 圧壓 囲圍 医醫 為爲 壱壹 隠隱 栄榮 営營 衛衞 駅驛 円圓 塩鹽 縁緣 艶艷 応應 欧歐 殴毆 桜櫻 奥奧 横橫 "
    "温溫 穏穩 仮假 価價 画畫 会會 絵繪 壊壞 懐懷 概槪 拡擴 殻殼 覚覺 学學斈 岳嶽 楽樂 渇渴 缶罐 巻卷 陥陷 勧勸 "
    "寛寬 関關 歓歡 観觀 館舘 気氣 既旣 帰歸 偽僞 戯戲 犠犧 旧舊 拠據 挙擧 虚虛 峡峽 挟挾 狭狹 郷鄕鄉 教敎 暁曉 "
    "区區 駆驅 勲勳 薫薰 径徑 茎莖 恵惠 掲揭 渓溪 経經 蛍螢 軽輕 継繼 鶏鷄 芸藝 撃擊 欠缺 研硏 県縣 倹儉 剣劍劔剱劒 "
    "険險 圏圈 検檢 献獻 権權 顕顯 験驗 厳嚴 戸戶 広廣 効效 恒恆 黄黃 鉱鑛砿 号號 国國圀囯 黒黑 済濟 砕碎 斎齋斉齊 "
    "剤劑 歳歲 雑雜 参參 桟棧 蚕蠶 惨慘 産產 賛贊 残殘 糸絲 姉姊 歯齒 児兒 辞辭 湿濕 実實 写寫 舎舍 釈釋 寿壽 収收 "
    "従從 渋澁澀 獣獸 縦縱 粛肅 処處 緒緖 叙敍 尚尙 将將 称稱 渉涉 焼燒 証證 奨奬 条條 状狀 乗乘 浄淨 剰剩 畳疊 "
    "縄繩 壌壤 嬢孃 譲讓 醸釀 触觸 嘱囑 真眞 寝寢 慎愼 尽盡 図圖 粋粹 酔醉 穂穗 随隨 髄髓 枢樞 数數 瀬瀨 声聲 青靑 "
    "清淸 税稅 静靜 説說 摂攝 窃竊 専專 浅淺 戦戰 践踐 銭錢 潜潛 繊纖 禅禪 双雙 壮壯 荘莊 捜搜 挿插 巣巢 曽曾 痩瘦 "
    "装裝 総總 騒騷 増增 蔵藏 臓臟 即卽 属屬 続續 堕墮 対對 体體躰 帯帶 滞滯 台臺 滝瀧 択擇 沢澤 担擔 単單 胆膽 "
    "団團 弾彈 断斷 痴癡 遅遲 昼晝 虫蟲 鋳鑄 徴徵 聴聽 勅敕 鎮鎭 逓遞 鉄鐵鐡銕 点點 転轉 伝傳 灯燈 当當 党黨 盗盜 "
    "稲稻 闘鬪 徳德 独獨 読讀 届屆 内內 弐貳 悩惱 脳腦 覇霸 拝拜 廃廢 売賣 梅楳 麦麥 発發 髪髮 抜拔 蛮蠻 秘祕 彦彥 "
    "浜濱濵 瓶甁 富冨 仏佛 並竝 併倂 変變 辺邊邉 弁辨瓣辯 歩步 舗舖 宝寶寳 豊豐 褒襃 翻飜 毎每 万萬 満滿 黙默 戻戾 "
    "訳譯 薬藥 与與 予豫 余餘 揺搖 様樣 謡謠 来來 頼賴 乱亂 覧覽 竜龍 両兩 猟獵 緑綠 塁壘 涙淚 礼禮 励勵 霊靈 齢齡 "
    "隷隸 暦曆 歴歷 恋戀 錬鍊 炉爐 労勞 郎郞 楼樓 録錄 湾灣 飲飮 顔顏 閲閱 悦悅 鋭銳 脱脫 娯娛 呉吳 亀龜 弥彌 尭堯 "
    "遥遙 凜凛 晋晉 槙槇 瑶瑤 祢禰 禄祿 桧檜 鴎鷗 鴬鶯 蝋蠟 頚頸 涛濤 桝枡 薮藪 靭靱 篭籠 蛎蠣 砺礪 侭儘 賎賤 壷壺 "
    "填塡 剥剝 頬頰 餅餠 麹麴 掴摑 噛嚙 焔焰 莱萊 蒋蔣 醤醬 溌潑 撹攪 屏屛 嘘噓 箪簞 繋繫 祷禱 騨驒 叱𠮟 侠俠 倶俱 "
    "呑吞 唖啞 嚢囊 姫姬 屡屢 掻搔 蝉蟬 諌諫 讃讚 迩邇 鈎鉤 顛顚 麺麵 潅灌 竃竈 芦蘆 鯵鰺 厩廐廏 高髙 崎﨑嵜碕 吉𠮷 "
    "島嶋嶌 峰峯 杯盃 松枩 柏栢 桑桒 秋穐龝 野埜 淵渕渊 船舩 涼凉 穣穰 隣鄰 喜㐂 略畧 群羣 裏裡 煙烟 巌巖 橋𣘺 土圡 "
    "柳栁 回廻 宜冝 達逹 昇曻 栃杤 卯夘 草艸 鎌鐮 槍鎗 準凖 沖冲 減减 決决 況况 栖棲 "
    # radicals that stand for kanji in text copied from a PDF, as far as Unicode's compatibility forms leave them
    "民⺠ 虎⻁ 西⻄ 角⻆ 青⻘ 長⻑ 食⻝ 鬼⻤ 麦⻨ 黄⻩ 斎⻫ 歯⻭ 竜⻯ 亀⻲"
)
"""Kanji that are the same in a name, in groups."""
_KANJI = {ord(each): group[0] for group in VARIANTS.split() for each in group[1:]}
_KATAKANA = {code: chr(code + 0x60) for code in range(0x3041, 0x3097)}
_LARGE = str.maketrans("ァィゥェォッャュョヮヵヶヰヱ", "アイウエオツヤユヨワカケイエ")
_DROPPED = re.compile(rf"[\s・･.,'’`´\-{DASHES}ｰ_]+")  # noqa: RUF001 - these look-alikes are the point
_REPEATED = re.compile(r"(.)([々〻ゝヽゞヾ])")
# が in 霞が関, however it is written: between kanji, or a number and a kanji (3か月).
_KA = re.compile(r"(?<=[0-9㐀-䶿一-鿿\U00020000-\U0003ffff])[カガケ](?=[㐀-䶿一-鿿\U00020000-\U0003ffff])")

_LONG = (
    "(?:株式|有限|合同|合名|合資|相互|特定目的)会社|(?:(?:一般|公益|特例)?(?:社団|財団)|(?:準?学校|社会福祉|更生保護"
    "|職業訓練|宗教)|(?:認定)?(?:特定非営利活動|npo)|国立研究開発|国立大学|公立大学|大学共同利用機関"
    "|(?:地方)?独立行政|農事組合|投資|弁護士|税理士|弁理士|特許業務|(?:有限責任)?監査|行政書士|司法書士"
    "|社会保険労務士|土地家屋調査士)法人|(?:社会|特定|特別)?医療法人(?:社団|財団)?|(?:事業)?協同組合|企業組合"
    "|有限責任事業組合"
)
_SHORT = (
    "株|有|同|名|資|相|医社|医財|社医|医|学法|準学|学|社福|福法|社|財|一社|一財|公社|公財|特社|特財|独法|独|国研|研法"
    "|地独|国大|公大|特非|特活|npo|宗法|宗|協組|事協|協|企|農組|農事|農|弁法|弁|税法|税|監法|監|司法|司|行法|労法"
)
_SPOKEN = (
    "(?:カブシキ|ユウゲン|ゴウドウ|ゴウメイ|ゴウシ|ソウゴ)[ガカ]イシヤ|(?:(?:イツパン|コウエキ)?(?:シヤダン|ザイダン)"
    "|シヤカイフクシ|ガツコウ|シユウキヨウ|トクテイヒエイリカツドウ|コクリツケンキユウカイハツ|コクリツダイガク"
    "|コウリツダイガク|(?:チホウ)?ドクリツギヨウセイ)ホウジン|(?:シヤカイ)?イリヨウホウジン(?:シヤダン|ザイダン)?"
)
_OF_BANKS = "(?:カ|ユ|ド|メ|シ|ソ|イ|ガク|フク|シヤ|ザイ|ドク|シユウ|トクヒ)"
_OPEN, _CLOSE = "[(\\[{<〔【〈《「]", "[)\\]}>〕】〉》」]"  # noqa: RUF001
_COMPANY_FORM = re.compile(
    f"{_OPEN}(?:{_LONG}|{_SHORT}|{_OF_BANKS}){_CLOSE}(?:(?<=医.)(?:社団|財団))?|{_LONG}|{_SPOKEN}"
    f"|^{_OF_BANKS}\\)|\\({_OF_BANKS}$"
)

_ENGLISH_FORM = re.compile(
    r"(?<=[\w)])[\s,]+(?:co\.?,?\s*(?:ltd\.?|limited)|(?:company|co)\.?(?:,?\s*(?:limited|ltd\.?))?|inc(?:\.|orporated)?"
    r"|corp(?:\.|oration)?|k\.?\s?k\.?|g\.?\s?k\.?|l\.?l\.?c\.?|ltd\.?|limited)\s*$",
    re.IGNORECASE,
)
ENGLISH_FORMS = (
    *("co", "coltd", "colimited", "company", "companyltd", "companylimited", "inc", "incorporated", "corp"),
    *("corporation", "kk", "gk", "llc", "ltd", "limited"),
)
"""What companies are in English, as keys have it at their ends."""


def key_of(text: str) -> str:
    """The form in which names and codes are compared.

    Width, case, the kind and size of kana, ー, spaces, hyphens, invisible characters, old and new kanji (澤, 沢), ヶ or
    が between kanji, 々 and what a company is (㈱, 株式会社, (医) …), before or after its name, make no difference. Of
    a text that says nothing else, such as 「株式会社」, nothing is left.
    """
    key = unicodedata.normalize("NFKC", strip_invisible(text)).translate(_KANJI).casefold()
    key = unicodedata.normalize("NFKC", _DROPPED.sub("", key))  # a voicing mark that stood alone joins its kana
    while (repeated := _REPEATED.sub(_repeat, key)) != key:
        key = repeated
    key = _COMPANY_FORM.sub("", key.translate(_KATAKANA).translate(_LARGE))
    return _KA.sub("ケ", key)


def stem_of(name: str) -> str:
    """The key of a whole name, also without what the company is in English: K.K., Co., Ltd., Inc. …

    Names are searched by their keys, for a person may type the K.K.; by their stems they are told apart.
    """
    return key_of(_ENGLISH_FORM.sub("", unicodedata.normalize("NFKC", name)))


def _repeat(found: re.Match[str]) -> str:
    """What 々 and its like stand for: 佐々木 is 佐佐木, いすゞ is いすず."""
    letter, mark = found.groups()
    if mark not in "ゞヾ":
        return letter * 2
    return letter + unicodedata.normalize("NFC", unicodedata.normalize("NFD", letter)[0] + "\u3099")
