"""Many people issue at the same moment: real connections, real transactions."""

import os
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from quotes.models import Quote, QuoteDocument, QuoteEvent, QuoteLine, QuoteNumber
from quotes.paper import DrawingFailed
from quotes.record.refusals import AlreadyIssued
from renewals.drafts.operations import save_draft
from renewals.issue.operations import issue
from renewals.models import QuoteDraft
from renewals.refusals import NotAcknowledged, QuoteRefused
from tests.at_once import at_once
from tests.cast import NOW, make_license_id
from tests.making import fill, holding_of, issue_quote, typed

pytestmark = pytest.mark.django_db(transaction=True)

SOAK = int(os.environ.get("SOAK", "0"))
THREADS = 8
TIMES = SOAK or 2
"""How often each of them issues."""


def numbers(reseller: Any) -> list[str]:
    return list(Quote.objects.filter(reseller=reseller).order_by("sequence").values_list("number", flat=True))


@pytest.mark.soak
@pytest.mark.timeout(3600 if SOAK else 120)
def test_numbers_have_neither_gaps_nor_duplicates(cast):
    """Eight people issue several quotes each, among attempts that are refused, and ones whose PDF fails."""
    licenseids = [make_license_id(cast.customer, f"LIC-{n}", ("SMP-BS", 45), ("SMP-CC", 100)) for n in range(THREADS)]
    cast.minato.seal.save("seal.png", ContentFile(b"\x89PNG no picture"))
    undrawable = make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45))

    def work(licenseid: Any) -> list[str]:
        issued = []
        for _ in range(TIMES):
            with pytest.raises(QuoteRefused):
                issue_quote(licenseid, by=cast.staff, changes={"years": "9"})
            with pytest.raises(NotAcknowledged):
                issue_quote(licenseid, by=cast.staff)
            issued.append(issue_quote(licenseid, by=cast.staff, acknowledged=["mixed-programmes"]).number)
            with pytest.raises(DrawingFailed):
                issue_quote(undrawable, by=cast.stranger)
        return issued

    results = at_once(*[lambda licenseid=licenseid: work(licenseid) for licenseid in licenseids])
    count = THREADS * TIMES
    expected = [f"Q2701-{n:04d}-00" for n in range(1, count + 1)]
    assert sorted(number for result in results for number in result) == expected
    assert numbers(cast.aoba) == expected
    assert numbers(cast.minato) == []
    assert list(QuoteNumber.objects.values_list("reseller", "month", "last")) == [(cast.aoba.pk, "2701", count)]
    assert (QuoteDocument.objects.count(), QuoteEvent.objects.count(), QuoteLine.objects.count()) == (
        count,
        count,
        2 * count,
    )


def test_a_failure_after_the_number_was_taken_gives_it_back(cast):
    """Of the same reseller: every second attempt takes the number and then cannot draw."""
    fine = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
    cast.aoba.logo.save("logo.svg", ContentFile(b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"))
    broken = cast.aoba.logo.storage.save("resellers/broken.png", ContentFile(b"\x89PNG no picture"))

    def succeed() -> list[str]:
        return [issue_quote(fine, by=cast.staff).number for _ in range(4)]

    def fail() -> int:
        failed = 0
        for _ in range(4):
            form = fill(fine)
            form.licenseid.customer.reseller.logo.name = broken
            try:
                issue_with(form, cast.staff)
            except DrawingFailed:
                failed += 1
        return failed

    results = at_once(succeed, fail, succeed, fail)
    assert [results[1], results[3]] == [4, 4]
    assert sorted(results[0] + results[2]) == numbers(cast.aoba) == [f"Q2701-{n:04d}-00" for n in range(1, 9)]
    assert QuoteNumber.objects.get().last == 8


def issue_with(form: Any, by: Any) -> Quote:
    return issue(
        key=form.cleaned_data["key"],
        licenseids=[form.licenseid],
        asked=form.to_asked(),
        acknowledged=[(form.licenseid.code, "already-quoted")],
        seen_total=None,
        issued_by=by,
        now=NOW,
    )


def test_one_key_at_the_same_moment_is_one_quote(cast):
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
    key = uuid.uuid4()
    results = at_once(
        *[lambda by=by: issue_quote(licenseid, by=by, key=key) for by in [cast.staff, cast.colleague] * 4]
    )
    [quote] = [result for result in results if isinstance(result, Quote)]
    others = [result for result in results if not isinstance(result, Quote)]
    assert [type(other) for other in others] == [AlreadyIssued] * 7
    assert {other.quote.pk for other in others} == {quote.pk}
    assert Quote.objects.get().key == key
    assert (QuoteDocument.objects.count(), QuoteEvent.objects.count(), QuoteLine.objects.count()) == (1, 1, 1)
    assert QuoteNumber.objects.get().last == 1


def test_one_key_across_the_end_of_the_month_is_one_quote(cast):
    """The numbers of two months are two rows: nobody waits for the other, the key alone decides."""
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
    key = uuid.uuid4()
    moments = [datetime(2027, 1, 31, 14, 59, 59, tzinfo=UTC), datetime(2027, 1, 31, 15, 0, tzinfo=UTC)] * 3
    results = at_once(*[lambda now=now: issue_quote(licenseid, by=cast.staff, key=key, now=now) for now in moments])
    assert sorted(type(result).__name__ for result in results) == ["AlreadyIssued"] * 5 + ["Quote"]
    quote = Quote.objects.get()
    assert quote.sequence == 1
    assert list(QuoteNumber.objects.values_list("month", "last")) == [(quote.month, 1)]


def test_two_people_issue_the_same_draft(cast):
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
    key = uuid.uuid4()
    save_draft(
        key=key,
        licenseids=[licenseid],
        **typed(fill(licenseid)),
        pricing=None,
        saved_by=cast.staff,
        now=NOW,
    )
    first, second = at_once(
        lambda: issue_quote(licenseid, by=cast.staff, key=key),
        lambda: issue_quote(licenseid, by=cast.colleague, key=key),
    )
    quote, told = (first, second) if isinstance(first, Quote) else (second, first)
    assert isinstance(told, AlreadyIssued)
    assert told.quote == quote
    assert told.quote.issued_by_name in {"青木 陽子", "速水 悠斗"}
    assert Quote.objects.count() == 1
    assert QuoteDraft.objects.count() == 0


def test_one_key_saved_at_the_same_moment_is_one_draft(cast):
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
    key = uuid.uuid4()
    entry = typed(fill(licenseid))

    def save(by: Any) -> Any:
        return save_draft(key=key, licenseids=[licenseid], **entry, pricing=None, saved_by=by, now=NOW).pk

    results = at_once(*[lambda by=by: save(by) for by in [cast.staff, cast.colleague] * 3])
    assert set(results) == {QuoteDraft.objects.get().pk}


def test_a_draft_saved_while_it_is_issued_does_not_stay(cast):
    """The colleague's saving begins before the issue is committed, and has to wait for it."""
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
    key = uuid.uuid4()
    entry = typed(fill(licenseid))
    issued = threading.Event()

    def save() -> QuoteDraft:
        return save_draft(key=key, licenseids=[licenseid], **entry, pricing=None, saved_by=cast.colleague, now=NOW)

    def issue_slowly() -> Quote:
        with transaction.atomic():
            quote = issue_quote(licenseid, by=cast.staff, key=key)
            issued.set()
            time.sleep(0.5)
        return quote

    def save_meanwhile() -> QuoteDraft:
        assert issued.wait(30)
        return save()

    save()
    quote, told = at_once(issue_slowly, save_meanwhile)
    assert isinstance(told, AlreadyIssued)
    assert told.quote == quote
    assert QuoteDraft.objects.count() == 0


@pytest.mark.parametrize("is_saved_first", [True, False])
def test_the_first_saving_beside_the_issue_leaves_no_draft(cast, is_saved_first):
    """One form, two buttons: whichever begins first, the other waits for its end."""
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
    key = uuid.uuid4()
    entry = typed(fill(licenseid))
    has_begun = threading.Event()

    def save() -> QuoteDraft:
        return save_draft(key=key, licenseids=[licenseid], **entry, pricing=None, saved_by=cast.staff, now=NOW)

    def issue_it() -> Quote:
        return issue_quote(licenseid, by=cast.staff, key=key)

    def begin(task: Callable[[], Any]) -> Any:
        with transaction.atomic():
            done = task()
            has_begun.set()
            time.sleep(0.5)
        return done

    def follow(task: Callable[[], Any]) -> Any:
        assert has_begun.wait(30)
        return task()

    first, second = (save, issue_it) if is_saved_first else (issue_it, save)
    at_once(lambda: begin(first), lambda: follow(second))
    assert Quote.objects.get().key == key
    assert QuoteDraft.objects.count() == 0


def test_many_keys_and_many_quantities_add_up(cast):
    """Every quote holds its own lines and its own PDF, whoever issued beside it."""
    licenseids = [make_license_id(cast.customer, f"LIC-{n}", ("SMP-BS", 10 + n)) for n in range(4)]
    at_once(*[lambda licenseid=licenseid: issue_quote(licenseid, by=cast.staff) for licenseid in licenseids])
    for n, licenseid in enumerate(licenseids):
        quote = Quote.objects.get(parts__licenseid=licenseid)
        line = quote.lines.get()
        assert (line.quantity, line.amount) == (10 + n, (10 + n) * 4750)
        assert quote.document["number"] == quote.number
        assert quote.trace[0]["key"] == str(holding_of(licenseid).pk)
