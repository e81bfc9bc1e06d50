"""What the one search box in the header finds, and that it says why."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licensing.models import Customer, User
from tests.cast import NOW, Cast, make_cast, make_license_id, make_user, sign_in

CONTACT = "Contact: 佐伯 美和 saeki@takasaki.example.jp"


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        cast = make_cast()
        make_license_id(cast.customer, "LIC-1", ("SMP-CC", 10), ("SMP-IM", 3))
        make_license_id(cast.foreign_customer, "LIC-3", ("SMP-CC", 30))
        english = cast.english_customer
        english.person = "澤田 花子"
        english.save()
        make_user("Hanako_Sawada-2@trading.example.com", "Sawada", User.Role.CUSTOMER, customer=english)
        gone = make_user("old@takasaki.example.jp", "旧姓 太郎", User.Role.CUSTOMER, customer=cast.customer)
        gone.is_active = False
        gone.save()
        yield cast


@pytest.fixture
def desk(cast: Cast) -> Client:
    return sign_in(cast.staff)


def read(page: Any) -> str:
    body = re.sub(r"(?s)<head>.*?</head>|<nav.*?</nav>|<[^>]+>", " ", page.content.decode())
    return re.sub(r"\s+", " ", body)


def search(client: Client, text: str, address: str = "/") -> str:
    """The results alone, as they come while somebody types."""
    return read(client.get(address, {"q": text}, headers={"HX-Request": "true"}))


def license_ids(client: Client, text: str) -> list[str]:
    page = client.get("/", {"q": text}, headers={"HX-Request": "true"}).content.decode()
    return re.findall(r'class="code" href="/license-ids/([^/]+)/"', page)


FOUND = {
    "佐伯": CONTACT,
    "佐伯 美和 様": CONTACT,
    "佐伯美和様": CONTACT,
    "saeki@takasaki.example.jp": CONTACT,
    "ＳＡＥＫＩ＠ＴＡＫＡＳＡＫＩ．example.jp": CONTACT,
    "takasaki.example.jp": CONTACT,
    "@takasaki": CONTACT,
    "佐伯 美和 <saeki@takasaki.example.jp>": CONTACT,
    "mailto:saeki@takasaki.example.jp,": CONTACT,
    "saeki＠takasaki。example。jp": CONTACT,
    "タカサキ": "Kana: タカサキセイサクショ",
    "smp cc": "Product: SMP-CC",
    "ＳＭＰ－ＣＣ": "Product: SMP-CC",
    "高崎 smpcc": "Product: SMP-CC",
}


def test_a_license_id_is_found_by_what_belongs_to_it_and_says_so(desk: Client) -> None:
    for text, reason in FOUND.items():
        found = search(desk, text)
        assert ("1 renewal" in found, reason in found, "LIC-1" in found) == (True, True, True), text


def test_what_the_row_shows_needs_no_reason(desk: Client) -> None:
    for text in ("LIC-1", "高崎製作所", "㈱髙﨑", "ウィルスバスター"):
        page = desk.get("/", {"q": text}).content.decode()
        assert ("LIC-1" in page, 'class="sub why"' in page) == (True, False), text


def test_customers_without_license_ids_are_found_too(desk: Client) -> None:
    addresses = ("HANAKO_SAWADA-2@TRADING.example.com", "hanakosawada2@trading", "trading.example.com")
    for text in ("澤田", "沢田花子", *addresses):
        found = search(desk, text)
        assert "No renewal is found by" in found, text
        assert "Found, but nothing to renew Sample Trading K.K. without license IDs Contact: " in found, text


def test_nothing_of_others_is_found_nor_who_has_no_access_any_more(cast: Cast, desk: Client) -> None:
    for text in ("並木", "namiki@hatoba.example.jp", "波止場", "LIC-3", "旧姓", "old@takasaki"):
        for address in ("/", "/customers/"):
            found = search(desk, text, address)
            assert "Nothing found for" in found, text
            assert "波止場商会" not in found
            assert "旧姓 太郎" not in found
    assert license_ids(sign_in(cast.stranger), "namiki@hatoba") == ["LIC-3"]
    assert license_ids(sign_in(cast.admin), "smpcc") == ["LIC-1", "LIC-3"]


def test_a_customers_log_in_and_a_price_admin_search_nothing(cast: Cast) -> None:
    asked = {"q": "並木"}
    assert sign_in(cast.contact).get("/", asked).url == "/received/"
    assert sign_in(cast.contact).get("/customers/", asked).status_code == 403
    assert "並木" not in sign_in(cast.price_admin).get("/", asked).content.decode()


def test_what_says_nothing_is_told(desk: Client) -> None:
    for text in ("株式会社", "㈱", "(有)", "株式会社 ・ ー", "御中"):
        for address in ("/", "/customers/", "/quotes/"):
            assert f"Nothing can be searched by “{text}” alone" in search(desk, text, address)
    for text in ("株式会社 高崎", "", " "):
        assert "alone" not in search(desk, text)


def test_the_customers_pages_say_why_too(cast: Cast) -> None:
    for address in ("/customers/", "/manage/customers/"):
        assert CONTACT in search(sign_in(cast.manager), "saeki@", address)
        assert "License ID: LIC-1" in search(sign_in(cast.manager), "lic1", address)


def test_a_new_name_or_address_is_found_at_once(cast: Cast, desk: Client) -> None:
    contact = cast.contact
    contact.name, contact.email = "渡邊 美和", "watanabe@takasaki.example.jp"
    contact.save()
    cast.products["SMP-CC"].name_en = "Virus Watch"
    cast.products["SMP-CC"].save()
    Customer.objects.filter(pk=cast.customer.pk).update(person="")
    assert license_ids(desk, "渡辺") == ["LIC-1"]
    assert license_ids(desk, "watanabe@") == ["LIC-1"]
    assert license_ids(desk, "saeki@") == []
    assert license_ids(desk, "virus watch") == ["LIC-1"]


def test_many_contacts_and_rows_cost_no_further_query(cast: Cast, desk: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            search(desk, "takasaki.example.jp")
        return len(queries)

    count()
    before = count()
    for number in range(12):
        customer = Customer.objects.create(reseller=cast.aoba, name=f"分室{number}")
        make_license_id(customer, f"MORE-{number}", ("SMP-CC", 1))
        make_user(f"room{number}@takasaki.example.jp", "室長", User.Role.CUSTOMER, customer=customer)
        make_user(f"second{number}@takasaki.example.jp", "次長", User.Role.CUSTOMER, customer=customer)
    count()  # brings the rows up to date
    assert count() == before
    assert "室長 room0@takasaki.example.jp and 1 more" in search(desk, "分室0 takasaki.example.jp")


def test_the_administration_says_it_too_and_finds_contacts(cast: Cast) -> None:
    desk = sign_in(cast.admin)
    customers = "/admin/licensing/customer/"
    for address in (customers, "/admin/licensing/licenseid/", "/admin/licensing/user/"):
        assert "Nothing can be searched by “㈱” alone" in read(desk.get(address, {"q": "㈱"}))
        assert "alone" not in read(desk.get(address, {"q": "㈱ 佐伯"}))
    assert [row.name for row in desk.get(customers, {"q": "㈱ 沢田"}).context["cl"].result_list] == [
        "Sample Trading K.K."
    ]
    people = desk.get("/admin/licensing/user/", {"q": "SAWADA－2@"}).context["cl"].result_list
    assert [row.name for row in people] == ["Sawada"]
