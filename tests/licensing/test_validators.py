"""What registration numbers and pictures are taken."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import translation

from licensing.models.validators import MAX_IMAGE_BYTES, validate_image, validate_registration_number


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize("number", ["T7999900000101", "T5999900000202"])
def test_a_registration_number_whose_check_digit_fits(number):
    validate_registration_number(number)


@pytest.mark.parametrize("digit", [0, 1, 2, 3, 4, 5, 6, 8, 9])
def test_any_other_check_digit_is_refused_and_the_right_one_named(digit):
    with pytest.raises(ValidationError) as refused:
        validate_registration_number(f"T{digit}999900000101")
    assert refused.value.code == "check-digit"
    assert refused.value.messages == [
        "The check digit does not fit: the digit after T should be 7. Look for a typing error."
    ]


@pytest.mark.parametrize(
    "number",
    [
        "7999900000101",
        "T799990000010",
        "T79999000001011",
        "t7999900000101",
        "Ｔ7999900000101",
        "T799990000010１",
        "T7999900000101\n",
    ],
)
def test_a_registration_number_of_another_form_is_refused(number):
    with pytest.raises(ValidationError) as refused:
        validate_registration_number(number)
    assert refused.value.messages == ["Write T and 13 digits, for example T1234567890123."]


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\nrest",
        b"\xff\xd8\xff\xe0rest",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?><svg/>",
    ],
)
def test_pictures_are_known_by_their_first_bytes(content):
    file = ContentFile(content, name="seal.png")
    validate_image(file)
    assert file.read() == content


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"%PDF-1.7", b"<html><body>", b"MZ\x90\x00"])
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(ValidationError) as refused:
        validate_image(ContentFile(content, name="seal.png"))
    assert refused.value.messages == ["This file is not a PNG, JPEG or SVG image."]


def test_a_picture_may_have_512_kb_and_no_byte_more():
    head = b"\x89PNG\r\n\x1a\n"
    validate_image(ContentFile(head.ljust(MAX_IMAGE_BYTES, b"x"), name="seal.png"))
    with pytest.raises(ValidationError) as refused:
        validate_image(ContentFile(head.ljust(MAX_IMAGE_BYTES + 1, b"x"), name="seal.png"))
    assert refused.value.messages == ["The image is larger than 512 KB. Save it smaller."]
