"""A license ID comes to another customer, a customer into another or to another reseller: all as shown, or nothing."""

import uuid

import pytest
from django.urls import reverse
from django.utils import translation

from licensing.contacts.operations import add_contact
from licensing.holdings.operations.comparing import Comparison
from licensing.holdings.operations.works import load_catalogue
from licensing.holdings.reading import read_held
from licensing.keeping.operations import add_license_id
from licensing.models import Customer, Holding, Invitation, LicenseID, User
from licensing.operations.invitations import accept_invitation, invite
from licensing.operations.turns import ChangedHands
from licensing.queries import customers_by_name, find_look_alikes, license_ids_by_expiry
from quotes.links.operations import make_link
from quotes.models import Quote
from quotes.record.holdings import open_siblings
from quotes.record.refusals import CustomerMoved, NotShareable
from quotes.record.transitions import record_order, reopen
from renewals.carrying_out.operations import carry_out
from renewals.checks.others import without_contact
from renewals.checks.scope import scope_of
from renewals.drafts.operations import save_draft
from renewals.drafts.queries import find_drafts
from renewals.issue.operations import issue
from renewals.models import QuoteDraft
from renewals.revisions.operations import begin_revision
from renewals.transfers.operations import (
    EffectChanged,
    TransferRefused,
)
from renewals.transfers.queries import Effect, effect_of_leaving, effect_of_merging, effect_of_move
from tests.at_once import at_once
from tests.cast import NOW, TODAY, make_license_id, make_user, sign_in
from tests.licensing.holdings.lists import HEAD, as_csv
from tests.making import fill, given_quote, holding_of, issue_quote, load, typed
from tests.renewals.transferring import LATER, all_written, change, contact_of, draft_of, merge, move

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def other(cast):
    """Another customer of the same reseller."""
    return Customer.objects.create(reseller=cast.aoba, name="株式会社高崎製作所", address="見本県高崎町7-8")


@pytest.fixture
def other_contact(other):
    return make_user("sato@other.example.jp", "佐藤 新", User.Role.CUSTOMER, customer=other)


# --- A license ID to another customer -------------------------------------------------------------------------------


def test_a_license_id_moves_with_holdings_and_drafts_and_chosen_quotes_are_closed(cast, licenseid, other):
    two = make_license_id(cast.customer, "LIC-2", ("SMP-BS", 20))
    alone = draft_of(cast, licenseid, contact=contact_of(cast.customer))
    together = draft_of(cast, licenseid, two)
    closed, kept = (issue_quote(licenseid, by=cast.staff, acknowledged=("already-quoted",)) for _ in range(2))
    before = closed.document
    effect = move(cast, licenseid, other, closed)
    assert (effect.license_ids, effect.holdings, effect.drafts, effect.left_drafts, effect.issued) == (
        (licenseid.code,), 1, (alone.pk,), 1, 2,
    )  # fmt: skip
    assert [quote.pk for quote in effect.open_quotes] == [closed.pk, kept.pk]
    assert load(licenseid).customer == other
    alone.refresh_from_db()
    together.refresh_from_db()
    assert (alone.customer, alone.asked["contact"], alone.version) == (other, None, 2)
    assert (together.customer, together.version) == (cast.customer, 1)
    assert [Quote.objects.get(pk=one.pk).status.state for one in (closed, kept)] == ["lost", "issued"]
    event = closed.events.get(kind="lost")
    assert (event.by, event.detail["reason"]) == (
        cast.manager, f"License ID {licenseid.code} was moved to another customer ({other.name}).",
    )  # fmt: skip
    closed.refresh_from_db()
    assert (closed.document, closed.customer) == (before, cast.customer)
    entry = licenseid.history.first()
    assert (entry.history_user, entry.history_change_reason) == (
        cast.manager.pk, f"moved from {cast.customer.name} to {other.name}",
    )  # fmt: skip


def test_a_draft_goes_with_the_last_of_its_license_ids_that_move_one_after_the_other(cast, licenseid, other):
    two, three = (make_license_id(cast.customer, f"LIC-{n}", ("SMP-BS", 20)) for n in (2, 3))
    draft = draft_of(cast, licenseid, two, contact=contact_of(cast.customer))
    beside = draft_of(cast, licenseid, two, three)
    first = move(cast, licenseid, other)
    draft.refresh_from_db()
    assert (first.drafts, first.left_drafts, draft.customer) == ((), 2, cast.customer)
    second = move(cast, two, other)
    [one.refresh_from_db() for one in (draft, beside)]
    assert (second.drafts, second.left_drafts) == ((draft.pk,), 1)
    assert (draft.customer, draft.asked.get("contact"), beside.customer) == (other, None, cast.customer)
    assert [part.licenseid_id for part in draft.parts.order_by("position")] == [licenseid.pk, two.pk]
    assert (move(cast, licenseid, cast.customer).drafts, move(cast, two, cast.customer).drafts) == ((), (draft.pk,))
    draft.refresh_from_db()
    assert draft.customer == cast.customer


@pytest.mark.parametrize("why", ["other reseller", "merged", "same", "pending", "changed"])
def test_a_license_id_is_not_moved_and_nothing_is_written(cast, licenseid, other, why):
    to, mark, error = other, None, TransferRefused
    if why == "other reseller":
        to = cast.foreign_customer
    elif why == "merged":
        Customer.objects.filter(pk=other.pk).update(merged_into=cast.english_customer)
    elif why == "same":
        to = cast.customer
    elif why == "pending":
        record_order(quote=given_quote(licenseid, by=cast.staff), by=cast.staff, now=NOW)
    else:
        mark, error = effect_of_move(load(licenseid), on=TODAY).mark, EffectChanged
        given_quote(licenseid, by=cast.staff)
    before = all_written()
    with pytest.raises(error):
        move(cast, licenseid, to, mark=mark)
    assert all_written() == before


def test_an_order_that_is_carried_out_or_was_brought_in_by_hand_hinders_no_move(cast, licenseid, other):
    quote = given_quote(licenseid, by=cast.staff)
    record_order(quote=quote, by=cast.staff, now=NOW)
    assert [one.pk for one in effect_of_move(licenseid, on=TODAY).pending] == [quote.pk]
    holding = holding_of(licenseid)
    type(holding).objects.filter(pk=holding.pk).update(support_expires_on=quote.lines.get().term_until)
    assert effect_of_move(licenseid, on=TODAY).pending == ()
    type(holding).objects.filter(pk=holding.pk).update(support_expires_on=holding.support_expires_on)
    carry_out(quote=quote, parts=[quote.parts.get().pk], by=cast.staff, now=NOW)
    move(cast, licenseid, other)
    assert load(licenseid).customer == other


def test_the_new_customer_sees_nothing_of_the_old_ones_quotes(cast, licenseid, other, other_contact):
    quote = given_quote(licenseid, by=cast.staff)
    make_link(quote=quote, recipient="x", expires_on=TODAY, max_downloads=None, seen=None, by=cast.staff, now=NOW)
    move(cast, licenseid, other)
    old, new = sign_in(cast.contact), sign_in(other_contact)
    pages = [
        reverse("quotes:received"),
        *(reverse(f"quotes:received-{name}", args=[quote.key]) for name in ("quote", "pdf")),
    ]
    assert [old.get(page).status_code for page in pages] == [200, 200, 200]
    assert quote.number in old.get(pages[0]).text
    answers = [new.get(page) for page in pages] + [new.post(pages[1] + "answer/", {"answer": "order"})]
    assert [answer.status_code for answer in answers] == [200, 404, 404, 404]
    for text in (quote.number, quote.subject, cast.customer.name, f"{quote.total:,}"):
        assert [text in answer.text for answer in answers] == [False] * 4, text


# --- Two customers become one ---------------------------------------------------------------------------------------


def test_all_that_hangs_on_a_customer_comes_to_the_one_that_stays(cast, licenseid, other, other_contact):
    here, there = contact_of(cast.customer), contact_of(other, "佐伯", "SAEKI@example.jp")
    no_mail, same_name = (contact_of(one, "無名", "") for one in (cast.customer, other))
    moving = contact_of(cast.customer, "移動", "ido@example.jp")
    draft, second = draft_of(cast, licenseid, contact=here), draft_of(cast, licenseid, contact=moving)
    quote = given_quote(licenseid, by=cast.staff)
    make_link(quote=quote, recipient="x", expires_on=TODAY, max_downloads=None, seen=None, by=cast.staff, now=NOW)
    for customer, email in (
        (cast.customer, "new@example.jp"),
        (cast.customer, "two@example.jp"),
        (other, "two@example.jp"),
    ):
        invite(email=email, name="新", role="customer", customer=customer, by=cast.manager, now=NOW)
    effect = merge(cast, cast.customer, other)
    assert (effect.license_ids, effect.holdings, effect.contacts, effect.issued) == ((licenseid.code,), 1, 1, 1)
    assert dict(effect.joined) == {here.pk: there.pk, no_mail.pk: same_name.pk}
    assert (effect.log_ins, effect.invitations) == ((cast.contact,), 2)
    assert load(licenseid).customer == other
    assert set(other.contacts.filter(is_gone=False)) == {there, same_name, moving}
    assert set(other.users.all()) == {cast.contact, other_contact}
    assert sorted(other.invitations.filter(revoked_at=None).values_list("email", flat=True)) == [
        "new@example.jp", "two@example.jp",
    ]  # fmt: skip
    for one, contact in ((draft, there), (second, moving)):
        one.refresh_from_db()
        assert (one.customer, one.asked["contact"]) == (other, contact.pk)
    gone = Customer.objects.get(pk=cast.customer.pk)
    assert (gone.merged_into, gone.history.first().history_change_reason) == (
        other, f"merged: {gone.name} into {other.name}",
    )  # fmt: skip
    quote = Quote.objects.get(pk=quote.pk)
    assert (quote.customer, quote.customer_name, quote.status.state) == (gone, gone.name, "issued")
    for person in (cast.contact, other_contact):
        assert sign_in(person).get(reverse("quotes:received-quote", args=[quote.key])).status_code == 200
    assert sign_in(cast.foreign_contact).get(reverse("quotes:received-quote", args=[quote.key])).status_code == 404


def test_the_name_that_was_given_up_is_found_and_its_quotes_go_on(cast, licenseid, other):
    """Also through a second merging: what was merged into it comes too."""
    quote = given_quote(licenseid, by=cast.staff)
    merge(cast, cast.customer, other)
    last = Customer.objects.create(reseller=cast.aoba, name="最後の株式会社")
    merge(cast, other, last)
    assert Customer.objects.get(pk=cast.customer.pk).merged_into == last
    assert [one.pk for one in customers_by_name(cast.staff, on=TODAY, text="髙﨑")] == [last.pk]
    assert [one.code for one in license_ids_by_expiry(cast.staff, on=TODAY, text="タカサキ")] == [licenseid.code]
    assert find_look_alikes(reseller=cast.aoba, name="㈱髙﨑製作所", kana="") == [last]
    desk = sign_in(cast.staff)
    assert desk.get(reverse("customer", args=[cast.customer.pk])).url == reverse("customer", args=[last.pk])
    page = desk.get(reverse("customer", args=[last.pk])).text
    assert [text in page for text in ("株式会社髙﨑製作所", quote.number)] == [True, True]
    detail = desk.get(reverse("quotes:detail", args=[quote.key])).text
    ways = (reverse("customer", args=[last.pk]), reverse("renewals:revise", args=[quote.key]))
    assert [way in detail for way in ways] == [True, True]
    assert "最後の" in desk.get(reverse("customers") + "?q=髙﨑").text
    saved = draft_of(cast, licenseid)
    assert list(find_drafts(user=cast.staff, text="髙﨑")) == [saved]
    plan = Comparison(reseller=cast.aoba, rows=held_rows(licenseid.code), answers={}).run()
    assert (plan.problems, plan.questions, [change.customer_id for change in plan.changes if change.kind == "new"]) == (
        [], [], [last.pk] * 3,
    )  # fmt: skip
    draft, _is_new = begin_revision(quote=Quote.objects.get(pk=quote.pk), by=cast.staff, now=NOW)
    form = fill(licenseid, {"key": str(draft.key)})
    revised = issue(key=draft.key, licenseids=[load(licenseid)], asked=form.to_asked(), acknowledged=[],
                    seen_total=None, issued_by=cast.staff, now=LATER)  # fmt: skip
    assert (revised.number[-2:], revised.customer) == ("01", last)
    assert not open_siblings(revised, on=TODAY).exists()


def held_rows(code):
    """Rows of a list that has the name that was given up, of a license ID that is there and of a new one."""
    rows = [["㈱髙﨑製作所", each, "SMP-AO", "40", "2027/9/30"] for each in (code, "LIC-NEW")]
    return read_held(as_csv(HEAD, *rows, encoding="utf-8"), catalogue=load_catalogue()).rows


@pytest.mark.parametrize("why", ["other reseller", "same", "merged", "changed"])
def test_customers_are_not_merged_and_nothing_is_written(cast, licenseid, other, why):
    gone, stays, mark, error = cast.customer, other, None, TransferRefused
    if why == "other reseller":
        stays = cast.foreign_customer
    elif why == "same":
        stays = gone
    elif why == "merged":
        Customer.objects.filter(pk=gone.pk).update(merged_into=cast.english_customer)
    else:
        mark, error = effect_of_merging(gone, stays).mark, EffectChanged
        make_license_id(gone, "LIC-NEW", ("SMP-BS", 5))
    before = all_written()
    with pytest.raises(error):
        merge(cast, gone, stays, mark=mark)
    assert all_written() == before


def test_nothing_new_hangs_on_a_customer_that_was_merged(cast, licenseid, other):
    merge(cast, cast.customer, other)
    gone = Customer.objects.get(pk=cast.customer.pk)
    with pytest.raises(Customer.DoesNotExist):
        add_license_id(customer=gone, code="LIC-9", note="")
    with pytest.raises(Customer.DoesNotExist):
        add_contact(customer=gone, values={"name": "新"})
    other.contacts.create(name="担当")
    assert gone not in without_contact(scope_of(on=TODAY, reseller=None))
    for page in ("renewals:merge-customer", "manage_customer", "manage_invite_contact"):
        assert sign_in(cast.manager).get(reverse(page, args=[gone.pk])).status_code == 404


# --- A customer to another reseller ---------------------------------------------------------------------------------


def test_a_customer_comes_to_another_reseller_and_the_old_one_keeps_records(cast, licenseid):
    LicenseID.objects.filter(pk=licenseid.pk).update(note="青葉の内緒")
    contact_of(cast.customer)
    draft = draft_of(cast, licenseid)
    quote = given_quote(licenseid, by=cast.staff)
    invite(email="new@example.jp", name="新", role="customer", customer=cast.customer, by=cast.manager, now=NOW)
    effect = change(cast, cast.customer, cast.minato)
    assert (effect.license_ids, effect.holdings, effect.contacts, effect.drafts, effect.invitations, effect.issued) == (
        (licenseid.code,), 1, 1, (draft.pk,), 1, 1,
    )  # fmt: skip
    customer = Customer.objects.get(pk=cast.customer.pk)
    assert (customer.reseller, load(licenseid).note, QuoteDraft.objects.count()) == (cast.minato, "", 0)
    assert Invitation.objects.get().revoked_at == LATER
    event = quote.events.get(kind="lost")
    assert (event.detail["reason"], event.by) == ("The customer has come to another reseller.", cast.admin)
    how = {"recipient": "x", "expires_on": TODAY, "max_downloads": None, "seen": None}
    for refused, again in (
        (CustomerMoved, lambda: reopen(quote=quote, reason="x", by=cast.staff, now=LATER)),
        (NotShareable, lambda: make_link(quote=quote, **how, by=cast.staff, now=LATER)),
    ):
        before = all_written()
        with pytest.raises(refused):
            again()
        assert all_written() == before


def test_neither_reseller_sees_what_is_the_others(cast, licenseid):
    """Every page that names customers, license IDs or quotes is asked, and searched for what must not stand there."""
    note, subject = "青葉だけの覚え書き", "青葉が出した件名"
    LicenseID.objects.filter(pk=licenseid.pk).update(note=note)
    quote = given_quote(licenseid, by=cast.staff, changes={"subject": subject})
    draft = draft_of(cast, licenseid)
    change(cast, cast.customer, cast.minato)
    of_one = [reverse(name, args=[licenseid.code]) for name in ("renewals:license-id", "renewals:new")]
    of_one.append(reverse("customer", args=[cast.customer.pk]))
    names = ("start", "customers", "quotes:list", "quotes:records", "renewals:drafts")
    queries = ("", f"?q={licenseid.code}&due=all", "?q=髙﨑&due=all&customer=髙﨑")
    lists = [reverse(name) + query for name in names for query in queries]
    of_quote = [reverse(f"quotes:{name}", args=[quote.key]) for name in ("detail", "pdf", "send", "links", "reopen")]
    of_quote.append(reverse("renewals:draft", args=[draft.key]))
    new, old = sign_in(cast.stranger), sign_in(cast.staff)
    answers = [new.get(page) for page in (*of_one, *lists)]
    assert {answer.status_code for answer in answers} == {200}
    assert {new.get(page).status_code for page in of_quote} == {404}
    for text in (note, subject, quote.number, cast.aoba.name, cast.staff.name, f"{quote.total:,}円"):
        assert [answer.request["PATH_INFO"] for answer in answers if text in answer.text] == [], text
    assert {old.get(page).status_code for page in of_one} == {404}
    kept = old.get(of_quote[0])
    assert kept.status_code == 200
    assert not [way for way in ("reopen", "send", "order", "withdraw", "revise") if f"{quote.key}/{way}/" in kept.text]
    seen = [old.get(page).text for page in lists]
    assert not [text for text in seen if reverse("customer", args=[cast.customer.pk]) in text]
    assert cast.minato.name not in kept.text
    Holding.objects.filter(licenseid=licenseid).update(quantity=77_777)
    for page in (of_quote[0], reverse("renewals:carry-out", args=[quote.key]), of_quote[4]):
        assert "77,777" not in old.get(page).text, page
    reader = sign_in(cast.contact)
    assert reader.get(reverse("quotes:received")).status_code == 200


@pytest.mark.parametrize("why", ["same", "merged", "pending", "changed"])
def test_the_reseller_is_not_changed_and_nothing_is_written(cast, licenseid, other, why):
    to, mark, error = cast.minato, None, TransferRefused
    if why == "same":
        to = cast.aoba
    elif why == "merged":
        Customer.objects.filter(pk=cast.customer.pk).update(merged_into=other)
    elif why == "pending":
        record_order(quote=given_quote(licenseid, by=cast.staff), by=cast.staff, now=NOW)
    else:
        mark, error = effect_of_leaving(cast.customer, to=to, on=TODAY).mark, EffectChanged
        given_quote(licenseid, by=cast.staff)
    before = all_written()
    with pytest.raises(error):
        change(cast, cast.customer, to, mark=mark)
    assert all_written() == before


def test_what_was_merged_into_it_goes_with_the_customer(cast, licenseid, other):
    quote = given_quote(licenseid, by=cast.staff)
    merge(cast, cast.customer, other)
    effect = change(cast, other, cast.minato)
    assert [one.pk for one in effect.open_quotes] == [quote.pk]
    assert Customer.objects.get(pk=cast.customer.pk).reseller == cast.minato
    with pytest.raises(CustomerMoved):
        reopen(quote=quote, reason="x", by=cast.staff, now=LATER)


# --- At once --------------------------------------------------------------------------------------------------------


def names(answers):
    return sorted(type(answer).__name__ for answer in answers)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["move", "merge", "change"])
def test_while_a_quote_is_issued_or_a_draft_saved(cast, licenseid, other, what):
    """Whoever comes first is right: what is issued or saved after it was meant for another owner, and is refused."""
    loaded, form = load(licenseid), fill(licenseid)
    transfers = {
        "move": lambda: move(cast, licenseid, other),
        "merge": lambda: merge(cast, cast.customer, other),
        "change": lambda: change(cast, cast.customer, cast.minato),
    }

    def issuing():
        return issue(key=uuid.uuid4(), licenseids=[loaded], asked=form.to_asked(), seen_total=None,
                     acknowledged=[(licenseid.code, "already-quoted")], issued_by=cast.staff, now=NOW)  # fmt: skip

    def saving():
        return save_draft(
            key=uuid.uuid4(), licenseids=[loaded], pricing=None, saved_by=cast.staff, now=NOW, **typed(form)
        )

    answers = at_once(issuing, saving, transfers[what])
    assert set(names(answers)) <= {"ChangedHands", "Effect", "EffectChanged", "Quote", "QuoteDraft"}, answers
    owner = load(licenseid).customer
    is_done = isinstance(answers[2], Effect)
    assert is_done == (owner.pk == other.pk or owner.reseller_id == cast.minato.pk)
    for draft in QuoteDraft.objects.all():
        assert draft.customer_id == owner.pk
    for quote in Quote.objects.filter(status__state="issued"):
        assert quote.customer.reseller_id == quote.reseller_id
    with pytest.raises(ChangedHands) if is_done else pytest.raises(AssertionError):
        assert issuing() is None


@pytest.mark.django_db(transaction=True)
def test_two_transfers_at_once_and_an_invitation_that_is_accepted(cast, licenseid, other):
    who = {"email": "new@example.jp", "name": "新", "role": "customer", "customer": cast.customer}
    _invitation, link = invite(**who, by=cast.manager, now=NOW)
    token = link.rstrip("/").rpartition("/")[2]
    third = Customer.objects.create(reseller=cast.aoba, name="第三株式会社")
    answers = at_once(
        lambda: merge(cast, cast.customer, other),
        lambda: merge(cast, cast.customer, third),
        lambda: merge(cast, other, cast.customer),
        lambda: move(cast, licenseid, third),
        lambda: accept_invitation(token=token, name="新", name_en="", password="long-enough-pass-1", now=NOW),
    )
    allowed = {"Effect", "EffectChanged", "TransferRefused", "User"}
    assert set(names(answers)) <= allowed, answers
    for row in Customer.objects.filter(merged_into__isnull=False):
        assert row.merged_into.merged_into_id is None
        hanging = (row.users, row.license_ids, row.quote_drafts)
        assert [rows.exists() for rows in hanging] == [False, False, False]
        assert not row.invitations.filter(revoked_at=None, accepted_at=None).exists()
