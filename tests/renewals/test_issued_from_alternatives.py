"""A quote from an alternative in one click: as it was compared, or in the form where something has changed."""

import uuid
from datetime import timedelta

import pytest

from quotes.archive.verification import Report, verify_records
from quotes.customers.choosing import choose_alternative
from quotes.customers.visits import Visitor
from quotes.models import Quote, QuoteOrigin
from quotes.record.comparisons import withdraw_comparison
from quotes.record.refusals import AlreadyIssued, ChoiceClosed
from renewals.comparisons.issuing import (
    NoLongerTheirs,
    RevisionBegun,
    Withdrawn,
    issue_alternative,
    revisable_quote,
)
from renewals.models import QuoteDraft
from renewals.revisions.operations import begin_revision
from tests.at_once import at_once
from tests.cast import NOW, TODAY, make_license_id, publish_prices, sign_in
from tests.making import given_quote, holding_of
from tests.page import Page, open_form, send
from tests.renewals.approving import limit
from tests.renewals.comparing import compare
from tests.renewals.comparing import issue_alternative as issued_from

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def hundred(cast):
    return make_license_id(cast.customer, "LIC-1700", ("SMP-CC", 100))


@pytest.fixture
def compared(cast, hundred):
    pk = holding_of(hundred).product_id
    return compare(hundred, by=cast.staff, ticks=[f"1 {pk}:100", f"1 {pk}:80", f"3 {pk}:120"])


def alternative(compared, letter):
    return compared.alternatives.select_related("comparison__customer").get(position=ord(letter) - 64)


def issue(compared, letter, *, by, key=None, now=LATER, revises=None):
    one = alternative(compared, letter)
    return issue_alternative(alternative=one, key=key or uuid.uuid4(), revises=revises, by=by, now=now)


def test_it_is_issued_as_it_was_compared(cast, compared):
    quote = issued_from(alternative(compared, "C"), by=cast.colleague, now=LATER)
    assert (quote.number, quote.total, quote.issued_by) == ("Q2701-0001-00", 802_780, cast.colleague)
    origin = QuoteOrigin.objects.get()
    assert (origin.quote_id, origin.alternative.letter, origin.is_as_compared) == (quote.pk, "C", True)
    issued = quote.events.get(kind="issued")
    assert issued.detail["origin"] == {"comparison": "C2701-0001", "alternative": "C", "is_as_compared": True}
    quoted = compared.events.get(kind="quoted")
    assert (quoted.by, quoted.detail["number"], quoted.detail["alternative"]) == (cast.colleague, quote.number, "C")
    assert QuoteDraft.objects.count() == 0
    assert list(verify_records(report=Report())) == []
    with pytest.raises(ChoiceClosed) as closed:
        choose_alternative(
            alternative=alternative(compared, "A"), message="", by_name="x", visitor=Visitor(), seen="", now=LATER
        )
    assert closed.value.state == "quoted"


def test_one_key_one_quote(cast, compared):
    key = uuid.uuid4()
    issue(compared, "B", by=cast.staff, key=key)
    with pytest.raises(AlreadyIssued):
        issue(compared, "B", by=cast.colleague, key=key)
    assert Quote.objects.count() == 1


def test_the_open_quote_is_revised(cast, hundred, compared):
    quote = given_quote(hundred, by=cast.staff)
    found = issue(compared, "B", by=cast.staff, revises=quote)
    assert found.quote is not None
    assert (found.quote.number, found.quote.revises) == ("Q2701-0001-01", quote)
    assert QuoteOrigin.objects.get().quote_id == found.quote.pk
    assert revisable_quote(compared, on=TODAY) == found.quote
    given_quote(hundred, by=cast.staff, changes={"subject": "もう一つ"})
    assert revisable_quote(compared, on=TODAY) is None  # nobody guesses which of two
    draft, _is_new = begin_revision(quote=found.quote, by=cast.colleague, now=LATER)
    with pytest.raises(RevisionBegun) as begun:
        issue(compared, "A", by=cast.staff, revises=found.quote)
    assert begun.value.draft.pk == draft.pk


@pytest.mark.parametrize("how", ["prices", "holdings", "warning", "refused"])
def test_what_has_changed_opens_the_form(cast, hundred, compared, how):
    now, holding = LATER, holding_of(hundred)
    if how == "prices":
        publish_prices("改定", TODAY + timedelta(days=1), by=cast.admin, percent=110)
        now = NOW + timedelta(days=1)
    elif how == "warning":
        given_quote(hundred, by=cast.staff)  # already-quoted
    else:
        holding.quantity = {"holdings": 150, "refused": 60}[how]
        holding.save()
    key = uuid.uuid4()
    found = issue(compared, "B", by=cast.staff, key=key, now=now)
    assert found.quote is None
    draft = QuoteDraft.objects.get(key=key)
    assert (draft.alternative.letter, found.draft) == ("B", draft)
    said = (found.has_other_holdings, found.total, found.is_refused, found.warnings)
    assert (
        said
        == {
            "prices": (False, 211_024, False, 0),
            "holdings": (True, 191_840, False, 0),
            "warning": (False, 191_840, False, 1),
            "refused": (True, None, True, 0),
        }[how]
    )
    assert Quote.objects.filter(origin__isnull=False).count() == 0


def test_what_needs_approval_waits_for_it_in_the_form(cast, compared):
    limit(cast.aoba, amount=200_000)
    found = issue(compared, "C", by=cast.staff)
    assert (found.quote, found.needs_approval) == (None, True)
    assert QuoteDraft.objects.get().alternative.letter == "C"
    assert issue(compared, "B", by=cast.staff).quote is not None


def test_no_quote_comes_of_what_is_withdrawn_or_somebody_else_s(cast, hundred, compared):
    hundred.customer = cast.english_customer
    hundred.save()
    with pytest.raises(NoLongerTheirs):
        issue(compared, "A", by=cast.staff)
    hundred.customer = cast.customer
    hundred.save()
    withdraw_comparison(comparison=compared, reason="x", by=cast.staff, now=NOW)
    with pytest.raises(Withdrawn):
        issue(compared, "A", by=cast.staff)
    assert (Quote.objects.count(), QuoteDraft.objects.count()) == (0, 0)


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_issue_one_quote(cast, compared):
    key = uuid.uuid4()

    def click(by):
        try:
            return issue(compared, "C", by=by, key=key).quote is not None
        except AlreadyIssued:
            return False

    results = at_once(lambda: click(cast.staff), lambda: click(cast.colleague))
    assert sorted(results) == [False, True]
    assert (Quote.objects.count(), QuoteOrigin.objects.count(), QuoteDraft.objects.count()) == (1, 1, 0)
    assert list(verify_records(report=Report())) == []


# --- pages ----------------------------------------------------------------------------------------------------------


def test_the_button_of_each_plan(cast, hundred, compared):
    client = sign_in(cast.staff)
    url = f"/comparisons/{compared.key}/"
    page = Page(client.get(url))
    keys = [one["value"] for one in page.all(lambda one: one["name"] == "key")]
    assert len(set(keys)) == 3
    answer = client.post(f"{url}quote/", {"plan": "B", "key": keys[1]})
    quote = Quote.objects.get()
    assert answer["Location"] == f"/quotes/{quote.key}/"
    text = Page(client.get(answer["Location"])).text
    assert "Issued from Plan B of comparison C2701-0001, as it was compared." in text
    page = Page(client.get(url))
    assert f"Quote {quote.number} was issued from Plan B, as it was compared." in page.text
    revises = {one["value"] for one in page.all(lambda one: one["name"] == "revises")}
    assert revises == {str(quote.key)}
    again = client.post(f"{url}quote/", {"plan": "C", "key": str(uuid.uuid4())}, follow=True)  # quoted already
    said = Page(again).messages
    assert said[-1] == "There are warnings that must be read."
    draft = QuoteDraft.objects.get()
    assert again.redirect_chain[-1][0] == f"/drafts/{draft.key}/"
    assert "From Plan C of comparison C2701-0001, where it came to ¥802,780 with tax." in Page(again).text
    entry = open_form(client, f"/drafts/{draft.key}/").fields
    entry |= {"is_reduced": ["on"], f"quantity-{holding_of(hundred).pk}": ["90"], "addition-0-quantity": [""],
              "addition-0-product": [""]}  # fmt: skip
    send(client, f"/drafts/{draft.key}/", entry, action="save")
    assert QuoteDraft.objects.get().alternative.letter == "C"
    for sent in ({"plan": "Z"}, {"plan": "A", "revises": str(uuid.uuid4())}):
        assert client.post(f"{url}quote/", sent)["Location"] == url
    assert sign_in(cast.stranger).post(f"{url}quote/", {"plan": "A"}).status_code == 404
