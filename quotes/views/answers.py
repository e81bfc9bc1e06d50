"""How files are answered."""

from urllib.parse import quote

from django.http import HttpResponse


def pdf_answer(content: bytes, names: tuple[str, str]) -> HttpResponse:
    """A PDF to be saved under its name (RFC 5987), or its ASCII name where that is not understood. Kept by no cache."""
    name, ascii_name = names
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
    response["Content-Length"] = str(len(content))
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
