"""Several words of a search, each wherever it may be: found is just what has all of them."""

from itertools import permutations
from random import Random

import pytest
from django.db import connection

from foundation.text.kept_search import _written, rows_with
from foundation.text.search import search_key
from licensing.models import Contact, Customer, LicenseID, User
from licensing.queries import customers_by_name, customers_without_license_ids, license_ids_without_holdings
from licensing.queries.search import _customers
from tests.cast import TODAY, make_cast, make_user

pytestmark = pytest.mark.both_databases
WORDS = ("高崎", "物流", "西野", "a_b", "100%", "lic9")


@pytest.fixture
def cast(db):
    return make_cast()


def spread(cast, *, customers):
    """Customers with words anywhere: the keys that are searched of each, and of each of its license IDs."""
    dice = Random(1)
    own, license_ids = {}, {}

    def some():
        return " ".join(dice.sample(WORDS, dice.choice((0, 0, 1, 1, 2))))

    for number in range(customers):
        at = {"reseller": dice.choice((cast.aoba, cast.aoba, cast.minato))}
        called, kana, person = f"社{number} {some()}", some(), some()
        customer = Customer.objects.create(name=called, kana=kana, person=person, **at)
        texts = [called, kana, person]
        if number % 3 == 0:
            texts.append(some())
            Customer.objects.create(name=f"旧{texts[-1]}", merged_into=customer, **at)
        for is_gone in (False, True):
            name = f"人{some()}"
            Contact.objects.create(customer=customer, name=name, email="x@x.example", is_gone=is_gone)
            texts += [] if is_gone else [name]
        if number % 4 == 0:
            texts.append(some())
            person = make_user(f"p{number}@x.example", f"氏{texts[-1]}", User.Role.CUSTOMER, customer=customer)
            if number % 8 == 0:
                texts.pop()
                User.objects.filter(pk=person.pk).update(is_active=False)
        codes = [f"LIC-9{number}"] * (number % 5 == 0) + [f"Z-{number}"] * (number % 2)
        for code in codes:
            row = LicenseID.objects.create(code=code, customer=customer)
            license_ids[row.pk] = (customer, [code, called, kana])
        if customer.reseller == cast.aoba:
            own[customer.pk] = texts, codes
    return own, license_ids


def have(texts, words):
    keys = [search_key(text) for text in texts]
    return all(any(search_key(word) in key for key in keys) for word in words)


def test_just_what_has_all_words_is_found(cast):
    own, license_ids = spread(cast, customers=50)
    found_by_two = 0
    for words in [*permutations(WORDS, 1), *permutations(WORDS, 2), *list(permutations(WORDS, 3))[::11]]:
        text = " ".join(words)
        found = set(customers_by_name(cast.staff, on=TODAY, text=text).values_list("pk", flat=True)) & set(own)
        assert found == {pk for pk, (texts, codes) in own.items() if have([*texts, *codes], words)}, text
        lone = set(customers_without_license_ids(cast.staff, text=text).values_list("pk", flat=True)) & set(own)
        assert lone == {pk for pk, (texts, codes) in own.items() if not codes and have(texts, words)}, text
        empty = set(license_ids_without_holdings(cast.staff, text=text).values_list("pk", flat=True))
        expected = {pk for pk, (one, texts) in license_ids.items() if one.reseller == cast.aoba and have(texts, words)}
        assert empty & set(license_ids) == expected, text
        found_by_two += len(found) * (len(words) > 1)
    assert found_by_two == 308  # it is not empty sets that are equal


def test_what_others_have_is_not_found(cast):
    spread(cast, customers=12)
    for text in WORDS:
        found = customers_by_name(cast.stranger, on=TODAY, text=text)
        assert {one.reseller_id for one in found} <= {cast.minato.pk}


def test_the_search_is_written_once_for_so_many_words(cast):
    _written.cache_clear()
    for text in ("高崎", "物流", "高崎 物流", "西野 a_b", "100% \\"):
        list(customers_by_name(cast.staff, on=TODAY, text=text))
    assert (_written.cache_info().misses, _written.cache_info().hits) == (2, 3)


def test_words_come_as_contains_says_them(db):
    escaped = rows_with(_customers, ["100%", "a_b"])
    texts = [value for value in escaped.params if isinstance(value, str)]
    assert set(texts) == {"%100\\%%", "%a\\_b%"}
    parts = [value for value in escaped.params if isinstance(value, list)]
    if connection.vendor == "postgresql":
        assert parts[:2] == [["00%", "100"], ["a_b"]]
    else:
        assert parts == []
