"""The quote as a PDF. Plain Python and typst: no database, no clock, no price is calculated here."""

from .document import Document
from .drawing import DrawingFailed, draw, draw_many
from .naming import download_name, make_harmless, record_name

__all__ = [
    "Document",
    "DrawingFailed",
    "download_name",
    "draw",
    "draw_many",
    "make_harmless",
    "record_name",
]
