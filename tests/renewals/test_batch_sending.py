"""What a run issued is sent: one letter to each customer with all their quotes, each once; and put into one file."""

import zipfile
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from foundation.jobs.operations import work_off
from foundation.mail.models import OutgoingMail
from foundation.mail.operations.compose import unseal
from licensing.models import Contact
from quotes.letters.queries import mails_of
from quotes.letters.several import is_several_wanted
from quotes.letters.templates import QUOTE, SEVERAL, save_templates
from quotes.letters.words import Letter
from quotes.links.operations import revoke_link
from quotes.models import Quote, QuoteEvent, ShareLink
from quotes.paper import download_name
from renewals.batch.operations import FilesWork, SendWork
from renewals.models import QuoteRunRow
from tests.cast import NOW, make_license_id, sign_in
from tests.mailbox import arrived
from tests.renewals.batches import issue_all, reviewed


@pytest.fixture
def run(cast):
    """Two quotes of a customer who has a contact, one of a customer without any address."""
    Contact.objects.create(
        customer=cast.customer, name="佐伯 美和", email="quotes@takasaki.example.jp", for_quotes=True
    )
    rows = [make_license_id(cast.customer, f"LIC-{at}", ("SMP-BS", 45)) for at in (1, 2)]
    rows.append(make_license_id(cast.english_customer, "LIC-3", ("SMP-BS", 45)))
    run = reviewed(rows, cast.staff)
    issue_all(run, cast.staff)
    return run


@pytest.fixture
def client(cast):
    return sign_in(cast.staff, language="ja")


def address(run, name):
    return reverse(f"renewals:batch-{name}", args=[run.key])


def work(run, kind, doing):
    for one in run.works.filter(kind=kind).exclude(batch__state="done"):
        work_off(batch_pk=one.batch_id, work=doing(lambda: NOW), clock=lambda: NOW)


def typed(page):
    """What the form holds as it opens."""
    return {name: field.initial or "" for name, field in page.context["form"].fields.items()}


def test_one_letter_for_each_customer_and_a_missing_address_becomes_a_contact(cast, client, run):
    page = client.get(address(run, "letters"))
    assert (page.context["missing"], [len(row["group"].quotes) for row in page.context["rows"]]) == (1, [1, 2])
    english = cast.english_customer.pk
    sent = typed(page) | {f"to-{english}": "buyer@trading.example.jp", f"to_name-{english}": "Jo Field"}
    look = client.post(address(run, "letters"), sent | {"act": "look"})
    assert "（送信時に入ります）" not in look.context["preview"]["body"]
    assert not OutgoingMail.objects.exists()
    for _twice in range(2):
        answer = client.post(address(run, "letters"), sent | {"act": "send"})
        assert answer["Location"] == reverse("renewals:batch", args=[run.key])
    work(run, "send", SendWork)
    first, second = OutgoingMail.objects.order_by("to")
    assert (first.to, first.to_name, first.language) == ("buyer@trading.example.jp", "Jo Field", "en")
    assert (second.to, second.subject) == ("quotes@takasaki.example.jp", "【お見積 2件】ライセンス更新のご案内")
    text = unseal(bytes(second.sealed_text))
    assert "合計 ¥445,500、税込" in text
    assert (text.count("■ Q2701-000"), text.count("/s/")) == (2, 2)
    assert ShareLink.objects.count() == 3
    own = unseal(bytes(first.sealed_text))
    assert first.subject.startswith("Quote Q2701-0003-00: ")
    assert ("tell us whether you wish to order:\n\nhttp" in own, "Q2701-0003-00" in own) == (True, True)
    assert Contact.objects.get(customer=english).email == "buyer@trading.example.jp"
    assert QuoteEvent.objects.filter(kind="mail_queued").count() == 3
    assert QuoteRunRow.objects.filter(letter=None).count() == 0
    both = Quote.objects.filter(customer=cast.customer).order_by("pk")
    assert [list(mails_of(one)) for one in both] == [[second], [second]]
    assert client.get(address(run, "letters"))["Location"] == reverse("renewals:batch", args=[run.key])


def test_a_reseller_writes_its_own_texts_for_one_and_for_several(cast, client, run):
    own = {
        (SEVERAL, "ja"): Letter("{count}件のお見積", "{person}\n{quotes}"),
        (QUOTE, "en"): Letter("Your quote {number}", "{person}\n{link}"),
    }
    save_templates(reseller=cast.aoba, letters=own, by=cast.manager, now=NOW)
    page = client.get(address(run, "letters"))
    assert [(part["kind"], [text[0] for text in part["texts"]]) for part in page.context["parts"]] == [
        (SEVERAL, ["ja", "en"]),
        (QUOTE, ["en"]),
    ]
    english = cast.english_customer.pk
    sent = typed(page) | {f"to-{english}": "buyer@trading.example.jp", f"to_name-{english}": "Jo {number} Field"}
    client.post(address(run, "letters"), sent | {"act": "send"})
    work(run, "send", SendWork)
    first, second = OutgoingMail.objects.order_by("to")
    assert (first.subject, second.subject) == ("Your quote Q2701-0003-00", "2件のお見積")
    assert unseal(bytes(first.sealed_text)).startswith("Jo {number} Field\nhttp")
    assert unseal(bytes(second.sealed_text)).startswith("佐伯 美和 様\n■ Q2701-0001-00")


def test_who_has_no_address_is_sent_nothing_yet(cast, client, run):
    page = client.get(address(run, "letters"))
    client.post(address(run, "letters"), typed(page) | {"act": "send"})
    work(run, "send", SendWork)
    assert OutgoingMail.objects.get().to == "quotes@takasaki.example.jp"
    assert client.get(reverse("renewals:batch", args=[run.key])).context["unsent"] == 1


def test_what_cannot_be_sent_is_said_and_nothing_is_written(cast, client, run):
    page = client.get(address(run, "letters"))
    english = cast.english_customer.pk
    for wrong, field in [
        ({f"to-{english}": "nonsense"}, f"to-{english}"),
        ({f"to-{english}": "a@b.example.jp"}, f"to_name-{english}"),
        ({"body_ja": "本文"}, "body_ja"),
        ({"body_ja": "{quotes} {nothing}"}, "body_ja"),
        ({"subject_ja": "{quotes}"}, "subject_ja"),
        ({"one_body_en": "{number} without the link"}, "one_body_en"),
        ({f"to-{cast.customer.pk}": "a@b.example.jp"}, f"to-{cast.customer.pk}"),
    ]:
        answer = client.post(address(run, "letters"), typed(page) | wrong | {"act": "send"})
        assert (answer.status_code, field in answer.context["form"].errors) == (422, True)
    assert not run.works.filter(kind="send").exists()


def test_a_letter_whose_link_was_revoked_is_not_handed_over(cast, client, run):
    client.post(address(run, "letters"), typed(client.get(address(run, "letters"))) | {"act": "send"})
    work(run, "send", SendWork)
    mail = OutgoingMail.objects.get()
    assert is_several_wanted(mail)
    revoke_link(link=ShareLink.objects.order_by("pk").first(), by=cast.staff, now=NOW)
    assert not is_several_wanted(mail)


def test_sent_is_written_into_the_log_of_each_quote(cast, client, run):
    client.post(address(run, "letters"), typed(client.get(address(run, "letters"))) | {"act": "send"})
    work(run, "send", SendWork)
    [mail] = arrived()
    assert "quotes@takasaki.example.jp" in mail.to[0]
    events = QuoteEvent.objects.filter(kind="mail_sent")
    assert set(events.values_list("quote__number", flat=True)) == {"Q2701-0001-00", "Q2701-0002-00"}


def test_the_pdfs_as_an_archive_and_as_one_file_to_print(cast, client, run, settings, tmp_path):
    settings.EXPORT_ROOT = str(tmp_path)
    assert client.get(address(run, "file"))["Location"] == reverse("renewals:batch", args=[run.key])
    client.post(address(run, "files"), {"form": "zip"})
    client.post(address(run, "files"), {"form": "zip"})  # twice: one is made
    work(run, "files", FilesWork)
    answer = client.get(address(run, "file"))
    archive = zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content)))
    quotes = list(Quote.objects.order_by("number"))
    assert sorted(archive.namelist()) == sorted(download_name(document=one.document)[0] for one in quotes)
    assert [archive.read(download_name(document=one.document)[0]) for one in quotes] == [
        bytes(one.pdf.content) for one in quotes
    ]
    client.post(address(run, "files"), {"form": "pdf"})
    work(run, "files", FilesWork)
    answer = client.get(address(run, "file"))
    together = PdfReader(BytesIO(b"".join(answer.streaming_content)))
    assert len(together.pages) == sum(len(PdfReader(BytesIO(one.pdf.content)).pages) for one in quotes)
    assert [one.title for one in together.outline] == [one.number for one in quotes]


def test_many_known_addresses_are_folded_and_open_where_one_is_wrong(cast, client, run, monkeypatch):
    assert [client.get(address(run, "letters")).context[name] for name in ("folded", "count")] == [[], 0]
    monkeypatch.setattr("renewals.batch.views.letters.FOLDED_ABOVE", 0)
    page = client.get(address(run, "letters"))
    assert [len(page.context[name]) for name in ("rows", "folded")] == [1, 1]
    wrong = {f"to-{cast.customer.pk}": "a@b.example.jp"}
    answer = client.post(address(run, "letters"), typed(page) | wrong | {"act": "send"})
    assert (page.context["is_fold_open"], answer.context["is_fold_open"]) == (False, True)
