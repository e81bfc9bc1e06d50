"""Several approvals at one press: each judged by itself, what stays is named, sent back with words for all or each."""

import uuid

import pytest
from django.urls import reverse
from zeal import zeal_ignore

from licensing.models import Holding
from renewals.approval.operations import answer
from renewals.approval.several import CHANGED, Ticked, answer_each
from renewals.models import ApprovalRequest
from tests.at_once import at_once
from tests.cast import NOW, make_license_id, make_user, sign_in
from tests.making import everything_written
from tests.page import Page
from tests.renewals.approving import example, let, limit, request_for

pytestmark = pytest.mark.django_db
HERE = "/approvals/answer/"


def asked_for(cast, code, *, by=None, **how):
    one = make_license_id(cast.customer, code, ("SMP-CC", 100))
    return request_for(one, by=by or cast.staff, key=uuid.uuid4(), changes=example(one) | how)


@pytest.fixture
def approver(cast):
    limit(cast.aoba, reduction="5")
    return let(cast.manager)


@pytest.fixture
def requests_(cast, approver):
    return [asked_for(cast, f"LIC-500{at}") for at in range(3)]


def post(user, requests, act="approve", **fields):
    data = {"request": [one.pk for one in requests], "act": act} | fields
    with zeal_ignore():  # each is looked at, locked and told of by itself
        return sign_in(user, language="ja").post(HERE, data, follow=True)


def states():
    return list(ApprovalRequest.objects.order_by("pk").values_list("state", "words"))


def test_what_is_ticked_is_approved_with_the_words_for_all(cast, requests_):
    page = Page(sign_in(cast.manager, language="ja").get(reverse("renewals:approvals")))
    assert len(page.all(lambda one: one.tag == "input" and one.attributes.get("name") == "request")) == 3
    shown = Page(post(cast.manager, requests_[:2], words="条件どおりでお願いします"))
    assert "2件を承認しました。 依頼者にメールでお知らせします。" in " ".join(shown.messages)
    assert states() == [("approved", "条件どおりでお願いします")] * 2 + [("waiting", "")]
    assert set(ApprovalRequest.objects.filter(state="approved").values_list("decided_by", flat=True)) == {
        cast.manager.pk
    }


def test_each_is_judged_by_itself_and_what_stays_is_named(cast, approver, requests_):
    own = asked_for(cast, "LIC-5009", by=cast.manager) if let(cast.colleague) else None
    dear = asked_for(cast, "LIC-5010", reduction="9,000")
    approver = let(cast.manager, reduction="12")
    changed, over, fine = requests_
    Holding.objects.filter(licenseid__code="LIC-5000").update(quantity=101)
    answer(request=over, is_approved=False, words="高い", by=cast.colleague, now=NOW)
    shown = Page(post(approver, [changed, over, fine, own, dear]))
    told = " ".join(shown.messages)
    assert "1件を承認しました。" in told
    for code, why in (
        ("LIC-5000", "依頼後に内容が変わっています"),
        ("LIC-5001", "すでに回答待ちではありません"),
        ("LIC-5009", "自分が依頼"),
        ("LIC-5010", "値引き"),
    ):
        [message] = [one for one in shown.messages if code in one]
        assert why in message, message
    assert dict(ApprovalRequest.objects.values_list("license_codes", "state")) == {
        "LIC-5000": "waiting",
        "LIC-5001": "sent_back",
        "LIC-5002": "approved",
        "LIC-5009": "waiting",
        "LIC-5010": "waiting",
    }


def test_sending_back_needs_words_for_all_or_each(cast, requests_):
    first, second, _third = requests_
    before = everything_written()
    refused = post(cast.manager, [first, second], act="send-back", **{f"words-{first.pk}": "ＬＩＣの条件を確認"})
    page = Page(refused)
    assert refused.status_code == 422
    assert everything_written() == before
    assert page.by_id(f"id_words-{second.pk}_error").text() == "差し戻す理由と、修正してほしい点を入力してください。"
    assert not page.has_id(f"id_words-{first.pk}_error")
    assert page.by_id(f"id_words-{first.pk}")["value"] == "ＬＩＣの条件を確認"
    ticks = page.all(lambda one: one.tag == "input" and one.attributes.get("name") == "request")
    assert sorted(one["value"] for one in ticks if "checked" in one.attributes) == sorted(
        [str(first.pk), str(second.pk)]
    )
    post(cast.manager, [first, second], act="send-back", words="共通の理由", **{f"words-{first.pk}": "個別"})
    assert states() == [("sent_back", "個別"), ("sent_back", "共通の理由"), ("waiting", "")]


def test_what_cannot_be_is_refused(cast, requests_):
    before = everything_written()
    assert "回答する依頼を選択してください。" in Page(post(cast.manager, [])).text
    assert post(cast.manager, requests_, act="x").status_code == 422
    desk = sign_in(cast.manager, language="ja")
    assert desk.post(HERE, {"request": ["x", "-1", "９", "9" * 30], "act": "approve"}).status_code == 422
    stranger = let(cast.stranger)
    assert post(stranger, requests_).status_code == 422  # others' are not there
    without = Page(post(cast.colleague, requests_[:1]))
    assert "LIC-5000" in " ".join(without.messages)
    assert everything_written() == before
    with pytest.raises(ValueError, match="without words"):
        answer_each([Ticked(requests_[0], " ")], is_approved=False, by=cast.manager, now=NOW)


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_at_once_answer_each_request_once(cast, requests_):
    second = let(make_user("second@aoba.example.jp", "二人目", "manager", reseller=cast.aoba))
    forth, back = ([Ticked(one, "高い") for one in order] for order in (requests_, requests_[::-1]))
    with zeal_ignore():
        results = at_once(
            lambda: answer_each(forth, is_approved=True, by=cast.manager, now=NOW),
            lambda: answer_each(back, is_approved=False, by=second, now=NOW),
        )
    assert sum(len(answered) for answered, _refused in results) == 3
    assert {one.why for _answered, refused in results for one in refused} <= {"over", CHANGED}
    for one in ApprovalRequest.objects.all():
        assert (one.state, one.decided_by) in (("approved", cast.manager), ("sent_back", second))
