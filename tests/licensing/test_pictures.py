"""Uploaded seals and logos: what is taken, what is kept of it, and what is refused in words."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from licensing.importing import LONGEST_SIDE, MOST_BYTES, read_picture
from licensing.models import Reseller
from tests.cast import make_user, sign_in

SECRET = b"GPS 35.6 139.7"
NOT_READABLE = "This file cannot be read as a PNG or JPEG image. Save it again as PNG, and choose that."


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def png(size: tuple[int, int] = (40, 20), mode: str = "RGBA", colour: object = (180, 0, 0, 128)) -> bytes:
    out, info = BytesIO(), PngInfo()
    info.add_text("Comment", SECRET.decode())
    Image.new(mode, size, colour).save(out, "PNG", pnginfo=info, icc_profile=SECRET)
    return out.getvalue()


def jpeg(size: tuple[int, int] = (40, 20), mode: str = "RGB", turned: bool = False) -> bytes:
    out, exif = BytesIO(), Image.Exif()
    exif[0x010E] = SECRET.decode()
    if turned:
        exif[0x0112] = 6
    Image.new(mode, size).save(out, "JPEG", exif=exif, comment=SECRET)
    return out.getvalue()


def bomb() -> bytes:
    """A small PNG that says of itself that it has 30,000 × 30,000 pixels."""
    content = png((1, 1))
    head = b"IHDR" + struct.pack(">IIBBBBB", 30_000, 30_000, 8, 6, 0, 0, 0)
    return content[:12] + head + struct.pack(">I", zlib.crc32(head)) + content[33:]


def read(content: bytes, name: str = "seal.png") -> ContentFile:
    return read_picture(SimpleUploadedFile(name, content))


@pytest.mark.parametrize(
    ("content", "ending", "mode", "size"),
    [
        (png(), "png", "RGBA", (40, 20)),
        (png(mode="RGB", colour="red"), "png", "RGB", (40, 20)),
        (png(mode="P", colour=1), "png", "RGB", (40, 20)),
        (png(mode="LA", colour=(9, 9)), "png", "RGBA", (40, 20)),
        (png((3000, 1500)), "png", "RGBA", (LONGEST_SIDE, LONGEST_SIDE // 2)),
        (jpeg(), "jpg", "RGB", (40, 20)),
        (jpeg(turned=True), "jpg", "RGB", (20, 40)),
        (jpeg(mode="CMYK"), "jpg", "RGB", (40, 20)),
        (jpeg() + b"<script>alert(1)</script>", "jpg", "RGB", (40, 20)),
    ],
)
def test_only_the_pixels_are_kept(content: bytes, ending: str, mode: str, size: tuple[int, int]) -> None:
    kept = read(content, "../../角印 (1).PNG")
    stem, _dot, found = (kept.name or "").partition(".")
    assert (len(stem), stem.isalnum(), found) == (32, True, ending)
    result = kept.read()
    for trace in (SECRET, b"script", b"iCCP", b"Exif"):
        assert trace not in result
    with Image.open(BytesIO(result)) as image:
        assert (image.mode, image.size) == (mode, size)


def test_transparency_stays() -> None:
    with Image.open(BytesIO(read(png()).read())) as image:
        assert image.getpixel((0, 0)) == (180, 0, 0, 128)


def test_two_uploads_never_have_the_same_name() -> None:
    assert read(png()).name != read(png()).name


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (b"\x89PNG" + b"x" * MOST_BYTES, "too-large", "The file is larger than 2 MB. Save the image smaller."),
        (
            b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
            "svg",
            "SVG images are not taken, because they may hold more than a drawing. Save it as PNG.",
        ),
        (
            b"\xef\xbb\xbf<SVG onload=alert(1)>",
            "svg",
            "SVG images are not taken, because they may hold more than a drawing. Save it as PNG.",
        ),
        (b"", "broken", NOT_READABLE),
        (b"not a picture", "broken", NOT_READABLE),
        (png()[:60], "broken", NOT_READABLE),
        (jpeg()[:200], "broken", NOT_READABLE),
        (b"GIF89a" + b"\0" * 40, "broken", NOT_READABLE),
        (bomb(), "broken", NOT_READABLE),
        (
            png((4001, 4000), "1", 1),
            "too-many-pixels",
            "The image has 4001 × 4000 pixels, more than 16 million. Save it smaller.",
        ),
    ],
    ids=["large", "svg", "svg-in-disguise", "empty", "text", "cut-png", "cut-jpeg", "gif", "bomb", "pixels"],
)
def test_what_is_refused_and_why(content: bytes, code: str, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read(content)
    assert (refused.value.code, refused.value.messages) == (code, [message])


def test_a_photograph_that_stays_too_large_is_refused() -> None:
    out = BytesIO()
    Image.effect_noise((900, 900), 90).convert("RGB").save(out, "PNG")
    with pytest.raises(ValidationError) as refused:
        read(out.getvalue())
    assert refused.value.code == "too-detailed"


# --- On the pages ----------------------------------------------------------------------------------------------------


@pytest.fixture
def reseller(db: None) -> Reseller:
    row = Reseller.objects.create(code="aoba", name="青葉見本システム株式会社")
    row.seal.save("seal.png", ContentFile(png()))
    return row


def company(reseller: Reseller, **changes: object) -> dict[str, object]:
    chosen = {"customers_see_quotes": "sent", "bank_account_kind": "ordinary", "holdings_kept_by": "managers"}
    return {"validity_days": "３０", **chosen, "postal_code": "", "address": ""} | changes


def test_a_manager_uploads_and_the_file_before_stays(reseller: Reseller) -> None:
    desk = sign_in(make_user("m@aoba.example.jp", "水野 恵子", "manager", reseller=reseller))
    before = Path(reseller.seal.path)
    answer = desk.post("/manage/company/", company(reseller, seal=SimpleUploadedFile("角印.png", png((50, 50)))))
    assert answer.status_code == 302
    reseller.refresh_from_db()
    assert before.exists()
    assert Path(reseller.seal.path) != before
    assert SECRET not in Path(reseller.seal.path).read_bytes()
    assert '<img src="data:image/png;base64,' in desk.get("/manage/company/").text
    assert desk.post("/manage/company/", company(reseller, without_seal="on")).status_code == 302
    reseller.refresh_from_db()
    assert not reseller.seal
    assert before.exists()


@pytest.mark.parametrize("where", ["manage", "administration"])
def test_a_bad_file_changes_nothing(reseller: Reseller, where: str) -> None:
    """The same check for the manager and in the administration; what was typed stays."""
    page = "/manage/company/"
    if where == "administration":
        desk = sign_in(make_user("a@portal.example.jp", "香坂 管理", "admin"))
        page = reverse("admin:licensing_reseller_change", args=[reseller.pk])
    else:
        desk = sign_in(make_user("m@aoba.example.jp", "水野 恵子", "manager", reseller=reseller))
    before = list(Reseller.objects.values())
    data = {"code": "aoba", "name": "青葉", "tax_rounding": "up", "delivery": "即日"}
    answer = desk.post(page, company(reseller, **data, logo=SimpleUploadedFile("x.png", bomb())))
    form = answer.context["adminform"].form if "adminform" in answer.context else answer.context["form"]
    assert form.errors == {"logo": [NOT_READABLE]}
    assert form["delivery"].value() == "即日"
    assert list(Reseller.objects.values()) == before


def test_the_administration_draws_pictures_anew_too(reseller: Reseller) -> None:
    desk = sign_in(make_user("a@portal.example.jp", "香坂 管理", "admin"))
    data = company(reseller, code="aoba", name="青葉", tax_rounding="up", logo=SimpleUploadedFile("logo.jpg", jpeg()))
    assert desk.post(reverse("admin:licensing_reseller_change", args=[reseller.pk]), data).status_code == 302
    reseller.refresh_from_db()
    assert SECRET not in Path(reseller.logo.path).read_bytes()
    assert len(Path(reseller.logo.name).stem) == 32


def jpeg_with_exif(*entries: tuple[int, int, int, bytes]) -> bytes:
    """A JPEG with these entries of EXIF: tag, type, count, and four bytes of value."""
    table = struct.pack(">H", len(entries)) + b"".join(struct.pack(">HHI4s", *entry) for entry in entries) + b"\0" * 4
    exif = b"Exif\0\0MM\0*\0\0\0\x08" + table
    plain = BytesIO()
    Image.new("RGB", (8, 8)).save(plain, "JPEG")
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + plain.getvalue()[2:]


TURNED = (0x0112, 3, 1, b"\0\x06\0\0")


def refusal_of(content: bytes) -> list[str]:
    """What is said of a picture; nothing where it is taken."""
    try:
        read(content)
    except ValidationError as refused:
        return refused.messages
    return []


def test_orientation_beside_a_resolution_that_is_a_text_is_refused_as_broken():
    assert refusal_of(jpeg_with_exif(TURNED, (0x011A, 2, 4, b"abc\0"))) == [NOT_READABLE]
    assert refusal_of(jpeg_with_exif(TURNED)) == []


@pytest.mark.parametrize(
    "entries",
    [
        [(0x0112, 2, 4, b"abc\0")],
        [TURNED, (0x8769, 4, 1, b"\xff\xff\xff\xff")],
        [TURNED, (0x011A, 5, 1, b"\0\0\0\0"), (0x0128, 2, 1, b"x\0\0\0")],
        [(0x0112, 3, 60_000, b"\0\x06\0\0")],
        [TURNED, (0x010E, 7, 0xFFFFFFF0, b"\0\0\0\0")],
    ],
)
def test_a_picture_with_broken_facts_about_it_is_drawn_or_refused_as_broken(entries):
    assert refusal_of(jpeg_with_exif(*entries)) in ([], [NOT_READABLE])


def test_whatever_byte_of_a_picture_is_wrong_it_is_drawn_or_refused():
    gif, webp = BytesIO(), BytesIO()
    Image.new("RGB", (8, 8)).save(gif, "GIF")
    Image.new("RGB", (8, 8)).save(webp, "WEBP")
    for content in (png((6, 4)), jpeg((6, 4), turned=True), gif.getvalue(), webp.getvalue()):
        for position in range(0, len(content), 5):
            for value in (0, 255, content[position] ^ 1):
                assert len(refusal_of(content[:position] + bytes([value]) + content[position + 1 :])) < 2
