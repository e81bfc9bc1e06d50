"""manage.py verify_records: silent while all is as it was, and exact about everything that is not."""

import hashlib
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from licensing.models import LicenseID
from quotes.archive.verification import Report, read_heads, verify_records
from quotes.links.operations import make_link, revoke_link
from quotes.models import EventChain, Quote, QuoteEvent, event_hash, record_hash
from quotes.record.transitions import withdraw
from tests.cast import NOW, make_license_id
from tests.making import download, everything_written, given_quote, is_postgres
from tests.quotes.tampering import tampered

pytestmark = pytest.mark.both_databases


@pytest.fixture
def records(cast, licenseid):
    """Aoba's log: 1 issues …01, 2 issues …02, 3 withdraws it, 4 downloads …01, 5 issues …03. Minato's: one quote."""
    foreign = make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45))
    given_quote(foreign, by=cast.stranger)
    first = given_quote(licenseid, by=cast.staff)
    second = given_quote(licenseid, by=cast.staff, changes={"subject": "二通目"})
    withdraw(quote=second, reason="数量の誤り", by=cast.staff, now=NOW + timedelta(minutes=1))
    download(quote=first, by=cast.staff, now=NOW + timedelta(minutes=2))
    given_quote(licenseid, by=cast.staff, changes={"subject": "三通目"})
    with translation.override("en"):
        yield {quote.number: quote for quote in Quote.objects.filter(reseller=cast.aoba)}


def differences(**options):
    return [(each.reseller, each.place, each.code) for each in verify_records(report=Report(), **options)]


def command(*arguments):
    """Exit code and what was said."""
    out = StringIO()
    try:
        call_command("verify_records", *arguments, stdout=out, stderr=StringIO(), no_color=True)
    except CommandError as error:
        return error.returncode, [*out.getvalue().splitlines(), str(error)]
    return 0, out.getvalue().splitlines()


def test_where_nothing_was_touched_it_says_so_and_where_the_logs_end(cast, records):
    before = everything_written()
    ends = {chain.reseller.code: chain for chain in EventChain.objects.select_related("reseller")}
    heads = [f"{code}:{ends[code].last_position}:{ends[code].last_hash}" for code in ("aoba", "minato")]
    counts = "4 quotes with their PDFs and 6 log entries were checked."
    assert command() == (0, [counts, *heads, "Everything is as it was issued."])
    assert [head.split(":")[1] for head in heads] == ["5", "1"]
    assert command("--reseller=minato")[1][:2] == ["1 quotes with their PDFs and 1 log entries were checked.", heads[1]]
    assert command("--reseller=nobody") == (1, ["There is no reseller “nobody”."])
    assert everything_written() == before


def test_every_way_of_tampering_is_found(cast, records):
    first, second, third = (records[f"Q2701-000{number}-00"] for number in (1, 2, 3))
    events = list(QuoteEvent.objects.filter(reseller=cast.aoba).order_by("position"))
    numbers = [event.pk for event in events]
    other_pdf = bytes(second.pdf.content)
    other = LicenseID.objects.exclude(pk=first.parts.get().licenseid_id).get()
    blob = f"'\\x{other_pdf.hex()}'::bytea" if is_postgres() else f"X'{other_pdf.hex()}'"
    gone = [
        f"DELETE FROM {table} WHERE quote_id = {second.pk}"
        for table in (
            "quotes_quoteline",
            "quotes_quotedholding",
            "quotes_quotepart",
            "quotes_quotedocument",
            "quotes_quotestatus",
        )
    ]
    swap = [
        f"UPDATE quotes_quoteevent SET position = 99 WHERE id = {numbers[1]}",
        f"UPDATE quotes_quoteevent SET position = 2 WHERE id = {numbers[2]}",
        f"UPDATE quotes_quoteevent SET position = 3 WHERE id = {numbers[1]}",
    ]
    one, two, three = "Q2701-0001-00", "Q2701-0002-00", "Q2701-0003-00"
    cases = {
        "a total, and the subtotal with it": (
            [f"UPDATE quotes_quote SET total = total - 1, subtotal = subtotal - 1 WHERE id = {first.pk}"],
            [(one, "record-changed")],
        ),
        "the customer's name": (
            [f"UPDATE quotes_quote SET customer_name = '別の会社' WHERE id = {third.pk}"],
            [(three, "record-changed"), (three, "not-found")],
        ),
        "the day until which it is kept": (
            [f"UPDATE quotes_quote SET retain_until = '2030-01-01' WHERE id = {first.pk}"], [(one, "record-changed")],
        ),
        "a line": (
            [f"UPDATE quotes_quoteline SET amount = amount + 1 WHERE quote_id = {first.pk}"], [(one, "record-changed")],
        ),
        "a license ID's sum": (
            [f"UPDATE quotes_quotepart SET subtotal = subtotal + 1 WHERE quote_id = {first.pk}"],
            [(one, "record-changed")],
        ),
        "another license ID": (
            [f"UPDATE quotes_quotepart SET licenseid_id = {other.pk} WHERE quote_id = {first.pk}"],
            [(one, "record-changed")],
        ),
        "a line under another license ID": (
            [f"UPDATE quotes_quoteline SET part_id = {second.parts.get().pk} WHERE quote_id = {first.pk}"],
            [(one, "record-changed")],
        ),
        "no license ID": (
            [f"DELETE FROM quotes_quotepart WHERE quote_id = {first.pk}"], [(one, "record-changed")],
        ),
        "a line less": (
            [f"DELETE FROM quotes_quoteline WHERE quote_id = {first.pk}"], [(one, "record-changed")],
        ),
        "another PDF": (
            [f"UPDATE quotes_quotedocument SET content = {blob} WHERE quote_id = {first.pk}"], [(one, "pdf-changed")],
        ),
        "another PDF with its hash": (
            [f"UPDATE quotes_quotedocument SET content = {blob}, sha256 = '{second.pdf.sha256}' "
             f"WHERE quote_id = {first.pk}"],
            [(one, "pdf-changed"), (one, "pdf-hash-changed")],
        ),
        "the PDF's hash": (
            [f"UPDATE quotes_quotedocument SET sha256 = 'x' WHERE quote_id = {first.pk}"], [(one, "pdf-hash-changed")],
        ),
        "no PDF": ([f"DELETE FROM quotes_quotedocument WHERE quote_id = {first.pk}"], [(one, "pdf-missing")]),
        "another state": (
            [f"UPDATE quotes_quotestatus SET state = 'issued' WHERE quote_id = {second.pk}"], [(two, "state")],
        ),
        "an answer": (
            [f"UPDATE quotes_quotestatus SET answer = 'order', answered_at = changed_at WHERE quote_id = {third.pk}"],
            [(three, "answer")],
        ),
        "no status": (
            [f"DELETE FROM quotes_quotestatus WHERE quote_id = {first.pk}"],
            [(one, "status-missing")],
        ),
        "no revision that counts": (
            [f"UPDATE quotes_quotestatus SET state = 'superseded' WHERE quote_id = {first.pk}"],
            [(one, "state"), ("Q2701-0001", "not-one-active")],
        ),
        "an entry's words": (
            [f"UPDATE quotes_quoteevent SET by_name = 'x' WHERE id = {numbers[3]}"],
            [("log entry 4", "log-changed")],
        ),
        "an entry's words and its hash": (
            [f"UPDATE quotes_quoteevent SET by_name = 'x', hash = '{rehashed(events[3], by_name='x')}' "
             f"WHERE id = {numbers[3]}"],
            [("log entry 5", "log-broken")],
        ),
        "an entry in the middle": (
            [f"DELETE FROM quotes_quoteevent WHERE id = {numbers[3]}"], [("log entry 5", "log-gap")],
        ),
        "the withdrawal": (
            [f"DELETE FROM quotes_quoteevent WHERE id = {numbers[2]}"], [("log entry 4", "log-gap"), (two, "state")],
        ),
        "the last entry": (
            [f"DELETE FROM quotes_quoteevent WHERE id = {numbers[4]}"],
            [("end of the log", "log-end"), (three, "issue-missing")],
        ),
        "the last entry, and the log's end turned back": (
            [f"DELETE FROM quotes_quoteevent WHERE id = {numbers[4]}",
             f"UPDATE quotes_eventchain SET last_position = 4, last_hash = '{events[3].hash}' "
             f"WHERE reseller_id = {cast.aoba.pk}"],
            [(three, "issue-missing")],
        ),
        "two entries swapped": (
            swap,
            [("log entry 2", "log-broken"), ("log entry 2", "log-changed"), ("log entry 3", "log-broken"),
             ("log entry 3", "log-changed"), ("log entry 4", "log-broken"), (two, "issue-missing"), (two, "state")],
        ),
        "the end of the log": (
            [f"UPDATE quotes_eventchain SET last_hash = 'x' WHERE reseller_id = {cast.aoba.pk}"],
            [("end of the log", "log-end")],
        ),
        "a whole quote, but not its entries": (
            [*gone, f"DELETE FROM quotes_quote WHERE id = {second.pk}"],
            [("log entry 2", "log-without-quote"), ("log entry 3", "log-without-quote"), ("Q2701-0002", "number-gap")],
        ),
        "a whole quote without its status": (
            [*gone[:4], f"DELETE FROM quotes_quote WHERE id = {second.pk}"],
            [("log entry 2", "log-without-quote"), ("log entry 3", "log-without-quote"),
             ("Q2701-0002", "quote-missing"), ("Q2701-0002", "number-gap")],
        ),
        "the last quote and its entry, and the log's end turned back": (
            [f"DELETE FROM quotes_quoteevent WHERE id = {numbers[4]}",
             *(statement.replace(f"= {second.pk}", f"= {third.pk}") for statement in gone),
             f"DELETE FROM quotes_quote WHERE id = {third.pk}",
             f"UPDATE quotes_eventchain SET last_position = 4, last_hash = '{events[3].hash}' "
             f"WHERE reseller_id = {cast.aoba.pk}"],
            [("Q2701-0003", "number-gap")],
        ),
        "a counter": (
            [f"UPDATE quotes_quotenumber SET last = 2 WHERE reseller_id = {cast.aoba.pk}"], [("Q2701", "counter")],
        ),
        "a number": (
            [f"UPDATE quotes_quote SET number = 'Q2701-0009-00' WHERE id = {third.pk}"],
            [("Q2701-0009-00", "number"), ("Q2701-0009-00", "record-changed"), ("Q2701-0009-00", "not-found")],
        ),
    }  # fmt: skip
    found = {}
    for name, (statements, _expected) in cases.items():
        with tampered(*statements):
            found[name] = [(place, code) for _reseller, place, code in differences()]
    assert found == {name: expected for name, (_statements, expected) in cases.items()}
    assert differences() == []


def test_what_stands_beside_a_record_is_what_the_log_tells(cast, records):
    """The words; that no field is left out, `test_every_field` says."""
    quote = records["Q2701-0001-00"]
    link, _token = make_link(
        quote=quote, recipient="山田様", expires_on=quote.valid_until, max_downloads=3, seen=None, by=cast.staff,
        now=NOW + timedelta(minutes=3),
    )  # fmt: skip
    revoke_link(link=link, by=cast.staff, now=NOW + timedelta(minutes=4))
    of_link = f"of its share link {link.pk}, something is not what the log tells of"
    cases = {
        "UPDATE quotes_sharelink SET revoked_at = NULL": f"{of_link}: revoked at.",
        "UPDATE quotes_sharelink SET expires_on = '2029-01-01', max_downloads = NULL":
            f"{of_link}: expires on, downloads allowed.",
        "UPDATE quotes_sharelink SET recipient = 'x', downloads = 2": f"{of_link}: downloads, for whom.",
        f"UPDATE quotes_quote SET search_key = '' WHERE id = {quote.pk}":
            "its search key is not made of what it says: it is not found by it.",
    }  # fmt: skip
    for statement, text in cases.items():
        with tampered(statement):
            assert [str(each) for each in verify_records(report=Report())] == [f"aoba Q2701-0001-00: {text}"]
    with tampered("UPDATE quotes_quotestatus SET reason = 'x', changed_at = '2027-01-01' WHERE state = 'withdrawn'"):
        assert [str(each) for each in verify_records(report=Report())] == [
            "aoba Q2701-0002-00: of its state, something is not what the log tells of: reason, changed at."
        ]


def test_tables_that_were_emptied_as_a_whole_are_noticed(cast, records):
    tables = ("quotestatus", "quoteline", "quotedholding", "quotepart", "quotedocument", "quoteevent", "quote")
    everything = [f"DELETE FROM quotes_{table}" for table in tables]
    with tampered(*everything):
        assert {code for _reseller, _place, code in differences()} == {"emptied", "log-end", "number-gap"}
    with tampered(*everything, "DELETE FROM quotes_eventchain", "DELETE FROM quotes_quotenumber"):
        said = command()
        assert said[0] == 1
        assert [line.split(",")[0] for line in said[1][:5]] == [
            f"database: the table of {name} is empty"
            for name in ("quotes", "license IDs of quotes", "quote lines", "quote documents", "events")
        ]  # fmt: skip


def rehashed(event, **changes):
    for name, value in changes.items():
        setattr(event, name, value)
    return event_hash(event)


def test_every_difference_is_told_in_words_and_the_exit_code_is_1(cast, records):
    with tampered("UPDATE quotes_quote SET total = total + 1, tax = tax + 1 WHERE number = 'Q2701-0002-00'"):
        code, said = command()
        changed = "Q2701-0002-00: the quote, its license IDs or its lines are not what was issued."
        assert (code, said[0], said[-1]) == (1, f"aoba {changed}", "Differences: 1. They are listed above.")
        assert command("--reseller=minato")[0] == 0
        with translation.override("ja"):
            assert (
                command()[1][0]
                == "aoba Q2701-0002-00: 見積・ライセンスID・明細のいずれかが、発行時のものと異なります。"
            )


def test_a_forger_who_seals_the_log_anew_is_found_by_what_was_noted_down(cast, records, tmp_path):
    """Who holds the database can make everything fit again; the hash that was noted down outside does not."""
    noted = tmp_path / "noted.txt"
    noted.write_text("\n".join(command()[1]))
    quote = records["Q2701-0001-00"]
    quote.total, quote.tax = quote.total - 100, quote.tax - 100
    statements = [f"UPDATE quotes_quote SET total = {quote.total}, tax = {quote.tax} WHERE id = {quote.pk}"]
    previous = ""
    for event in QuoteEvent.objects.filter(reseller=cast.aoba).order_by("position"):
        if event.position == 1:
            event.detail["record"] = record_hash(quote, quote.parts.all(), quote.lines.all(), quote.holdings.all())
            text = str(event.detail).replace("'", '"')
            statements.append(f"UPDATE quotes_quoteevent SET detail = '{text}' WHERE id = {event.pk}")
        event.previous_hash = previous
        previous = event_hash(event)
        statements.append(
            f"UPDATE quotes_quoteevent SET previous_hash = '{event.previous_hash}', hash = '{previous}' "
            f"WHERE id = {event.pk}"
        )
    statements.append(f"UPDATE quotes_eventchain SET last_hash = '{previous}' WHERE reseller_id = {cast.aoba.pk}")
    with tampered(*statements):
        assert command()[0] == 0
        assert command(f"--heads={noted}")[1][0] == "aoba log entry 5: its hash is not the one that was noted down."
    with tampered(
        f"DELETE FROM quotes_quoteevent WHERE reseller_id = {cast.aoba.pk} AND position = 5",
        f"UPDATE quotes_eventchain SET last_position = 4 WHERE reseller_id = {cast.aoba.pk}",
    ):
        assert ("aoba", "log entry 5", "log-other-than-noted") in differences(
            heads=read_heads(noted.read_text().split())
        )
    download(quote=records["Q2701-0003-00"], by=cast.staff, now=NOW)
    assert command(f"--heads={noted}")[0] == 0, "what was noted stays true when the log grows"
    noted.write_text("nothing")
    assert command(f"--heads={noted}") == (1, [f"{noted} holds no line in which a check said where a log ends."])
    assert "No such file" in command(f"--heads={tmp_path / 'none'}")[1][0]


def test_triggers_that_are_gone_are_a_difference(cast, records):
    with tampered(is_covered_up=False):
        [(reseller, place, code)] = differences()
    assert (reseller, place, code) == ("", "database", "triggers")


def test_triggers_that_do_nothing_any_more_are_a_difference(cast, records):
    name, on = "quotes_quoteline_keep_update", " ON quotes_quoteline"
    with transaction.atomic(), connection.cursor() as cursor:
        if is_postgres():
            empty = "CREATE OR REPLACE FUNCTION {}() RETURNS trigger AS $$ BEGIN RETURN NEW; END $$ LANGUAGE plpgsql"
            cursor.execute(empty.format("quotes_quotestatus_keep_update"))
            name = "quotes_quotestatus_keep_update"
        else:
            cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute(f"CREATE TRIGGER {name} BEFORE UPDATE{on} BEGIN SELECT 1; END")
        assert command() == (1, [
            "database: triggers that keep what must not change are not as the portal makes them: "
            f"{name} (not as the portal makes it).",
            *command("--verbosity=0")[1][1:],
        ])  # fmt: skip
        transaction.set_rollback(True)


def test_it_takes_the_same_queries_for_one_quote_and_for_many(cast, licenseid):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert differences() == []
        return len(queries)

    given_quote(licenseid, by=cast.staff)
    few = count()
    for number in range(5):
        given_quote(licenseid, by=cast.staff, changes={"subject": f"件{number}"})
    assert count() == few


def test_the_hash_of_the_file_is_the_one_that_the_quotes_page_shows(cast, records):
    quote = records["Q2701-0001-00"]
    assert (
        hashlib.sha256(bytes(quote.pdf.content)).hexdigest() == quote.pdf.sha256 == quote.events.first().detail["pdf"]
    )
