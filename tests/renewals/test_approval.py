"""Approval (R20): when it is needed to the yen, who gives it, and that just what was approved is issued."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from licensing.models import Holding
from quotes.archive.verification import Report, verify_records
from quotes.models import Quote, QuoteEvent
from quotes.templatetags.history import told
from renewals.approval.operations import NobodyApproves, NotNeeded, NotToAnswer, answer, withdraw
from renewals.approval.present import present_of
from renewals.approval.queries import last_rounds, mine, waiting_for, why_not
from renewals.issue.thresholds import passed_thresholds, say_passed
from renewals.models import ApprovalRequest, QuoteDraft
from renewals.refusals import NeedsApproval, NotAcknowledged
from tests.cast import NOW, make_license_id, publish_prices
from tests.making import (
    NOTHING,
    ask_several,
    count_rows,
    fill,
    issue_quote,
    issue_several,
    load,
)
from tests.renewals.approving import example, let, limit, request_for

State = ApprovalRequest.State


@pytest.fixture
def licenseid(cast):
    return make_license_id(cast.customer, "LIC-2001", ("SMP-CC", 100))


@pytest.fixture
def approver(cast):
    limit(cast.aoba, reduction="5")
    return let(cast.manager)


def approve(request, by, words=""):
    return answer(request=request, is_approved=True, words=words, by=by, now=NOW)


def issue_it(licenseid, request, by, **how):
    return issue_quote(licenseid, by=by, key=request.key, changes=how.pop("changes", example(licenseid)), **how)


def refused(licenseid, by, **how):
    with pytest.raises(NeedsApproval) as needs, transaction.atomic():
        issue_quote(licenseid, by=by, changes=how.pop("changes", example(licenseid)), **how)
    return needs.value


class TestThresholds:
    @pytest.mark.parametrize(
        ("percent", "is_passed"),
        [("0", True), ("11.45", True), ("11.46", False), ("11.47", False), ("100", False), (None, False)],
    )
    def test_the_worked_example_to_two_decimals(self, cast, licenseid, percent, is_passed):
        """E15: 22,000 of 192,000 are 11.458… %; the 11.46 % on screen never decides."""
        limit(cast.aoba, reduction=percent)
        let(cast.manager)
        if is_passed:
            assert [one["kind"] for one in refused(licenseid, cast.staff).passed] == ["reduction"]
            assert count_rows() == NOTHING
        else:
            assert issue_quote(licenseid, by=cast.staff, changes=example(licenseid)).total == 187_000

    @pytest.mark.parametrize(("amount", "is_passed"), [(186_999, True), (187_000, False), (0, True)])
    def test_the_total_with_tax_to_the_yen(self, cast, licenseid, amount, is_passed):
        limit(cast.aoba, amount=amount)
        if is_passed:
            [passed] = refused(licenseid, cast.staff).passed
            assert (passed["kind"], passed["over"]) == ("amount", 187_000 - amount)
        else:
            assert issue_quote(licenseid, by=cast.staff, changes=example(licenseid)).total == 187_000

    def test_a_reduction_that_just_reaches_the_threshold_needs_none(self, cast, licenseid):
        """9,600 of 192,000 are 5 % to the yen; one yen more is above."""
        limit(cast.aoba, reduction="5")
        [passed] = refused(licenseid, cast.staff, changes={"reduction": "9,601"}).passed
        assert passed == {
            "kind": "reduction", "limit": "5", "limit_yen": 9_600, "value": "5", "value_yen": 9_601, "over": 1,
        }  # fmt: skip
        assert issue_quote(licenseid, by=cast.staff, changes={"reduction": "9,600"}).subtotal == 182_400

    def test_it_is_said_by_how_much_in_both_languages(self, cast, licenseid):
        limit(cast.aoba, reduction="11.45", amount=150_000)
        with override("en"):
            assert [say_passed(one, with_margins=False) for one in refused(licenseid, cast.staff).passed] == [
                "The reduction of 11.46 % (¥22,000) is ¥16 above the threshold of 11.45 % (¥21,984).",
                "The total of ¥187,000 is ¥37,000 above the threshold of ¥150,000.",
            ]
        with override("ja"):
            assert [say_passed(one, with_margins=False) for one in refused(licenseid, cast.staff).passed] == [
                "値引き率 11.46％（¥22,000）が、基準の 11.45％（¥21,984）を ¥16 上回っています。",
                "合計金額 ¥187,000（税込）が、基準の ¥150,000 を ¥37,000 上回っています。",
            ]

    def test_the_whole_quote_counts_over_several_license_ids(self, cast, licenseid):
        """19,200 of 192,000 is 10 % of the one, 4.93… % of both: E12 beside it, at its list price."""
        other = make_license_id(cast.customer, "LIC-2002", ("SMP-CC", 120))
        limit(cast.aoba, reduction="5")
        changes = {"LIC-2001": {name: text for name, text in example(licenseid).items() if name.startswith("offered")}}
        refused(licenseid, cast.staff, changes=changes["LIC-2001"])
        quote = issue_several(licenseid, other, by=cast.staff, changes=changes)
        assert (quote.subtotal, quote.asked == {}) == (172_800 + 230_400, False)

    def test_without_thresholds_nothing_is_asked_for(self, cast, licenseid, django_assert_num_queries):
        form = fill(licenseid, example(licenseid))
        assert form.errors == {}
        assert not ApprovalRequest.objects.exists()
        assert issue_quote(licenseid, by=cast.staff, changes={"reduction": "192,000"}).total == 0

    def test_a_refused_quote_passes_nothing(self, cast, licenseid):
        from renewals.form.views.opened import price_form

        limit(cast.aoba, reduction="0", amount=0)
        form = fill(licenseid, {"reduction": "999,999"})
        assert passed_thresholds(cast.aoba, price_form(form).pricing) == []


class TestWhoApproves:
    def test_another_person_with_the_right_and_nobody_else(self, cast, licenseid, approver):
        request = request_for(licenseid, by=cast.staff)
        for person, why in ((cast.staff, "right"), (cast.colleague, "right"), (cast.stranger, "right")):
            with pytest.raises(NotToAnswer) as refusal:
                approve(request, person)
            assert refusal.value.why == why
        assert approve(request, approver, "どうぞ").decided_by == approver
        assert [(one.state, one.words) for one in ApprovalRequest.objects.all()] == [("approved", "どうぞ")]

    def test_nobody_their_own_whether_asked_drafted_or_changed(self, cast, licenseid, approver):
        let(cast.staff)
        let(cast.colleague)
        asked = request_for(licenseid, by=cast.staff, drafted_by=cast.colleague)
        assert (asked.drafted_by, asked.changed_by) == (cast.colleague, cast.colleague)
        for person in (cast.staff, cast.colleague):
            with pytest.raises(NotToAnswer) as refusal:
                approve(asked, person)
            assert refusal.value.why == "own"
            assert not waiting_for(person).exists()
        assert [*waiting_for(approver)] == [asked]

    @pytest.mark.both_databases
    def test_the_database_keeps_that_too(self, cast, licenseid, approver):
        request_for(licenseid, by=cast.staff, drafted_by=cast.colleague)
        for person in (cast.staff, cast.colleague):
            with pytest.raises(IntegrityError, match="approval_by_another"), transaction.atomic():
                ApprovalRequest.objects.update(state="approved", decided_by=person, decided_at=NOW)

    @pytest.mark.both_databases
    def test_what_was_asked_and_answered_is_never_changed_or_deleted(self, cast, licenseid, approver):
        asked = request_for(licenseid, by=cast.staff)

        def refuses(sql):
            with pytest.raises(IntegrityError, match="is never changed or deleted"), transaction.atomic():
                connection.cursor().execute(sql)

        refuses("UPDATE renewals_approvalrequest SET total = 1")
        refuses("DELETE FROM renewals_approvalrequest")
        approve(asked, approver)
        refuses("UPDATE renewals_approvalrequest SET words = 'x'")

    @pytest.mark.parametrize(
        ("limits", "why"),
        [
            ({"amount": 187_000}, ""),
            ({"amount": 186_999}, "amount"),
            ({"reduction": "11.46"}, ""),
            ({"reduction": "11.45"}, "reduction"),
        ],
    )
    def test_only_up_to_what_they_may(self, cast, licenseid, approver, limits, why):
        let(cast.colleague, **limits)
        asked = request_for(licenseid, by=cast.staff)
        assert why_not(cast.colleague, asked) == why
        assert waiting_for(cast.colleague).count() == (not why)
        if why:
            with pytest.raises(NotToAnswer):
                approve(asked, cast.colleague)
        else:
            assert approve(asked, cast.colleague).state == "approved"

    def test_a_right_that_was_taken_away_meanwhile_counts_no_more(self, cast, licenseid, approver):
        asked = request_for(licenseid, by=cast.staff)
        type(approver).objects.filter(pk=approver.pk).update(approves=False)
        with pytest.raises(NotToAnswer):
            approve(asked, approver)  # as it was loaded, they may

    def test_where_nobody_may_nothing_is_asked(self, cast, licenseid):
        limit(cast.aoba, reduction="5")
        let(cast.staff)
        let(cast.manager, amount=1000)
        with pytest.raises(NobodyApproves):
            request_for(licenseid, by=cast.staff)
        assert not ApprovalRequest.objects.exists()

    def test_what_needs_none_is_not_asked_for(self, cast, licenseid, approver):
        with pytest.raises(NotNeeded):
            request_for(licenseid, by=cast.staff, changes={})
        asked = request_for(licenseid, by=cast.staff)
        approve(asked, approver)
        with pytest.raises(NotNeeded):
            request_for(licenseid, by=cast.staff, key=asked.key)

    def test_sent_back_with_words_only(self, cast, licenseid, approver):
        asked = request_for(licenseid, by=cast.staff)
        with pytest.raises(ValueError, match="without words"):
            answer(request=asked, is_approved=False, words=" 　", by=approver, now=NOW)
        answer(request=asked, is_approved=False, words="8％までです", by=approver, now=NOW)
        with pytest.raises(NotToAnswer) as over:
            approve(asked, approver)
        assert over.value.why == "over"
        assert refused(licenseid, cast.staff, key=asked.key).request.words == "8％までです"

    def test_who_asked_withdraws_and_nobody_else(self, cast, licenseid, approver):
        asked = request_for(licenseid, by=cast.staff)
        with pytest.raises(NotToAnswer) as others:
            withdraw(request=asked, by=cast.colleague, now=NOW)
        assert others.value.why == "others"
        assert withdraw(request=asked, by=cast.staff, now=NOW).state == "withdrawn"
        assert [*mine(cast.staff)] == []
        with pytest.raises(NotToAnswer):
            approve(asked, approver)

    def test_the_same_asked_twice_is_one_request_and_a_change_another_round(self, cast, licenseid, approver):
        asked = request_for(licenseid, by=cast.staff)
        assert request_for(licenseid, by=cast.staff, key=asked.key) == asked
        changed = request_for(
            licenseid, by=cast.staff, key=asked.key, changes=example(licenseid) | {"reduction": "3,000"}
        )
        found = ApprovalRequest.objects.order_by("round").values_list("round", "state", "total")
        assert [*found] == [(1, "withdrawn", 187_000), (2, "waiting", 186_780)]
        assert [*last_rounds(cast.colleague)] == [changed]
        assert [*last_rounds(cast.stranger)] == []


class TestJustWhatWasApproved:
    def test_it_is_issued_and_the_log_says_who_approved_what(self, cast, licenseid, approver):
        asked = request_for(licenseid, by=cast.staff, message="お願いします")
        answer(request=asked, is_approved=False, words="理由は", by=approver, now=NOW)
        asked = request_for(licenseid, by=cast.staff, key=asked.key)
        approve(asked, approver, "可")
        quote = issue_it(licenseid, asked, cast.staff, now=NOW + timedelta(days=2))
        [event] = QuoteEvent.objects.filter(quote=quote)
        said = event.detail["approval"]
        assert {name: said[name] for name in ("hash", "by", "by_name", "at")} == {
            "hash": asked.content_hash,
            "by": approver.pk,
            "by_name": "水野 恵子",
            "at": "2027-01-15T10:00:00+09:00",
        }
        assert [one["kind"] for one in said["passed"]] == ["reduction"]
        assert [(one["round"], one["state"], one["words"], one["message"]) for one in said["rounds"]] == [
            (1, "sent_back", "理由は", "お願いします"),
            (2, "approved", "可", ""),
        ]
        assert [*verify_records(report=Report())] == []
        with override("ja"):
            assert told(event).endswith("（承認：水野 恵子）")
        with override("en"):
            assert told(event).endswith("(approved by 水野 恵子)")
        assert not QuoteDraft.objects.exists()

    def test_what_needs_no_approval_has_none_in_the_log(self, cast, licenseid, approver):
        quote = issue_quote(licenseid, by=cast.staff)
        assert "approval" not in QuoteEvent.objects.get(quote=quote).detail

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"reduction": "2,801"}, "Total with tax: ¥187,000, now ¥186,998."),
            ({"years": "2"}, "years 1 → 2, amount ¥172,800 → ¥345,600, support period 2027-04-01–2028-03-31 → "),
            ({"note": "備考"}, "Otherwise: note to the customer."),
            ({"subject": "件名"}, "Otherwise: subject."),
            ({"offer_reason": "ほか"}, "Otherwise: internal reason."),
        ],
    )
    def test_a_changed_entry_asks_anew_and_is_told(self, cast, licenseid, approver, changes, said):
        asked = request_for(licenseid, by=cast.staff)
        approve(asked, approver)
        with override("en"):
            needs = refused(licenseid, cast.staff, key=asked.key, changes=example(licenseid) | changes)
        assert [one for one in needs.changes if said in one] != [], needs.changes
        assert not Quote.objects.exists()

    def test_another_price_list_asks_anew(self, cast, licenseid, approver):
        asked = request_for(licenseid, by=cast.staff)
        approve(asked, approver)
        publish_prices("2027年1月版", NOW.date() + timedelta(days=1), by=cast.admin, percent=110)
        later = NOW + timedelta(days=1)
        with override("en"):
            needs = refused(licenseid, cast.staff, key=asked.key, now=later)
            present = present_of(asked, user=cast.staff, now=later)
        assert [one for one in needs.changes if one.startswith("Price list")] == [
            "Price list: 2026年10月版, now 2027年1月版."
        ]
        assert present.changes == needs.changes
        assert present_of(asked, user=cast.staff, now=NOW).changes == []

    def test_another_price_list_with_the_same_prices_asks_anew_too(self, cast, licenseid, approver):
        asked = request_for(licenseid, by=cast.staff)
        approve(asked, approver)
        publish_prices("写し", NOW.date() + timedelta(days=1), by=cast.admin)
        with override("en"):
            needs = refused(licenseid, cast.staff, key=asked.key, now=NOW + timedelta(days=1))
        assert needs.changes == ["Price list: 2026年10月版, now 写し."]

    def test_another_holding_asks_anew(self, cast, licenseid, approver):
        asked = request_for(licenseid, by=cast.staff)
        approve(asked, approver)
        Holding.objects.update(quantity=120)
        with override("en"):
            needs = refused(licenseid, cast.staff, key=asked.key)
        assert [one for one in needs.changes if one.startswith("Held")] != []

    def test_another_tax_rate_asks_anew(self, cast, licenseid, approver):
        from pricing.models import TaxRate

        asked = request_for(licenseid, by=cast.staff)
        approve(asked, approver)
        TaxRate.objects.create(percent=Decimal(12), effective_on=NOW.date())
        with override("en"):
            needs = refused(licenseid, cast.staff, key=asked.key)
        assert "Tax rate: 10 %, now 12 %." in needs.changes

    def test_another_person_asks_anew_for_their_name_is_on_the_paper(self, cast, licenseid, approver):
        asked = request_for(licenseid, by=cast.staff)
        approve(asked, approver)
        with override("en"):
            assert refused(licenseid, cast.colleague, key=asked.key).changes == [
                "Otherwise: issuer and person in charge."
            ]

    def test_another_quote_of_the_same_content_is_not_approved(self, cast, licenseid, approver):
        approve(request_for(licenseid, by=cast.staff), approver)
        assert refused(licenseid, cast.staff).request is None

    def test_a_threshold_that_came_since_asks_anew(self, cast, licenseid, approver):
        asked = request_for(licenseid, by=cast.staff)
        approve(asked, approver)
        limit(cast.aoba, reduction="1", amount=100_000)
        assert len(refused(licenseid, cast.staff, key=asked.key).passed) == 2
        limit(cast.aoba, reduction="1")  # of the kind that was named
        assert issue_it(licenseid, asked, cast.staff).total == 187_000

    def test_a_draft_is_approved_with_what_it_revises(self, cast, licenseid, approver):
        from renewals.revisions.operations import begin_revision

        quote = issue_quote(licenseid, by=cast.staff)
        draft, _new = begin_revision(quote=quote, by=cast.staff, now=NOW)
        asked = request_for(licenseid, by=cast.staff, key=draft.key)
        assert (asked.revises, asked.drafted_by) == (quote.number, cast.staff)
        refused(licenseid, cast.staff, key=draft.key)
        approve(asked, approver)
        assert issue_it(licenseid, asked, cast.staff).number == "Q2701-0001-01"

    def test_several_license_ids_are_one_request(self, cast, licenseid, approver):
        from renewals.approval.operations import ask_approval

        other = make_license_id(cast.customer, "LIC-2002", ("SMP-BS", 45))
        asked = ask_several(licenseid, other, changes={"LIC-2001": example(licenseid)})
        given = {"licenseids": [load(licenseid), load(other)], "asked": asked, "acknowledged": [], "seen_total": None}
        request = ask_approval(key=fill(licenseid).cleaned_data["key"], by=cast.staff, now=NOW, **given)
        assert (request.license_codes, request.list_subtotal) == ("LIC-2001 / LIC-2002", 192_000 + 202_500)

    def test_an_unread_warning_is_read_before_it_is_asked(self, cast, approver):
        licenseid = make_license_id(cast.customer, "LIC-2003", ("SMP-CC", 100), ("SMP-BS", 45))
        with pytest.raises(NotAcknowledged):
            request_for(licenseid, by=cast.staff, changes={"reduction": "100,000"})
