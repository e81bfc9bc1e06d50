"""Addresses of the renewal form, drafts and quotes."""

from django.urls import path

from . import views

app_name = "quotes"
urlpatterns = [
    path("license-ids/<str:code>/", views.license_id, name="license-id"),
    path("license-ids/<str:code>/quote/", views.new, name="new"),
    path("license-ids/<str:code>/quote/preview/", views.preview, name="preview"),
    path("license-ids/<str:code>/quote/change/", views.change, name="change"),
    path("license-ids/<str:code>/quote/keep/", views.keep, name="keep"),
    path("quote-together/", views.together, name="together"),
    path("drafts/<uuid:key>/", views.draft, name="draft"),
    path("drafts/<uuid:key>/pdf/", views.draft_pdf, name="draft-pdf"),
    path("drafts/<uuid:key>/discard/", views.discard, name="discard"),
    path("check/", views.check, name="check"),
    path("check/<str:code>/", views.check_code, name="check-code"),
    path("quotes/", views.index, name="list"),
    path("quotes/<uuid:key>/", views.detail, name="detail"),
    path("quotes/<uuid:key>/pdf/", views.pdf, name="pdf"),
    path("quotes/<uuid:key>/send/", views.send, name="send"),
    path("quotes/<uuid:key>/revise/", views.revise, name="revise"),
    path("quotes/<uuid:key>/duplicate/", views.duplicate, name="duplicate"),
    path("quotes/<uuid:key>/withdraw/", views.withdraw, name="withdraw"),
    path("quotes/<uuid:key>/order/", views.record_order, name="record-order"),
    path("quotes/<uuid:key>/loss/", views.record_loss, name="record-loss"),
    path("quotes/<uuid:key>/reopen/", views.reopen, name="reopen"),
    path("records/", views.search, name="records"),
    path("records/export/", views.export, name="start-export"),
    path("records/exports/<uuid:key>/", views.export_page, name="export"),
    path("records/exports/<uuid:key>/cancel/", views.export_cancel, name="export-cancel"),
    path("records/exports/<uuid:key>/retry/", views.export_retry, name="export-retry"),
    path("records/exports/<uuid:key>/progress/", views.export_progress, name="export-progress"),
    path("records/exports/<uuid:key>/file/", views.export_file, name="export-file"),
    path("quotes/<uuid:key>/links/", views.links, name="links"),
    path("quotes/<uuid:key>/links/<int:pk>/renew/", views.renew_link, name="link-renew"),
    path("quotes/<uuid:key>/links/<int:pk>/revoke/", views.revoke_link, name="link-revoke"),
    path("received/", views.received, name="received"),
    path("received/<uuid:key>/", views.received_quote, name="received-quote"),
    path("received/<uuid:key>/pdf/", views.received_pdf, name="received-pdf"),
    path("received/<uuid:key>/answer/", views.received_answer, name="received-answer"),
    path("s/<str:token>/", views.shared, name="shared"),
    path("s/<str:token>/pdf/", views.shared_pdf, name="shared-pdf"),
    path("s/<str:token>/answer/", views.shared_answer, name="shared-answer"),
    path("manage/letters/", views.letter_templates, name="letter-templates"),
]
