"""Outgoing e-mail in the administration: what became of it, never its text."""

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.queue import deliver_due
from tests.cast import NOW
from tests.foundation.mail.posting import TEXT, queue

LIST = "/admin/foundation/outgoingmail/"


def test_what_waits_and_what_failed_is_seen_without_its_text(desk):
    waiting, failed = queue(), queue(key="k2", to="wrong@takasaki.example.jp", subject="誤った宛先")
    OutgoingMail.objects.filter(pk=failed.pk).update(
        state="failed", error="unknown_address", settled_at=NOW, next_attempt_at=None, error_answer="550 5.1.1 unknown"
    )
    shown = desk.get(f"{LIST}?state__exact=failed").content.decode()
    assert "誤った宛先" in shown
    assert "見積のご送付" not in shown
    page = desk.get(f"{LIST}{failed.pk}/change/").content.decode()
    assert "there is no address wrong@takasaki.example.jp. Check the address." in page
    assert "550 5.1.1 unknown" in page
    for answer in (shown, page, desk.get(f"{LIST}{waiting.pk}/change/").content.decode()):
        assert "secret-token" not in answer
        assert "sealed_text" not in answer
        assert TEXT not in answer


def test_what_was_given_up_is_tried_again(desk):
    mails = [queue(), queue(key="k2"), queue(key="k3")]
    deliver_due(clock=lambda: NOW)
    OutgoingMail.objects.filter(pk=mails[0].pk).update(state="failed", error="no_connection", sealed_text=b"")
    OutgoingMail.objects.filter(pk=mails[1].pk).update(state="failed", error="unclear")
    chosen = {"action": "do_again", "_selected_action": [mail.pk for mail in mails]}
    said = desk.post(LIST, chosen, follow=True).content.decode()
    assert "1 e-mail is tried again." in said
    assert "2 e-mails cannot be tried again: they were sent, or their texts are gone." in said
    assert [OutgoingMail.objects.get(pk=mail.pk).state for mail in mails] == ["queued", "failed", "sent"]
