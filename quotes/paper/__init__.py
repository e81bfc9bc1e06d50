"""The quote as a PDF. Plain Python and typst: no database, no clock, no price is calculated here."""

from .acknowledgement import acknowledge
from .document import Document, Order
from .drawing import DrawingFailed, draw, drawing
from .naming import download_name, make_harmless, record_name

__all__ = [
    "Document",
    "DrawingFailed",
    "Order",
    "acknowledge",
    "download_name",
    "draw",
    "drawing",
    "make_harmless",
    "record_name",
]
