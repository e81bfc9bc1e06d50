"""Many quotes in one go, once more: what others did meanwhile."""

import pytest
from django.urls import reverse

from foundation.jobs.operations import work_off
from licensing.models import Contact, Customer
from quotes.letters.templates import SEVERAL
from quotes.letters.words import Letter
from quotes.models import Quote
from quotes.record.transitions import withdraw
from renewals.batch.operations import (
    RunRefused,
    SendWork,
    follow,
    open_row,
    pause,
    price_again,
    resume,
    start_sending,
)
from renewals.batch.queries import unsent_count
from renewals.batch.tasks import send_run
from renewals.confirmations.recipients import Addressed
from renewals.drafts.operations import save_draft
from renewals.models import QuoteDraft, QuoteRunLetter
from tests.cast import NOW, make_license_id, sign_in
from tests.making import fill, holding_of, load, typed
from tests.renewals.batches import issue_all, press, reviewed, row_of, stands, work_issue
from tests.renewals.transferring import merge


@pytest.fixture
def one(cast):
    return make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))


def save(run, cast, one, changes):
    """The row's draft as somebody typed it into the form."""
    row = row_of(run, "LIC-1")
    open_row(row=row, by=cast.staff, now=NOW)
    form = fill(one, {**changes, "key": str(row.key)})
    version = row_draft(row).version
    save_draft(
        key=row.key, licenseids=[load(one)], pricing=None, saved_by=cast.staff, now=NOW, seen_version=version,
        **typed(form),
    )  # fmt: skip


def row_draft(row):
    return QuoteDraft.objects.get(key=row.key)


def letters_of(run, customer, by):
    addressed = [Addressed(customer, "a@example.jp", "宛先", "ja")]
    letters = {SEVERAL: {"ja": Letter("件名", "{quotes}")}}
    return start_sending(run=run, addressed=addressed, letters=letters, task=send_run, by=by, now=NOW)


def test_a_product_that_its_draft_adds_is_on_its_row(cast, one):
    run = reviewed([one], cast.staff)
    save(run, cast, one, {"addition-0-product": "SMP-IM", "addition-0-quantity": "20"})
    page = sign_in(cast.staff).get(reverse("renewals:batch", args=[run.key]))
    [shown] = page.context["rows"]
    assert [(line.quantity, line.is_addition) for line in shown.lines] == [(45, False), (20, True)]


def test_a_draft_that_cannot_be_used_is_read_once_and_again_once_it_is_saved(cast, one):
    run = reviewed([one], cast.staff)
    field = f"quantity-{holding_of(one).pk}"
    save(run, cast, one, {field: "many", "is_reduced": "on"})
    assert [follow(run=run, by=cast.staff, now=NOW) for _twice in range(2)] == [1, 0]
    assert (stands(run), row_of(run, "LIC-1").problems[0]["code"]) == (
        [("LIC-1", "refused", None, "draft-unfinished")], "draft-unfinished",
    )  # fmt: skip
    assert price_again(run=run, keys=[row_of(run, "LIC-1").key], by=cast.staff, now=NOW) == 1
    assert stands(run) == [("LIC-1", "refused", None, "draft-unfinished")]
    save(run, cast, one, {field: "40", "is_reduced": "on"})
    assert [follow(run=run, by=cast.staff, now=NOW) for _twice in range(2)] == [1, 0]
    assert row_of(run, "LIC-1").state in ("ready", "look")


def test_what_is_priced_again_while_its_issue_stands_still_is_looked_at_first(cast, one):
    run = reviewed([one], cast.staff)
    press(run, cast.staff)
    pause(run=run, kind="issue", by=cast.staff, now=NOW)
    holding = holding_of(one)
    holding.quantity = 50
    holding.save()
    price_again(run=run, keys=[row_of(run, "LIC-1").key], by=cast.staff, now=NOW)
    resume(run=run, kind="issue", by=cast.staff, now=NOW)
    work_issue(run)
    row = row_of(run, "LIC-1")
    assert (row.state, row.changed["en"]) == ("look", "It was changed since its issue was begun.")
    assert not Quote.objects.exists()


def test_whoever_goes_on_is_who_issues(cast, one):
    run = reviewed([one], cast.staff)
    press(run, cast.staff)
    cast.staff.is_active = False
    cast.staff.save()
    work_issue(run)
    assert run.works.get(kind="issue").batch.message.endswith("「再開」を押すと、あなたの名前で続けます。")
    resume(run=run, kind="issue", by=cast.colleague, now=NOW)
    work_issue(run)
    assert Quote.objects.get().issued_by == cast.colleague


def test_rows_of_a_customer_that_was_merged_go_on_with_the_one_that_stays(cast, one):
    stays = Customer.objects.create(reseller=cast.aoba, name="株式会社高崎製作所", address="見本県高崎町7-8")
    run = reviewed([one, make_license_id(cast.customer, "LIC-2", ("SMP-BS", 20))], cast.staff)
    issue_all(run, cast.staff)
    later = reviewed([make_license_id(cast.customer, "LIC-3", ("SMP-BS", 20))], cast.staff)
    merge(cast, cast.customer, stays)
    issue_all(later, cast.staff)
    assert Quote.objects.order_by("pk").last().customer == stays
    page = sign_in(cast.staff).get(reverse("renewals:batch-letters", args=[run.key]))
    [row] = page.context["rows"]
    assert (row["group"].customer, len(row["group"].quotes)) == (stays, 2)
    assert letters_of(run, stays, cast.staff) == 1
    assert QuoteRunLetter.objects.get().rows.count() == 2


def test_letters_are_begun_once_and_files_are_made_beside(cast, one):
    two = make_license_id(cast.english_customer, "LIC-2", ("SMP-BS", 20))
    Contact.objects.create(customer=cast.customer, name="佐伯 美和", email="quotes@example.jp", for_quotes=True)
    run = reviewed([one, two], cast.staff)
    issue_all(run, cast.staff)
    assert letters_of(run, cast.customer, cast.staff) == 1
    pause(run=run, kind="send", by=cast.staff, now=NOW)
    with pytest.raises(RunRefused, match="送信中か、再開待ちです"):
        letters_of(run, cast.english_customer, cast.colleague)
    page = sign_in(cast.staff).get(reverse("renewals:batch", args=[run.key]))
    assert (page.context["is_blocked"], page.context["is_sending"]) == (False, True)
    assert 'name="form" value="zip"' in page.content.decode()
    resume(run=run, kind="send", by=cast.staff, now=NOW)
    work_off(batch_pk=run.works.get(kind="send").batch_id, work=SendWork(lambda: NOW), clock=lambda: NOW)
    assert letters_of(run, cast.english_customer, cast.colleague) == 1


def test_what_was_withdrawn_is_not_waiting_to_be_sent(cast, one):
    run = reviewed([one], cast.staff)
    issue_all(run, cast.staff)
    assert unsent_count(run) == 1
    withdraw(quote=Quote.objects.get(), by=cast.staff, reason="誤り", now=NOW)
    assert unsent_count(run) == 0
    with pytest.raises(RunRefused):
        letters_of(run, cast.customer, cast.staff)
