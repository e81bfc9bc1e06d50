"""(d) Drawing a quote with typst, against the template and the data of 2026-11-26, which are kept here as they were.

Wholly different quotes of one reseller, and near-copies: of a revision only number, days and check code differ. Texts
and QR codes are ready before the clock starts; what is measured is processor time: typst may use several cores.
Each draws in a process of its own, as a portal does: typst remembers for a whole process, and clears away what the
other template left there.
"""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

from .measure import Work, time_apart, time_in_turns, typical, typical_ratio
from .results import Result

REFERENCE = Path(__file__).with_name("reference")
VARIED = "~"
"""What such a text of the reference's sheet goes on with is another one in each quote."""
DIFFERENT_GOAL, NEAR_GOAL = 0.7, 0.25
WARM_UP = 3
"""Drawings of each before the clock starts."""

OTHERS = (
    "addressee",
    "subject",
    "parts",
    "lines",
    "discontinued",
    "calculation",
    "tax_totals",
    "subtotal",
    "tax",
    "total",
)
"""Of a document: what is another quote's."""
ALIKE = {"kind", "rank", "years", "percent", "discount_percent", "rule", "rule_name", "is_reduced"}
DAYS = {"support_expires_on", "term_from", "term_until"}
HAN = re.compile("[\u4e00-\u9fff]")
KANJI = "東西南北本山川田中村上下大小高木林森石井青白赤黒海空星月日火水金土花春夏秋冬会社株式情報部製作所工業商事"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

Filled = Callable[[int], Any]
"""The sheet of the quote of that number."""


def measure(document: Any, *, rounds: int = 40) -> list[Result]:
    """`document` is an issued quote of four lines."""
    results = []
    for kind, name, goal in (
        ("different", "Drawing wholly different quotes", DIFFERENT_GOAL),
        ("near", "Drawing near-copies: number and days", NEAR_GOAL),
        ("recoded", "Drawing near-copies: check code too", None),
    ):
        makers = {"then": partial(draw_then, document, kind, rounds), "now": partial(draw_now, document, kind, rounds)}
        seconds = time_apart(makers, rounds=rounds, warm_up=WARM_UP) if rounds > 1 else time_here(makers)
        if kind == "different":
            results.append(Result("Drawing, reference", typical(seconds["then"]) * 1000, "ms"))
        ratio = typical_ratio(seconds["now"], seconds["then"])
        results.append(Result(name, typical(seconds["now"]) * 1000, "ms"))
        results.append(Result(f"{name} : reference", ratio, "x", at_most=goal))
    return results


def time_here(makers: Mapping[str, Callable[[], Work]]) -> dict[str, list[float]]:
    """One round of each in this process: to see that it can be measured, not how fast it is."""
    return time_in_turns({name: make() for name, make in makers.items()}, rounds=1, warm_up=WARM_UP, clock=process_time)


def draw_then(document: Any, kind: str, rounds: int) -> Work:
    sheets: dict[str, Filled] = {
        "different": different_sheet,
        "near": near_sheet,
        "recoded": partial(near_sheet, with_code=True),
    }
    return reference(document, iter([sheets[kind](seed) for seed in range(WARM_UP + rounds)]))


def draw_now(document: Any, kind: str, rounds: int) -> Work:
    documents: dict[str, Callable[[Any, int], Any]] = {
        "different": differ,
        "near": renumber,
        "recoded": partial(renumber, with_code=True),
    }
    return press(document, (lay_out_of(documents[kind](document, seed)) for seed in range(WARM_UP + rounds)))


# --- How it is drawn, then and now ----------------------------------------------------------------------------------


def reference(document: Any, sheets: Iterator[Any]) -> Work:
    """Every quote is a compiler of its own, with its data in `sys_inputs`."""
    import typst

    from quotes.paper.drawing import STANDARDS, Folder, load_fonts

    files = pictures_of(document)
    folder, fonts = Folder(files), load_fonts()
    source, at = (REFERENCE / "quote.typ").read_bytes(), datetime.fromisoformat(document["issued_at"])
    texts = iter([json.dumps(with_pictures(sheet, files), ensure_ascii=False) for sheet in sheets])

    def compile_one() -> object:
        return typst.compile(  # type: ignore[call-overload]
            source,
            root=folder.path,
            font_paths=fonts,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": next(texts)},
            pdf_standards=STANDARDS,
            timestamp=at,
        )

    return compile_one


def press(document: Any, sheets: Iterator[Any]) -> Work:
    from quotes.paper.drawing import print_sheet

    files = pictures_of(document)
    ready = iter([with_pictures(sheet, files) for sheet in sheets])
    return lambda: print_sheet(next(ready), files, at=document["issued_at"])


def pictures_of(document: Any) -> list[tuple[str, bytes]]:
    from quotes.paper.drawing import PICTURES, read_picture

    return [file for picture in PICTURES if (file := read_picture(picture, document["issuer"], document["language"]))]


def with_pictures(sheet: Any, files: list[tuple[str, bytes]]) -> Any:
    for name, _ in files:
        sheet["issuer"][f"{Path(name).stem}_file"] = name
    return sheet


def lay_out_of(document: Any) -> Any:
    from quotes.paper.sheet import lay_out

    return lay_out(document)


# --- Quotes that differ ---------------------------------------------------------------------------------------------


def differ(document: Any, seed: int) -> Any:
    """Another customer, other products, other amounts; of the same reseller, and as long."""
    order = random.Random(seed)
    return renumber({**document, **{name: vary(document[name], order) for name in OTHERS}}, seed, with_code=True)


def vary(value: Any, order: random.Random) -> Any:
    if isinstance(value, dict):
        return {key: one if key in ALIKE | DAYS else vary(one, order) for key, one in value.items()}
    if isinstance(value, list):
        return [vary(one, order) for one in value]
    if isinstance(value, str):
        return vary_text(value, order)
    return order.randint(value // 2, value) if isinstance(value, int) else value


def vary_text(text: str, order: random.Random) -> str:
    text = re.sub("[0-9]", lambda _: str(order.randint(1, 9)), text)
    return HAN.sub(lambda _: order.choice(KANJI), text)


def renumber(document: Any, seed: int, *, with_code: bool = False) -> Any:
    """A revision: another number and other days; `with_code`: and another check code."""
    day = date.fromisoformat(document["issued_on"]) + timedelta(days=seed)
    changed = {**document, "number": f"Q9901-{seed:04}-00", "issued_on": day.isoformat()}
    changed["valid_until"] = (day + timedelta(days=30)).isoformat()
    if with_code:
        changed["check"] = {**document["check"], "code": code_of(seed)}
    return changed


def code_of(seed: int) -> str:
    order = random.Random(seed)
    return "-".join("".join(order.choices(ALPHABET, k=4)) for _ in range(3))


def near_sheet(seed: int, *, with_code: bool = False) -> Any:
    """As `renumber`, of the reference's sheet."""
    from quotes.paper.check import draw_qr
    from quotes.paper.wording import write_day

    sheet = load_sheet(lambda text: text)
    day = date(2026, 11, 26) + timedelta(days=seed)
    until = day + timedelta(days=30)
    sheet["number"] = sheet["facts"][0][1] = f"Q9901-{seed:04}-00"
    sheet["facts"][1][1] = write_day(day.isoformat(), language="ja")
    sheet["terms"][2][1] = f"{write_day(until.isoformat(), language='ja')}まで"
    if with_code:
        sheet["check"]["code"][1] = code_of(seed)
        sheet["check"]["link"] = f"{sheet['check']['address']}{code_of(seed)}/"
    sheet["check"]["qr"] = draw_qr(sheet["check"]["link"])
    return sheet


def different_sheet(seed: int) -> Any:
    """As `differ`, of the reference's sheet."""
    order = random.Random(seed)
    renumbered = near_sheet(seed, with_code=True)
    other = load_sheet(lambda text: vary_text(text, order))
    return {**other, **{name: renumbered[name] for name in ("number", "facts", "terms", "check")}}


def load_sheet(change: Callable[[str], str]) -> Any:
    def changed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: changed(one) for key, one in value.items()}
        if isinstance(value, list):
            return [changed(one) for one in value]
        if isinstance(value, str) and value.startswith(VARIED):
            return change(value.removeprefix(VARIED))
        return value

    return changed(json.loads((REFERENCE / "sheet.json").read_text(encoding="utf-8")))
