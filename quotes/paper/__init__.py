"""The quote as a PDF. Plain Python and typst: no database, no clock, no price is calculated here."""

from .acknowledgement import acknowledge
from .comparison import ComparisonDocument
from .document import Document, Order
from .drawing import DrawingFailed, draw, draw_comparison, drawing
from .naming import comparison_name, download_name, make_harmless, name_comparison, record_name

__all__ = [
    "ComparisonDocument",
    "Document",
    "DrawingFailed",
    "Order",
    "acknowledge",
    "comparison_name",
    "download_name",
    "draw",
    "draw_comparison",
    "drawing",
    "make_harmless",
    "name_comparison",
    "record_name",
]
