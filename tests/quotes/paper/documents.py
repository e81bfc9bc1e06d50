"""Documents for the drawing tests: whole quotes as plain data, changed where a test needs it."""

import base64
import struct
import zlib
from copy import deepcopy
from datetime import datetime
from typing import Any

from quotes.paper.acknowledgement import acknowledge
from quotes.paper.document import CalculationPart, Discontinued, Document, Line, Order, Part

CONDITIONS = {
    "ja": [
        "本見積は2026年11月23日現在の保有数に基づいています。",
        "本見積は注文の誘引であり、契約の申込みではありません。",
        "メーカーの価格改定または製品の終了により、本見積を撤回または改訂することがあります。",
        "消費税は役務の提供日の税率によります。",
        "数量または期間を変更する場合は、あらためてお見積りします。",
    ],
    "en": [
        "This quotation is based on the licenses held as of 23 November 2026.",
        "It invites an order and is not itself an offer.",
        "It may be withdrawn or revised if the vendor changes prices or ends a product.",
        "Consumption tax is that of the day of supply.",
        "A changed quantity or term needs a new quotation.",
    ],
}


def make_line(**changes: Any) -> Line:
    line: Line = {
        "product_code": "SMP-CC",
        "product_name": "TRSL ウイルスバスター Corp.Client",
        "kind": "renewal",
        "unit": "本",
        "quantity": 120,
        "held_quantity": 120,
        "rank": "D",
        "rank_reason": "TRSL: SMP-CC 120本によりランクD",
        "renewal_price": 1920,
        "addition_price": None,
        "years": 1,
        "amount_before_discount": 230400,
        "discount_percent": None,
        "amount": 230400,
        "license_id": "TM-0048-2210",
        "support_expires_on": "2027-03-31",
        "term_from": "2027-04-01",
        "term_until": "2028-03-31",
    }
    return {**line, **changes}  # type: ignore[typeddict-item]


FOUR_LINES: list[Line] = [
    make_line(),
    make_line(
        product_code="SMP-IM",
        product_name="TRSL InterScan Messaging Security",
        kind="reduced_renewal",
        quantity=30,
        held_quantity=45,
        renewal_price=1330,
        amount_before_discount=39900,
        amount=39900,
    ),
    make_line(
        product_code="SMP-WM",
        product_name="InterScan WebManager",
        unit="クライアント",
        quantity=100,
        held_quantity=100,
        rank="C",
        rank_reason="SMP-WM 100クライアントによりランクC",
        renewal_price=2460,
        years=3,
        amount_before_discount=738000,
        discount_percent="8.00",
        amount=678960,
        license_id="TM-0051-9934",
        term_until="2030-03-31",
    ),
    make_line(
        kind="addition",
        quantity=10,
        held_quantity=None,
        addition_price=4370,
        renewal_price=2180,
        rank="C",
        years=3,
        amount_before_discount=87300,
        amount=87300,
        support_expires_on=None,
        term_until="2030-03-31",
    ),
]


SUM_WITH_DISCOUNT = make_line(
    kind="addition",
    quantity=50,
    held_quantity=None,
    addition_price=3850,
    renewal_price=1920,
    years=3,
    amount_before_discount=384500,
    discount_percent="8.00",
    amount=353740,
    support_expires_on=None,
)


def make_part(**changes: Any) -> Part:
    """A license ID of a quote; the changes are keys of Part."""
    part: dict[str, Any] = {
        "license_id": "TM-0048-2210",
        "years": 1,
        "is_reduced": False,
        "rank_reasons": ["TRSL: SMP-CC 120本によりランクD"],
        "subtotal": 270300,
    }
    part.update(changes)
    return part  # type: ignore[return-value]


def make_document(*, language: str = "ja", lines: list[Line] | None = None, **changes: Any) -> Document:
    """A quote of four lines as it is usually issued. `issuer` and `addressee` are merged, the rest replaced."""
    lines = deepcopy(FOUR_LINES if lines is None else lines)
    subtotal = sum(line["amount"] for line in lines)
    tax = subtotal // 10
    japanese = language == "ja"
    document: dict[str, Any] = {
        "language": language,
        "number": "Q2611-0042-00",
        "is_sample": False,
        "issued_at": "2026-11-23T10:15:30+09:00",
        "issued_on": "2026-11-23",
        "valid_until": "2026-12-23",
        "subject": "セキュリティ製品ライセンス更新" if japanese else "Renewal of security software licenses",
        "note": "",
        "addressee": {
            "name": "株式会社髙﨑製作所",
            "department": "情報システム部",
            "person": "",
            "postal_code": "370-0829",
            "address": "群馬県高崎市高松町1-2-3 髙﨑ビル4階",
        },
        "issuer": {
            "name": "株式会社北斗システム",
            "postal_code": "101-0021",
            "address": "東京都千代田区外神田9-8-7 北斗ビル",
            "phone": "03-5555-0142",
            "email": "quotes@hokuto.example",
            "person": "青木 陽子",
            "registration_number": "T7000012050002",
            "seal": None,
            "logo": None,
        },
        "delivery": "ご注文から5営業日・電子納品" if japanese else "Electronic, within 5 business days",
        "payment_terms": "月末締め翌月末お支払い" if japanese else "Net 30 days",
        "price_list": "2026年10月版" if japanese else "October 2026",
        "parts": [make_part()],
        "lines": lines,
        "discontinued": [],
        "tax_totals": [{"percent": "10.00", "subtotal": subtotal, "tax": tax}],
        "subtotal": subtotal,
        "tax": tax,
        "total": subtotal + tax,
        "conditions": CONDITIONS[language],
        "calculation": [],
        "check": {"address": "https://portal.example.jp/check/", "code": "8K3M-Q2ZT-7W0C"},
    }
    for part in ("issuer", "addressee"):
        document[part].update(changes.pop(part, {}))
    document.update(changes)
    return document  # type: ignore[return-value]


def make_long_document(*, lines: int, **changes: Any) -> Document:
    """The usual four kinds of line, over and over."""
    return make_document(
        lines=[
            {**FOUR_LINES[i % 4], "product_code": f"SMP-{i + 1:04}", "license_id": f"TM-{i + 1:04}-0001"}
            for i in range(lines)
        ],
        **changes,
    )


def make_several_document(*, license_ids: int, lines: int, **changes: Any) -> Document:
    """A quote over several license IDs with so many lines in all, the usual four kinds over and over."""
    every: list[Line] = [
        {
            **FOUR_LINES[i % 4],
            "product_code": f"SMP-{i + 1:04}",
            "license_id": f"TM-{i * license_ids // lines + 1:04}-0001",
        }
        for i in range(lines)
    ]
    parts = [
        make_part(
            license_id=code,
            years=1 + number % 3,
            is_reduced=number % 2 == 1,
            rank_reasons=[f"TRSL: SMP-CC {number + 100}本によりランクD"],
            subtotal=sum(line["amount"] for line in every if line["license_id"] == code),
        )
        for number, code in enumerate(dict.fromkeys(line["license_id"] for line in every), start=1)
    ]
    return make_document(lines=every, parts=parts, **changes)


def make_filled_document(text: str, **changes: Any) -> Document:
    """A document with the text wherever someone outside writes."""
    texts = {"name": text, "address": text, "person": text}
    return make_document(
        subject=text,
        note=text,
        delivery=text,
        payment_terms=text,
        price_list=text,
        conditions=[text],
        addressee={**texts, "department": text, "postal_code": text},
        issuer={**texts, "phone": text, "email": text, "registration_number": text},
        lines=[
            make_line(product_code=text, product_name=text, unit=text, rank=text, rank_reason=text, license_id=text)
        ],
        discontinued=[
            {
                "license_id": text,
                "product_code": text,
                "product_name": text,
                "unit": text,
                "held_quantity": 1,
                "support_expires_on": "2027-03-31",
            }
        ],
        calculation=[{"title": text, "steps": [{"rule": text, "text": text, "result": text}]}],
        **changes,
    )


def make_discontinued(count: int) -> list[Discontinued]:
    return [
        {
            "license_id": "TM-0048-2210",
            "product_code": f"SMP-D{number}",
            "product_name": "Deep Sample",
            "unit": "本",
            "held_quantity": 1000 + number,
            "support_expires_on": "2027-03-31",
        }
        for number in range(count)
    ]


CALCULATION: list[CalculationPart] = [
    {
        "title": f"{number}. SMP-CC TRSL ウイルスバスター Corp.Client",
        "steps": [
            {
                "rule": "R2",
                "rule_name": "新サポート期間",
                "text": "2027年3月31日の翌日から1年",
                "result": "2027年4月1日～2028年3月31日",
            },
            {"rule": "R4", "rule_name": "ランク数量", "text": "ライセンスID TM-0048-2210 の数量", "result": "120本"},
            {
                "rule": "R6",
                "rule_name": "TRSL製品のランク",
                "text": "ライセンスID内で最多の製品 SMP-CC 120本（100本から）",
                "result": "ランクD",
            },
            {"rule": "R10", "rule_name": "更新金額", "text": "1,920 × 120 × 1", "result": "¥230,400"},
        ],
    }
    for number in range(1, 5)
]


def make_png(*, red: int = 200, green: int = 40, blue: int = 40, size: int = 64) -> bytes:
    """A square ring on a transparent ground, like a seal."""
    rows = []
    for y in range(size):
        row = b"\0"
        for x in range(size):
            ring = min(x, y, size - 1 - x, size - 1 - y) < size // 10 or (x // 6 + y // 6) % 3 == 0
            row += bytes([red, green, blue, 220 if ring else 0])
        rows.append(row)
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"".join(rows))),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


LOGO_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 60">'
    '<path d="M30 4 L38 24 L58 30 L38 36 L30 56 L22 36 L2 30 L22 24 Z" fill="#0b5d6b"/>'
    '<rect x="74" y="20" width="150" height="20" rx="4" fill="#1c2430"/></svg>'
).encode()


def make_image(content: bytes, media_type: str) -> dict[str, str]:
    return {"media_type": media_type, "base64": base64.b64encode(content).decode()}


SEAL = make_image(make_png(), "image/png")
LOGO = make_image(LOGO_SVG, "image/svg+xml")


def make_acknowledgement(*, language: str = "ja", order_number: str = "PO-2026-77") -> Document:
    order: Order = {"quote_number": "Q2611-0042-00", "ordered_on": "2026-11-24", "order_number": order_number}
    now = datetime.fromisoformat("2026-11-25T10:00:00+09:00")
    return acknowledge(
        document=make_document(language=language), order=order, number="A2611-0042-00-1", now=now, on="2026-11-25"
    )
