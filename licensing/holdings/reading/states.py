"""What the state of a row says: that it is held, that nothing is held any more, or something that a person must say."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from functools import lru_cache

from foundation.text.typed import half_width, squeeze

from .cells import as_day, plain
from .columns import find_field, is_remark, is_unused


class State(Enum):
    """What is meant by the text of a state."""

    HELD = "held"
    ENDED = "ended"
    UNKNOWN = "unknown"


OF_WHAT = r"(?:ご|本)?(?:契約|ライセンス|保守|サポート|利用|使用|更新|継続|加入|登録)?(?:が|は|を|の)?"
ENDED = re.compile(
    rf"(?!(?:更新|登録)終了){OF_WHAT}(?:解約|解除|終了|キャンセル|取り?消し?|失効|廃止|退会|脱退|消滅|破棄|廃棄|返却|返納|"
    r"返品|撤去|除却|抹消|削除|無効|中止|打ち?切り?)(?:済み?|ずみ|完了|扱い?|分|者|品|しました|した|された|となりました|です)?"
    r"|[不非]継続|非更新|(?:継続|更新|契約|保有|利用|使用)(?:せず|しない|なし|無し|無|していない)"
    r"|(?:contract|licen[sc]e|subscription|support|maintenance)?(?:is|was|has|been)*"
    r"(?:cancel(?:l?ed|lation|lations)?|terminat(?:ed|ion)|ended|closed|inactive|deactivated|revoked|void(?:ed)?|"
    r"discontinued|lapsed|retired|deleted|removed|churn(?:ed)?|withdrawn|disabled|notrenewed|nonrenewed|"
    r"notheld|nolongerheld|notactive|invalid)"
)
HELD = re.compile(
    rf"{OF_WHAT}(?:有効|継続|稼働|利用|使用|保有|運用|契約|加入|更新|アクティブ|現行|現役|現用|正常|通常|新規|追加)"
    r"(?:契約|更新|保有|利用|購入|追加)?(?:中|しています|です)?"
    r"|(?:継続|契約|加入|更新|登録|発行|納品|出荷|購入|導入)(?:済み?|ずみ|しました|した|された)"
    r"|(?:更新|登録|更新手続き?)完了|(?:ご)?更新(?:予定|待ち?|対象|案内済み?|手続き?中|見込み?)"
    r"|(?:contract|licen[sc]e|subscription|support|maintenance)?(?:is)?"
    r"(?:active|valid|live|current|inforce|effective|renewed|ok|inuse|enabled|normal|ongoing|held|new|renewal)"
)
"""Both against the squeezed text in small letters, without what stands around it. What is neither is asked about."""
AROUND = r"[\s\d/.,:：;、。_#・\-●○◯◎×✕✖■□◆◇★☆※*!！年月日末付けにてで]"
SURROUNDED = re.compile(rf"^(?:令和|平成|[rh](?=\d))?{AROUND}+|{AROUND}+$")
"""Numbers and days beside the word: 9:解約, 解約 2026/3/31, 令和8年3月末解約."""
BRACKETED = re.compile(r"[(\[<【「『].*?[)\]>】」』]")
IN_BRACKETS = re.compile(r"[(\[<【「『](.*)[)\]>】」』]")
YES = {*"1○◯〇●◎レ✓✔☑済有yY", "済み", "有り", "あり", "はい", "yes", "true", "on"}  # noqa: RUF001 - people write them
NO = {*"0×✕✖無未nN", "いいえ", "no", "false", "off"}
IS_ABOUT_END = re.compile(
    r"解約|解除|キャンセル|取消|失効|終了|廃止|退会|無効|削除|cancel|terminat|inactive|delet|ended"
)
IS_ABOUT_HOLDING = re.compile(r"有効|継続|契約中|利用中|稼働|保有|active|valid|enabled|inforce")
GIVEN_DAY = re.compile(r"(?:令和|平成|[RHrh])?(?:元|\d{1,4})[年./-]\d{1,2}[月./-]?(?:\d{1,2}日?|末日?)?")
MAY_END = re.compile(r"[解終取失廃退脱消破返撤除抹削無中打不非なしずキｷ]|[A-Za-z\uff21-\uff5a]{4}")
"""What every word for an end has something of: remarks are very many, and mostly have nothing."""
IS_HELD, HAS_ENDED = 1, 2
"""What somebody says of a state that is asked about."""
MOST_ASKED = 20
"""Different texts of a list."""
LONGEST_WORD = 40
"""Characters of what is taken for a word and what stands around it."""
REMEMBERED = 4_096


@lru_cache(maxsize=REMEMBERED)
def read_state(text: str, name: str = "", on: date | None = None) -> State:
    """What a text says on a day in Japan. `name`: that of its column, which says what a mark or a day means (解約日).

    What ends on a later day than `on` is held until then: that is asked about.
    """
    told = squeeze(half_width(plain(text))).casefold()
    about = squeeze(half_width(name)).casefold()
    is_end = bool(IS_ABOUT_END.search(about))
    state = State.UNKNOWN
    if told in YES or told in NO:
        if is_end:
            state = State.ENDED if told in YES else State.HELD
        elif IS_ABOUT_HOLDING.search(about):
            state = State.HELD if told in YES else State.ENDED
    elif is_end and as_day(text):
        state = State.ENDED
    else:
        state = _read_word(told)
    is_later = on is not None and state is State.ENDED and any(day > on for day in _days(text))
    return State.UNKNOWN if is_later else state


def _read_word(told: str) -> State:
    """By the text, or by what is left without numbers, days and brackets around its word."""
    forms = [told, BRACKETED.sub("", told)]
    if found := IN_BRACKETS.fullmatch(told):
        forms.append(found[1])
    forms += [SURROUNDED.sub("", SURROUNDED.sub("", form)) for form in forms]
    for form in forms:
        if ENDED.fullmatch(form):
            return State.ENDED
        if HELD.fullmatch(form):
            return State.HELD
    return State.UNKNOWN


def _days(text: str) -> Iterator[date]:
    for found in GIVEN_DAY.finditer(half_width(text)):
        day = as_day(found[0]) or as_day(f"{found[0]}末")
        if day is not None:
            yield day


@lru_cache(maxsize=REMEMBERED)
def says_ended(text: str) -> bool:
    """Whether a cell of whatever column is nothing but the word for it: 解約済, cancelled."""
    return len(text) <= LONGEST_WORD and read_state(text) is State.ENDED


class StateReader:
    """What the rows of one list say of their state; and what columns say of it that are not read."""

    def __init__(self, *, answers: Mapping[str, int] | None = None, on: date | None = None) -> None:
        """`answers`: by text (`state_text`), what somebody said of it: `IS_HELD` or `HAS_ENDED`."""
        self.answers, self.on = answers or {}, on
        self.name = ""
        self.watched: list[tuple[int, str]] = []
        self.asked: dict[str, int] = {}
        """By text that says neither, the first row with it."""
        self.seen: dict[int, list[int]] = {}
        """By column that is not read as a state, rows in which it says that nothing is held any more."""

    def look_at(self, names: Sequence[str], fields: Mapping[int, str]) -> None:
        """Which columns there are."""
        for index, name in enumerate(names):
            if fields.get(index) == "status":
                self.name = name
            elif fields.get(index, "note") == "note" and (is_remark(name) or not is_unused(name)):
                found = find_field(name)
                self.watched.append((index, name if found and found[0] == "status" else ""))

    def read(self, text: str, row: int) -> State:
        if (answer := self.answers.get(state_text(text))) is not None:
            return State.HELD if answer == IS_HELD else State.ENDED
        state = read_state(text, self.name, self.on)
        if state is State.UNKNOWN and len(self.asked) < MOST_ASKED:
            self.asked.setdefault(state_text(text), row)
        return state

    def is_asked(self, text: str) -> bool:
        return state_text(text) in self.asked

    def watch(self, row: int, cells: Sequence[str]) -> None:
        width = len(cells)
        for index, name in self.watched:
            cell = cells[index] if index < width else ""
            if not cell or len(cell) > LONGEST_WORD or not (name or MAY_END.search(cell)):
                continue
            if read_state(cell, name) is State.ENDED:
                self.seen.setdefault(index, []).append(row)


def state_text(text: str) -> str:
    """The form in which states are compared and asked about."""
    return squeeze(text)[:LONGEST_WORD]


__all__ = ["HAS_ENDED", "IS_HELD", "State", "StateReader", "read_state", "says_ended", "state_text"]
