"""Addresses of issued quotes."""

from django.urls import path

from .archive.views import lists, search
from .comparisons import views as comparisons
from .customers.views import check, received, received_compared, shared
from .handover import views as handover
from .letters import views as letters
from .links import views as links
from .margins import views as margins
from .orders import views as orders
from .outcome import views as outcome

app_name = "quotes"
urlpatterns = [
    path("check/", check.check, name="check"),
    path("check/<str:code>/", check.check_code, name="check-code"),
    path("quotes/", lists.index, name="list"),
    path("quotes/<uuid:key>/", lists.detail, name="detail"),
    path("quotes/<uuid:key>/pdf/", lists.pdf, name="pdf"),
    path("quotes/<uuid:key>/send/", letters.send, name="send"),
    path("quotes/<uuid:key>/withdraw/", outcome.withdraw, name="withdraw"),
    path("quotes/<uuid:key>/order/", outcome.record_order, name="record-order"),
    path("quotes/<uuid:key>/order/others/", outcome.close_siblings, name="close-siblings"),
    path("quotes/<uuid:key>/order/files/", orders.order_files, name="order-files"),
    path("quotes/<uuid:key>/order/files/<uuid:file>/", orders.order_file, name="order-file"),
    path("quotes/<uuid:key>/order/acknowledge/", orders.make_acknowledgement, name="acknowledge"),
    path("quotes/<uuid:key>/order/acknowledgements/<uuid:made>/", orders.acknowledgement, name="acknowledgement"),
    path("quotes/<uuid:key>/order/acknowledgements/<uuid:made>/send/", letters.send_order, name="send-acknowledgement"),
    path("quotes/<uuid:key>/loss/", outcome.record_loss, name="record-loss"),
    path("quotes/<uuid:key>/reopen/", outcome.reopen, name="reopen"),
    path("comparisons/", comparisons.index, name="comparisons"),
    path("comparisons/<uuid:key>/", comparisons.comparison, name="comparison"),
    path("comparisons/<uuid:key>/pdf/", comparisons.comparison_pdf, name="comparison-pdf"),
    path("comparisons/<uuid:key>/withdraw/", comparisons.withdraw, name="comparison-withdraw"),
    path("comparisons/<uuid:key>/send/", comparisons.send, name="comparison-send"),
    path("comparisons/<uuid:key>/links/", links.comparison_links, name="comparison-links"),
    path("comparisons/<uuid:key>/links/<int:pk>/renew/", links.renew_comparison_link, name="comparison-link-renew"),
    path("comparisons/<uuid:key>/links/<int:pk>/revoke/", links.revoke_comparison_link, name="comparison-link-revoke"),
    path("records/", search.search, name="records"),
    path("records/export/", search.export, name="start-export"),
    path("records/exports/<uuid:key>/", search.export_page, name="export"),
    path("records/exports/<uuid:key>/cancel/", search.export_cancel, name="export-cancel"),
    path("records/exports/<uuid:key>/retry/", search.export_retry, name="export-retry"),
    path("records/exports/<uuid:key>/progress/", search.export_progress, name="export-progress"),
    path("records/exports/<uuid:key>/file/", search.export_file, name="export-file"),
    path("quotes/<uuid:key>/links/", links.links, name="links"),
    path("quotes/<uuid:key>/links/<int:pk>/renew/", links.renew_link, name="link-renew"),
    path("quotes/<uuid:key>/links/<int:pk>/revoke/", links.revoke_link, name="link-revoke"),
    path("handover/", handover.handover, name="handover"),
    path("handover/file/", handover.handover_file, name="handover-file"),
    path("quotes/<uuid:key>/entry/", handover.entry_sheet, name="entry-sheet"),
    path("handover/entry-fields/", handover.field_order, {"purpose": "entry"}, name="entry-fields"),
    path("handover/columns/", handover.field_order, {"purpose": "table"}, name="table-columns"),
    path("margins/", margins.margins, name="margins"),
    path("margins/file.xlsx", margins.margins_file, name="margins-file"),
    path("received/", received.received, name="received"),
    path("received/<uuid:key>/", received.received_quote, name="received-quote"),
    path("received/<uuid:key>/pdf/", received.received_pdf, name="received-pdf"),
    path("received/<uuid:key>/acknowledgement/", received.received_acknowledgement, name="received-acknowledgement"),
    path("received/<uuid:key>/answer/", received.received_answer, name="received-answer"),
    path("received/comparisons/", received_compared.comparisons, name="received-comparisons"),
    path("received/comparisons/<uuid:key>/", received_compared.comparison, name="received-comparison"),
    path("received/comparisons/<uuid:key>/pdf/", received_compared.comparison_pdf, name="received-comparison-pdf"),
    path("received/comparisons/<uuid:key>/choice/", received_compared.choice, name="received-choice"),
    path("s/<str:token>/", shared.shared, name="shared"),
    path("s/<str:token>/pdf/", shared.shared_pdf, name="shared-pdf"),
    path("s/<str:token>/acknowledgement/", shared.shared_acknowledgement, name="shared-acknowledgement"),
    path("s/<str:token>/answer/", shared.shared_answer, name="shared-answer"),
    path("manage/letters/", letters.letter_templates, name="letter-templates"),
]
