"""How files are answered."""

from urllib.parse import quote

from django.http import HttpResponse

from ..paper import Document, download_name


def download_name_for_staff(*, document: Document) -> tuple[str, str]:
    """The names under which a reseller saves its own quote: with the customer's name in the place of the issuer's.

    Records are kept to be found by day, amount and the other party; for the reseller that is the customer, while a
    customer's copy names the issuer (quotes.paper.naming).
    """
    addressee = document["addressee"]["name"]
    return download_name(document={**document, "issuer": {**document["issuer"], "name": addressee}})


def pdf_answer(content: bytes, names: tuple[str, str]) -> HttpResponse:
    """A PDF to be saved under its name."""
    return file_answer(content, names, content_type="application/pdf")


def file_answer(content: bytes, names: tuple[str, str], *, content_type: str) -> HttpResponse:
    """To be saved under its name (RFC 5987), or its ASCII name where that is not understood. Kept by no cache."""
    name, ascii_name = names
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
    response["Content-Length"] = str(len(content))
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
