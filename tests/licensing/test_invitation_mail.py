"""The e-mail of an invitation: what it says, that there is one for each link, and what is told of it."""

from collections.abc import Iterator

import pytest
import time_machine
from django.utils import translation
from django.utils.html import escape

from foundation.mail.models import OutgoingMail
from licensing.models import Invitation, Reseller
from licensing.operations.invitations import (
    InvitationRefused,
    is_mail_wanted,
    renew_invitation,
    revoke_invitation,
    word_invitation,
)
from tests.cast import NOW, Cast, make_cast, sign_in
from tests.licensing.test_invitations import invited


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield make_cast()


def test_the_mail_says_who_invites_and_where_to(cast: Cast) -> None:
    staff, _token = invited(cast)
    contact, _token = invited(
        cast, reseller=None, customer=cast.english_customer, role="customer", email="kim@x.example.com", language="en"
    )
    link = "https://portal.example.jp/invitations/abc/"
    subject, text = word_invitation(invitation=staff, link=link)
    assert subject == "【青葉見本システム株式会社】更新見積ポータルへのご招待"
    assert "新井 空 様" in text
    assert f"\n{link}\n" in text
    assert "2027年1月22日 10:00（日本時間）" in text
    subject, text = word_invitation(invitation=contact, link=link)
    assert subject == "Invitation to the renewal quotes of 青葉見本システム株式会社"
    assert text.startswith("Sample Trading K.K.\nDear 新井 空,\n")


def test_a_name_brings_no_header_and_no_markup_into_the_mail(cast: Cast) -> None:
    Reseller.objects.filter(pk=cast.aoba.pk).update(name="A\r\nBcc: x@example.com <b>")
    cast.aoba.refresh_from_db()
    invitation, _token = invited(cast, name="<i>&\r\nBcc: y@example.com")
    subject, _text = word_invitation(invitation=invitation, link="x")
    assert "\n" not in subject
    assert subject == "【A Bcc: x@example.com <b>】更新見積ポータルへのご招待"


def test_one_mail_is_queued_for_each_link(cast: Cast) -> None:
    """Sealed, so that nobody reads the link in the database; void as soon as the link is."""
    invitation, token = invited(cast)
    first = OutgoingMail.objects.get()
    assert (first.to, first.to_name, first.language) == ("arai@aoba.example.jp", "新井 空", "ja")
    assert (first.sender_name, first.reply_to) == ("青葉見本システム株式会社", "sales@aoba.example.jp")
    assert (first.about, first.created_by) == (f"invitation:{invitation.pk}", cast.manager)
    assert token not in str(OutgoingMail.objects.values().get())
    assert is_mail_wanted(first)
    renew_invitation(invitation=invitation, by=cast.manager, now=NOW)
    second = OutgoingMail.objects.exclude(pk=first.pk).get()
    assert (is_mail_wanted(first), is_mail_wanted(second)) == (False, True)
    revoke_invitation(invitation=invitation, now=NOW)
    assert not is_mail_wanted(second)


def test_a_mail_that_did_not_arrive_is_told_in_the_list(cast: Cast) -> None:
    invited(cast)
    desk = sign_in(cast.manager)
    assert "E-mail is on its way" in desk.get("/manage/people/").text
    OutgoingMail.objects.update(state="failed", error="unknown_address", settled_at=NOW, next_attempt_at=None)
    assert escape(OutgoingMail.objects.get().explain_error()) in desk.get("/manage/people/").text
    OutgoingMail.objects.update(state="sent", error="", sent_at=NOW, sealed_text=None)
    assert "E-mail sent" in desk.get("/manage/people/").text


def test_a_refused_invitation_writes_no_mail(cast: Cast) -> None:
    for changes in ({"email": cast.staff.email}, {"reseller": cast.minato}, {"email": "ü@x.example.jp"}):
        with pytest.raises(InvitationRefused):
            invited(cast, **changes)
    assert (Invitation.objects.count(), OutgoingMail.objects.count()) == (0, 0)
