"""E-mail addresses as people type and copy them."""

from time import process_time

import pytest
from django.core.exceptions import ValidationError

from foundation.fields import AddressField
from foundation.text.addresses import clean_address, read_address, read_addresses
from foundation.text.validators import validate_address

A, B = "a@example.jp", "b@example.jp"


@pytest.mark.parametrize(
    "typed",
    [
        "a@example.jp", "Ａ＠ｅｘａｍｐｌｅ．ｊｐ", "\ufeffa@example.jp", "a\u200b@example.jp", "a@exam\u00adple.jp",
        "\u00a0a@example.jp\u3000", "\u202aa@example.jp\u202c", "<a@example.jp>", "mailto:a@example.jp",
        "A@Example.JP\n", "'a@example.jp'", "a@example。jp", "a\u2060@example.jp\u200e",
    ],
)  # fmt: skip
def test_one_address_however_it_is_typed(typed):
    assert clean_address(typed) == A
    assert read_address(typed).address == A


def test_hyphens_and_japanese_domains():
    assert clean_address("a‐b@exampleー1.jp") == "a-b@example-1.jp"
    assert clean_address("a@サーバー.jp") == "a@サーバー.jp"


@pytest.mark.parametrize(
    ("copied", "read"),
    [
        ("氏名 <a@example.jp>; 氏名 <b@example.jp>", [("氏名", A), ("氏名", B)]),
        ("氏名 <a@example.jp>\r\n氏名 <b@example.jp>", [("氏名", A), ("氏名", B)]),
        ("氏名＜ａ＠example．jp＞；氏名＜b@example.jp＞；", [("氏名", A), ("氏名", B)]),
        ('"佐伯, 美和" <a@example.jp>, "田中; 太郎" <b@example.jp>', [("佐伯, 美和", A), ("田中; 太郎", B)]),
        ("佐伯、美和 <a@example.jp>、b@example.jp", [("佐伯 美和", A), ("", B)]),
        ("Saeki, Miwa <a@example.jp>; Tanaka, Taro <b@example.jp>", [("Saeki Miwa", A), ("Tanaka Taro", B)]),
        ("'a@example.jp' <a@example.jp>; 'b@example.jp'", [("", A), ("", B)]),
        ("佐伯（a@example.jp）　田中 [mailto:b@example.jp]", [("佐伯", A), ("田中", B)]),
        ("a@example.jp b@example.jp a@example.jp", [("", A), ("", B)]),
        ("氏名 <a@example.jp> 氏名 <b@example.jp>", [("氏名", A), ("氏名", B)]),
        ('"佐伯 <a@example.jp>; b@example.jp', [("佐伯", A), ("", B)]),
        ("氏名 <a@example.jp>;\u2028\ufeff氏名 <b@example.jp>", [("氏名", A), ("氏名", B)]),
        ("  ; \u200b, ", []),
    ],
)
def test_a_list_as_a_mail_program_copies_it(copied, read):
    assert [(mailbox.name, mailbox.address) for mailbox in read_addresses(copied)] == read


@pytest.mark.parametrize(
    ("copied", "wrong"),
    [
        ("a@example.jp、b", "b"), ("佐伯", "佐伯"), ("a@example.jp; 田中", "田中"),
        ("氏名 <a.example.jp>", "a.example.jp"),
        ("b, a@example.jp", "b"), ("a@example.jp, 佐伯, b@example.jp", "佐伯"), ("a@@example.jp", "a@@example.jp"),
        ("<>; a@example.jp", ""),
    ],
)  # fmt: skip
def test_what_is_none_is_not_left_out(copied, wrong):
    assert wrong in [mailbox.address for mailbox in read_addresses(copied)]


def test_several_are_not_one():
    assert read_address("a@example.jp; b@example.jp").address == "a@example.jp; b@example.jp"


@pytest.mark.parametrize(
    "text", ["x", "<", "<a", "(a@", '"",', "あ,", "a b ", "あ a@b.jp ", "<a>", " <", "( "], ids=lambda text: repr(text)
)
def test_a_long_text_takes_no_longer_than_its_length(text):
    """Whoever asks for a new password, without a log-in, may send as many characters as a request has."""
    for start in ("", "<", "(", "<a@example.jp> "):
        began = process_time()
        read_addresses(start + text * (10_000 // len(text)))
        assert process_time() - began < 1


def test_what_is_too_long_for_a_field_is_not_even_read():
    with pytest.raises(ValidationError, match="320"):
        AddressField().clean("x" * 1_000_000)


@pytest.mark.parametrize("text", [".sato@example.ne.jp", "佐藤 <.sato@example.ne.jp>", ".sato@example.ne.jp、"])
def test_a_dot_before_an_address_makes_no_other_persons_of_it(text):
    """Mobile addresses of old begin so; `sato@` is somebody else's."""
    [found] = read_addresses(text)
    assert found.address == ".sato@example.ne.jp"
    with pytest.raises(ValidationError):
        validate_address(found.address)


def test_a_dot_behind_an_address_ends_the_sentence():
    assert [each.address for each in read_addresses("a@example.jp. 、b@exam─ple.jp。")] == [
        "a@example.jp",
        "b@exam-ple.jp",
    ]
