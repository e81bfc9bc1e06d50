"""Values in the one form in which either database gives them back."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from foundation.integrity import canonical_address, canonical_json, canonical_text, make_canonical
from quotes.models import QuoteEvent, QuoteLine


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:7f00:1", "127.0.0.1"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("::FFFF:192.0.2.7%eth0", "192.0.2.7"),
        ("0:0:0:0:0:ffff:c000:207", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::1"),
        ("FE80:0000::0001%3", "fe80::1"),
        ("2001:0DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("::1", "::1"),
        ("64:ff9b::192.0.2.7", "64:ff9b::c000:207"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("192.0.2.07", None),
        ("10.1", None),
        ("192.0.2.0/24", None),
        ("unknown", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_has_one_form(written, kept):
    assert canonical_address(written) == kept
    assert canonical_address(kept) == kept


def test_texts_hold_what_postgresql_holds():
    assert canonical_text("a\x00b\ud800c", 10) == "ab\ufffdc"
    assert canonical_text("か\u3099 ") == "か\u3099 ", "normal forms and spaces stay as they were typed"
    assert canonical_text("abc   ", 3) == "abc"


def test_json_is_what_a_reader_gets():
    assert canonical_json({"b": (1, 2.0, 1e16, 0.1, -0.0), 1: None, "a\x00": "\udfff", None: True}) == {
        "b": [1, 2, 10**16, 0.1, 0], "1": None, "a": "\ufffd", "null": True
    }  # fmt: skip
    for number in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="JSON knows no"):
            canonical_json([number])
    with pytest.raises(TypeError, match="JSON knows no Decimal"):
        canonical_json({"x": Decimal(1)})


def test_a_row_is_brought_to_its_form_field_by_field():
    tokyo = timezone(timedelta(hours=9))
    event = QuoteEvent(
        ip="::ffff:7f00:1", user_agent="x" * 301, detail={"n": 1.0}, at=datetime(2027, 1, 15, 10, 0, 0, 1, tzinfo=tokyo)
    )
    make_canonical(event)
    assert (event.ip, len(event.user_agent), event.detail) == ("127.0.0.1", 300, {"n": 1})
    assert event.at.isoformat() == datetime(2027, 1, 15, 1, 0, 0, 1, tzinfo=UTC).isoformat()
    line = QuoteLine(discount_percent=Decimal("5E+1"))
    make_canonical(line)
    assert str(line.discount_percent) == "50.00"
