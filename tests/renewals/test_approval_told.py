"""Who is told of approvals, and whose rights and thresholds they are."""

from decimal import Decimal

import pytest

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.compose import unseal
from licensing.models import Reseller
from licensing.operations.people import deactivate_person, reactivate_person
from renewals.approval.notices import is_mail_wanted
from renewals.approval.operations import answer
from tests.cast import NOW, make_license_id
from tests.renewals.approving import REASON, let, limit, request_for


@pytest.fixture
def licenseid(cast):
    return make_license_id(cast.customer, "LIC-2001", ("SMP-CC", 100))


@pytest.fixture
def approver(cast):
    limit(cast.aoba, reduction="5")
    return let(cast.manager)


def approve(request, by):
    return answer(request=request, is_approved=True, words="", by=by, now=NOW)


class TestWhoIsTold:
    def mails(self):
        return [(one.to, one.subject) for one in OutgoingMail.objects.order_by("pk")]

    def test_those_who_may_answer_and_then_who_asked(self, cast, licenseid, approver):
        let(cast.colleague, amount=1000)
        asked = request_for(licenseid, by=cast.staff)
        assert self.mails() == [("mizuno@aoba.example.jp", "承認のご依頼：株式会社髙﨑製作所")]
        [mail] = OutgoingMail.objects.all()
        assert is_mail_wanted(mail)
        approve(asked, approver)
        assert self.mails()[1:] == [("aoki@aoba.example.jp", "承認されました：株式会社髙﨑製作所")]
        assert not is_mail_wanted(mail)
        assert is_mail_wanted(OutgoingMail.objects.order_by("pk").last())

    def test_the_letter_says_all_that_is_asked(self, cast, licenseid, approver):
        request_for(licenseid, by=cast.staff, message="至急です")
        body = unseal(OutgoingMail.objects.get().sealed_text)
        for part in ("青木 陽子", "株式会社髙﨑製作所", "LIC-2001", "¥187,000", REASON, "至急です", "/approvals/"):
            assert part in body, part
        for part in ("11.46％", "基準の 5％"):
            assert part in body, part

    def test_a_person_who_left_is_told_nothing(self, cast, licenseid, approver):
        request_for(licenseid, by=cast.staff)
        type(approver).objects.filter(pk=approver.pk).update(is_active=False)
        assert not is_mail_wanted(OutgoingMail.objects.get())


def test_who_leaves_has_the_right_no_more(cast):
    let(cast.colleague)
    deactivate_person(person=cast.colleague, by=cast.manager, now=NOW)
    reactivate_person(person=cast.colleague, by=cast.manager)
    cast.colleague.refresh_from_db()
    assert (cast.colleague.is_active, cast.colleague.approves) == (True, False)


def test_a_reseller_has_its_own_thresholds(cast):
    limit(cast.aoba, reduction="5")
    assert [*Reseller.objects.order_by("pk").values_list("approval_reduction", flat=True)] == [Decimal(5), None]
