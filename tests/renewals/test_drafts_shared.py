"""Several people at one draft: nobody wins silently, and nothing that was typed is lost."""

from datetime import timedelta

import pytest

from quotes.models import Quote
from renewals.models import QuoteDraft
from tests.cast import NOW, make_license_id, sign_in
from tests.making import everything_written
from tests.page import Page, open_form, send
from tests.quotes.answers import kept, refuse
from tests.renewals.sheets import saved

URL = "/license-ids/LIC-1001/quote/"
TOLD = (
    "{who} after you opened it{here} ({time}). What you typed stands below and is not saved. Show the other one in a "
    "new window Keep both: save mine as another draft Replace the other one with mine"
)
BY_COLLEAGUE = TOLD.format(who="速水 悠斗 saved this draft", here="", time="2027-01-15 10:05")


def told(page):
    """What is said about the other one who saved."""
    return page.by_id("draft-trouble").text()


def replace(page):
    """What the button sends that replaces the other one."""
    return next(button["value"] for button in page.all(lambda element: element["value"].startswith("replace-")))


@pytest.fixture
def address(cast, licenseid):
    """A draft that Aoba's staff has saved."""
    return f"/drafts/{saved(licenseid, by=cast.staff).key}/"


@pytest.fixture
def opened(cast, desk, licenseid, address, clock):
    """What staff have before them while a colleague saves the same draft with three years."""
    fields = open_form(desk, address).fields
    clock.move_to(NOW + timedelta(minutes=5), tick=False)
    again = {"key": fields["key"], "seen_version": fields["seen_version"], "years": ["3"]}
    saved(licenseid, again, by=cast.colleague, now=NOW + timedelta(minutes=5))
    assert QuoteDraft.objects.get().asked["parts"][0]["years"] == 3
    return fields


def test_the_second_to_save_is_told_and_keeps_what_was_typed(cast, desk, address, opened):
    typed = opened | {"years": ["2"], "note": ["長い備考"], "subject": ["別の件名"]}
    page = refuse(desk, typed, address, "save")
    assert told(page) == BY_COLLEAGUE
    assert kept(page, typed) == {}
    assert page.total == "¥445,500"
    assert "Saved 2027-01-15 10:05 速水 悠斗" in page.text
    assert told(refuse(desk, page.fields, address, "save")) == BY_COLLEAGUE, "going on is no choice"
    send(desk, address, page.fields, replace(page))
    draft = QuoteDraft.objects.get()
    assert (draft.asked["parts"][0]["years"], draft.asked["note"], draft.saved_by) == (2, "長い備考", cast.staff)


@pytest.mark.both_databases
def test_both_are_kept_where_one_is_set_apart(cast, desk, address, opened):
    page = refuse(desk, opened | {"years": ["2"], "note": ["長い備考"]}, address, "save")
    for _click in range(2):
        response = send(desk, address, page.fields, "apart", follow=True)
    theirs, mine = QuoteDraft.objects.order_by("pk")
    assert (theirs.asked["parts"][0]["years"], theirs.saved_by) == (3, cast.colleague)
    assert (mine.asked["parts"][0]["years"], mine.asked["note"], mine.saved_by) == (2, "長い備考", cast.staff)
    assert response.redirect_chain == [(f"/drafts/{mine.key}/", 302)]
    assert "What you typed is a draft of its own now. Show the drafts" in Page(response).messages


def test_calculating_does_not_count_as_having_read_the_other_one(desk, address, opened):
    page = Page(send(desk, address, opened | {"years": ["2"]}, "calculate"))
    assert page.fields["seen_version"] == opened["seen_version"]
    page = Page(send(desk, address, page.fields, "add-row"))
    assert told(refuse(desk, page.fields, address, "save")) == BY_COLLEAGUE


def test_issuing_over_what_a_colleague_saved_is_told_first(desk, address, opened):
    page = refuse(desk, opened, address, "issue")
    assert told(page) == f"The quote was not issued. {BY_COLLEAGUE}"
    send(desk, address, page.fields, replace(page))
    send(desk, address, open_form(desk, address).fields, "issue")
    assert (Quote.objects.get().total, QuoteDraft.objects.count()) == (222_750, 0)


def test_the_third_to_save_is_told_too(cast, desk, address, opened):
    """Reading that someone was first is not reading everybody who was."""
    page = refuse(desk, opened | {"years": ["2"]}, address, "save")
    third = sign_in(cast.colleague)
    send(third, address, open_form(third, address).fields | {"years": ["5"]}, "save")
    assert told(refuse(desk, page.fields, address, replace(page))) == BY_COLLEAGUE
    assert QuoteDraft.objects.get().asked["parts"][0]["years"] == 5


@pytest.mark.both_databases
def test_both_saving_the_same_are_both_content(desk, address, opened):
    before = everything_written()
    response = send(desk, address, opened | {"years": ["3"]}, "save", follow=True)
    assert Page(response).messages[-1] == "The draft was saved. Show the drafts"
    assert everything_written() == before


@pytest.mark.both_databases
def test_a_double_click_saves_once(desk, entry):
    first, second = (send(desk, URL, entry, "save") for _ in range(2))
    draft = QuoteDraft.objects.get()
    assert first.url == second.url == f"/drafts/{draft.key}/"
    assert draft.version == 1


def test_going_back_to_the_first_form_does_not_undo_what_was_saved_since(desk, entry):
    """The browser's way back shows the form that did not know its draft yet."""
    send(desk, URL, entry, "save")
    draft = QuoteDraft.objects.get()
    address = f"/drafts/{draft.key}/"
    send(desk, address, open_form(desk, address).fields | {"note": ["追記"]}, "save")
    typed = entry | {"note": ["古い画面から"]}
    page = refuse(desk, typed, URL, "save")
    own = TOLD.format(who="You saved this draft in another window", here=" here", time="2027-01-15 10:00")
    assert told(page) == own
    assert page.by_id("quote-form")["action"] == address
    assert kept(page, typed) == {}
    assert QuoteDraft.objects.get().asked["note"] == "追記"


def test_a_version_that_was_never_sent_replaces_nothing(desk, address):
    before = everything_written()
    fields = open_form(desk, address).fields | {"years": ["2"]}
    for version in ("x", "-1", "99", "", None):
        assert send(desk, address, fields | {"seen_version": version}, "save").status_code == 422, version
    assert everything_written() == before


@pytest.mark.parametrize("action", ["calculate", "save", "issue"])
def test_what_was_typed_into_a_draft_that_a_colleague_deletes(desk, colleague_desk, address, action):
    typed = open_form(desk, address).fields | {"years": ["2"], "note": ["長い備考"]}
    colleague_desk.post(f"{address}discard/")
    page = refuse(desk, typed, address, action)
    assert page.notices == [
        "This draft was deleted after you opened it. What you typed stands below: save it to keep it."
    ]
    assert set(kept(page, typed)) == {"seen_version", "license_id"}
    assert page.by_id("quote-form")["action"] == URL
    send(desk, URL, page.fields, "save")
    draft = QuoteDraft.objects.get()
    assert (f"/drafts/{draft.key}/", draft.asked["note"]) == (address, "長い備考")


def test_a_deleted_draft_leads_to_no_other_license_id(cast, desk, address):
    make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45))
    typed = open_form(desk, address).fields
    desk.post(f"{address}discard/")
    answered = {"LIC-2001": 404, "LIC-1001\x00": 422, "\x00": 404, "": 404, None: 404}
    assert {
        code: send(desk, address, typed | {"license_id": code}, "save").status_code for code in answered
    } == answered
    assert QuoteDraft.objects.count() == 0


def test_a_portal_admin_reads_why_a_draft_has_no_pdf(cast, desk, licenseid):
    send(desk, URL, open_form(desk, URL).fields | {"years": ["7"], "subject": [""]}, "save")
    draft = QuoteDraft.objects.get()
    response = sign_in(cast.admin).get(f"/drafts/{draft.key}/pdf/", follow=True)
    assert response.redirect_chain == [(f"/admin/renewals/quotedraft/{draft.pk}/change/", 302)]
    assert response.status_code == 200
    said = "This draft cannot be printed before its reseller has put it right. "
    assert f"{said}Enter the subject of the quote. A renewal is for 1 to 6 years, not 7." in response.content.decode()
    japanese = sign_in(cast.admin, language="ja").get(f"/drafts/{draft.key}/pdf/", follow=True).content.decode()
    assert "この下書きは、販売会社が次の点を直すまで印刷できません。" in japanese
