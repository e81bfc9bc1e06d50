"""Who may do what: one's own reseller's and nothing else; with another reseller's data present."""

import uuid

import pytest
from django.test import Client

from licensing.models import User
from quotes.models import Quote
from quotes.record.queries import visible_quotes
from renewals.drafts.operations import save_draft
from renewals.drafts.queries import visible_drafts
from renewals.models import QuoteDraft
from tests.cast import NOW, make_license_id, sign_in
from tests.making import everything_written, fill, given_quote, holding_of, typed
from tests.page import open_form, send

NOBODY = uuid.UUID(int=1)
WAYS = {"withdraw": "withdraw", "record-order": "order", "record-loss": "loss", "reopen": "reopen"}


@pytest.fixture
def world(cast, licenseid):
    """Each reseller has a license ID, a draft and a quote. Addresses by name, Aoba's and Minato's."""
    foreign = make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45))
    addresses = {}
    for owner, row, by in (("aoba", licenseid, cast.staff), ("minato", foreign, cast.stranger)):
        quote = given_quote(row, by=by)
        draft = save_draft(key=uuid.uuid4(), licenseids=[row], **typed(fill(row)), pricing=None, saved_by=by, now=NOW)
        addresses[owner] = {
            "new": f"/license-ids/{row.code}/quote/",
            "preview": f"/license-ids/{row.code}/quote/preview/",
            "license-id": f"/license-ids/{row.code}/",
            "draft": f"/drafts/{draft.key}/",
            "draft-pdf": f"/drafts/{draft.key}/pdf/",
            "discard": f"/drafts/{draft.key}/discard/",
            "detail": f"/quotes/{quote.key}/",
            "pdf": f"/quotes/{quote.key}/pdf/",
            "links": f"/quotes/{quote.key}/links/",
            "send": f"/quotes/{quote.key}/send/",
            **{
                name: f"/quotes/{quote.key}/{path}/"
                for name, path in {**WAYS, "revise": "revise", "duplicate": "duplicate"}.items()
            },
            "issued-draft": f"/drafts/{quote.key}/",
        }
    return addresses


READ = (*WAYS, "new", "license-id", "draft", "draft-pdf", "detail", "pdf", "issued-draft")
FORMS = ("new", "preview", "draft", "issued-draft")
"""Where it matters which button is pressed."""
WRITE = (*WAYS, "revise", "duplicate", "discard", *FORMS)


def answers(client, addresses):
    """Status of each address: those that are read, then those that are written to, pressing every button."""
    read = {name: client.get(addresses[name]).status_code for name in READ}
    write = {
        f"{name} {action}": client.post(addresses[name], {"action": action}).status_code
        for name in WRITE
        for action in (("calculate", "add-row", "save", "issue") if name in FORMS else ("issue",))
    }
    return read, write


@pytest.mark.parametrize(("who", "whose"), [("staff", "aoba"), ("colleague", "aoba"), ("stranger", "minato")])
def test_staff_read_their_own(cast, world, who, whose):
    desk = sign_in(getattr(cast, who))
    read = {name: desk.get(world[whose][name]).status_code for name in READ}
    assert read == {
        "new": 200,
        "license-id": 200,
        "draft": 200,
        "draft-pdf": 200,
        "detail": 200,
        "pdf": 200,
        "issued-draft": 302,
        **dict.fromkeys(WAYS, 200),
    }
    entry = open_form(desk, world[whose]["new"]).fields
    for name, action in (("new", "calculate"), ("draft", "calculate"), ("preview", "")):
        assert send(desk, world[whose][name], entry, action).status_code == 200
    assert desk.post(world[whose]["discard"]).status_code == 302


def test_anothers_are_not_there(cast, world):
    before = everything_written()
    read, write = answers(sign_in(cast.staff), world["minato"])
    assert set(read.values()) == set(write.values()) == {404}
    read, write = answers(sign_in(cast.stranger), world["aoba"])
    assert set(read.values()) == set(write.values()) == {404}
    assert everything_written() == before


def test_the_page_of_what_is_not_there_says_nothing(cast, world):
    """Anothers' and nobody's are answered alike."""
    desk = sign_in(cast.staff)
    unknown = desk.get(f"/quotes/{NOBODY}/").content.decode()
    foreign = desk.get(world["minato"]["detail"]).content.decode()
    assert "波止場" not in foreign
    assert [len(line) for line in unknown.splitlines()] == [len(line) for line in foreign.splitlines()]


def test_what_nobody_has_is_not_there(desk):
    for address in (
        f"/quotes/{NOBODY}/", f"/quotes/{NOBODY}/pdf/", f"/drafts/{NOBODY}/", f"/drafts/{NOBODY}/pdf/",
        "/license-ids/LIC-9999/quote/", "/license-ids/lic-1001/quote/", "/license-ids/%00/quote/",
        "/license-ids/LIC-1001%00/quote/", "/quotes/1/", "/quotes/x/", "/drafts/1/", "/license-ids/../quote/",
        "/license-ids/' OR 1=1/quote/",
    ):  # fmt: skip
        assert desk.get(address).status_code == 404, address
    for address in (f"/drafts/{NOBODY}/discard/", f"/drafts/{NOBODY}/", "/license-ids/LIC-9999/quote/preview/"):
        assert desk.post(address, {"action": "issue"}).status_code == 404, address


def test_the_anonymous_log_in_first(cast, world):
    before = everything_written()
    for owner in ("aoba", "minato"):
        for name, address in world[owner].items():
            for response in (Client().get(address), Client().post(address, {"action": "issue"})):
                assert response.status_code == 302, name
                assert response.url == f"/accounts/login/?next={address}"
    assert Client().get("/quotes/").url == "/accounts/login/?next=/quotes/"
    assert Client().get(f"/quotes/{NOBODY}/").status_code == 302
    assert everything_written() == before


def test_a_portal_admin_reads_all_and_makes_none(cast, world):
    before = everything_written()
    desk = sign_in(cast.admin)
    for owner in ("aoba", "minato"):
        read, write = answers(desk, world[owner])
        pdf = read.pop("pdf")
        assert read == {
            "new": 403,
            "license-id": 200,
            "draft": 403,
            "draft-pdf": 200,
            "detail": 200,
            "issued-draft": 403,
            **dict.fromkeys(WAYS, 403),
        }
        assert pdf == 200
        assert set(write.values()) == {403}
    now = everything_written()
    assert [event["by_id"] for event in now["QuoteEvent"]][2:] == [cast.admin.pk] * 2, "the admin's downloads"
    before.pop("QuoteEvent"), now.pop("QuoteEvent")
    assert now == before
    page = open_form(desk, "/quotes/")
    assert "波止場" in page.text
    assert "髙﨑" in page.text


def test_a_customer_contact_stays_outside(cast, world):
    before = everything_written()
    desk = sign_in(cast.contact)
    for owner in ("aoba", "minato"):
        read, write = answers(desk, world[owner])
        assert set(read.values()) == set(write.values()) == {403}
    assert desk.get("/quotes/").status_code == 403
    assert desk.get("/drafts/").status_code == 403
    assert everything_written() == before


def test_somebody_who_left_sees_nothing(cast, world):
    desk = sign_in(cast.staff)
    User.objects.filter(pk=cast.staff.pk).update(is_active=False)
    assert desk.get(world["aoba"]["detail"]).status_code == 302
    cast.staff.refresh_from_db()
    assert visible_quotes(cast.staff).count() == visible_drafts(cast.staff).count() == 0


def test_what_the_queries_show(cast, world):
    counts = {
        user: (visible_quotes(user).count(), visible_drafts(user).count())
        for user in (cast.staff, cast.colleague, cast.stranger, cast.admin, cast.contact)
    }
    assert list(counts.values()) == [(1, 1), (1, 1), (1, 1), (2, 2), (1, 0)]


def check_of(reseller: str) -> str:
    """The public page that says whether the reseller's quote still counts."""
    return f"/check/{Quote.objects.get(reseller__code=reseller).check_code}/"


def test_a_customer_that_changes_its_reseller_takes_no_quote_along(cast, world):
    """A quote is its reseller's record: the new one must not read the old one's prices, nor the old one lose them."""
    cast.customer.reseller = cast.minato
    cast.customer.save()
    old, new = sign_in(cast.staff), sign_in(cast.stranger)
    for name in ("detail", "pdf"):
        assert old.get(world["aoba"][name]).status_code == 200
        assert new.get(world["aoba"][name]).status_code == 404
    assert old.get(world["aoba"]["new"]).status_code == 404
    assert new.get(world["aoba"]["new"]).status_code == 200
    assert "Q2701-0001-00" in open_form(old, "/quotes/").text
    assert "青木" not in open_form(new, "/quotes/").text
    for text in ("高崎", "LIC-1001", "Q2701"):
        assert "青木" not in open_form(new, f"/quotes/?q={text}").text
    assert "Q2701" not in open_form(new, world["aoba"]["new"]).text
    assert sign_in(cast.contact).get(world["aoba"]["detail"]).status_code == 403
    page = open_form(old, world["aoba"]["detail"])
    ways = {world["aoba"][name] for name in ("pdf", "links", "withdraw", "record-order", "record-loss")}
    assert {e["href"] for e in page.by_id("main").walk() if e.tag == "a"} == {"/quotes/", check_of("aoba"), *ways}
    assert [e for e in page.by_id("main").walk() if e.tag == "form"] == [], "no further revision, copy or e-mail"


def test_a_quotes_page_leads_on_as_far_as_one_may_go(cast, world):
    customer = f"/customers/{cast.customer.pk}/"
    led = {
        user: {
            e["href"] for e in open_form(sign_in(user), world["aoba"]["detail"]).by_id("main").walk() if e.tag == "a"
        }
        for user in (cast.staff, cast.admin)
    }
    common = {"/quotes/", customer, "/license-ids/LIC-1001/", world["aoba"]["pdf"], check_of("aoba")}
    ours = {world["aoba"][name] for name in ("new", "links", "send", "withdraw", "record-order", "record-loss")}
    assert led == {cast.staff: common | ours, cast.admin: common}


def test_a_customer_that_changes_its_reseller_takes_no_draft_along(cast, world):
    """What the old one has typed is not for the new one's eyes; the old one may not quote there any more."""
    draft = world["aoba"]["draft"]
    cast.customer.reseller = cast.minato
    cast.customer.save()
    for user in (cast.staff, cast.colleague, cast.stranger):
        desk = sign_in(user)
        for name in ("draft", "draft-pdf"):
            assert desk.get(world["aoba"][name]).status_code == 404
        assert desk.post(world["aoba"]["discard"]).status_code == 404
        assert draft not in desk.get("/drafts/").content.decode()
    assert draft not in sign_in(cast.stranger).get(world["aoba"]["new"]).content.decode()
    assert QuoteDraft.objects.count() == 2
    assert sign_in(cast.admin).get(world["aoba"]["draft-pdf"]).status_code == 200


def test_anothers_holding_in_ones_own_form(cast, world, licenseid):
    foreign = holding_of(make_license_id(cast.foreign_customer, "LIC-2002", ("SMP-CC", 777)))
    desk = sign_in(cast.staff)
    address = world["aoba"]["new"]
    entry = open_form(desk, address).fields | {f"renew-{foreign.pk}": ["on"], f"quantity-{foreign.pk}": ["777"]}
    before = everything_written()
    for action in ("issue", "save"):
        response = send(desk, address, entry, action)
        assert response.status_code == 422
        assert b"SMP-CC</span>" not in response.content
    assert everything_written() == before


def test_anothers_key_in_ones_own_form(cast, world):
    desk = sign_in(cast.staff)
    address = world["aoba"]["new"]
    entry = open_form(desk, address).fields
    for owner in ("detail", "draft"):
        key = world["minato"][owner].split("/")[2]
        before = everything_written()
        for action in ("issue", "save"):
            response = send(desk, address, entry | {"key": [key]}, action)
            assert response.status_code == 422
            assert "渚" not in response.content.decode()
        assert everything_written() == before
    assert QuoteDraft.objects.count() == 2


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch"])
def test_the_preview_takes_a_form(desk, licenseid, method):
    assert getattr(desk, method)("/license-ids/LIC-1001/quote/preview/").status_code == 405


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_methods_that_no_page_has(desk, licenseid, world, method):
    for name in ("new", "draft", "detail", "pdf"):
        assert getattr(desk, method)(world["aoba"][name]).status_code == 405


def test_a_form_from_elsewhere_is_refused(cast, licenseid):
    desk = Client(enforce_csrf_checks=True)
    desk.force_login(cast.staff)
    before = everything_written()
    entry = open_form(desk, "/license-ids/LIC-1001/quote/").fields | {"csrfmiddlewaretoken": None}
    assert send(desk, "/license-ids/LIC-1001/quote/", entry, "issue").status_code == 403
    assert send(desk, "/license-ids/LIC-1001/quote/", entry, "save").status_code == 403
    assert everything_written() == before
