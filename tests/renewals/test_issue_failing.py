"""The PDF cannot be drawn: nothing is issued, it is said in words, nothing typed is lost, and it is logged."""

import logging

import pytest
from django.core.files.base import ContentFile

from quotes.paper import DrawingFailed
from renewals.drafts.operations import save_draft
from tests.cast import NOW
from tests.making import NOTHING, count_rows, everything_written, fill, issue_quote, typed
from tests.page import Page, open_form, send

URL = "/license-ids/LIC-1001/quote/"
PICTURES = {
    "truncated": ("seal.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
    "not-an-image": ("seal.svg", b"<svg"),
    "empty": ("seal.png", b""),
}


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def bad_seal(cast):
    name, content = PICTURES["truncated"]
    cast.aoba.seal.save(name, ContentFile(content))


@pytest.mark.both_databases
@pytest.mark.parametrize("picture", PICTURES)
def test_nothing_is_issued_and_no_number_is_lost(cast, licenseid, picture):
    name, content = PICTURES[picture]
    cast.aoba.seal.save(name, ContentFile(content))
    with pytest.raises(DrawingFailed, match=r"^角印の画像を読み取れません。$") as failed:
        issue_quote(licenseid, by=cast.staff)
    assert failed.value.picture == "seal"
    assert count_rows() == NOTHING
    cast.aoba.seal.delete()
    assert issue_quote(licenseid, by=cast.staff).number == "Q2701-0001-00"


@pytest.mark.usefixtures("bad_seal", "licenseid")
def test_the_form_says_so_and_keeps_what_was_typed(desk, caplog):
    entry = open_form(desk, URL).fields | {
        "years": "2",
        "subject": "更新のお見積り",
        "note": "急ぎ\nお願いします",
        "with_calculation": "on",
    }
    shown = Page(send(desk, f"{URL}preview/", entry))
    with caplog.at_level(logging.ERROR, logger="renewals"):
        page = Page(
            send(desk, URL, entry | {"seen_total": shown.all(lambda e: e["name"] == "seen_total")[0]["value"]}, "issue")
        )
    assert page.status == 500
    assert page.notices == ["The PDF could not be drawn, so nothing was issued. 角印の画像を読み取れません。"]
    assert page.refusals == []
    assert "Traceback" not in page.text
    for name in ("key", "held", "years", "subject", "with_calculation"):
        expected = entry[name] if isinstance(entry[name], list) else [entry[name]]
        assert page.fields[name] == expected, name
    assert page.fields["note"] == ["急ぎ\nお願いします"]
    assert count_rows() == NOTHING
    [record] = [
        record for record in caplog.records if record.levelno == logging.ERROR and record.name.startswith("renewals")
    ]
    assert record.getMessage().startswith("quote could not be drawn: license ID ")
    assert record.exc_info[0] is DrawingFailed


@pytest.mark.usefixtures("bad_seal")
def test_a_draft_survives_a_failed_issue(cast, desk, licenseid):
    form = fill(licenseid)
    draft = save_draft(
        key=form.cleaned_data["key"], licenseids=[licenseid], **typed(form), pricing=None,
        saved_by=cast.staff, now=NOW,
    )  # fmt: skip
    before = everything_written()
    url = f"/drafts/{draft.key}/"
    page = Page(send(desk, url, open_form(desk, url).fields, "issue"))
    assert page.status == 500
    assert everything_written() == before


@pytest.mark.usefixtures("bad_seal")
def test_a_draft_that_cannot_be_drawn_is_shown_instead(cast, desk, licenseid, caplog):
    form = fill(licenseid)
    draft = save_draft(
        key=form.cleaned_data["key"], licenseids=[licenseid], **typed(form), pricing=None,
        saved_by=cast.staff, now=NOW,
    )  # fmt: skip
    response = desk.get(f"/drafts/{draft.key}/pdf/", follow=True)
    assert response.redirect_chain == [(f"/drafts/{draft.key}/", 302)]
    assert Page(response).messages == ["角印の画像を読み取れません。"]
    assert any("draft could not be drawn" in record.getMessage() for record in caplog.records)
