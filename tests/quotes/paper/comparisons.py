"""Comparisons as the portal lays them out, without a portal."""

from typing import Any

from quotes.paper.comparison import AlternativeColumn, Choice, ComparedPart, ComparisonDocument
from tests.quotes.paper.documents import make_document


def choice(renewed: int | None, added: int = 0, rank: str = "D") -> Choice:
    return {"renewed": renewed, "added": added, "rank": rank}


CHOICES = [choice(100), choice(80, 0, "C"), choice(100, 20), choice(100), choice(0, 0, ""), choice(None, 5, "A")]


def make_part(code: str, *, alternatives: int, years: list[int] | None = None) -> ComparedPart:
    return {
        "license_id": code,
        "years": years or [1, 3, 5, 1, 3, 5][:alternatives],
        "subtotals": [192_000 + number for number in range(alternatives)],
        "products": [
            {
                "code": "SMP-CC",
                "name": "TRSL ウイルスバスター Corp.Client",
                "unit": "クライアント",
                "held": 100,
                "choices": CHOICES[:alternatives],
            },
            {
                "code": "SMP-IM",
                "name": "TRSL InterScan Messaging Security",
                "unit": "クライアント",
                "held": 0,
                "choices": [choice(None, 20 * number, "D" if number else "") for number in range(alternatives)],
            },
        ],
    }


def make_comparison(*, alternatives: int = 3, license_ids: int = 1, **changes: Any) -> ComparisonDocument:
    quote = make_document(language=changes.pop("language", "ja"))
    columns: list[AlternativeColumn] = [
        {
            "label": ["現状維持", "減数", "", "追加あり・長い見出しの案です", "", ""][number],
            "list_subtotal": 1_234_567 + number,
            "free_subtotal": 0,
            "subtotal": 1_234_567 + number,
            "tax": 123_456,
            "total": 1_358_023 + number,
            "per_year": 411_522,
            "difference": [0, -17_600, 77_000, 0, 1, -1][number],
            "warnings": ["80に減らすと、100を維持するより高くなります。"] if number in (1, 3) else [],
        }
        for number in range(alternatives)
    ]
    document: ComparisonDocument = {
        "language": quote["language"],
        "number": "C2611-0007",
        "is_sample": False,
        "made_at": quote["issued_at"],
        "made_on": quote["issued_on"],
        "valid_until": quote["valid_until"],
        "subject": quote["subject"],
        "addressee": quote["addressee"],
        "issuer": quote["issuer"],
        "price_list": "2026年10月版",
        "is_list_shown": True,
        "tax_percents": ["10.00"],
        "parts": [make_part(f"TM-0048-22{number}0", alternatives=alternatives) for number in range(license_ids)],
        "alternatives": columns,
        "conditions": ["本書は2026年11月23日時点の保有数量にもとづきます。"],
    }
    return {**document, **changes}  # type: ignore[typeddict-item]
