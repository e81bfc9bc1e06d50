"""Where the logs end: what a backup says of them, so that restoring can compare it."""

from typing import Any

from foundation.integrity.backup.archive import SHA256
from foundation.integrity.backup.facts import Copied, Fact, are_rows


def _from_copied(rows: Copied) -> list[list[Any]]:
    codes = {row["id"]: row["code"] for row in rows["licensing_reseller"]}
    return [
        [codes.get(row["reseller_id"], ""), int(row["last_position"]), row["last_hash"]]
        for row in rows["quotes_eventchain"]
    ]


def _are_heads(rows: Any) -> bool:
    return are_rows(rows, str, int, str) and all(
        (position > 0 and SHA256.fullmatch(found) is not None) or (position, found) == (0, "")
        for _code, position, found in rows
    )


HEADS = Fact(
    sql="SELECT reseller.code, chain.last_position, chain.last_hash FROM quotes_eventchain AS chain "
    "JOIN licensing_reseller AS reseller ON reseller.id = chain.reseller_id ORDER BY reseller.code",
    tables=("quotes_eventchain", "licensing_reseller"),
    from_copied=_from_copied,
    is_right=_are_heads,
)
