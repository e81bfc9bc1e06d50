"""What comes back to an e-mail and is no notice that a program can read: kept, within bounds, and shown."""

from datetime import timedelta

import pytest

from foundation.mail.models import MailNotice, OutgoingMail
from foundation.mail.operations import notices
from foundation.mail.operations.bounces import NotABounce, record_bounce
from foundation.mail.operations.notices import keep_notice, without_tokens
from foundation.mail.operations.queue import deliver_due, queue_mail
from tests.cast import NOW, make_cast, make_license_id, sign_in
from tests.foundation.mail.posting import ADDRESS, queue
from tests.making import given_quote

TOKEN = "Zm9v-YmFy_cXV4Zm9vYmFycXV4Zm9vYmFycXV4MTIzNDU"


@pytest.fixture
def sent(db, told, clock):
    mail = queue()
    deliver_due(clock=clock)
    return OutgoingMail.objects.get(pk=mail.pk)


def keep(source: str | bytes, **changes) -> MailNotice | None:
    source = source.encode() if isinstance(source, str) else source
    return keep_notice(source=source.replace(b"\n", b"\r\n"), **{"now": NOW, **changes})


def test_an_old_bounce_is_found_by_the_message_that_it_quotes(sent):
    kept = keep(
        "From: MAILER-DAEMON@mx.example.jp\nSubject: failure notice\n\n"
        f"<{ADDRESS}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy.\n\n"
        f"Message-ID: {sent.message_id}\nSubject: quote\n\nhttps://portal.example.jp/s/{TOKEN}/\n"
    )
    assert (kept.mail, kept.sender, kept.subject) == (sent, "MAILER-DAEMON@mx.example.jp", "failure notice")
    assert "Sorry, no mailbox here by that name. (#5.1.1)" in kept.excerpt
    assert TOKEN not in kept.excerpt
    assert "https://portal.example.jp/…" in kept.excerpt
    sent.refresh_from_db()
    assert sent.state == "sent", "nobody has said for certain that it failed"


@pytest.mark.parametrize(
    "charset", ["rot13", "hex", "base64", "zip", "idna", "undefined", "x-unknown", "u\0f", "utf\xff8"]
)
@pytest.mark.parametrize("kind", ["text/plain", "text/rfc822-headers", "multipart/mixed", "message/delivery-status"])
def test_a_charset_that_is_none_keeps_no_notice_away(sent, charset, kind):
    """Neither what tells of a failure nor what does not; nor does content that no database takes."""
    head = f"From: =?{charset}?q?a?= <x@mx.example.jp>\nMessage-ID: <\0a@x>\n"
    part = f'--b\nContent-Type: {kind}; charset="{charset}"; boundary=c\n\nMessage-ID: <\0{sent.message_id}>\n\0\xff\n'
    for number, status in enumerate(("", "--b\nContent-Type: message/delivery-status\n\nA: b\n\nAction: failed\n\n")):
        whole = f"{head}Subject: {number}\nContent-Type: multipart/report; boundary=b\n\n{part}{status}--b--\n"
        source = whole.encode("latin-1")
        with pytest.raises(NotABounce):
            record_bounce(source=source, now=NOW)
        assert keep(source).subject == str(number)


@pytest.mark.parametrize(
    "head", ["In-Reply-To: {id}", "References: <a@b> {id}", "To: x <bounce+{code}@portal.example.jp>"]
)
def test_an_answer_by_a_program_is_found_by_its_head(sent, head):
    head = head.format(id=sent.message_id, code=sent.message_id[1:33])
    text = "ただいま不在です。\n　月曜に戻ります。".encode("iso-2022-jp")
    kept = keep(
        f"From: {ADDRESS}\nSubject: =?iso-2022-jp?B?GyRCSVQ6XxsoQg==?=\n{head}\n"
        "Content-Type: text/plain; charset=iso-2022-jp\n\n".encode()
        + text
    )
    assert (kept.mail, kept.subject, kept.excerpt) == (
        sent,
        "不在",
        "ただいま不在です。\r\n　月曜に戻ります。".replace("\r", ""),
    )


def test_a_page_is_read_as_its_words(sent):
    kept = keep(
        "Content-Type: text/html\nSubject: x\n\n<html><head><style>p {color: red}</style></head>"
        "<p>Mailbox &amp; <b>server</b> away</p><script>alert(1)</script>"
    )
    assert "red" not in kept.excerpt
    assert [word in kept.excerpt for word in ("Mailbox &", "server", "away", "<")] == [True, True, True, False]
    assert kept.mail is None


@pytest.mark.parametrize("charset", ["rot13", "zip", "idna", "x-unknown", "utf-16", "\\x00"])
def test_any_encoding_is_taken_and_nothing_that_a_database_refuses_is_kept(sent, charset):
    head = f"Subject: =?{charset}?B?AAD/?= a\nContent-Type: text/plain; charset={charset}\n\n"
    kept = keep(head.encode() + b"t\x00\xff\xfe \xed\xa0\x80")
    kept.refresh_from_db()
    assert "\0" not in kept.subject + kept.excerpt


@pytest.mark.parametrize("source", [b"", b"\n\n", b"From: a@example.jp\n\n \n", b"\xff\xfe"])
def test_nothing_is_kept_of_nothing(sent, source):
    kept = keep(source)
    assert kept is None or kept.excerpt
    assert MailNotice.objects.count() == (0 if kept is None else 1)


def test_it_is_kept_once_short_and_the_last_ones_only(sent, monkeypatch):
    monkeypatch.setattr(notices, "MOST_UNKNOWN", 3)
    head = f"In-Reply-To: {sent.message_id}\n"
    long = keep(head + f"Subject: {'件' * 900}\n\n" + "あ い" * 50_000)
    assert (len(long.subject), len(long.excerpt)) == (300, 1999)  # a space at the end is none
    assert keep(head + f"Subject: {'件' * 900}\n\n" + "あ い" * 50_000) == long
    assert MailNotice.objects.count() == 1
    for number in range(12):
        keep(f"{head}Subject: {number}\n\n", now=NOW + timedelta(minutes=number))
        keep(f"Subject: other {number}\n\n", now=NOW + timedelta(minutes=number))
    assert [row.subject for row in MailNotice.objects.filter(mail=sent)] == [str(n) for n in range(11, 1, -1)]
    assert [row.subject for row in MailNotice.objects.filter(mail=None)] == ["other 11", "other 10", "other 9"]


def test_what_lets_somebody_in_is_left_out():
    broken = f"https://portal.example.jp/s/{TOKEN[:20]}=\r\n{TOKEN[20:]}/ end"
    assert without_tokens(broken) == "https://portal.example.jp/… end"
    assert (
        without_tokens(f"key {TOKEN} and http://a.jp/x?y and http://a.jp") == "key … and http://a.jp/… and http://a.jp"
    )


def test_staff_see_it_with_the_quotes_e_mail_and_portal_admins_see_all(db):
    cast = make_cast()
    quote = given_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)
    mail = queue_mail(key="q", to=ADDRESS, subject="件名", body="本文", about=f"quote:{quote.key}", now=NOW)
    kept = keep(f"From: {ADDRESS}\nIn-Reply-To: {mail.message_id}\nSubject: <b>away\n\n<script>back on Monday")
    keep("Subject: of nobody\n\nwho is this?")
    page = sign_in(cast.staff).get(f"/quotes/{quote.key}/").text
    assert "A reply to this e-mail has come in." in page
    assert "&lt;b&gt;away" in page
    assert "&lt;script&gt;back on Monday" in page
    assert "of nobody" not in page
    office = sign_in(cast.admin)
    rows = office.get("/admin/foundation/mailnotice/").text
    assert "of nobody" in rows
    assert "&lt;b&gt;away" in rows
    assert "back on Monday" in office.get(f"/admin/foundation/mailnotice/{kept.pk}/change/").text
