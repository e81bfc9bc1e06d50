"""Orders as customers send them: small files of every kind that is taken, and of some that are not."""

import struct
import zlib
from io import BytesIO

from PIL import Image

from quotes.record.order_files import GivenFile


def pdf(*, objects: bytes = b"", packed: bytes = b"", text: str = "order") -> bytes:
    """A PDF of one page. `objects`: further ones, as they are; `packed`: in an object stream."""
    parts = [
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n",
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n",
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>\nendobj\n",
        stream(4, b"", f"BT ({text}) Tj ET".encode()),
        objects,
        stream(9, b"/Type /ObjStm /N 1 /First 4 ", packed) if packed else b"",
    ]
    return b"".join(parts) + b"trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"


def stream(number: int, head: bytes, text: bytes, *, filters: bytes = b"/FlateDecode") -> bytes:
    packed = zlib.compress(text)
    return (
        b"%d 0 obj\n<< %s/Filter %s /Length %d >>\nstream\n" % (number, head, filters, len(packed))
        + packed
        + b"\nendstream\nendobj\n"
    )


def png(size: tuple[int, int] = (40, 30)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, "PNG")
    return out.getvalue()


def jpeg(size: tuple[int, int] = (40, 30), *, progressive: bool = False) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, "JPEG", progressive=progressive)
    return out.getvalue()


def huge_png() -> bytes:
    """A small file that says of itself that it has 30,000 × 30,000 pixels."""
    content = png((1, 1))
    head = b"IHDR" + struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return content[:12] + head + struct.pack(">I", zlib.crc32(head)) + content[33:]


def given(name: str = "注文書.pdf", **how: str) -> GivenFile:
    """A PDF that was looked at."""
    return GivenFile(name, "application/pdf", pdf(**how))
