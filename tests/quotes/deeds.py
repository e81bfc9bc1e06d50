"""What people and the portal do with one quote, to be done by many at the same moment.

Every deed acts on whatever there is at that moment (the newest revision, the newest open link), notes of which kind it
has added entries to the log, and takes the refusals that are meant for people as an answer. Anything else is an error.
"""

import itertools
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.bounces import record_bounce
from foundation.mail.operations.queue import deliver, queue_mail
from quotes.customers.answers import answer_quote
from quotes.customers.visits import Visitor, hand_out_pdf, record_view
from quotes.letters.operations import send_quote
from quotes.letters.words import Letter
from quotes.links import operations as sharing
from quotes.links.operations import link_days
from quotes.models import LOSE, ORDER, REOPEN, SUPERSEDE, WITHDRAW, Quote, QuoteEvent, ShareLink, event_hash
from quotes.record import transitions
from quotes.record.refusals import (
    AlreadyIssued,
    DownloadsUsedUp,
    LinkClosed,
    LinksChanged,
    NotOpen,
    NotShareable,
    WrongState,
)
from renewals.drafts.operations import discard_draft
from renewals.refusals import DraftChanged
from renewals.revisions.operations import begin_revision, duplicate
from tests.cast import NOW, Cast, make_license_id
from tests.making import download, issue_quote

REFUSALS = (
    AlreadyIssued,
    DownloadsUsedUp,
    DraftChanged,
    LinkClosed,
    LinksChanged,
    NotOpen,
    NotShareable,
    WrongState,
)
Kind = QuoteEvent.Kind


class Stage:
    """One license ID with a quote, its revisions, links and letters."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.licenseid = make_license_id(cast.customer, "LIC-7001", ("SMP-BS", 45))
        issue_quote(self.licenseid, by=cast.staff)
        self.numbers = itertools.count(1)
        self.told: Counter[str] = Counter([Kind.ISSUED])
        """How many entries the deeds say that they added, by kind."""
        self.make_link()

    def do(self, deed: Callable[[], None]) -> None:
        """One deed; a refusal that is meant for people is one of its good ends."""
        try:
            deed()
        except REFUSALS:
            self.told["refused"] += 1

    # --- what there is ---

    @property
    def quote(self) -> Quote:
        rows = Quote.objects.select_related("reseller", "customer", "issued_by")
        return rows.filter(parts__licenseid=self.licenseid).latest("revision")

    @property
    def link(self) -> ShareLink:
        """The newest that was not revoked, else the newest."""
        links = ShareLink.objects.select_related("quote").filter(quote=self.quote).order_by("-pk")
        found = links.filter(revoked_at=None).first() or links.first()
        if found is None:
            raise LinksChanged(self.quote)  # a new revision, to which nobody has made a link yet
        return found

    def visitor(self, *, by_link: bool) -> Visitor:
        number = next(self.numbers)
        who = {"link": self.link} if by_link else {"user": self.cast.contact}
        return Visitor(**who, ip="203.0.113.9", user_agent=f"browser {number}")

    # --- customers ---

    def view_by_link(self) -> None:
        visitor = self.visitor(by_link=True)
        assert visitor.link is not None
        self._view(visitor.link.quote, visitor)

    def view_by_login(self) -> None:
        self._view(self.quote, self.visitor(by_link=False))

    def _view(self, quote: Quote, visitor: Visitor) -> None:
        later = NOW + timedelta(minutes=next(self.numbers) % 800)  # of the same day: the next one stops all issuing
        if record_view(quote=quote, visitor=visitor, now=later):
            self.told[Kind.VIEWED] += 1

    def download_by_link(self) -> None:
        visitor = self.visitor(by_link=True)
        assert visitor.link is not None
        hand_out_pdf(quote=visitor.link.quote, visitor=visitor, now=NOW)
        self.told[Kind.DOWNLOADED] += 1

    def download_by_login(self) -> None:
        hand_out_pdf(quote=self.quote, visitor=self.visitor(by_link=False), now=NOW)
        self.told[Kind.DOWNLOADED] += 1

    def wish_to_order(self) -> None:
        self._answer("order", self.visitor(by_link=True))

    def decline(self) -> None:
        self._answer("decline", self.visitor(by_link=False))

    def answer_too_late(self) -> None:
        self._answer("order", self.visitor(by_link=False), now=NOW + timedelta(days=90))

    def _answer(self, answer: str, visitor: Visitor, now: Any = NOW) -> None:
        quote = visitor.link.quote if visitor.link else self.quote
        said = {"message": f"言葉 {next(self.numbers)}", "by_name": "山田"}
        if answer_quote(quote=quote, answer=answer, **said, visitor=visitor, now=now):
            self.told[Kind.ORDER_WISHED if answer == "order" else Kind.DECLINED] += 1

    # --- staff ---

    def download_as_staff(self) -> None:
        download(quote=self.quote, by=self.cast.staff, now=NOW)
        self.told[Kind.DOWNLOADED] += 1

    def make_link(self) -> None:
        quote = self.quote
        newest = quote.share_links.order_by("-pk").values_list("pk", flat=True).first()
        until = link_days(quote=quote, on=quote.issued_on).usual
        given = {"recipient": "山田様", "expires_on": until, "max_downloads": None, "seen": newest}
        sharing.make_link(quote=quote, **given, by=self.cast.staff, now=NOW)
        self.told[Kind.LINK_MADE] += 1

    def renew_link(self) -> None:
        sharing.renew_link(link=self.link, by=self.cast.staff, now=NOW)
        self.told[Kind.LINK_MADE] += 1

    def revoke_link(self) -> None:
        sharing.revoke_link(link=self.link, by=self.cast.colleague, now=NOW)

    def send_letter(self) -> None:
        send_quote(
            quote=self.quote,
            form_key=str(uuid.uuid4()),
            to="saeki@takasaki.example.jp",
            to_name="佐伯 美和",
            cc=[],
            letter=Letter("見積", "{link}"),
            with_link=True,
            with_pdf=True,
            by=self.cast.staff,
            make_address=lambda token: f"https://portal.example.jp/s/{token}/",
            now=NOW,
        )
        self.told[Kind.LINK_MADE] += 1
        self.told[Kind.MAIL_QUEUED] += 1

    def withdraw(self) -> None:
        """Withdrawn is withdrawn: then the next revision, so that there is something to withdraw again."""
        quote = self.quote
        if quote.status.state == WITHDRAW.target:
            return self.revise()
        return self._take(WITHDRAW.name, transitions.withdraw, quote)

    def record_order(self) -> None:
        self._take(ORDER.name, transitions.record_order, self.quote)

    def record_loss(self) -> None:
        self._take(LOSE.name, transitions.record_loss, self.quote)

    def reopen(self) -> None:
        self._take(REOPEN.name, transitions.reopen, self.quote)

    def _take(self, name: str, take: Callable[..., Any], quote: Quote) -> None:
        take(quote=quote, reason="理由", by=self.cast.staff, now=NOW)
        self.told[name] += 1

    def revise(self) -> None:
        draft, _is_new = begin_revision(quote=self.quote, by=self.cast.staff, now=NOW)
        issue_quote(self.licenseid, by=self.cast.staff, key=draft.key)
        self.told[SUPERSEDE.name] += 1
        self.told[Kind.ISSUED] += 1

    def copy(self) -> None:
        draft = duplicate(quote=self.quote, key=uuid.uuid4(), by=self.cast.colleague, now=NOW)
        discard_draft(draft=draft)

    # --- the mail server ---

    def deliver_letter(self) -> None:
        mail = self._queued()
        deliver(mail=mail, clock=lambda: NOW)

    def bounce(self) -> None:
        """The newest link's letter comes back: it is noted, and the link stops."""
        mail = self._queued()
        sent = {"state": "sent", "sealed_text": None, "next_attempt_at": None, "settled_at": NOW}
        OutgoingMail.objects.filter(pk=mail.pk).update(**sent)
        notice = (
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
            "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.jp\n\n"
            f"Final-Recipient: rfc822; {mail.to}\nAction: failed\nStatus: 5.1.1\n\n"
            f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {mail.message_id}\n\n--b--\n"
        )
        record_bounce(source=notice.encode(), now=NOW)

    def _queued(self) -> OutgoingMail:
        """A letter about the newest revision; due at a moment that only this deed names."""
        link = ShareLink.objects.filter(quote=self.quote, revoked_at=None).order_by("-pk").first()
        return queue_mail(
            key=str(uuid.uuid4()),
            to="saeki@takasaki.example.jp",
            subject="見積",
            body="本文",
            about=f"quote:{self.quote.key}",
            entry={"link": link.pk if link else None},
            by=self.cast.staff,
            now=NOW,
        )

    # --- afterwards ---

    def check(self) -> None:
        """No entry is lost, none is there twice, and the log holds together."""
        events = list(QuoteEvent.objects.filter(reseller=self.cast.aoba).order_by("position"))
        assert [event.position for event in events] == list(range(1, len(events) + 1))
        assert [event.previous_hash for event in events] == ["", *(event.hash for event in events[:-1])]
        assert all(event_hash(event) == event.hash for event in events)
        settled = OutgoingMail.objects.filter(about__startswith="quote:").exclude(state="queued")
        links = ShareLink.objects.all()
        expected = Counter({name: count for name, count in self.told.items() if name != "refused"}) + Counter(
            {
                Kind.LINK_REVOKED: links.exclude(revoked_at=None).count(),
                Kind.MAIL_SENT: settled.filter(state="sent").count(),
                Kind.MAIL_FAILED: settled.filter(state__in=["failed", "cancelled"]).count(),
            }
        )
        assert Counter(event.kind for event in events) == expected
        assert expected[Kind.LINK_MADE] == links.count()
        by_link = QuoteEvent.objects.filter(kind=Kind.DOWNLOADED).exclude(link=None).count()
        assert sum(links.values_list("downloads", flat=True)) == by_link


DEEDS = (
    Stage.view_by_link, Stage.view_by_login, Stage.download_by_link, Stage.download_by_login, Stage.wish_to_order,
    Stage.decline, Stage.answer_too_late, Stage.download_as_staff, Stage.make_link, Stage.renew_link,
    Stage.revoke_link, Stage.send_letter, Stage.withdraw, Stage.record_order, Stage.record_loss, Stage.reopen,
    Stage.revise, Stage.copy, Stage.deliver_letter, Stage.bounce,
)  # fmt: skip
