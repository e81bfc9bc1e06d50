"""The start page, the customers, logging in, and the pages that say no."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from licensing.models import Customer, Reseller, User
from pricing.lists.operations.copy import copy_price_list
from pricing.lists.operations.publish import publish
from tests.cast import NOW, PASSWORD, TODAY, Cast, make_license_id, make_user, sign_in
from tests.mailbox import arrived


@pytest.fixture
def desk(cast: Cast) -> Client:
    return sign_in(cast.staff)


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


def text_of(response: Any) -> str:
    """What a page says, without its markup, spaces as one."""
    body = re.sub(r"(?s)<head>.*?</head>|<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", body)


def codes_in(response: Any) -> list[str]:
    """The license IDs on a page, in their order."""
    return re.findall(r'class="code"[^>]*>([^<]+)<', response.content.decode())


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


class TestStart:
    def test_the_day_is_japans(self, cast: Cast, desk: Client, clock: Any) -> None:
        make_license_id(cast.customer, "LIC-1", ("SMP-CC", 1), expires=TODAY)
        clock.move_to(NOW.replace(hour=14, minute=59))
        assert "last day today 2027-01-15" in text_of(desk.get("/"))
        clock.move_to(NOW.replace(hour=15, minute=0))
        assert "expired 1 day ago 2027-01-15" in text_of(desk.get("/?due=past"))

    def test_htmx_gets_the_list_alone_and_the_count_to_read_out(self, cast: Cast, desk: Client) -> None:
        make_license_id(cast.customer, "LIC-1", ("SMP-CC", 1))
        answer = desk.get("/?q=lic", headers={"HX-Request": "true"})
        body = answer.content.decode()
        assert "<html" not in body
        assert re.search(r'<p id="result-status" data-hx-swap-oob="innerHTML">\s*1 renewal\s*</p>', body)
        assert codes_in(answer) == ["LIC-1"]
        assert "HX-Request" in answer["Vary"]

    def test_staff_go_on_to_the_quote_and_admins_to_the_administration(self, cast: Cast, desk: Client) -> None:
        make_license_id(cast.customer, "LIC-1", ("SMP-CC", 1))
        make_license_id(cast.foreign_customer, "LIC-2", ("SMP-CC", 1))
        assert f'href="{reverse("renewals:new", args=["LIC-1"])}"' in desk.get("/").content.decode()
        page = sign_in(cast.admin).get("/")
        assert codes_in(page) == ["LIC-1", "LIC-2"]
        assert "Make renewal quote" not in text_of(page)
        assert "株式会社みなと見本情報" in text_of(page)
        assert f'href="{reverse("admin:licensing_reseller_changelist")}"' in page.content.decode()

    def test_a_customer_contact_is_led_to_their_quotes(self, cast: Cast) -> None:
        make_license_id(cast.customer, "LIC-1", ("SMP-CC", 1))
        page = sign_in(cast.contact).get("/", follow=True)
        assert page.redirect_chain == [("/received/", 302)]
        assert codes_in(page) == []
        assert "株式会社髙﨑製作所" in text_of(page)

    @pytest.mark.parametrize(
        ("address", "message"),
        [
            ("/", "No license IDs are registered yet."),
            ("/?due=all", "No license IDs are registered yet."),
            (
                "/?q=x<b>",
                "Nothing found for “x&lt;b&gt;”. Try a shorter part of a name,",
            ),
            ("/?q=zz&due=30", "Nothing found for “zz”. Only part of the renewals was searched."),
            ("/customers/?q=zz", "Nothing found for “zz”."),
        ],
    )
    def test_empty_pages_say_what_to_do(self, desk: Client, address: str, message: str) -> None:
        assert message in text_of(desk.get(address))

    def test_in_japanese(self, cast: Cast) -> None:
        make_license_id(cast.customer, "LIC-1", ("SMP-CC", 100))
        page = sign_in(cast.staff, language="ja").get("/")
        assert '<html lang="ja">' in page.content.decode()
        assert "あと75日 2027/03/31" in text_of(page)

    @pytest.mark.parametrize("method", ["post", "put", "delete"])
    def test_it_only_shows(self, desk: Client, method: str) -> None:
        assert getattr(desk, method)("/").status_code == 405


class TestCustomers:
    def test_the_list_has_the_resellers_own(self, cast: Cast, desk: Client) -> None:
        make_license_id(cast.customer, "LIC-1", ("SMP-CC", 1))
        lapsed = Customer.objects.create(reseller=cast.aoba, name="満了済株式会社", kana="マンリョウズミ")
        make_license_id(lapsed, "LIC-2", ("SMP-CC", 1, day(-40)), ("SMP-IM", 1, day(-3)))
        said = text_of(desk.get("/customers/"))
        assert "満了済株式会社 マンリョウズミ 1 lapsed on 12 January 2027" in said
        assert "株式会社髙﨑製作所 タカサキセイサクショ 1 31 March 2027" in said
        assert "Sample Trading K.K. 0 no license IDs" in said
        assert "波止場" not in said
        assert "3 customers" in said

    def test_a_customer_with_all_it_holds(self, cast: Cast, desk: Client) -> None:
        make_license_id(cast.customer, "LIC-1", ("SMP-CC", 1000), ("SMP-IM", 5, day(-1)))
        make_license_id(cast.customer, "LIC-2")
        page = desk.get(reverse("customer", args=[cast.customer.pk]))
        said = text_of(page)
        assert codes_in(page)[0] == "LIC-1"
        assert "1,000 クライアント 31 March 2027" in said
        assert "5 メールアカウント 14 January 2027 expired" in said
        assert "LIC-2 Nothing held" in said
        assert "佐伯 美和" in said

    def test_another_resellers_customer_is_not_there(self, cast: Cast, desk: Client) -> None:
        answer = desk.get(reverse("customer", args=[cast.foreign_customer.pk]))
        assert answer.status_code == 404
        assert "波止場" not in answer.content.decode()
        assert "This page is not here." in text_of(answer)
        assert desk.get(reverse("customer", args=[10**9])).status_code == 404

    def test_customer_contacts_are_told_no(self, cast: Cast) -> None:
        client = sign_in(cast.contact)
        for address in ("/customers/", reverse("customer", args=[cast.customer.pk])):
            answer = client.get(address)
            assert answer.status_code == 403
            assert "Your account may not open this page." in text_of(answer)

    def test_the_number_of_queries_does_not_grow(self, cast: Cast, desk: Client) -> None:
        address = reverse("customer", args=[cast.customer.pk])
        make_license_id(cast.customer, "LIC-00", ("SMP-CC", 1))
        desk.get(address)
        one = queries_of(desk, address)
        for number in range(1, 30):
            make_license_id(cast.customer, f"LIC-{number:02}", ("SMP-CC", 1), ("SMP-BS", 3, day(10)))
        assert queries_of(desk, address) == one


class TestAccounts:
    def test_every_page_asks_for_log_in(self, db: None) -> None:
        for address in ("/", "/customers/", "/customers/1/"):
            assert Client().get(address)["Location"] == f"/accounts/login/?next={address}"

    def test_logging_in_leads_where_one_wanted_to_go(self, cast: Cast) -> None:
        client = Client()
        entry = {"login": "aoki@aoba.example.jp", "password": PASSWORD, "next": "/customers/"}
        answer = client.post("/accounts/login/", entry, follow=True)
        assert answer.redirect_chain == [("/customers/", 302)]
        assert "Successfully" not in answer.content.decode()

    def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(self, cast: Cast) -> None:
        client = Client(headers={"accept-language": "en"})
        for login in ("aoki@aoba.example.jp", "nobody@aoba.example.jp"):
            said = text_of(client.post("/accounts/login/", {"login": login, "password": "wrong"}))
            assert "This e-mail address and this password do not belong together. Try again." in said

    def test_guessing_passwords_is_slowed_down(self, cast: Cast) -> None:
        client = Client(headers={"accept-language": "en"})
        for _ in range(5):
            client.post("/accounts/login/", {"login": "aoki@aoba.example.jp", "password": "wrong"})
        said = text_of(client.post("/accounts/login/", {"login": "aoki@aoba.example.jp", "password": PASSWORD}))
        assert "Too many attempts. Wait a few minutes, then try again." in said

    def test_nobody_signs_up(self, db: None) -> None:
        client = Client(headers={"accept-language": "en"})
        assert "sign up" not in text_of(client.get("/accounts/login/")).lower()
        assert client.get("/accounts/signup/").status_code == 404

    def test_a_forgotten_password_is_set_by_e_mail(self, cast: Cast) -> None:
        client = Client(headers={"accept-language": "en"})
        client.post("/accounts/password/reset/", {"email": "aoki@aoba.example.jp"})
        [message] = arrived()
        assert message.subject == "Renewal quotes: set a new password"
        address = re.search(r"http://testserver(/\S+)", message.body)
        assert address
        form = client.get(address[1], follow=True)
        new = "another-long-pass-phrase"
        said = text_of(
            client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new, "action": ""}, follow=True)
        )
        assert "Password saved" in said
        cast.staff.refresh_from_db()
        assert cast.staff.check_password(new)
        assert "This link is no longer valid." in text_of(client.get(address[1], follow=True))

    def test_an_unknown_address_hears_so_by_e_mail_only(self, cast: Cast) -> None:
        client = Client(headers={"accept-language": "en"})
        answer = client.post("/accounts/password/reset/", {"email": "nobody@aoba.example.jp"}, follow=True)
        assert "Look at your e-mail" in text_of(answer)
        [message] = arrived()
        assert message.subject == "Renewal quotes: no account with this address"
        assert "signup" not in message.body

    def test_the_language_is_chosen_before_and_after_log_in(self, cast: Cast) -> None:
        for client in (Client(), sign_in(cast.staff)):
            answer = client.post("/i18n/setlang/", {"language": "en", "next": "/accounts/password/reset/"}, follow=True)
            assert answer.redirect_chain[0] == ("/accounts/password/reset/", 302)
            assert '<html lang="en">' in answer.content.decode()

    def test_staff_of_a_new_reseller_begin_with_an_empty_page(self, cast: Cast) -> None:
        make_license_id(cast.customer, "LIC-1", ("SMP-CC", 1))
        new = Reseller.objects.create(code="new", name="新しい見本株式会社")
        client = sign_in(make_user("arai@new.example.jp", "新井 空", User.Role.STAFF, reseller=new))
        assert "No license IDs are registered yet." in text_of(client.get("/?due=all"))
        assert "No customers are registered yet. Your managers or a portal admin" in text_of(client.get("/customers/"))
        head = sign_in(make_user("oda@new.example.jp", "織田 海", User.Role.MANAGER, reseller=new))
        for address in ("/", "/?due=past", "/customers/"):
            assert 'main" href="/holdings/import/"' in head.get(address).content.decode()

    def test_nothing_in_a_window_is_not_nothing_at_all(self, cast: Cast, desk: Client) -> None:
        make_license_id(cast.customer, "LIC-1", ("SMP-CC", 1, date(2031, 3, 31)))
        assert "No renewal is found by this filter." in text_of(desk.get("/?due=30"))
        assert "No renewal is found by this filter." in text_of(desk.get("/?due=past"))


class TestErrorPages:
    @pytest.mark.parametrize(
        ("template", "heading"),
        [
            ("400.html", "The portal could not read this request."),
            ("403_csrf.html", "Nothing was saved: the page was too old."),
            ("429.html", "Too many attempts. Wait a few minutes, then try again."),
            ("500.html", "Something went wrong on our side."),
        ],
    )
    def test_these_need_no_request_and_no_database(self, template: str, heading: str) -> None:
        with translation.override("en"):
            page = render_to_string(template)
        assert f"<h1>{heading}</h1>" in page
        assert '<html lang="en">' in page

    def test_a_page_sent_without_its_token_says_so(self, cast: Cast) -> None:
        client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
        answer = client.post("/accounts/login/", {"login": "x", "password": "y"})
        assert answer.status_code == 403
        assert "Nothing was saved: the page was too old." in text_of(answer)

    @override_settings(ALLOWED_HOSTS=["portal.example.jp"])
    def test_a_wrong_host_is_answered_plainly(self, db: None) -> None:
        answer = Client(headers={"accept-language": "en"}).get("/accounts/login/")
        assert answer.status_code == 400
        assert "The portal could not read this request." in text_of(answer)

    def test_an_address_that_does_not_exist(self, cast: Cast, desk: Client) -> None:
        visitor = Client(headers={"accept-language": "en"})
        for client, can_search in ((desk, True), (visitor, False), (sign_in(cast.contact), False)):
            answer = client.get("/no/such/page/")
            assert answer.status_code == 404
            assert "This page is not here." in text_of(answer)
            assert ("Search for the license ID" in text_of(answer)) == can_search
            assert ("ask whoever sent it" in text_of(answer)) != can_search


def test_the_sample_banner_stands_on_every_page_while_sample_prices_are_in_force(cast: Cast, desk: Client) -> None:
    banner = "Sample price tables are in use. Quotes made here have no effect."
    assert banner not in text_of(desk.get("/"))
    sample = copy_price_list(price_list=cast.price_list, effective_on=day(30), by=cast.admin, now=NOW)
    type(sample).objects.filter(pk=sample.pk).update(is_sample=True)
    publish(price_list=sample, by=cast.admin, now=NOW)
    for client, address in (
        (desk, "/"),
        (desk, "/customers/"),
        (Client(headers={"accept-language": "en"}), "/accounts/login/"),
    ):
        assert banner in text_of(client.get(address))
