"""Every page of the portal is valid HTML in the eyes of the Nu HTML checker."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
import zeal
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation

from foundation.jobs.operations import work_off
from licensing.models import Invitation, LicenseID
from pricing.files.operations import CheckFile, WriteDraft
from pricing.golden.operations import accept_differences, check_golden_cases
from pricing.models import GoldenCase, PriceImport, PriceList, PriceRank, PriceTable, TaxRate
from quotes.models import Quote, QuoteStatus
from renewals.models import ImpactRun, QuoteDraft
from tests.cast import NOW, TODAY, Cast, make_cast, make_license_id, sign_in
from tests.mailbox import arrived
from tests.making import given_quote
from tests.page import open_form, send
from tests.pricing.golden_page import case_data
from tests.renewals.impacts import work as work_off_impact
from tests.templates.comparisons import comparison_pages
from tests.templates.customers import customer_pages
from tests.wrong_language import in_the_wrong_language, texts_of

from .conftest import CheckHtml
from .security_pages import security_pages

TOO_CAREFUL = "The “inputmode” attribute is not supported in all browsers."
"""Where it is not, the field is an ordinary one."""

TWICE = '<!doctype html><html lang="en"><head><title>T</title></head><body><p id="a">1</p><p id="a">2</p></body></html>'
NOT_VALID = {"bad": TWICE}

DJANGO = {
    "A table row was 2 columns wide": "the list of models, of two or three columns",
    "The “aria-describedby” attribute must point to an element": "inlines show a help text in the column's head",
    "“select” element with a “required” attribute": "choices that are fetched as one types begin empty",
    "Element “option” without attribute “label” must not be empty.": "the same, where there may be no choice",
}
"""What the checker says of Django's own templates and widgets in the administration, and what it is about."""


@dataclass
class World:
    """The cast, and something to see on every page."""

    cast: Cast
    licenseid: LicenseID
    lapsed: LicenseID
    """Its support has expired: warned."""
    empty: LicenseID
    """Holds nothing: refused."""
    quote: Quote
    prices: PriceList
    """A draft, with one table."""


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with time_machine.travel(NOW, tick=False):
        cast = make_cast()
        many = [("SMP-CC", 1200), ("SMP-IM", 30), ("SMP-BS", 5, date(2027, 6, 30))]
        licenseid = make_license_id(cast.customer, "LIC-1001", *many)
        for number in range(25):  # more than a page of them
            make_license_id(cast.customer, f"LIC-2{number:03}", ("SMP-WM", 50, TODAY + timedelta(days=number - 5)))
        make_license_id(cast.english_customer, "LIC-3001", ("SMP-WM", 50))
        wm = LicenseID.objects.get(code="LIC-3001")
        quote = given_quote(wm, by=cast.staff, changes={"years": "3", "subject": "更新 <b>&amp;"})
        seal = Path(settings.BASE_DIR, "sample", "aoba-seal.png").read_bytes()
        cast.aoba.seal.save("seal.png", ContentFile(seal))
        prices = PriceList.objects.create(name="2027年4月版", effective_on=date(2027, 4, 1))
        table = PriceTable.objects.create(price_list=prices, product=cast.products["SMP-BS"], minimum_quantity=2)
        PriceRank.objects.create(price_table=table, rank="A", from_quantity=2, renewal_price=5000)
        yield World(
            cast=cast,
            licenseid=licenseid,
            lapsed=LicenseID.objects.get(code="LIC-2001"),
            empty=LicenseID.objects.create(code="NONE-1", customer=cast.customer),
            quote=quote,
            prices=prices,
        )


@dataclass
class Collector:
    """Gathers pages under names that tell where they come from."""

    language: str
    pages: dict[str, str] = field(default_factory=dict)

    def add(self, what: str, response: Any, *, status: int = 200) -> None:
        assert response.status_code == status, what
        self.pages[f"{what} ({self.language})"] = response.content.decode()

    def add_part(self, what: str, response: Any) -> None:
        """What htmx puts into a page, in the barest page there is. Labels may be of fields that the page has."""
        assert response.status_code == 200, what
        assert b"<!doctype" not in response.content
        part = response.content.decode()
        for name in sorted(set(re.findall(r'<label for="([^"]+)"', part)) - set(re.findall(r' id="([^"]+)"', part))):
            assert any(f' id="{name}"' in page for page in self.pages.values()), f"{what}: no field {name}"
            part += f'<input id="{name}">'
        self.pages[f"{what} ({self.language})"] = (
            f'<!doctype html><html lang="{self.language}"><head><title>{what}</title></head><body>{part}</body></html>'
        )

    def get(self, client: Client, *addresses: str, status: int = 200) -> None:
        for address in addresses:
            self.add(address, client.get(address), status=status)


def states_pages(found: Collector, world: World, desk: Client) -> None:
    """A revision's draft with its differences, the pages of each way, and quotes in other states."""
    quote = reverse("quotes:detail", args=[world.quote.key])
    if found.language == "ja":
        assert desk.post(f"{quote}revise/").status_code == 302
        QuoteStatus.objects.filter(pk=world.quote.pk).update(answer="order", answered_at=NOW)
    draft = QuoteDraft.objects.get(basis=world.quote)
    url = reverse("renewals:draft", args=[draft.key])
    found.get(desk, url, quote, f"{quote}withdraw/", f"{quote}order/", f"{quote}reopen/")
    form = open_form(desk, url).fields
    found.add("differences", send(desk, url, form | {"years": "2"}, "calculate"))
    found.add("loss refused", desk.post(f"{quote}loss/", {"cause": "other"}), status=422)
    assert desk.post(f"{quote}order/", {"reason": "注文書 <1>", "ordered_on": "2027/01/15"}).status_code == 302
    found.add("ordered", desk.get(quote))
    found.add("revision not issued", send(desk, url, form, "issue"), status=422)
    assert desk.post(f"{quote}reopen/", {"reason": "誤記録"}).status_code == 302


def renewal_pages(found: Collector, world: World) -> None:
    """Start, lists, form, drafts and quotes, as reseller staff and a customer contact see them."""
    cast = world.cast
    desk = sign_in(cast.staff, language=found.language)
    found.get(desk, "/", "/?due=all&page=2", "/?due=past", "/?q=高崎", "/?q=zzz", "/customers/")
    found.get(desk, reverse("renewals:license-id", args=["LIC-3001"]))
    found.get(desk, "/customers/?q=zzz", reverse("customer", args=[cast.customer.pk]))
    found.add_part("search in place", desk.get("/?q=高崎", headers={"hx-request": "true"}))
    found.add_part("customers in place", desk.get("/customers/?q=sample", headers={"hx-request": "true"}))

    url, lapsed, empty = (
        reverse("renewals:new", args=[licenseid.code]) for licenseid in (world.licenseid, world.lapsed, world.empty)
    )
    found.get(desk, url, lapsed, empty)
    form = open_form(desk, url).fields
    found.add("calculated", send(desk, url, form | {"years": "3"}, "calculate"))
    found.add("one more row", send(desk, url, form, "add-row"))
    paper = Client(headers={"accept-language": found.language})
    found.get(paper, "/check/", f"/check/{world.quote.check_code}/")
    found.get(paper, "/check/?code=x", status=422)
    found.get(paper, "/check/0000-0000-0000/", status=404)
    found.add("not ticked", send(desk, lapsed, open_form(desk, lapsed).fields, "issue"), status=422)
    wrong = {name: "nonsense" if name.startswith("quantity") else value for name, value in form.items()}
    found.add("refused", send(desk, url, wrong | {"years": "9"}, "issue"), status=422)
    preview = reverse("renewals:preview", args=[world.licenseid.code])
    headers = {"hx-request": "true"}
    found.add_part("preview", send(desk, preview, form | {"years": "2"}, headers=headers))
    found.add_part("preview refused", send(desk, preview, wrong, headers=headers))
    found.add_part("preview, one more row", send(desk, preview, form, "add-row", headers=headers))
    assert send(desk, url, form | {"subject": f"下書き {found.language}"}, "save").status_code == 302
    draft = QuoteDraft.objects.latest("pk")
    found.get(desk, reverse("renewals:draft", args=[draft.key]), "/quotes/", "/quotes/?q=zzz", "/quotes/?q=LIC")
    found.get(desk, reverse("quotes:detail", args=[world.quote.key]), reverse("customer", args=[cast.customer.pk]))
    found.add_part("quotes in place", desk.get("/quotes/?q=LIC", headers=headers))
    states_pages(found, world, desk)
    found.get(desk, "/quotes/0b5d6b00-0000-4000-8000-000000000000/", "/no/such/page/", status=404)

    contact = sign_in(cast.contact, language=found.language)
    found.add("start of a customer", contact.get("/", follow=True))
    found.get(contact, "/quotes/", status=403)
    office = sign_in(cast.admin, language=found.language)
    found.add("start of an administrator", office.get("/"))
    found.add("quotes of an administrator", office.get("/quotes/"))
    found.add("quote for an administrator", office.get(reverse("quotes:detail", args=[world.quote.key])))


def managers_pages(found: Collector, world: World) -> None:
    """Also what a refused form and a link look like."""
    cast, visitor = world.cast, Client(headers={"accept-language": found.language})
    desk = sign_in(cast.manager, language=found.language)
    data = {"email": f"{found.language}@new.example.jp", "name": "新井 空", "role": "staff", "language": "ja"}
    for address in ("/manage/people/invite/", reverse("manage_invite_contact", args=[cast.customer.pk])):
        found.get(desk, address)
        found.add("refused invitation", desk.post(address, data | {"email": "x"}), status=422)
        invited = desk.post(address, data)
        found.add("invited", invited)
    link = invited.context["link"]
    found.get(visitor, link)
    found.add("password refused", visitor.post(link, {"name": "", "password": "x"}), status=422)
    found.get(desk, link, "/manage/people/", reverse("manage_person", args=[cast.staff.pk]))
    found.get(desk, reverse("manage_person", args=[cast.contact.pk]), reverse("manage_person", args=[cast.manager.pk]))
    found.get(desk, "/manage/customers/", "/manage/customers/?q=zzz", "/manage/customers/new/", "/manage/company/")
    found.get(desk, reverse("manage_customer", args=[cast.customer.pk]), reverse("customer", args=[cast.customer.pk]))
    found.add("refused customer", desk.post("/manage/customers/new/", {}), status=422)
    found.add("refused company data", desk.post("/manage/company/", {"validity_days": "x"}), status=422)
    found.get(visitor, "/invitations/x/", status=404)


def account_pages(found: Collector, world: World) -> None:
    """Logging in and out, and passwords."""
    visitor = Client(headers={"accept-language": found.language})
    found.get(visitor, "/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/")
    found.get(visitor, "/accounts/password/reset/key/1-abc/", "/accounts/password/reset/key/done/")
    found.add("wrong password", visitor.post("/accounts/login/", {"login": "x@example.jp", "password": "x"}))
    staff = world.cast.staff
    mail.outbox.clear()
    visitor.post("/accounts/password/reset/", {"email": staff.email})
    [link] = [word for mail in arrived() for word in str(mail.body).split() if "/password/reset/key/" in word]
    found.add("new password", visitor.get(link, follow=True))
    desk = sign_in(staff, language=found.language)
    found.get(desk, "/accounts/password/change/", "/accounts/logout/")
    found.add("password not changed", desk.post("/accounts/password/change/", {"oldpassword": "x"}))
    found.get(visitor, "/accounts/sso/login/cancelled/")
    security_pages(found, world.cast.colleague)
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": found.language})
    found.add("without its token", strict.post("/accounts/login/", {"login": "x"}), status=403)
    for _attempt in range(40):
        answer = visitor.post("/accounts/login/", {"login": staff.email, "password": "wrong"})
    found.add("too many attempts", answer, status=429)
    cache.clear()
    for template in ("400.html", "500.html"):  # made without a request
        with translation.override(found.language):
            found.pages[f"{template} ({found.language})"] = render_to_string(template)


def office_pages(found: Collector, world: World) -> None:
    """The administration: each list, each page of a row, each page to add one."""
    office = sign_in(world.cast.admin, language=found.language)
    found.get(office, "/admin/", "/admin/pricing/")
    cast = world.cast
    kept = [cast.price_list, cast.price_list.tables.first(), world.quote, QuoteDraft.objects.latest("pk")]
    kept += [TaxRate.objects.get(), cast.staff]
    product = cast.products["SMP-WM"]
    edited = [cast.aoba, cast.customer, world.licenseid, product, product.programme]
    edited += [world.prices, world.prices.tables.get()]
    for row in (*kept, *edited):
        view = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        found.get(office, reverse(f"{view}_changelist"), f"{reverse(f'{view}_changelist')}?q=zzz")
        found.get(office, reverse(f"{view}_change", args=[row.pk]), reverse(f"{view}_history", args=[row.pk]))
        if isinstance(row, TaxRate):
            found.get(office, reverse(f"{view}_add"), reverse(f"{view}_withdraw", args=[row.pk]))
            asked = {"category": "standard", "percent": "12", "effective_on": "2099/04/01"}
            for answer in (asked, asked | {"percent": "x"}):
                status = 200 if answer is asked else 422
                found.add(f"tax rate {status}", office.post(reverse(f"{view}_add"), answer), status=status)
        if row in edited and row != cast.staff:  # people are invited, and whoever issued something is not deleted
            found.get(office, reverse(f"{view}_add"), reverse(f"{view}_delete", args=[row.pk]))
            found.add(f"{row._meta.model_name} refused", office.post(reverse(f"{view}_add"), formsets_of(row)))
    found.get(office, reverse("admin:licensing_user_delete", args=[cast.contact.pk]))
    add = reverse("admin:licensing_invitation_add")
    found.get(office, add, reverse("admin:licensing_invitation_changelist"))
    found.add("invitation refused", office.post(add, {"email": "x"}))
    data = {"email": f"{found.language}@admin.example.jp", "name": "加藤", "role": "admin", "language": "ja"}
    found.add("invited", office.post(add, data))
    found.get(office, reverse("admin:licensing_invitation_change", args=[Invitation.objects.latest("pk").pk]))
    for name in ("check", "publish"):
        found.get(office, f"/admin/pricing/pricelist/{world.prices.pk}/{name}/")
    found.add("not ticked", office.post(f"/admin/pricing/pricelist/{world.prices.pk}/publish/"), status=422)


def golden_pages(found: Collector, world: World) -> None:
    """Golden cases from typing to accepting, and prices on a day."""
    cast = world.cast
    office = sign_in(cast.admin, language=found.language)
    add = reverse("admin:pricing_goldencase_add")
    name = f"BS 45 {found.language}"
    data = case_data({"product": "SMP-BS", "quantity": "45"}, name=name, action="calculate")
    found.get(office, add)
    found.add("golden case refused", office.post(add, data | {"name": "", "holding-0-quantity": "x"}), status=422)
    calculated = office.post(add, data)
    found.add("golden case calculated", calculated)
    kept = office.post(add, data | {"action": "keep", "seen": calculated.context["mark"]})
    assert kept.status_code == 302
    case = GoldenCase.objects.get(name=name)
    page = reverse("admin:pricing_pricelist_golden", args=[world.prices.pk])
    found.get(office, page, reverse("admin:pricing_pricelist_publish", args=[world.prices.pk]))
    found.add("difference refused", office.post(page, {"seen": f"{case.pk}:x", "reason": "x"}), status=422)
    seen = {row.case.pk: row.fingerprint for row in check_golden_cases(price_list=world.prices)}
    accept_differences(price_list=world.prices, seen={case.pk: seen[case.pk]}, reason="改定", by=cast.admin, now=NOW)
    found.get(office, reverse("admin:pricing_goldencase_changelist"))
    found.get(office, reverse("admin:pricing_goldencase_change", args=[case.pk]))
    found.add("accepted", office.get(page))
    prices, license_id = reverse("admin:pricing_pricelist_prices"), reverse("admin:pricing_pricelist_license")
    found.get(office, prices, license_id, f"{prices}?product=SMP-BS&with_drafts=on")
    code = world.licenseid.code
    found.get(office, f"{license_id}?license_id={code}", f"{license_id}?license_id={code}&second={world.prices.pk}")
    found.get(office, f"{prices}?product=x&on=x", f"{license_id}?license_id=x", status=422)


def impact_pages(found: Collector, world: World) -> None:
    """What a draft would do: to be started, at work, and done, with and without rows."""
    office = sign_in(world.cast.admin, language=found.language)
    begin = reverse("admin:renewals_impactrun_start", args=[world.prices.pk])
    found.get(office, begin, reverse("admin:renewals_impactrun_changelist"))
    found.add("days refused", office.post(begin, {"days": "0"}), status=422)
    result = office.post(begin, {"days": "90"}).url
    run = ImpactRun.objects.latest("pk")
    found.add("impact waits", office.get(result))
    found.add_part("progress of an impact", office.get(reverse("admin:renewals_impactrun_progress", args=[run.pk])))
    work_off_impact(run)
    found.get(office, result, f"{result}?kind=quote", f"{result}?q=zzz", f"{result}?only=refused&page=2", begin)


def import_pages(found: Collector, world: World) -> None:
    """A price file from its upload to the draft, with and without errors; and exports."""
    office = sign_in(world.cast.admin, language=found.language)
    begin, base = reverse("admin:pricing_pricelist_import"), world.prices.pk
    export = reverse("admin:pricing_pricelist_export", args=[base])
    found.get(office, begin, reverse("admin:pricing_pricelist_import_based_on", args=[base]), export)
    found.add("upload refused", office.post(begin, {"effective_on": "x"}), status=422)
    row = b"SMP-BS,3,A,2,,5100,5200\r\n"
    for what, more in (("good", b""), ("bad", b"SMP-ZZ,1,A,1,,x,\r\n" * 60), ("unreadable", b'"')):
        file = SimpleUploadedFile(f"{what}.csv", b",".join([IMPORT_HEAD, b"?\r\n"]) + row + more)
        entries = {"name": f"取込 {what} {found.language}", "effective_on": "2027/05/01", "based_on": base}
        page = office.post(begin, entries | {"file": file}).url
        upload = PriceImport.objects.latest("pk")
        found.add(f"{what} file waits", office.get(page))
        found.add_part(f"progress of a {what} file", office.get(f"{page}progress/"))
        work_off(batch_pk=upload.check_batch_id or 0, work=CheckFile(), clock=lambda: NOW)
        found.add(f"{what} file", office.get(page))
        found.get(office, f"{page}?show=added&q=zzz&errors=2", f"{begin}?again={upload.key}")
        found.add(f"{what} file refused", office.post(page, {"name": ""}), status=422)
        if what == "good":
            assert office.post(page, entries).status_code == 302
            upload.refresh_from_db()
            work_off(batch_pk=upload.confirm_batch_id or 0, work=WriteDraft(), clock=lambda: NOW)
            found.add("imported", office.get(page))


IMPORT_HEAD = b"product_code,min_renew_qty,rank,qty_from,qty_to,renew_unit_price,add_unit_price"


def formsets_of(row: Model) -> dict[str, str]:
    """What a row's form must send for its inlines, with nothing in them."""
    names = {"licenseid": ["holdings"], "pricetable": ["ranks", "multi_year_discounts"]}
    counts = ("TOTAL_FORMS", "INITIAL_FORMS")
    return {f"{name}-{count}": "0" for name in names.get(row._meta.model_name or "", []) for count in counts}


def wrong_texts(pages: dict[str, str]) -> dict[str, list[str]]:
    """Texts of the portal's own that stand on a page of the other language, by the page."""
    found = {}
    for name, page in pages.items():
        language = "en" if name.endswith("(en)") else "ja"
        of_django = (
            {"Search"} if name.startswith("/admin/") else ()
        )  # its picture of a lens is called so in all languages
        if wrong := in_the_wrong_language(texts_of(page, language), language, data=of_django):
            found[name] = wrong
    return found


@pytest.mark.long
@pytest.mark.appearance
def test_every_page_is_valid_html(check_html: CheckHtml, world: World) -> None:
    portal, office = {}, {}
    with zeal.zeal_ignore():  # the pages' own tests count queries
        for language in ("ja", "en"):
            found = Collector(language)
            renewal_pages(found, world)
            customer_pages(found, world)
            comparison_pages(found, world)
            if language == "ja":  # tags are the same in both languages (`tools.catalog`), so a part stands for the rest
                account_pages(found, world)
                managers_pages(found, world)
            portal |= found.pages
            found.pages = {}
            if language == "ja":
                office_pages(found, world)
                golden_pages(found, world)
                impact_pages(found, world)
                import_pages(found, world)
            office |= found.pages
    assert wrong_texts(portal | office) == {}
    said = [text for text in check_html(portal | office | NOT_VALID) if TOO_CAREFUL not in text]
    wrong = [text for text in said if text.startswith("bad, ")]
    assert "Duplicate ID" in wrong[0], "the checker sees what is wrong"
    said = [text for text in said if text not in wrong]
    of_django = [text for text in said if text.startswith(tuple(office)) and any(part in text for part in DJANGO)]
    assert sorted(set(said) - set(of_django)) == []
    assert [part for part in DJANGO if not any(part in text for text in of_django)] == []
