"""The form saves itself: what becomes a draft, what does not, and what is told."""

import pytest
from django.contrib.sessions.models import Session

from foundation.held import HELD, LONGEST
from licensing.models import Holding
from quotes.models import Quote
from renewals.models import QuoteDraft
from tests.cast import PASSWORD, sign_in
from tests.making import everything_written, holding_of
from tests.page import Page, open_form, read_entry, send

URL = "/license-ids/LIC-1001/quote/"
KEEP = f"{URL}keep/"
NOTE = {"note": ["備考"]}


def keep(desk, entry, **changes):
    return send(desk, KEEP, entry | changes)


@pytest.fixture
def draft(desk, entry):
    keep(desk, entry, note=["備考"])
    return QuoteDraft.objects.get()


def seen(entry, draft):
    """What the page sends once it knows its draft."""
    return entry | {"seen_version": [str(draft.version)]}


def test_what_is_typed_becomes_a_draft(cast, desk, entry):
    response = keep(desk, entry, note=["備考"], years=["2"])
    assert response.json() == {"version": 1, "said": "Saved 10:00"}
    draft = QuoteDraft.objects.get()
    assert (str(draft.key), draft.saved_by, draft.priced_total) == (entry["key"][0], cast.staff, 445_500)
    assert (draft.is_self_saved, draft.asked["note"]) == (True, "備考")
    page = open_form(desk, f"/drafts/{draft.key}/")
    assert (page.fields["years"], page.fields["note"], page.total) == (["2"], ["備考"], "¥445,500")


def test_the_same_is_not_written_again(desk, entry, draft):
    before = everything_written()
    assert keep(desk, seen(entry, draft), **NOTE).json()["version"] == 1
    assert keep(desk, entry, **NOTE).json()["version"] == 1
    assert everything_written() == before


def test_what_cannot_be_quoted_is_kept_as_it_is(desk, licenseid, entry):
    pk = holding_of(licenseid).pk
    assert keep(desk, entry, **{"is_reduced": ["on"], f"quantity-{pk}": ["1,5"]}).status_code == 200
    draft = QuoteDraft.objects.get()
    assert (draft.as_typed[f"quantity-{pk}"], draft.priced_total) == (["1,5"], None)


@pytest.mark.parametrize("nothing", ["untouched", "spaces", "emptied", "subject"])
def test_nothing_typed_makes_no_draft_and_takes_its_own_away(desk, licenseid, entry, draft, nothing):
    emptied = entry | {f"renew-{holding_of(licenseid).pk}": None}
    said = {
        "untouched": entry,
        "spaces": emptied | {"note": ["　"]},
        "emptied": emptied | {"years": ["3"], "is_reduced": ["on"]},
        "subject": emptied | {"subject": [""]},
    }[nothing]
    assert keep(desk, seen(said, draft)).json() == {"version": None, "said": ""}
    assert QuoteDraft.objects.count() == 0
    assert keep(desk, said).json() == {"version": None, "said": ""}
    assert QuoteDraft.objects.count() == 0


def test_a_draft_that_somebody_asked_for_stays_whatever_is_typed(desk, entry, draft):
    send(desk, f"/drafts/{draft.key}/", seen(entry, draft) | NOTE, "save")
    draft.refresh_from_db()
    assert not draft.is_self_saved
    assert keep(desk, seen(entry, draft)).json()["version"] == draft.version + 1
    assert QuoteDraft.objects.get().asked["note"] == ""


def test_the_address_of_an_open_form_finds_its_draft(desk, entry, draft):
    assert desk.get(f"{URL}?draft={draft.key}").url == f"/drafts/{draft.key}/"
    other = "6f3c1a52-0000-4000-8000-000000000001"
    assert open_form(desk, f"{URL}?draft={other}").fields["key"] == [other]
    assert open_form(desk, f"{URL}?draft=x").status == 200
    send(desk, f"/drafts/{draft.key}/", open_form(desk, f"/drafts/{draft.key}/").fields, "issue")
    assert (Quote.objects.count(), QuoteDraft.objects.count()) == (1, 0)
    assert desk.get(f"{URL}?draft={draft.key}").url == f"/drafts/{draft.key}/"


# --- Others at the same draft ---------------------------------------------------------------------------------------


def test_a_page_need_not_have_seen_its_own_last_saving(desk, entry, draft):
    assert keep(desk, entry, note=["続き"]).json()["version"] == 2
    assert QuoteDraft.objects.get().asked["note"] == "続き"


def test_another_page_must_have_seen_it(cast, desk, colleague_desk, entry, draft):
    theirs = open_form(colleague_desk, f"/drafts/{draft.key}/").fields
    assert keep(colleague_desk, theirs, note=["同僚"]).json()["version"] == 2
    before = everything_written()
    for said in ({"note": ["私"]}, {"note": [""]}):  # also what would take the draft away
        response = keep(desk, seen(entry, draft), **said)
        assert (response.status_code, response.json()["state"]) == (409, "changed")
        assert "速水 悠斗 saved this draft after you opened it (2027-01-15 10:00)." in response.json()["notice"]
        assert 'value="replace-2"' in response.json()["notice"]
    assert everything_written() == before


def test_a_page_that_belongs_to_somebody_else_is_no_excuse(desk, colleague_desk, entry, draft):
    before = everything_written()
    assert keep(colleague_desk, entry, note=["同僚"]).status_code == 409
    assert everything_written() == before


def test_a_deleted_draft_does_not_come_back_by_itself(desk, entry, draft):
    draft.delete()
    response = keep(desk, seen(entry, draft), note=["続き"])
    assert (response.status_code, response.json()["state"]) == (409, "gone")
    assert QuoteDraft.objects.count() == 0
    send(desk, URL, entry | NOTE, "save")
    assert QuoteDraft.objects.get().key == draft.key


def test_what_was_issued_makes_no_draft(desk, entry):
    send(desk, URL, entry, "issue")
    before = everything_written()
    for note in (["続き"], [""]):
        response = keep(desk, entry, note=note)
        assert (response.status_code, response.json()["state"]) == (409, "issued")
    assert f"/drafts/{entry['key'][0]}/" in response.json()["notice"]
    assert everything_written() == before


@pytest.mark.parametrize("wrong", [{"key": ["x"]}, {"key": None}, {"renew-999": ["on"]}, {"years": ["1", "2"]}])
def test_what_this_form_never_sends_is_not_kept(desk, entry, wrong):
    response = keep(desk, entry | NOTE, **wrong)
    assert (response.status_code, response.json()["state"]) == (422, "forged")
    assert QuoteDraft.objects.count() == 0


def test_a_holding_that_goes_while_somebody_types_loses_nothing(cast, desk, licenseid, entry):
    gone = holding_of(licenseid)
    Holding.objects.create(
        licenseid=licenseid, product=cast.products["SMP-AO"], quantity=50, support_expires_on=gone.support_expires_on
    )
    gone.delete()
    assert keep(desk, entry, note=["備考"]).status_code == 200
    page = open_form(desk, f"/drafts/{QuoteDraft.objects.get().key}/")
    assert page.fields["note"] == ["備考"]
    assert page.notices[0].startswith("The holdings of this license ID have changed")


# --- After the session ----------------------------------------------------------------------------------------------


@pytest.fixture
def logged_out(desk, entry):
    """The same browser after its session was ended."""
    Session.objects.all().delete()
    return desk


def log_in(client, user, address):
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return Page(client.get(address, follow=True))


@pytest.mark.parametrize(("address", "action"), [(URL, "issue"), (URL, "save"), (KEEP, "")])
def test_what_is_sent_after_the_session_waits_for_the_log_in(cast, logged_out, entry, address, action):
    response = send(logged_out, address, entry | NOTE | {"years": ["2"]}, action)
    back = f"{URL}?draft={entry['key'][0]}"
    assert response.url == f"/accounts/login/?next={back.replace('?', '%3F').replace('=', '%3D')}"
    assert (Quote.objects.count(), QuoteDraft.objects.count()) == (0, 0)
    page = log_in(logged_out, cast.staff, back)
    assert page.notices == ["You had typed this when your session ended."]
    assert (page.fields["note"], page.fields["years"], page.total) == (["備考"], ["2"], "¥445,500")
    assert page.fields["page"] != entry["page"]
    keep(logged_out, page.fields)
    assert QuoteDraft.objects.get().asked["note"] == "備考"
    assert HELD not in logged_out.session
    assert Page(logged_out.get(back, follow=True)).notices == []


def test_what_waits_is_shown_in_its_draft_and_not_once_it_is_old(cast, desk, entry, draft):
    Session.objects.all().delete()
    address = f"/drafts/{draft.key}/"
    assert send(desk, address, seen(entry, draft) | {"note": ["その後"]}, "issue").url.endswith(f"?next={address}")
    assert log_in(desk, cast.staff, address).fields["note"] == ["その後"]
    QuoteDraft.objects.update(version=2)  # the page itself has saved since, from another window's log-in
    assert open_form(desk, address).fields["note"] == ["備考"]


def test_what_waits_is_shown_to_its_writer_only(cast, logged_out, entry):
    send(logged_out, URL, entry | NOTE, "issue")
    page = log_in(logged_out, cast.colleague, f"{URL}?draft={entry['key'][0]}")
    assert (page.fields["note"], page.notices) == ([""], [])
    assert HELD not in logged_out.session


@pytest.mark.parametrize("page", ["", "x", "2-abc:1:x", None])
def test_nobody_who_never_logged_in_leaves_anything(logged_out, entry, page):
    send(logged_out, URL, entry | NOTE | {"page": page}, "issue")
    assert Session.objects.count() == 0


def test_what_no_form_holds_is_not_held(logged_out, entry):
    send(logged_out, URL, entry | {"note": ["あ" * LONGEST]}, "issue")
    assert Session.objects.count() == 0


def test_every_form_page_has_a_name_of_its_own(cast, desk, licenseid):
    first, second = (open_form(desk, URL).fields["page"] for _ in range(2))
    assert first != second
    assert read_entry(open_form(sign_in(cast.colleague), URL).by_id("quote-form"))["page"] not in (first, second)
