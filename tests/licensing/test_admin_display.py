"""How the administration shows values, and how its pages are named."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import translation

from foundation.administration.display import NOTHING, say
from licensing.models import Programme
from tests.cast import Cast, make_cast, make_license_id, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.mark.parametrize(
    ("value", "english", "japanese"),
    [
        (None, NOTHING, NOTHING),
        (True, "yes", "はい"),
        (False, '<span class="quiet">no</span>', '<span class="quiet">いいえ</span>'),
        (datetime(2027, 1, 2, 23, 30, tzinfo=ZoneInfo("UTC")), "2027-01-03 08:30", "2027/01/03 08:30"),
        (datetime(2027, 1, 2).date(), "2027-01-02", "2027/01/02"),
        (1200, "1200", "1200"),
    ],
)
def test_values_are_said_in_words_and_days_in_one_form(value, english, japanese):
    for language, said in (("en", english), ("ja", japanese)):
        with translation.override(language):
            assert say(value) == said


def test_every_list_is_named_by_what_it_shows_with_days_as_on_the_portal_and_no_mark_for_no(cast):
    make_license_id(cast.customer, "LIC-1", ("SMP-CC", 1))
    client = sign_in(cast.admin, language="ja")
    for model, page in admin.site._registry.items():
        answer = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        assert answer.status_code == 200, model
        text = answer.content.decode()
        [title] = re.findall(r"<h1>(.*?)</h1>", text)
        assert title == str(model._meta.verbose_name_plural), page
        assert "icon-no.svg" not in text, model
        cells = re.findall(r'<t[dh] class="field-[^"]*">(.*?)</t[dh]>', text, re.DOTALL)
        wrong = [cell for cell in cells if re.search(r"\d{4}年\d+月\d+日|\d{4}-\d\d-\d\d", cell)]
        assert wrong == [], model


def test_a_person_whose_page_would_not_open_is_no_link(cast):
    address = reverse("admin:pricing_pricelist_change", args=[cast.price_list.pk])
    person = reverse("admin:licensing_user_change", args=[cast.admin.pk])
    assert f'href="{person}"' in sign_in(cast.admin).get(address).content.decode()
    page = sign_in(cast.price_admin).get(address)
    assert page.status_code == 200
    assert cast.admin.name in page.content.decode()
    assert f'href="{person}"' not in page.content.decode()


def test_deleting_says_what_goes_with_it_or_what_still_needs_it(cast):
    desk = sign_in(cast.admin)
    programme = Programme.objects.get(code="TRSL")
    refused = desk.get(f"/admin/licensing/programme/{programme.pk}/delete/").text
    assert f"{programme} cannot be deleted: these need it." in refused
    unused = Programme.objects.create(code="X", name="別の体系", name_en="Another")
    asked = desk.get(f"/admin/licensing/programme/{unused.pk}/delete/").text
    assert "Another is deleted with everything listed here. This cannot be undone." in asked
    assert '<input type="submit" value="Delete">' in asked
    assert desk.post(f"/admin/licensing/programme/{unused.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Programme.objects.filter(pk=unused.pk).exists()
    japanese = sign_in(cast.admin, language="ja").get(f"/admin/licensing/programme/{programme.pk}/delete/").text
    assert "TRSLは次のものに使われているため、削除できません。" in japanese


def test_only_what_has_a_history_of_its_own_has_the_way_there(cast):
    """Price lists and quotes tell theirs on their page; Django's own log of them is empty."""
    client = sign_in(cast.admin)
    assert 'class="historylink"' in client.get(reverse("admin:licensing_customer_change", args=[cast.customer.pk])).text
    page = client.get(reverse("admin:pricing_pricelist_change", args=[cast.price_list.pk]))
    assert page.status_code == 200
    assert "historylink" not in page.text
