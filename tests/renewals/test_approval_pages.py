"""Approval on screen: asked for from the form, answered on its page, issued in one click; who sees what."""

import io
import uuid

import pytest
from django.urls import reverse
from pypdf import PdfReader

from licensing.models import Reseller
from quotes.links.operations import make_link
from quotes.models import Quote
from renewals.approval.operations import answer
from renewals.models import ApprovalRequest, QuoteDraft
from tests.cast import NOW, make_license_id, sign_in
from tests.making import count_rows, fill, issue_quote
from tests.page import open_form
from tests.renewals.approving import REASON, example, let, limit, request_for
from tests.renewals.asking import entry_of

FORM = "/license-ids/LIC-2001/quote/"


@pytest.fixture
def licenseid(cast):
    return make_license_id(cast.customer, "LIC-2001", ("SMP-CC", 100))


@pytest.fixture
def approver(cast):
    limit(cast.aoba, reduction="5")
    return let(cast.manager)


@pytest.fixture
def typed(desk, licenseid):
    """E15, typed into the form."""
    fields = open_form(desk, FORM).fields
    return fields | {name: [text] for name, text in example(licenseid).items()} | {"seen_total": ["187000"]}


def page_of(answer):
    return answer.content.decode()


class TestForm:
    def test_the_button_asks_for_approval_and_says_why(self, desk, approver, typed):
        shown = page_of(desk.post(FORM, typed | {"action": "calculate"}))
        assert 'value="ask-approval"' in shown
        assert 'value="issue"' not in shown
        assert "The reduction of 11.46 % (¥22,000) is ¥12,400 above the threshold of 5 % (¥9,600)." in shown

    def test_below_the_threshold_it_issues(self, desk, approver, licenseid):
        shown = page_of(desk.get(FORM))
        assert ('value="ask-approval"' in shown, 'value="issue"' in shown) == (False, True)

    def test_the_button_follows_the_preview_only_where_it_changes(self, desk, approver, typed):
        plain = open_form(desk, FORM)
        first = page_of(desk.post(f"{FORM}preview/", typed | {"shown": plain.fields.get("shown", [""])}))
        assert 'id="issue-act" data-hx-swap-oob="innerHTML"' in first
        assert "ask-approval" in first
        shown = [first.partition('data-shown="')[2].partition('"')[0]]
        again = page_of(desk.post(f"{FORM}preview/", typed | {"shown": shown}))
        assert 'id="issue-act"' not in again

    def test_issuing_is_refused_with_words_and_nothing_is_lost(self, desk, approver, typed):
        before = count_rows()
        answered = desk.post(FORM, typed | {"action": "issue"})
        assert answered.status_code == 422
        assert "It needs approval by a colleague first" in page_of(answered)
        assert REASON in page_of(answered)
        assert count_rows() == before

    def test_asked_answered_and_issued_in_one_click(self, cast, desk, approver, typed, licenseid):
        asked = desk.post(FORM, typed | {"action": "ask-approval"}, follow=True)
        [request] = ApprovalRequest.objects.all()
        assert asked.redirect_chain == [(reverse("renewals:approval", args=[request.key]), 302)]
        assert QuoteDraft.objects.get().key == request.key
        assert request.draft_version == QuoteDraft.objects.get().version
        assert "Withdraw the request" in page_of(asked)
        manager = sign_in(cast.manager)
        here = reverse("renewals:approval", args=[request.key])
        shown = page_of(manager.get(here))
        for part in ("LIC-2001", "¥192,000", "▲¥19,200", "¥172,800", "11.46 %", "¥187,000", REASON, "青木 陽子"):
            assert part in shown, part
        answered = manager.post(
            reverse("renewals:approval-answer", args=[request.key]),
            {"act": "approve", "round": "1", "words": "どうぞ"},
            follow=True,
        )
        assert "どうぞ" in page_of(answered)
        assert "Issue the quote" not in page_of(answered)  # in the name of who asked
        assert "Issue the quote" in page_of(desk.get(here))
        issued = desk.post(reverse("renewals:approval-issue", args=[request.key]), {"round": "1"}, follow=True)
        quote = Quote.objects.get()
        assert issued.redirect_chain == [(reverse("quotes:detail", args=[quote.key]), 302)]
        assert (quote.total, quote.issued_by, QuoteDraft.objects.count()) == (187_000, cast.staff, 0)
        assert "(approved by 水野 恵子)" in page_of(issued)
        assert quote.number in page_of(manager.get(here))
        # once more: it is there already
        again = desk.post(reverse("renewals:approval-issue", args=[request.key]), {"round": "1"}, follow=True)
        assert again.redirect_chain[-1][0] == reverse("quotes:detail", args=[quote.key])
        assert Quote.objects.count() == 1

    def test_the_form_shows_how_it_stands(self, cast, desk, approver, typed):
        desk.post(FORM, typed | {"action": "ask-approval"})
        [request] = ApprovalRequest.objects.all()
        here = reverse("renewals:draft", args=[request.key])
        waiting = page_of(desk.get(here))
        assert ("Waits for approval" in waiting, "ask-approval" in waiting) == (True, False)
        answer(request=request, is_approved=False, words="8％まで", by=cast.manager, now=NOW)
        back = page_of(desk.get(here))
        assert ("Sent back by 水野 恵子" in back, "8％まで" in back, "ask-approval" in back) == (True, True, True)
        desk.post(here, open_form(desk, here).fields | {"action": "ask-approval"})
        second = ApprovalRequest.objects.get(round=2)
        answer(request=second, is_approved=True, words="", by=cast.manager, now=NOW)
        approved = page_of(desk.get(here))
        assert ("Approved by 水野 恵子" in approved, 'value="issue"' in approved) == (True, True)
        fields = open_form(desk, here).fields | {"reduction": ["2,900"]}
        changed = page_of(desk.post(here, fields | {"action": "calculate"}))
        assert ("Otherwise than it was approved:" in changed, "ask-approval" in changed) == (True, True)
        assert "Total with tax: ¥187,000, now ¥186,890." in changed

    def test_where_nobody_may_it_says_so(self, cast, desk, typed):
        limit(cast.aoba, reduction="5")
        answered = desk.post(FORM, typed | {"action": "ask-approval"})
        assert answered.status_code == 422
        assert "Nobody else of your company may approve this amount and reduction." in page_of(answered)
        assert QuoteDraft.objects.count() == 1  # what was typed is kept

    def test_what_was_only_looked_over_stays_whose_it_was(self, cast, desk, colleague_desk, approver, typed):
        """Whoever changed it last is kept from approving it, also where somebody else asks."""
        colleague_desk.post(FORM, typed | {"action": "save"})
        key = QuoteDraft.objects.get().key
        here = reverse("renewals:draft", args=[key])
        desk.post(here, open_form(desk, here).fields | {"action": "ask-approval"})
        [request] = ApprovalRequest.objects.all()
        assert (request.asked_by, request.drafted_by, request.changed_by) == (
            cast.staff,
            cast.colleague,
            cast.colleague,
        )


class TestPage:
    @pytest.fixture
    def request_(self, cast, licenseid, approver):
        return request_for(licenseid, by=cast.staff, drafted_by=cast.staff)

    def test_sent_back_without_words_is_refused_and_kept(self, cast, request_):
        manager = sign_in(cast.manager)
        there = reverse("renewals:approval-answer", args=[request_.key])
        answered = manager.post(there, {"act": "send-back", "round": "1", "words": ""})
        assert answered.status_code == 422
        assert "Say why it is sent back, and what is to be changed." in page_of(answered)
        assert manager.post(there, {"round": "1", "words": "x"}).status_code == 422
        request_.refresh_from_db()
        assert request_.state == "waiting"

    def test_only_who_may_answers(self, cast, colleague_desk, request_):
        shown = page_of(colleague_desk.get(reverse("renewals:approval", args=[request_.key])))
        assert ("You have no right to approve." in shown, 'value="approve"' in shown) == (True, False)
        there = reverse("renewals:approval-answer", args=[request_.key])
        answered = colleague_desk.post(there, {"act": "approve", "round": "1"}, follow=True)
        assert "You have no right to approve." in page_of(answered)
        request_.refresh_from_db()
        assert request_.state == "waiting"

    def test_an_answer_to_an_earlier_round_comes_too_late(self, cast, licenseid, request_):
        changes = example(licenseid) | {"reduction": "3,000"}
        request_for(licenseid, by=cast.staff, key=request_.key, changes=changes)
        there = reverse("renewals:approval-answer", args=[request_.key])
        answered = sign_in(cast.manager).post(there, {"act": "approve", "round": "1"}, follow=True)
        assert "It does not wait for an answer any more." in page_of(answered)
        assert [one.state for one in ApprovalRequest.objects.order_by("round")] == ["withdrawn", "waiting"]

    def test_only_who_asked_issues_and_withdraws(self, cast, colleague_desk, desk, request_):
        withdrawn = reverse("renewals:approval-withdraw", args=[request_.key])
        assert "Only who asked" in page_of(colleague_desk.post(withdrawn, {"round": "1"}, follow=True))
        answer(request=request_, is_approved=True, words="", by=cast.manager, now=NOW)
        issue = reverse("renewals:approval-issue", args=[request_.key])
        told = page_of(colleague_desk.post(issue, {"round": "1"}, follow=True))
        assert "It is issued in the name of 青木 陽子." in told
        assert not Quote.objects.exists()

    def test_a_draft_that_was_changed_since_is_not_issued_over(self, cast, desk, colleague_desk, request_):
        answer(request=request_, is_approved=True, words="", by=cast.manager, now=NOW)
        here = reverse("renewals:draft", args=[request_.key])
        fields = open_form(colleague_desk, here).fields
        colleague_desk.post(here, fields | {"note": ["備考"], "action": "save"})
        shown = page_of(desk.get(reverse("renewals:approval", args=[request_.key])))
        assert ("Its draft was changed since" in shown, "Issue the quote" in shown) == (True, False)
        desk.post(reverse("renewals:approval-issue", args=[request_.key]), {"round": "1"})
        assert not Quote.objects.exists()

    def test_the_paper_is_a_draft(self, desk, request_):
        answered = desk.get(reverse("renewals:approval-pdf", args=[request_.key]))
        assert (answered.status_code, answered["Content-Type"]) == (200, "application/pdf")

    def test_counts_in_the_list_and_in_the_head(self, cast, desk, licenseid, request_):
        here = reverse("renewals:approvals")
        assert [one[2] for one in desk.get(here).context["tabs"]] == [1, 1]
        manager = sign_in(cast.manager)
        page = manager.get(here)
        assert [one[2] for one in page.context["tabs"]] == [1, 0, 1]
        assert "株式会社髙﨑製作所" in page_of(page)
        assert "waiting</span>" in page_of(manager.get("/quotes/"))
        answer(request=request_, is_approved=True, words="", by=cast.manager, now=NOW)
        assert "waiting</span>" not in page_of(manager.get("/quotes/"))
        issue_quote(licenseid, by=cast.staff, key=request_.key, changes=example(licenseid))
        assert [one[2] for one in desk.get(here).context["tabs"]] == [0, 1]
        for show in ("waiting", "mine", "all", "x"):
            assert manager.get(here, {"show": show}).status_code == 200

    def test_the_list_asks_as_often_for_many_as_for_one(self, cast, desk, approver, django_assert_max_num_queries):
        for at in range(12):
            one = make_license_id(cast.customer, f"LIC-40{at:02}", ("SMP-CC", 100))
            request_for(one, by=cast.staff, key=uuid.uuid4(), changes=example(one))
        with django_assert_max_num_queries(16):
            desk.get(reverse("renewals:approvals"), {"show": "all"})


class TestThresholds:
    def test_a_manager_sets_them_and_the_history_shows_it(self, cast):
        manager = sign_in(cast.manager)
        here = reverse("renewals:approval-settings")
        fields = entry_of(manager.get(here))
        saved = manager.post(here, fields | {"approval_reduction": ["１１．４５％"], "approval_amount": ["￥５０万"]})
        assert saved.status_code == 422
        saved = manager.post(
            here, fields | {"approval_reduction": ["１１．４５％"], "approval_amount": ["￥500,000"]}, follow=True
        )
        found = Reseller.objects.get(pk=cast.aoba.pk)
        assert (str(found.approval_reduction), found.approval_amount) == ("11.45", 500_000)
        shown = page_of(saved)
        assert "Nobody yet. What passes a threshold cannot be issued." in shown
        for part in ("水野 恵子", "reduction above which a quote needs approval", "500000"):
            assert part in shown, part

    @pytest.mark.parametrize("text", ["101", "-1", "5.005", "たくさん"])
    def test_what_cannot_be_is_refused(self, cast, text):
        manager = sign_in(cast.manager)
        here = reverse("renewals:approval-settings")
        fields = entry_of(manager.get(here))
        assert manager.post(here, fields | {"approval_reduction": [text]}).status_code == 422
        assert Reseller.objects.get(pk=cast.aoba.pk).approval_reduction is None

    def test_two_managers_at_once_are_told(self, cast):
        manager = sign_in(cast.manager)
        here = reverse("renewals:approval-settings")
        fields = entry_of(manager.get(here))
        limit(cast.aoba, amount=7)
        answered = manager.post(here, fields | {"approval_amount": ["9"]})
        assert answered.status_code == 422
        assert Reseller.objects.get(pk=cast.aoba.pk).approval_amount == 7

    def test_the_right_is_given_on_the_persons_page(self, cast):
        manager = sign_in(cast.manager)
        here = reverse("manage_person", args=[cast.colleague.pk])
        fields = entry_of(manager.get(here))
        answered = manager.post(
            here, fields | {"approves": ["on"], "approves_amount": ["100万"], "approves_reduction": ["15"]}
        )
        assert answered.status_code == 422
        manager.post(
            here, fields | {"approves": ["on"], "approves_amount": ["1,000,000円"], "approves_reduction": ["15％"]}
        )
        cast.colleague.refresh_from_db()
        assert (cast.colleague.approves, cast.colleague.approves_amount) == (True, 1_000_000)
        assert str(cast.colleague.approves_reduction) == "15.00"
        shown = page_of(manager.get(reverse("renewals:approval-settings")))
        assert ("速水 悠斗" in shown, "up to ¥1,000,000" in shown) == (True, True)
        manager.post(here, entry_of(manager.get(here)) | {"approves": []})
        cast.colleague.refresh_from_db()
        assert cast.colleague.approves is False


def words_of(quote):
    pages = PdfReader(io.BytesIO(bytes(quote.pdf.content))).pages
    return "\n".join(page.extract_text() for page in pages)


def test_nothing_of_it_stands_in_what_a_customer_gets(cast, client, licenseid, approver):
    """The word, the names, the thresholds: looked for in all that a customer can get."""
    Reseller.objects.update(customers_see_quotes="issued")
    asked = request_for(licenseid, by=cast.staff, message="秘密の伝言")
    answer(request=asked, is_approved=True, words="秘密の回答", by=cast.manager, now=NOW)
    quote = issue_quote(licenseid, by=cast.staff, key=asked.key, changes=example(licenseid))
    _link, token = make_link(
        quote=quote,
        recipient="購買部",
        expires_on=quote.valid_until,
        max_downloads=5,
        seen=None,
        by=cast.staff,
        now=NOW,
    )
    contact = sign_in(cast.contact, language="ja")
    texts = [
        page_of(answered)
        for answered in (
            contact.get(reverse("quotes:received")),
            contact.get(reverse("quotes:received-quote", args=[quote.key])),
            client.get(reverse("quotes:shared", args=[token])),
            client.get(reverse("quotes:check-code", args=[quote.check_code])),
        )
    ]
    texts += [
        str(quote.document),
        str(quote.trace),
        str(quote.acknowledged),
        words_of(quote),
    ]
    for text in texts:
        for hidden in ("承認", "approv", "水野", "秘密", "11.46", "11.45", REASON):
            assert hidden not in text, hidden
    for name in ("approvals", "approval-settings"):
        assert contact.get(reverse(f"renewals:{name}")).status_code == 403
    assert contact.get(reverse("renewals:approval", args=[asked.key])).status_code == 403


def test_the_form_asks_the_database_as_before_where_there_are_no_thresholds(
    cast, desk, licenseid, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    desk.get(FORM)
    with CaptureQueriesContext(connection) as seen:
        desk.get(FORM)
    assert [one["sql"] for one in seen if "approvalrequest" in one["sql"]] == []
    assert fill(licenseid).errors == {}
