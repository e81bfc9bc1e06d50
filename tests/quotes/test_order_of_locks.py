"""In which order each operation locks, as the database sees it: the one order of docs/architecture.md, or it fails."""

import importlib
import pkgutil
import re
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import connection

import licensing
import pricing
import quotes
import renewals
from foundation.integrity.counts import put_all_together
from foundation.jobs.operations import cancel_batch, retry_batch, work_off
from foundation.mail.operations.notices import MOST_OF_ONE, keep_notice
from foundation.mail.operations.queue import deliver_due, queue_mail, settle_lost
from licensing.contacts.operations import add_contact, change_contact, mark_contact
from licensing.holdings.operations import CheckList, UndoList, WriteList, answer_questions, confirm_list, undo_list
from licensing.holdings.tasks import check_held_list, undo_held_list, write_held_list
from licensing.keeping.operations import HeldRow, add_license_id, correct_code, save_holdings
from licensing.models import Customer, HeldImport, Invitation, LicenseID, Reseller, User
from licensing.operations import access, companies, invitations, owners, people
from pricing.check.operations import check_price_list
from pricing.costs import operations as costs
from pricing.costs.reading import ReadRate
from pricing.files.operations import ImportRefused, confirm_import, upload_prices
from pricing.files.tasks import check_price_file, write_imported_draft
from pricing.golden.operations import AcceptRefused, accept_differences
from pricing.lists.operations import publish as publishing
from pricing.lists.operations.copy import copy_price_list
from pricing.lists.operations.ending import end_sale
from pricing.models import PriceList
from pricing.taxes.operations import add_tax_rate, withdraw_tax_rate
from quotes.customers.visits import Visitor, hand_out_acknowledgement
from quotes.handover.operations import save_columns
from quotes.letters.acknowledging import send_acknowledgement
from quotes.letters.templates import QUOTE, save_templates
from quotes.letters.words import Letter
from quotes.models import Quote
from quotes.record.acknowledgements import acknowledge_order
from quotes.record.order_files import keep_order_file, record_order_with_file
from renewals.carrying_out.operations import carry_out, undo
from renewals.desk.operations import enter, save_filter
from renewals.desk.refresh import mark_all, recount
from renewals.desk.tasks import keep_desk
from renewals.drafts.operations import keep_draft, save_draft
from renewals.standing_lines.operations import Standing, save_standing_lines
from renewals.transfers.operations import change_reseller_of, merge_customers, move_license_id
from renewals.transfers.queries import effect_of_leaving, effect_of_merging, effect_of_move
from tests.cast import EXPIRY, NOW, Cast, make_license_id, make_user
from tests.licensing.holdings.lists import being_checked
from tests.making import fill, issue_quote, load, typed
from tests.order_files import given
from tests.quotes.deeds import DEEDS, Stage
from tests.quotes.test_sharing import make as make_share_link
from tests.renewals.approving import ask_answer_and_withdraw
from tests.renewals.asking import ask_remind_answer_and_withdraw
from tests.renewals.batches import deeds_of_a_batch
from tests.renewals.comparing import compare_choose_issue_and_withdraw
from tests.renewals.impacts import calculate_again_and_again
from tests.renewals.rhythm import keep_the_rhythm
from tests.renewals.telling import tell_of_new_prices

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

LOCKING = re.compile(
    r'^(?:UPDATE (?:ONLY )?"(?P<updated>\w+)"|DELETE FROM "(?P<deleted>\w+)"'
    r'|SELECT .* FROM "(?P<read>\w+)" .*FOR (?P<how>[A-Z ]*(?:UPDATE|SHARE))(?: OF "\w+")?$)',
    re.DOTALL,
)


def order_of_locks() -> dict[str, int]:
    """Table and place, as the page says it."""
    page = Path(settings.BASE_DIR, "docs/architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| ((?:`\w+`(?:, )?)+) \|", page, re.MULTILINE)
    return {table: int(place) for place, tables in rows for table in re.findall(r"`(\w+)`", tables)}


class Watch:
    """Which rows of which tables each transaction locked, one after the other."""

    def __init__(self) -> None:
        self.transactions: list[tuple[Any, list[tuple[str, str]]]] = []
        self.called: set[CodeType] = set()

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := LOCKING.match(sql):
            table = found["updated"] or found["deleted"] or found["read"]
            outermost = connection.atomic_blocks[0] if connection.atomic_blocks else object()
            if not self.transactions or self.transactions[-1][0] is not outermost:
                self.transactions.append((outermost, []))
            locked = self.transactions[-1][1]
            if found["how"] or table not in [one for one, _how in locked]:  # what was read for it is locked already
                locked.append((table, f"FOR {found['how']}" if found["how"] else ""))
        return execute(sql, params, many, context)

    def note_call(self, frame: Any, event: str, _arg: Any) -> None:
        if event == "call":
            self.called.add(frame.f_code)

    @contextmanager
    def watching(self) -> Iterator[None]:
        sys.setprofile(self.note_call)
        try:
            with connection.execute_wrapper(self):
                yield
        finally:
            sys.setprofile(None)


def operations_in_one_transaction() -> dict[CodeType, str]:
    """Every function of the rooms that is a transaction of its own."""
    found = {}
    for package in (licensing, pricing, quotes, renewals):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(info.name)
            for name, value in vars(module).items():
                if getattr(value, "is_one_transaction", False) and value.__module__ == info.name:
                    found[value.__wrapped__.__code__] = f"{info.name}.{name}"
    return found


def deeds_of_the_house(cast: Cast) -> list[Callable[[], Any]]:
    """What locks and is done with no quote."""
    person = make_user("new@aoba.example.jp", "新 人", "staff", reseller=cast.aoba)
    asked = {"role": "staff", "by": cast.manager, "now": NOW, "reseller": cast.aoba}
    given = {"name": "新 人", "name_en": "", "by": cast.manager, "now": NOW}

    def invite_and_accept() -> None:
        invitation, link = invitations.invite(email="a@aoba.example.jp", name="A", **asked)
        link = invitations.renew_invitation(invitation=invitation, by=cast.manager, now=NOW)
        chosen = {"name": "A", "name_en": "", "password": "a-long-pass-phrase", "now": NOW}
        invitations.accept_invitation(token=link.rstrip("/").rpartition("/")[2], **chosen)

    def lose_a_worker() -> None:
        mail = queue_mail(key="lost", to="a@aoba.example.jp", subject="s", body="b", now=NOW)
        type(mail).objects.filter(pk=mail.pk).update(
            state="sending", leased_by="x", leased_until=NOW, handing_over_at=NOW
        )
        settle_lost(now=NOW)

    def answer_too_often() -> None:
        """More than is kept of one e-mail: the oldest goes."""
        mail = queue_mail(key="answered", to="a@aoba.example.jp", subject="s", body="b", now=NOW)
        for number in range(MOST_OF_ONE + 1):
            keep_notice(source=f"In-Reply-To: {mail.message_id}\nSubject: {number}\n\n".encode(), now=NOW)
        assert mail.notices.count() == MOST_OF_ONE

    def save_twice() -> None:
        licenseid = LicenseID.objects.get(code="LIC-7001")
        draft = {"licenseids": [licenseid], "pricing": None, "saved_by": cast.staff, "now": NOW}
        key = "1f4d2c55-1111-4222-8333-444455556666"
        saved = save_draft(key=key, **draft, **typed(fill(licenseid, {"subject": "1"})))
        save_draft(key=key, **draft, **typed(fill(licenseid, {"subject": "2"})), seen_version=saved.version)

    def save_by_itself() -> None:
        licenseid = LicenseID.objects.get(code="LIC-7001")
        draft = {"licenseids": [licenseid], "pricing": None, "saved_by": cast.staff, "now": NOW}
        key, subjects = uuid.uuid4(), ("1", "2", "")
        for version, subject in enumerate(subjects):
            asked, seen = typed(fill(licenseid, {"subject": subject})), version or None
            keep_draft(key=key, **draft, **asked, seen_version=seen, is_nothing=not subject)

    def change_companies() -> None:
        new = {name: getattr(Customer(language="ja"), name) for name in companies.CUSTOMER_FIELDS}
        companies.add_customer(reseller=cast.aoba, values=new | {"name": "新会社"})
        for row, change, fields in (
            (Customer.objects.first(), companies.change_customer, companies.CUSTOMER_FIELDS),
            (Reseller.objects.first(), companies.change_reseller, companies.RESELLER_FIELDS),
        ):
            named = {"customer": row} if isinstance(row, Customer) else {"reseller": row, "pictures": {}}
            change(**named, values={name: getattr(row, name) for name in fields})

    def look_after_customers() -> None:
        owners.change_owners(customers=[cast.customer.pk], owner=person, by=cast.manager, now=NOW)
        owners.hand_over(person=person, to=cast.manager, by=cast.manager, now=NOW)

    def keep_the_desk() -> None:
        said = {"follow_up_on": None, "note": "n", "declined_reason": ""}
        licenseid = LicenseID.objects.get(code="LIC-7001")
        enter(licenseid=licenseid, expires_on=EXPIRY, by=cast.staff, now=NOW, **said)
        save_filter(user=cast.staff, name="f", query="")
        keep_desk(now=NOW)
        mark_all()
        recount()
        put_all_together()

    def look_after_a_contact() -> None:
        added = add_contact(customer=cast.customer, values={"name": "新人"})
        change_contact(contact=added, values={"name": "改名"})
        mark_contact(contact=added, is_gone=True)

    def keep_holdings() -> None:
        added = add_license_id(customer=cast.customer, code="LIC-7100", note="")
        product = cast.products["SMP-BS"]
        for rows in ([HeldRow(None, product, 5, EXPIRY)], [HeldRow(None, product, 6, EXPIRY)], []):
            save_holdings(licenseid=added, note="", rows=rows)
        correct_code(licenseid=added, code="LIC-7102", seen="LIC-7100")
        drafted = LicenseID.objects.get(code="LIC-7001")
        for old, new in (("LIC-7001", "LIC-7003"), ("LIC-7003", "LIC-7001")):
            correct_code(licenseid=drafted, code=new, seen=old)

    def bring_a_list_in() -> None:
        def done(batch: Any, work: Any) -> HeldImport:
            work_off(batch_pk=batch.pk, work=work, clock=lambda: NOW)
            return HeldImport.objects.select_related("reseller", "check_batch", "confirm_batch", "undo_batch").get(
                pk=upload.pk
            )

        by = {"by": cast.manager, "now": NOW}
        upload = being_checked(cast.aoba, cast.manager, "SMP-BS")
        upload = done(upload.check_batch, CheckList())
        upload = answer_questions(upload=upload, answers={}, task=check_held_list, **by)
        upload = done(upload.check_batch, CheckList())
        upload = confirm_list(upload=upload, removes_gone=False, leaves_wrong=False, task=write_held_list, **by)
        upload = done(upload.confirm_batch, WriteList())
        upload = undo_list(upload=upload, task=undo_held_list, **by)
        done(upload.undo_batch, UndoList())

    def invite_and_revoke() -> None:
        invitation, _link = invitations.invite(email="b@aoba.example.jp", name="B", **asked)
        invitations.revoke_invitation(invitation=invitation, now=NOW)

    session = UserSession.objects.create(user=cast.staff, session_key="k", ip="203.0.113.9", user_agent="b")
    letters = {(QUOTE, "ja"): Letter("件名", "{link}")}
    return [
        invite_and_accept,
        invite_and_revoke,
        lose_a_worker,
        answer_too_often,
        save_twice,
        save_by_itself,
        change_companies,
        look_after_customers,
        keep_the_desk,
        look_after_a_contact,
        keep_holdings,
        bring_a_list_in,
        lambda: people.change_person(person=person, role="manager", **given),
        lambda: people.deactivate_person(person=person, by=cast.manager, now=NOW),
        lambda: people.reactivate_person(person=person, by=cast.manager),
        lambda: invitations.revoke_invitation(
            invitation=invitations.invite(email="b@x.jp", name="B", **asked)[0], now=NOW
        ),
        lambda: people.change_own_words(
            person=person, values={name: getattr(person, name) for name in people.OWN_WORDS}
        ),
        lambda: save_standing_lines(reseller=cast.aoba, lines=[Standing("設定作業費", "式", 30_000, "standard")]),
        lambda: save_standing_lines(reseller=cast.aoba, lines=[]),
        lambda: access.end_session(user=cast.staff, pk=session.pk),
        lambda: access.choose_password(person=cast.staff, password="a-long-pass-phrase"),
        lambda: access.remove_second_factors(user=cast.staff),
        lambda: save_columns(reseller=cast.aoba, purpose="table", columns=[("amount", "金額")], look=lambda _row: None),
        lambda: save_templates(reseller=cast.aoba, letters=letters, by=cast.manager, now=NOW),
    ]


def deeds_after_an_order(cast: Cast) -> list[Callable[[], Any]]:
    licenseid = make_license_id(cast.customer, "LIC-7101", ("SMP-BS", 45))
    quote = issue_quote(licenseid, by=cast.staff)

    def carry_out_and_undo() -> None:
        record_order_with_file(quote=quote, file=given(), by=cast.staff, now=NOW)
        keep_order_file(quote=quote, file=given(text="right"), seen=1, supersedes=1, by=cast.staff, now=NOW)
        made = acknowledge_order(quote=quote, by=cast.staff, now=NOW)
        sent = {"to": "a@example.jp", "to_name": "", "cc": [], "letter": Letter("件名", "{number}"), "form_key": "1"}
        send_acknowledgement(quote=quote, one=made, **sent, by=cast.staff, now=NOW)
        deliver_due(clock=lambda: NOW)
        visitor = Visitor(link=make_share_link(quote, now=NOW)[0])
        hand_out_acknowledgement(quote=quote, one=made, visitor=visitor, now=NOW)
        [done] = carry_out(quote=quote, parts=[quote.parts.get().pk], by=cast.staff, now=NOW)
        undo(done=done, by=cast.staff, now=NOW)

    return [carry_out_and_undo]


def deeds_of_transfers(cast: Cast) -> list[Callable[[], Any]]:
    other, third = (Customer.objects.create(reseller=cast.aoba, name=name) for name in ("別の株式会社", "第三株式会社"))
    licenseid = make_license_id(cast.customer, "LIC-7202", ("SMP-BS", 45))
    given: dict[str, Any] = {"by": cast.admin, "now": NOW}

    def draft_and_quote(one: LicenseID) -> Quote:
        save_draft(key=uuid.uuid4(), licenseids=[load(one)], pricing=None, saved_by=cast.staff, now=NOW,
                   **typed(fill(one)))  # fmt: skip
        return issue_quote(one, by=cast.staff, acknowledged=("already-quoted",))

    def move_and_back() -> None:
        quote, on = draft_and_quote(licenseid), NOW.date()
        for to, closing in ((other, [quote.key]), (cast.customer, [])):
            one = load(licenseid)
            move_license_id(licenseid=one, to=to, closing=closing, mark=effect_of_move(one, on=on).mark, **given)

    def merge_and_change() -> None:
        add_contact(customer=other, values={"name": "新人"})
        one = make_license_id(other, "LIC-7203", ("SMP-BS", 45))
        draft_and_quote(one)
        invitations.invite(email="c@x.jp", name="C", role="customer", customer=other, **given)
        merge_customers(gone=other, stays=third, mark=effect_of_merging(other, third).mark, **given)
        mark = effect_of_leaving(third, to=cast.minato, on=NOW.date()).mark
        change_reseller_of(customer=third, to=cast.minato, mark=mark, **given)

    return [move_and_back, merge_and_change]


def deeds_with_prices(cast: Cast) -> list[Callable[[], Any]]:
    def publish_and_withdraw() -> None:
        source = PriceList.objects.filter(published_at__isnull=False).latest("effective_on")
        draft = copy_price_list(price_list=source, effective_on=date(2027, 9, 1), by=cast.price_admin, now=NOW)
        with pytest.raises(AcceptRefused):
            accept_differences(price_list=draft, seen={}, reason="理由", by=cast.price_admin, now=NOW)
        found = check_price_list(price_list=draft, on=NOW.date()).to_tick
        read = [finding.code for finding in found]
        publishing.publish(price_list=draft, by=cast.price_admin, now=NOW, acknowledged=read)
        publishing.withdraw(price_list=draft, reason="理由", by=cast.price_admin, now=NOW)

    def confirm_what_is_not_checked() -> None:
        given = {"name": "版", "effective_on": date(2027, 9, 2), "by": cast.price_admin, "now": NOW}
        upload = upload_prices(content=b"x", file_name="x.csv", based_on=None, task=check_price_file, **given)
        with pytest.raises(ImportRefused):
            confirm_import(upload=upload, task=write_imported_draft, **given)
        steered = {"batch": upload.check_batch, "by": cast.price_admin, "now": NOW}
        cancel_batch(**steered)
        retry_batch(**steered)

    def change_taxes() -> None:
        rate = add_tax_rate(category="standard", percent=Decimal(12), effective_on=date(2027, 9, 1), now=NOW)
        withdraw_tax_rate(tax_rate=rate, now=NOW)

    def keep_cost_rates() -> None:
        product, day = cast.products["SMP-AO"], date(2027, 9, 1)
        rate = costs.add_rate(reseller=cast.aoba, of=product, percent=Decimal(80), effective_on=day)
        costs.change_rate(rate=rate, percent=Decimal(70), effective_on=day)
        rows = [ReadRate(2, "product", product.pk, Decimal(60), day)]
        assert costs.write_rates(reseller=cast.aoba, rates=rows).changed == 1
        costs.remove_rate(rate=rate)

    def end_and_end_otherwise() -> None:
        draft = copy_price_list(price_list=cast.price_list, effective_on=date(2027, 9, 3), by=cast.price_admin, now=NOW)
        for successor in (cast.products["SMP-IM"], None):
            end_sale(draft=draft, product=cast.products["SMP-AO"], since_on=date(2027, 9, 3), successor=successor,
                     by=cast.price_admin, now=NOW)  # fmt: skip

    return [publish_and_withdraw, confirm_what_is_not_checked, change_taxes, keep_cost_rates, end_and_end_otherwise]


def waited_for(locked: list[tuple[str, str]]) -> list[str]:
    """The tables in the order of their locks. Rows that were selected for it first are not waited for again."""
    had: set[str] = set()
    found = []
    for table, how in locked:
        if table not in had:
            found.append(table)
        if how:
            had.add(table)
    return found


def test_every_operation_locks_in_the_one_order(cast):
    order = order_of_locks()
    assert order["quotes_eventchain"] == max(order.values())
    stage, watch = Stage(cast), Watch()
    with watch.watching():
        for deed in DEEDS:
            stage.do(deed.__get__(stage))
        for deed in (Stage.record_order, Stage.reopen, Stage.withdraw, Stage.revise, Stage.make_link, Stage.bounce):
            stage.do(deed.__get__(stage))
        deeds = [*deeds_of_the_house(cast), *deeds_after_an_order(cast), *deeds_with_prices(cast)]
        several = [*deeds_of_transfers(cast), *deeds_of_a_batch(cast)]
        with_cast = (
            ask_remind_answer_and_withdraw, ask_answer_and_withdraw, keep_the_rhythm, calculate_again_and_again,
            tell_of_new_prices, compare_choose_issue_and_withdraw,
        )  # fmt: skip
        for deed in [*deeds, *several, *(partial(one, cast) for one in with_cast)]:
            deed()
    assert User.objects.filter(email="a@aoba.example.jp").exists()
    assert Invitation.objects.exclude(revoked_at=None).exists()
    seen = [locked for _outermost, locked in watch.transactions]
    assert {table for locked in seen for table, _how in locked} - set(order) == set()
    places = [[order[table] for table in waited_for(locked)] for locked in seen]
    assert [locked for locked, found in zip(seen, places, strict=True) if found != sorted(found)] == []
    assert {how for locked in seen for _table, how in locked} <= {"", "FOR NO KEY UPDATE", "FOR UPDATE"}
    strong = {table for locked in seen for table, how in locked if how == "FOR UPDATE"}
    assert strong == {"quotes_lettertemplate"}  # Django's update_or_create; nothing points to these rows
    expected = operations_in_one_transaction()
    assert sorted(name for code, name in expected.items() if code not in watch.called) == []
    assert len(expected) >= 20


def test_no_lock_is_stronger_than_it_needs_to_be():
    """FOR UPDATE would wait for every row that only points to the locked one, and keep it waiting."""
    found = [
        f"{path.name}:{number}"
        for room in ("foundation", "licensing", "pricing", "quotes", "renewals", "config")
        for path in sorted(Path(settings.BASE_DIR, room).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if "select_for_update(" in line and "no_key=True" not in line
    ]
    assert found == []
