"""Approved, sent back, withdrawn, asked anew and issued at the same moment: one of them counts, the others are told."""

import uuid

import pytest

from foundation.mail.models import OutgoingMail
from quotes.models import Quote
from quotes.record.refusals import AlreadyIssued
from renewals.approval.operations import NotToAnswer, answer, withdraw
from renewals.models import ApprovalRequest
from renewals.refusals import NeedsApproval
from tests.at_once import at_once
from tests.cast import NOW, make_license_id, make_user
from tests.making import issue_quote
from tests.renewals.approving import example, let, limit, request_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(cast):
    limit(cast.aoba, reduction="5")
    let(cast.manager)
    licenseid = make_license_id(cast.customer, "LIC-2001", ("SMP-CC", 100))
    return licenseid, request_for(licenseid, by=cast.staff, drafted_by=cast.staff)


def kinds(results):
    return sorted(type(one).__name__ for one in results)


def test_two_answers_and_a_withdrawal(cast, asked):
    _licenseid, request = asked
    second = let(make_user("second@aoba.example.jp", "二人目", "manager", reseller=cast.aoba))

    def approve():
        return answer(request=request, is_approved=True, words="", by=cast.manager, now=NOW)

    def send_back():
        return answer(request=request, is_approved=False, words="高い", by=second, now=NOW)

    def take_back():
        return withdraw(request=request, by=cast.staff, now=NOW)

    results = at_once(approve, send_back, take_back, approve)
    assert kinds(results) == ["ApprovalRequest", "NotToAnswer", "NotToAnswer", "NotToAnswer"]
    assert {one.why for one in results if isinstance(one, NotToAnswer)} == {"over"}
    [found] = ApprovalRequest.objects.all()
    [won] = [one for one in results if isinstance(one, ApprovalRequest)]
    assert (found.state, found.decided_by) == (won.state, won.decided_by)
    told = OutgoingMail.objects.filter(to="aoki@aoba.example.jp").count()
    assert told == (found.state != "withdrawn")


def test_asked_at_once_is_asked_once(cast, asked):
    licenseid, request = asked
    changes = example(licenseid) | {"reduction": "3,000"}
    results = at_once(*[lambda: request_for(licenseid, by=cast.staff, key=request.key, changes=changes)] * 3)
    assert len({one.pk for one in results}) == 1
    states = ApprovalRequest.objects.order_by("round").values_list("round", "state")
    assert [*states] == [(1, "withdrawn"), (2, "waiting")]


def test_issued_while_it_is_sent_back_or_asked_anew(cast, asked):
    """What is issued was approved, whoever comes first."""
    licenseid, request = asked

    def issue_it():
        return issue_quote(licenseid, by=cast.staff, key=request.key, changes=example(licenseid))

    def send_back():
        return answer(request=request, is_approved=False, words="高い", by=cast.manager, now=NOW)

    results = at_once(issue_it, send_back, issue_it)
    assert kinds(results) == ["ApprovalRequest", "NeedsApproval", "NeedsApproval"]
    again = request_for(licenseid, by=cast.staff, key=request.key)
    answer(request=again, is_approved=True, words="", by=cast.manager, now=NOW)
    changes = example(licenseid) | {"reduction": "3,000"}

    def ask_otherwise():
        return request_for(licenseid, by=cast.staff, key=request.key, changes=changes)

    results = at_once(issue_it, ask_otherwise, issue_it)
    issued = [one for one in results if isinstance(one, Quote)]
    assert len(issued) == Quote.objects.count() <= 1
    if issued:
        assert issued[0].total == 187_000
        assert kinds(results)[-1] == "Quote"
        late = [one for one in results if not isinstance(one, Quote)]
        assert all(isinstance(one, AlreadyIssued | ApprovalRequest) for one in late)
    else:  # asked anew before: the new round is what counts
        assert {type(one) for one in results} == {ApprovalRequest, NeedsApproval}


def test_different_quotes_are_asked_for_side_by_side(cast, asked):
    others = [make_license_id(cast.customer, f"LIC-300{at}", ("SMP-CC", 100)) for at in range(3)]
    results = at_once(
        *[lambda one=one: request_for(one, by=cast.staff, key=uuid.uuid4(), changes=example(one)) for one in others]
    )
    assert kinds(results) == ["ApprovalRequest"] * 3
