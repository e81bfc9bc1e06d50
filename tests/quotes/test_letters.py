"""Sending a quote by e-mail: once for one click, with what was written, and with what became of it."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.core import mail as django_mail

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.queue import deliver_due, record_failure, try_again
from quotes.letters.kinds import OF_ONE
from quotes.letters.operations import send_quote
from quotes.letters.templates import QUOTE, SEVERAL, save_templates, template_of
from quotes.letters.words import Letter, fill_in
from quotes.models import LetterTemplate, Quote, QuoteEvent, ShareLink
from quotes.record.refusals import NotShareable
from quotes.record.transitions import withdraw
from tests.cast import NOW, make_license_id, make_user, sign_in
from tests.making import given_quote

ADDRESS = "saeki@takasaki.example.jp"
TEXT = "{customer}\n{person}\n{number} {total} {valid_until}\n{link}\n{reseller} {sender}"
FIRST_KEY = "1f4d2c55-1111-4222-8333-444455556666"


@pytest.fixture
def quote(cast, licenseid) -> Quote:
    return given_quote(licenseid, by=cast.staff)


def send(quote, **changes):
    values = {
        "form_key": FIRST_KEY, "to": ADDRESS, "to_name": "佐伯 美和", "cc": [], "letter": Letter("見積 {number}", TEXT),
        "with_link": True, "with_pdf": False, "by": quote.issued_by, "now": NOW,
        "make_address": lambda token: f"https://portal.example.jp/s/{token}/",
    }  # fmt: skip
    return send_quote(quote=quote, **{**values, **changes})


def go(now=NOW):
    deliver_due(clock=lambda: now)


def told(quote):
    return [event.kind for event in quote.events.order_by("position") if event.kind not in ("issued", "link_made")]


class TestTexts:
    def test_what_comes_in_place_of_a_placeholder_is_not_looked_at_again(self):
        values = {"customer": "{link} {0.__class__} %(x)s $x {{", "link": "secret"}
        assert fill_in("{customer}|{ link }|{nothing}|{0.__class__}|{}", values) == (
            "{link} {0.__class__} %(x)s $x {{|secret|{nothing}|{0.__class__}|{}"
        )

    def test_what_means_nothing_is_named_once(self):
        assert OF_ONE.unknown("{customer} {custmer} { link } {a.b[0]!r:>9} {custmer} {") == [
            "custmer",
            "a.b[0]!r:>9",
        ]

    def test_a_reseller_has_its_own_text_in_each_language(self, cast):
        own = Letter("{number}", "{link}")
        save_templates(reseller=cast.aoba, letters={(QUOTE, "ja"): own, (QUOTE, "en"): None}, by=cast.manager, now=NOW)
        assert template_of(reseller=cast.aoba, language="ja") == own
        assert template_of(reseller=cast.aoba, language="en").subject == "Quote {number}: {subject}"
        assert template_of(reseller=cast.minato, language="ja").subject == "【お見積 {number}】{subject}"
        save_templates(reseller=cast.aoba, letters={(QUOTE, "ja"): None}, by=cast.manager, now=NOW)
        assert not LetterTemplate.objects.exists()

    def test_unknown_placeholders_are_not_kept(self, cast):
        with pytest.raises(ValueError, match="nobody"):
            save_templates(
                reseller=cast.aoba, letters={(QUOTE, "ja"): Letter("{nobody}", "x")}, by=cast.manager, now=NOW
            )
        assert not LetterTemplate.objects.exists()


class TestSending:
    def test_what_arrives(self, cast, quote):
        mail = send(quote, with_pdf=True)
        [link] = ShareLink.objects.all()
        assert (link.recipient, link.created_by) == (f"佐伯 美和 <{ADDRESS}>", cast.staff)
        go()
        [message] = django_mail.outbox
        token = re.search(r"https://portal.example.jp/s/([\w-]{43})/", message.body)[1]
        assert hashlib.sha256(token.encode()).hexdigest() == link.token_hash
        assert message.subject == f"見積 {quote.number}"
        assert message.body == (
            f"株式会社髙﨑製作所\n佐伯 美和 様\n{quote.number} ¥{quote.total:,} 2027年2月14日\n"
            f"https://portal.example.jp/s/{token}/\n青葉見本システム株式会社 青木 陽子"
        )
        assert message.to == [f'"佐伯 美和" <{ADDRESS}>']
        assert message.reply_to == ['"青木 陽子 (青葉見本システム株式会社)" <aoki@aoba.example.jp>']
        [(name, content, kind)] = message.attachments
        assert (name[:9], content, kind) == ("20270115_", bytes(quote.pdf.content), "application/pdf")
        mail.refresh_from_db()
        assert (mail.state, mail.sealed_text) == ("sent", None)
        assert told(quote) == ["mail_queued", "mail_sent"]
        event = quote.events.get(kind=QuoteEvent.Kind.MAIL_QUEUED)
        assert (event.by, event.detail["to"], event.detail["subject"]) == (cast.staff, ADDRESS, f"見積 {quote.number}")
        for rows in (OutgoingMail.objects.values(), QuoteEvent.objects.values()):
            assert token not in repr(list(rows))

    def test_a_click_sends_once(self, quote):
        assert send(quote) == send(quote, to="else@example.jp")
        go()
        assert (len(django_mail.outbox), ShareLink.objects.count()) == (1, 1)
        assert told(quote) == ["mail_queued", "mail_sent"]

    def test_in_english(self, cast):
        licenseid = make_license_id(cast.english_customer, "LIC-3001", ("SMP-BS", 45))
        quote = given_quote(licenseid, by=cast.staff)
        send(quote, to_name="", letter=template_of(reseller=cast.aoba, language="en"))
        go()
        assert "Dear Sir or Madam," in django_mail.outbox[0].body
        assert "Valid until:  " in django_mail.outbox[0].body
        assert OutgoingMail.objects.get().language == "en"

    @pytest.mark.parametrize("state", ["withdrawn", "superseded"])
    def test_what_no_longer_counts_is_not_sent(self, quote, state):
        quote.status.state, quote.status.reason = state, "誤り"
        quote.status.save()
        with pytest.raises(NotShareable):
            send(quote)
        assert (OutgoingMail.objects.count(), ShareLink.objects.count(), told(quote)) == (0, 0, [])

    def test_what_is_withdrawn_while_it_waits_is_not_sent(self, cast, quote):
        send(quote)
        withdraw(quote=quote, reason="誤り", by=cast.staff, now=NOW)
        go()
        assert (OutgoingMail.objects.get().state, django_mail.outbox) == ("cancelled", [])
        assert told(quote) == ["mail_queued", "withdrawn", "mail_failed"]
        assert quote.events.get(kind="mail_failed").detail["error"] == "cancelled"

    def test_a_link_that_reached_nobody_is_stopped(self, cast, quote):
        mail = send(quote)
        go()
        record_failure(mail=mail, error="unknown_address", address=ADDRESS, answer="5.1.1", now=NOW)
        assert ShareLink.objects.get().revoked_at == NOW
        assert told(quote) == ["mail_queued", "mail_sent", "mail_failed", "link_revoked"]
        assert not try_again(mail=mail, now=NOW)

    def test_a_link_that_somebody_may_have_stays(self, cast, quote):
        mail = send(quote, cc=["cc@takasaki.example.jp"])
        go()
        record_failure(mail=mail, error="unknown_address", address=ADDRESS, answer="5.1.1", now=NOW)
        assert ShareLink.objects.get().revoked_at is None


def entries(**changes):
    values = {
        "key": FIRST_KEY, "recipient": ADDRESS, "to": "", "to_name": "", "cc": "", "subject": "見積 {number}",
        "body": TEXT, "with_link": "on", "act": "send",
    }  # fmt: skip
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


class TestPage:
    def test_look_then_send(self, cast, quote):
        desk = sign_in(cast.staff)
        page = desk.get(f"/quotes/{quote.key}/send/").content.decode()
        assert f'value="{ADDRESS}"' in page
        assert "namiki@hatoba.example.jp" not in page
        assert f"【お見積 {quote.number}】" in page
        looked = desk.post(f"/quotes/{quote.key}/send/", entries(act="look"))
        said = looked.content.decode()
        assert "佐伯 美和 様" in said
        assert "/s/************/" in said
        assert (OutgoingMail.objects.count(), ShareLink.objects.count()) == (0, 0)
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', said))
        hidden.pop("csrfmiddlewaretoken", None)
        hidden["body"] = TEXT
        for _click in range(2):
            answer = desk.post(f"/quotes/{quote.key}/send/", {**hidden, "act": "send"}, follow=True)
        assert "The e-mail to saeki@takasaki.example.jp is on its way." in answer.content.decode()
        assert OutgoingMail.objects.count() == 1
        go()
        page = desk.get(f"/quotes/{quote.key}/").content.decode()
        assert "The mail server took the e-mail to saeki@takasaki.example.jp." in page

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"recipient": "other", "to": ""}, "Enter the recipient&#x27;s e-mail address."),
            ({"recipient": "other", "to": "saeki"}, "is not an e-mail address. It needs a name, @ and a domain"),
            ({"recipient": "namiki@hatoba.example.jp"}, "Select a valid choice."),
            ({"recipient": None}, "Choose the recipient."),
            ({"cc": "a@example.jp、b"}, "“b” is not an e-mail address."),
            ({"subject": "a {link}"}, "The link stands in the text, not in the subject."),
            ({"subject": "{nobody}"}, "{nobody} is no placeholder. Placeholders are: {customer} {person}"),
            ({"body": "no link here"}, "Write {link} where the share link is to stand, or untick the share link."),
            ({"with_link": None}, "Choose the share link, the PDF, or both"),
            ({"with_link": None, "with_pdf": "on"}, "Without a share link nothing can stand for {link}"),
            ({"key": ""}, "This page is no longer up to date. Go back to the quote and open it again."),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_lost(self, cast, quote, changes, message):
        answer = sign_in(cast.staff).post(f"/quotes/{quote.key}/send/", entries(to_name="残す", **changes))
        assert answer.status_code == 422
        assert message in answer.content.decode()
        assert 'value="残す"' in answer.content.decode()
        assert (OutgoingMail.objects.count(), ShareLink.objects.count()) == (0, 0)

    def test_typed_in_full_width(self, cast, quote):
        typed = entries(recipient="other", to="ＳＡＥＫＩ＠takasaki.example.jp", cc="ａ@example.jp，b@example.jp")
        sign_in(cast.staff).post(f"/quotes/{quote.key}/send/", typed)
        mail = OutgoingMail.objects.get()
        assert (mail.to, mail.cc) == (ADDRESS, ["a@example.jp", "b@example.jp"])

    def test_it_is_edited_as_it_will_read(self, cast, quote):
        """Filled in; with the PDF alone nobody takes a sentence out by hand, and what somebody wrote stays."""
        desk, address = sign_in(cast.staff), f"/quotes/{quote.key}/send/"
        form = desk.get(address).context["form"]
        start = {name: form.initial.get(name, "") for name in ("subject", "body", "filled_for")}
        assert "{" not in start["subject"] + start["body"]
        assert "株式会社髙﨑製作所\n佐伯 美和 様\n" in start["body"]
        assert "\n\n【共有リンクのアドレス（送信時に入ります）】\n\n" in start["body"]
        written = start["body"].replace("いつもお世話になっております。", "先日はありがとうございました。")
        changed = {**start, "body": written, "recipient": "other", "to": "購買 太郎 <k@example.jp>"}
        desk.post(address, entries(**changed, with_link=None, with_pdf="on"))
        go()
        [message] = django_mail.outbox
        assert "先日はありがとうございました。" in message.body
        assert "株式会社髙﨑製作所\n購買 太郎 様\n" in message.body
        assert "見積書（PDF）を本メールに添付しております。" in message.body
        assert not any(word in message.body for word in ("リンク", "下記", "佐伯", "こちら", "{", "http"))
        assert "\n\nご不明な点がございましたら" in message.body
        assert message.subject == start["subject"]
        looked = desk.post(address, entries(**start, act="look", with_pdf="on")).content.decode()
        assert "添付しております" in looked
        assert looked.count("/s/************/") == 1
        assert "リンクの取扱いにご注意ください" in looked

    def test_a_name_with_braces_is_a_name(self, cast, licenseid):
        cast.customer.name = "株式会社{link}{x}"
        cast.customer.save()
        quote = given_quote(licenseid, by=cast.staff)
        form = sign_in(cast.staff).get(f"/quotes/{quote.key}/send/").context["form"]
        start = {name: form.initial[name] for name in ("subject", "body", "filled_for")}
        answer = sign_in(cast.staff).post(f"/quotes/{quote.key}/send/", entries(**start))
        assert answer.status_code == 302
        go()
        assert django_mail.outbox[0].body.startswith("株式会社{link}{x}\n佐伯 美和 様\n")
        assert django_mail.outbox[0].body.count("/s/") == 1

    def test_whoever_is_typed_is_never_passed_over(self, cast, quote):
        """An address typed beside a chosen one is asked about; a list as a mail program copies it is two addresses."""
        desk, address = sign_in(cast.staff), f"/quotes/{quote.key}/send/"
        asked = desk.post(address, entries(to="other@takasaki.example.jp"))
        assert asked.status_code == 422
        assert "You chose saeki@takasaki.example.jp, and typed another address here." in asked.content.decode()
        assert 'value="other@takasaki.example.jp"' in asked.content.decode()
        assert not OutgoingMail.objects.exists()
        copied = "佐伯 美和 <a@example.jp>; \u200b田中 <ｂ@example.jp\u00a0>"
        desk.post(address, entries(recipient="other", to=copied, cc="'c@example.jp'; a@example.jp"))
        mail = OutgoingMail.objects.get()
        assert (mail.to, mail.to_name, mail.cc) == ("a@example.jp", "佐伯 美和", ["b@example.jp", "c@example.jp"])
        same = entries(to="\ufeff saeki@takasaki.example.jp", to_name="購買部 佐伯", key=FIRST_KEY[:-1] + "7")
        assert desk.post(address, same).status_code == 302
        assert OutgoingMail.objects.get(to=ADDRESS).to_name == "購買部 佐伯"

    def test_a_quote_whose_validity_has_passed_must_be_meant(self, cast, quote, clock):
        clock.move_to(NOW + timedelta(days=60))
        desk = sign_in(cast.staff)
        refused = desk.post(f"/quotes/{quote.key}/send/", entries())
        assert "Tick this to send a quote whose validity has passed." in refused.content.decode()
        assert desk.post(f"/quotes/{quote.key}/send/", entries(accept_expired="on")).status_code == 302
        assert OutgoingMail.objects.count() == 1

    def test_what_no_longer_counts(self, cast, quote):
        withdraw(quote=quote, reason="誤り", by=cast.staff, now=NOW)
        answer = sign_in(cast.staff).post(f"/quotes/{quote.key}/send/", entries())
        assert answer.status_code == 422
        assert "It cannot be sent." in answer.content.decode()
        assert not OutgoingMail.objects.exists()

    def test_again_to_a_corrected_address(self, cast, quote):
        mail = send(quote, to="wrong@takasaki.example.jp", letter=Letter("私の件名", "私の文面 {link}"))
        go()
        record_failure(mail=mail, error="unknown_address", address="wrong@takasaki.example.jp", answer="5.1.1", now=NOW)
        desk = sign_in(cast.staff)
        page = desk.get(f"/quotes/{quote.key}/").content.decode()
        assert "answered that there is no address wrong@takasaki.example.jp. Check the address." in page
        again = f"/quotes/{quote.key}/send/?again={mail.pk}"
        assert again in page
        form = desk.get(again).content.decode()
        assert all(text in form for text in ("私の件名", "私の文面 {link}", "wrong@takasaki.example.jp"))
        other = desk.get(f"/quotes/{quote.key}/send/?again=999999999999999999999").content.decode()
        assert "私の件名" not in other

    def test_what_was_used_before_is_offered_to_colleagues_and_to_nobody_else(self, cast, quote):
        send(quote, to="buyer@takasaki.example.jp", to_name="購買 係")
        go()
        foreign = given_quote(make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45)), by=cast.stranger)
        make_user("gone@takasaki.example.jp", "元 担当", "customer", customer=cast.customer, is_active=False)
        page = sign_in(cast.colleague).get(f"/quotes/{quote.key}/send/").content.decode()
        assert "購買 係 &lt;buyer@takasaki.example.jp&gt;" in page
        assert "gone@takasaki.example.jp" not in page
        page = sign_in(cast.stranger).get(f"/quotes/{foreign.key}/send/").content.decode()
        assert "takasaki" not in page


class TestTemplatesPage:
    def test_a_manager_writes_the_own_text(self, cast):
        desk = sign_in(cast.manager)
        form = {"subject_ja": "{number}", "body_ja": "本文\r\n{link}", "subject_en": "", "body_en": ""}
        assert desk.post("/manage/letters/", form).status_code == 302
        [row] = LetterTemplate.objects.all()
        assert (row.reseller, row.language, row.body, row.saved_by) == (cast.aoba, "ja", "本文\n{link}", cast.manager)
        assert "本文" in desk.get("/manage/letters/").content.decode()
        refused = desk.post("/manage/letters/", {**form, "body_ja": "{lnk}"})
        assert "{lnk} is no placeholder." in refused.content.decode()
        refused = desk.post("/manage/letters/", {**form, "subject_ja": ""})
        assert "Fill in both, or empty both" in refused.content.decode()
        row.refresh_from_db()
        assert row.body == "本文\n{link}"

    def test_letters_with_several_quotes_have_a_text_of_their_own(self, cast):
        desk = sign_in(cast.manager)
        form = {"quotes_subject_ja": "{count}件", "quotes_body_ja": "本文\n{quotes}"}
        assert desk.post("/manage/letters/", form).status_code == 302
        page = desk.get("/manage/letters/")
        as_shown = {name: page.context["form"].initial.get(name) for name in page.context["form"].fields}
        assert desk.post("/manage/letters/", as_shown).status_code == 302  # the portal's texts stay the portal's
        [row] = LetterTemplate.objects.all()
        assert (row.kind, row.language, row.subject, row.body) == ("quotes", "ja", "{count}件", "本文\n{quotes}")
        assert template_of(reseller=cast.aoba, language="ja", kind=SEVERAL) == Letter("{count}件", "本文\n{quotes}")
        assert template_of(reseller=cast.aoba, language="ja").subject == "【お見積 {number}】{subject}"
        for wrong, said in [
            ({"quotes_body_ja": "{count}"}, "Write {quotes} where the quotes with their links are to stand."),
            ({"quotes_subject_ja": "{quotes}"}, "{quotes} stands in the text, not in the subject."),
            ({"quotes_body_ja": "{quotes} {link}"}, "{link} is no placeholder."),
        ]:
            answer = desk.post("/manage/letters/", form | wrong)
            assert (answer.status_code, said in answer.content.decode()) == (422, True)
        row.refresh_from_db()
        assert row.body == "本文\n{quotes}"
