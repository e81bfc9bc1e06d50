"""Letters, notices, cards, feeds and papers are in one language: nothing but names and data is in another."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal
from django.core import mail
from django.db.models import F, Value
from django.test import Client
from django.utils import translation

from foundation.mail.operations.queue import deliver_due
from licensing.models import Contact, Customer, LicenseID, Product, Programme, Reseller, User
from quotes.customers.answers import answer_quote
from quotes.customers.visits import Visitor
from quotes.letters import acknowledging, comparing, operations, several
from quotes.paper import draw_comparison
from quotes.paper.comparison_wording import COMPARISON_WORDS
from quotes.paper.wording import WORDINGS
from renewals.calendar.operations import make_feed
from renewals.confirmations import texts as asking
from renewals.desk.refresh import refresh
from renewals.price_changes.texts import OF_PRICES, OF_REFUSED
from renewals.reminders import texts as reminding
from tests.cast import EXPIRY, NOW, TODAY, make_license_id, make_user
from tests.making import given_quote
from tests.quotes.paper.reading import read_lines
from tests.renewals.approving import let, limit, request_for
from tests.renewals.asking import needed_of, put, reply
from tests.renewals.comparing import compare
from tests.renewals.test_chat import keep, texts
from tests.renewals.test_reminders import at, go, rhythm, send
from tests.wrong_language import JAPANESE, in_the_wrong_language, pieces_of

ENGLISH_SENTENCE = re.compile(r"(?:\b[A-Za-z]{2,}\b[ ,]+){2,}[A-Za-z]{2,}")
"""Three words that follow one another."""
TYPED = re.compile("2026年10月版|佐伯 美和|水野 恵子|競合他社の見積に合わせるため|^見積$")
"""Data that stays: the name of a published list, and what tests type elsewhere."""


def written(words: Any) -> Iterator[str]:
    """All texts in it, however deep."""
    if isinstance(words, str):
        yield words
    elif isinstance(words, dict):
        for one in words.values():
            yield from written(one)
    elif isinstance(words, (list, tuple)):
        for one in words:
            yield from written(one)


def texts_in(language: str) -> dict[str, list[str]]:
    """What is written twice in the code, by where."""
    letters = (acknowledging, comparing, operations, several, asking)
    found = {one.__name__: list(written(one.DEFAULTS[language])) for one in letters}
    found["reminders"] = [text for (_kind, its), pair in reminding.DEFAULTS.items() if its == language for text in pair]
    found["prices"] = [text for letter in (OF_PRICES, OF_REFUSED) for text in written(letter.defaults[language])]
    return found | {"paper": list(written(WORDINGS[language])), "comparison": list(written(COMPARISON_WORDS[language]))}


def test_what_is_written_in_both_languages():
    for where, said in texts_in("en").items():
        assert len(said) > 1
        assert [text for text in said if JAPANESE.search(text)] == [], where
    for where, said in texts_in("ja").items():
        assert [text for text in said if ENGLISH_SENTENCE.search(re.sub(r"\{\w*\}", "", text))] == [], where


def test_templates_of_letters_leave_no_words_to_chance():
    """All that is not data goes through the catalogue."""
    tags = re.compile(
        r"\{%\s*comment.*?endcomment\s*%\}|\{%\s*blocktrans.*?%\}.*?\{%\s*endblocktrans\w*\s*%\}|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}",
        re.S,
    )
    found = {}
    for path in Path(portal.BASE_DIR, "templates").rglob("*.txt"):
        if left := re.findall(r"[^\W\d_]{2,}", tags.sub("", path.read_text())):
            found[path.name] = left
    assert found == {}


def in_latin_letters():
    """All names and data: what is Japanese then is the portal's own."""
    Product.objects.update(name=F("code"), name_en=F("code"), unit="pc", unit_en="pc")
    Programme.objects.update(name=F("pk"), name_en=Value("Programme"))
    Reseller.objects.update(name=F("code"), address="1-2-3 Wakabadai", delivery="", payment_terms="", remarks="")
    User.objects.update(name=F("email"))
    Customer.objects.update(name=Value("Company"), kana="", department="", person="Robin", address="4-5-6 Minato")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_goes_out(cast, settings, language):
    """Of one renewal: asked, quoted, compared, approved, answered, reminded of."""
    settings.LANGUAGE_CODE = language
    with translation.override(language):
        if language == "en":
            in_latin_letters()
        customer = cast.customer if language == "ja" else cast.english_customer
        customer.refresh_from_db()
        customer.owner = User.objects.get(pk=cast.staff.pk)
        customer.save()
        staff = User.objects.select_related("reseller").get(pk=cast.staff.pk)
        name = "佐伯 美和" if language == "ja" else "Robin Brook"
        Contact.objects.create(customer=customer, name=name, email="saeki@takasaki.example.jp", language=language)
        buyer = make_user("buyer@example.jp", name, User.Role.CUSTOMER, customer=customer)
        keep(cast, with_prices=True)
        one, two = (make_license_id(customer, f"LIC-{n}", ("SMP-CC", 100), ("SMP-IM", 30)) for n in (1, 2))
        three = make_license_id(customer, "LIC-3", ("SMP-CC", 100))
        rhythm(cast, confirm_days=90, silent_days=3, expiry_days=60, sends_digest=True)

        changes = {"with_calculation": "on", "years": "3", "is_reduced": "on", "subject": "Renewal", "note": "Note"}
        quote = given_quote(one, by=staff, changes=changes)
        send(quote)
        for answer in ("decline", "order"):
            visitor = Visitor(user=buyer)
            answer_quote(quote=quote, answer=answer, message="", by_name=name, visitor=visitor, now=NOW)
        asked, _tokens = put([two], staff, language=language, to_name=name)
        reply(asked, needed_of(LicenseID.objects.get(pk=two.pk), 80, 30), now=NOW, by_name=name)
        comparison = compare(three, by=staff)
        limit(cast.aoba, reduction="5")
        let(cast.manager)
        request_for(three, by=staff)
        silent = given_quote(two, by=staff, now=NOW)
        send(silent)
        for day in (TODAY, quote.valid_until - timedelta(days=4), EXPIRY - timedelta(days=30)):
            go(at(day))
        deliver_due(clock=lambda: at(EXPIRY))

        said = {f"mail: {one.subject}": [one.subject, *one.body.splitlines()] for one in mail.outbox}
        assert len(said) >= 7
        said["cards"] = [text for card in texts() for text in written(card)]
        assert len(said["cards"]) >= 4
        said["paper"] = read_lines(bytes(quote.pdf.content))
        said["comparison"] = read_lines(draw_comparison(document=comparison.document))
        refresh(on=TODAY)
        feed = Client().get(f"/calendar/{make_feed(user=staff, now=NOW)}/renewals.ics")
        said["feed"] = pieces_of(feed.content, language)
        assert len(said["feed"]) > 10
    wrong = {}
    for where, all_of_it in said.items():
        pieces = [TYPED.sub("", piece) for piece in all_of_it]
        found = in_the_wrong_language(pieces, language)
        if language == "en":
            found += [piece for piece in pieces if JAPANESE.search(piece)]
        if found:
            wrong[where] = found
    assert wrong == {}
