"""A mistyped license ID is corrected: what it concerns is shown first, drafts follow, issued quotes stay."""

import uuid

import pytest

from licensing.keeping.operations import correct_code
from licensing.models import LicenseID, Reseller
from renewals.asked import from_json
from renewals.drafts.operations import save_draft
from renewals.models import QuoteDraft
from renewals.revisions.operations import begin_revision
from tests.at_once import at_once
from tests.cast import NOW, make_license_id, sign_in
from tests.making import fill, given_quote, typed

pytestmark = [pytest.mark.django_db]
URL = "/license-ids/LIC-1OO1/correct/"


@pytest.fixture
def licenseid(cast):
    return make_license_id(cast.customer, "LIC-1OO1", ("SMP-BS", 45))


def test_the_effect_is_shown_first_then_drafts_follow_and_the_quote_stays(cast, licenseid):
    quote = given_quote(licenseid, by=cast.staff)
    form = typed(fill(licenseid, {"subject": "更新（LIC-1OO1）"}))
    save_draft(key=uuid.uuid4(), licenseids=[licenseid], **form, pricing=None, saved_by=cast.staff, now=NOW)
    desk = sign_in(cast.manager)
    assert "/license-ids/LIC-1OO1/correct/" in desk.get("/license-ids/LIC-1OO1/").content.decode()
    shown = desk.post(URL, {"code": "ＬＩＣ-1001", "seen": "LIC-1OO1"}).content.decode()
    for said in ("LIC-1OO1 becomes LIC-1001.", "drafts of quotes (they follow): 1", quote.number, "更新（LIC-1OO1）"):
        assert said in " ".join(shown.split())
    assert LicenseID.objects.get().code == "LIC-1OO1"  # nothing yet
    done = desk.post(URL, {"code": "LIC-1001", "seen": "LIC-1OO1", "shown": "LIC-1001"})
    assert done["Location"] == "/license-ids/LIC-1001/"
    draft = QuoteDraft.objects.get()
    assert (draft.subject, from_json(draft.asked).parts[0].license_id) == ("更新（LIC-1001）", "LIC-1001")
    page = desk.get(f"/drafts/{draft.key}/")
    assert (page.status_code, "LIC-1001" in page.content.decode()) == (200, True)
    quote.refresh_from_db()
    assert (quote.license_codes, quote.parts.get().license_code) == ("LIC-1OO1", "LIC-1OO1")
    page = desk.get(f"/quotes/{quote.key}/").content.decode()
    assert "/license-ids/LIC-1001/quote/" in page  # a new quote begins with the code of today
    revision, _is_new = begin_revision(quote=quote, by=cast.staff, now=NOW)
    assert from_json(revision.asked).parts[0].license_id == "LIC-1001"
    assert desk.get(f"/drafts/{revision.key}/").status_code == 200
    history = licenseid.history.order_by("-history_date", "-history_id").first()
    assert (history.code, history.history_user) == ("LIC-1001", cast.manager.pk)
    assert "LIC-1001" in desk.get("/", {"q": "lic1001"}).content.decode()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("LIC-2001", "This license ID is registered already."),
        ("LIC-1OO1", "This is the license ID that it has already."),
        ("LIC/1001", "Use Latin letters, digits, hyphens, dots and underscores only."),
        ("", "Enter the license ID."),
    ],
)
def test_what_cannot_be_is_refused_and_tells_nothing_of_others(cast, licenseid, code, said):
    make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45))
    desk = sign_in(cast.manager)
    for shown in ("", code):
        refused = desk.post(URL, {"code": code, "seen": "LIC-1OO1", "shown": shown})
        page = refused.content.decode()
        assert (refused.status_code, said in page) == (422, True)
        assert cast.foreign_customer.name not in page
        assert cast.minato.name not in page
    licenseid.refresh_from_db()
    assert licenseid.code == "LIC-1OO1"


def test_who_may_not_enter_holdings_may_not_and_others_see_nothing(cast, licenseid):
    assert sign_in(cast.staff).get(URL).status_code == 403
    Reseller.objects.update(holdings_kept_by="staff")
    assert sign_in(cast.staff).get(URL).status_code == 200
    assert sign_in(cast.stranger).get(URL).status_code == 404


def test_corrected_meanwhile_is_said(cast, licenseid):
    desk = sign_in(cast.manager)
    correct_code(licenseid=licenseid, code="LIC-1001", seen="LIC-1OO1")
    late = desk.post("/license-ids/LIC-1001/correct/", {"code": "LIC-1002", "seen": "LIC-1OO1", "shown": "LIC-1002"})
    assert "it is LIC-1001 now." in late.content.decode()
    assert LicenseID.objects.get().code == "LIC-1001"


def test_in_the_administration_drafts_follow_too(cast, licenseid):
    form = typed(fill(licenseid))
    save_draft(key=uuid.uuid4(), licenseids=[licenseid], **form, pricing=None, saved_by=cast.staff, now=NOW)
    desk, holding = sign_in(cast.admin), licenseid.holdings.get()
    address = f"/admin/licensing/licenseid/{licenseid.pk}/change/"
    sent = {
        "code": "LIC-1001", "customer": cast.customer.pk, "note": "", "holdings-TOTAL_FORMS": "1",
        "holdings-INITIAL_FORMS": "1", "holdings-0-id": holding.pk, "holdings-0-licenseid": licenseid.pk,
        "holdings-0-product": holding.product_id, "holdings-0-quantity": "45",
        "holdings-0-support_expires_on": "2027-03-31",
    }  # fmt: skip
    page = desk.get(address)
    form_of_page = page.context["adminform"].form
    sent |= {
        name: str(field.initial or "") for name, field in form_of_page.fields.items() if name.startswith("version")
    }
    answer = desk.post(address, sent)
    if answer.status_code == 302:
        assert from_json(QuoteDraft.objects.get().asked).parts[0].license_id == "LIC-1001"
    else:
        raise AssertionError(answer.context["errors"])


@pytest.mark.django_db(transaction=True)
def test_two_that_take_one_code_at_once(cast):
    one, two = (make_license_id(cast.customer, code, ("SMP-BS", 45)) for code in ("LIC-A", "LIC-B"))
    done = at_once(
        lambda: correct_code(licenseid=one, code="LIC-C", seen="LIC-A"),
        lambda: correct_code(licenseid=two, code="LIC-C", seen="LIC-B"),
    )
    assert sorted(type(each).__name__ for each in done) == ["LicenseID", "ValidationError"]
    assert LicenseID.objects.filter(code="LIC-C").count() == 1
