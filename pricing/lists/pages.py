"""Pages about prices in the administration that are more than lists and forms of rows; its frame mounts them."""

from ..asof import views as asof
from ..files.views import exports, imports
from ..golden.views import lists as golden
from .views import life
from .views.difference import difference
from .views.ending import end_of_sale

LIST_PAGES = (
    ("<int:pk>/check/", "check", life.check),
    ("<int:pk>/publish/", "publish", life.publish),
    ("<int:pk>/withdraw/", "withdraw", life.withdraw),
    ("<int:pk>/copy/", "copy", life.copy),
    ("<int:pk>/golden/", "golden", golden.golden),
    ("<int:pk>/difference/", "difference", difference),
    ("end-of-sale/<int:pk>/", "end_of_sale", end_of_sale),
    ("prices/", "prices", asof.prices),
    ("license-id/", "license", asof.license_id),
    ("import/", "import", imports.upload),
    ("<int:pk>/import/", "import_based_on", imports.upload),
    ("imports/<uuid:key>/", "imported", imports.imported),
    ("imports/<uuid:key>/progress/", "progress", imports.progress),
    ("<int:pk>/export/", "export", exports.export),
    ("<int:pk>/export/<str:kind>/", "export_file", exports.export_file),
)
"""Beside the pages of one price list and of all: route, name and view."""
