"""What is not issued: it writes nothing and takes no number."""

import uuid
from datetime import date

import pytest

from quotes.record.refusals import AlreadyIssued, FormKeyTaken
from renewals.drafts.operations import save_draft
from renewals.refusals import NotAcknowledged, PriceChanged, QuoteRefused
from tests.cast import NOW, make_license_id
from tests.making import NOTHING, count_rows, everything_written, fill, holding_of, issue_quote, typed

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>'


def test_a_refused_request_writes_nothing_and_takes_no_number(cast, licenseid):
    with pytest.raises(QuoteRefused, match=r"^term-out-of-range$") as refused:
        issue_quote(licenseid, by=cast.staff, changes={"years": "7"})
    assert [one.problem.code for one in refused.value.calculation.pricing.refusals] == ["term-out-of-range"]
    assert count_rows() == NOTHING
    assert issue_quote(licenseid, by=cast.staff).number == "Q2701-0001-00"


@pytest.mark.parametrize("ticked", [[], ["support-expired"], ["reduction-does-not-save-"], ["mixed-programmes"]])
def test_a_warning_must_be_ticked_by_its_own_code(cast, ticked):
    licenseid = make_license_id(cast.customer, "LIC-1003", ("SMP-CC", 100))
    changes = {"is_reduced": "on", f"quantity-{holding_of(licenseid).pk}": "99"}
    with pytest.raises(NotAcknowledged) as refused:
        issue_quote(licenseid, by=cast.staff, changes=changes, acknowledged=ticked)
    assert [(one.license_id, one.problem.code) for one in refused.value.warnings] == [
        ("LIC-1003", "reduction-does-not-save")
    ]
    assert count_rows() == NOTHING


def test_only_the_warnings_not_ticked_are_named(cast):
    licenseid = make_license_id(cast.customer, "LIC-1006", ("SMP-CC", 100), ("SMP-BS", 45), expires=date(2027, 1, 14))
    with pytest.raises(NotAcknowledged, match=r"^mixed-programmes$"):
        issue_quote(licenseid, by=cast.staff, acknowledged=["support-expired"])
    assert count_rows() == NOTHING


def test_another_total_than_the_one_seen_is_not_issued(cast, licenseid):
    with pytest.raises(PriceChanged) as changed:
        issue_quote(licenseid, by=cast.staff, seen_total=222_749)
    assert changed.value.calculation.pricing.total == 222_750
    assert count_rows() == NOTHING
    assert issue_quote(licenseid, by=cast.staff, seen_total=222_750).total == 222_750


def test_one_key_is_one_quote(cast, licenseid):
    key = uuid.uuid4()
    first = issue_quote(licenseid, by=cast.staff, key=key)
    before = everything_written()
    with pytest.raises(AlreadyIssued) as again:
        issue_quote(licenseid, by=cast.colleague, key=key, changes={"years": "2"})
    assert again.value.quote == first
    assert everything_written() == before


def test_a_key_belongs_to_one_license_id(cast, licenseid):
    other = make_license_id(cast.customer, "LIC-1007", ("SMP-BS", 20))
    key = uuid.uuid4()
    issue_quote(licenseid, by=cast.staff, key=key)
    before = everything_written()
    with pytest.raises(FormKeyTaken):
        issue_quote(other, by=cast.staff, key=key)
    assert everything_written() == before


def test_the_key_of_another_license_ids_draft_is_taken(cast, licenseid):
    foreign = make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45))
    draft = save_draft(
        key=uuid.uuid4(), licenseids=[foreign], **typed(fill(foreign)), pricing=None, saved_by=cast.stranger, now=NOW
    )
    before = everything_written()
    with pytest.raises(FormKeyTaken):
        issue_quote(licenseid, by=cast.staff, key=draft.key)
    assert everything_written() == before
