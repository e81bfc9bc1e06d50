"""Many quotes in one go, some of which need approval: a group of their own, asked for together, then issued."""

import pytest
from django.urls import reverse

from foundation.mail.models import OutgoingMail
from quotes.models import Quote, QuoteEvent
from renewals.approval.operations import answer
from renewals.batch.operations import RunRefused, ask_rows, follow
from renewals.batch.queries import rows_to_ask
from renewals.models import ApprovalRequest
from tests.cast import NOW, make_license_id, sign_in
from tests.renewals.approving import let, limit
from tests.renewals.batches import issue_all, reviewed, row_of, stands, work_issue


@pytest.fixture
def licenseids(cast):
    """¥222,750, ¥211,200 and ¥22,275 … with tax."""
    return [
        make_license_id(cast.customer, "LIC-B1", ("SMP-BS", 45)),
        make_license_id(cast.customer, "LIC-B2", ("SMP-CC", 100)),
        make_license_id(cast.customer, "LIC-B3", ("SMP-CC", 20)),
    ]


@pytest.fixture
def approver(cast):
    limit(cast.aoba, amount=200_000)
    return let(cast.manager)


@pytest.fixture
def run(cast, licenseids, approver):
    return reviewed(licenseids, cast.staff)


def states(run):
    return {code: state for code, state, _total, _unread in stands(run)}


def ask(run, by, message=""):
    return ask_rows(run=run, message=message, by=by, now=NOW)


def answer_all(by, *, is_approved=True, words=""):
    for request in ApprovalRequest.objects.filter(state="waiting"):
        answer(request=request, is_approved=is_approved, words=words, by=by, now=NOW)


def test_what_needs_approval_stands_apart_and_the_rest_is_issued(cast, run):
    assert states(run) == {"LIC-B1": "approval", "LIC-B2": "approval", "LIC-B3": "ready"}
    issue_all(run, cast.staff)
    assert states(run) == {"LIC-B1": "approval", "LIC-B2": "approval", "LIC-B3": "issued"}
    assert Quote.objects.count() == 1


def test_asked_for_in_one_go_and_issued_once_approved(cast, run, approver):
    assert ask(run, cast.staff, "一括です") == 2
    requests = ApprovalRequest.objects.order_by("license_codes")
    assert [(one.license_codes, one.total, one.message, one.asked_by) for one in requests] == [
        ("LIC-B1", 222_750, "一括です", cast.staff),
        ("LIC-B2", 211_200, "一括です", cast.staff),
    ]
    assert [(one.to, one.subject) for one in OutgoingMail.objects.all()] == [
        ("mizuno@aoba.example.jp", "承認のご依頼：見積2件")
    ]
    assert not rows_to_ask(run).exists()
    with pytest.raises(RunRefused):
        ask(run, cast.staff)
    assert follow(run=run, by=cast.staff, now=NOW) == 0
    first, second = requests
    answer(request=first, is_approved=True, words="", by=approver, now=NOW)
    answer(request=second, is_approved=False, words="高い", by=approver, now=NOW)
    assert follow(run=run, by=cast.colleague, now=NOW) == 2
    assert states(run) == {"LIC-B1": "ready", "LIC-B2": "approval", "LIC-B3": "ready"}
    assert row_of(run, "LIC-B2").approval["standing"] == "sent_back"
    issue_all(run, cast.staff)
    assert states(run) == {"LIC-B1": "issued", "LIC-B2": "approval", "LIC-B3": "issued"}
    quote = Quote.objects.get(license_codes="LIC-B1")
    [event] = QuoteEvent.objects.filter(quote=quote)
    assert event.detail["approval"]["by_name"] == "水野 恵子"
    assert quote.key == first.key


def test_somebody_elses_press_issues_nothing_that_was_approved_for_another_name(cast, run, approver):
    ask(run, cast.staff)
    answer_all(approver)
    follow(run=run, by=cast.staff, now=NOW)
    issue_all(run, cast.colleague)
    assert states(run) == {"LIC-B1": "look", "LIC-B2": "look", "LIC-B3": "issued"}
    assert row_of(run, "LIC-B1").changed["ja"].startswith("青木 陽子 が承認を依頼した見積です。")
    assert Quote.objects.count() == 1


def test_a_threshold_that_comes_between_review_and_issue_is_kept(cast, licenseids):
    run = reviewed(licenseids, cast.staff)
    assert set(states(run).values()) == {"ready"}
    limit(cast.aoba, amount=200_000)
    issue_all(run, cast.staff)
    assert states(run) == {"LIC-B1": "approval", "LIC-B2": "approval", "LIC-B3": "issued"}


def test_what_changed_since_it_was_approved_needs_another(cast, run, approver):
    ask(run, cast.staff)
    answer_all(approver)
    follow(run=run, by=cast.staff, now=NOW)
    row = row_of(run, "LIC-B1")
    type(row).objects.filter(pk=row.pk).update(asked={**row.asked, "note": "備考"})
    issue_all(run, cast.staff)
    assert states(run) == {"LIC-B1": "approval", "LIC-B2": "issued", "LIC-B3": "issued"}
    assert row_of(run, "LIC-B1").approval["standing"] == "needed"


def test_where_nobody_may_nothing_is_asked(cast, licenseids):
    limit(cast.aoba, amount=1)
    let(cast.manager, amount=215_000)
    run = reviewed(licenseids, cast.staff)
    with pytest.raises(RunRefused):
        ask(run, cast.staff)
    assert not ApprovalRequest.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_the_page_asks_and_shows_the_group(cast, desk, run, approver):
    here = reverse("renewals:batch", args=[run.key])
    shown = desk.get(here).content.decode()
    assert "Ask for approval of 2 quotes" in shown
    assert "The total of ¥222,750 is ¥22,750 above the threshold of ¥200,000." in shown
    asked = desk.post(reverse("renewals:batch-ask", args=[run.key]), {"message": "至急"}, follow=True).content.decode()
    assert "Approval is asked for of 2 quotes." in asked
    assert ("Ask for approval of" in asked, "waiting for approval" in asked) == (False, True)
    again = desk.post(reverse("renewals:batch-ask", args=[run.key]), {}, follow=True).content.decode()
    assert "No row needs approval that was not asked for." in again
    answer_all(approver, is_approved=False, words="高い")
    assert "sent back" in desk.get(here).content.decode()
    assert desk.get(here, {"show": "approval"}).status_code == 200
    manager = sign_in(cast.manager)
    assert manager.get(reverse("renewals:approvals"), {"show": "all"}).status_code == 200


def test_the_review_asks_as_often_for_many_rows_as_for_one(cast, approver, django_assert_max_num_queries):
    many = [make_license_id(cast.customer, f"LIC-C{at:02}", ("SMP-BS", 45)) for at in range(15)]
    run = reviewed(many, cast.staff)
    ask(run, cast.staff)
    answer_all(approver)
    with django_assert_max_num_queries(40):
        assert follow(run=run, by=cast.staff, now=NOW) == 15
    issue_all(run, cast.staff)
    work_issue(run)
    assert Quote.objects.count() == 15
