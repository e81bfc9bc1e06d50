"""Addresses of what is wanted: license IDs, the renewal form, drafts, and quotes made from quotes."""

from django.urls import path

from .approval import views as approval
from .batch.views import deeds as batch_deeds
from .batch.views import letters as batch_letters
from .batch.views import pages as batch
from .calendar import views as calendar
from .carrying_out import views as carrying_out
from .chat import views as chat
from .checks.views import data_checks
from .comparisons import views as comparisons
from .confirmations.views import answering, asking
from .desk import views as desk
from .drafts.views import drafts
from .form.views import drafts as saved
from .form.views import form, license_ids, preview
from .golden import views as golden
from .price_changes import views as price_changes
from .reminders import views as reminders
from .revisions import views as revisions
from .standing_lines import views as standing_lines
from .transfers import views as transfers

app_name = "renewals"
urlpatterns = [
    path("renewals/act/", desk.act, name="desk-act"),
    path("renewals/owner/", desk.change_owner, name="desk-owner"),
    path("renewals/filters/", desk.keep_filter, name="desk-filter-keep"),
    path("renewals/filters/<int:pk>/delete/", desk.delete_filter, name="desk-filter-delete"),
    path("renewals/columns/", desk.keep_table, name="desk-table"),
    path("renewals/count/", desk.count, name="desk-count"),
    path("renewals/export.xlsx", desk.export, name="desk-export"),
    path("renewals/<int:pk>/", desk.renewal, name="desk-row"),
    path("license-ids/<str:code>/", license_ids.license_id, name="license-id"),
    path("license-ids/<str:code>/quote/", form.new, name="new"),
    path("license-ids/<str:code>/quote/preview/", preview.preview, name="preview"),
    path("license-ids/<str:code>/quote/change/", preview.change, name="change"),
    path("license-ids/<str:code>/quote/decision/", preview.decision, name="decision"),
    path("license-ids/<str:code>/quote/compare/", comparisons.compare, name="compare"),
    path("comparisons/<uuid:key>/quote/", comparisons.issue, name="issue-alternative"),
    path("comparisons/make/", comparisons.make, name="make-comparison"),
    path("license-ids/<str:code>/quote/keep/", saved.keep, name="keep"),
    path("quote-together/", license_ids.together, name="together"),
    path("renewals/batch/", batch.runs, name="batches"),
    path("renewals/batch/new", batch.new, name="batch-new"),
    path("renewals/batch/<uuid:key>/", batch.review, name="batch"),
    path("renewals/batch/<uuid:key>/rows/", batch_deeds.rows, name="batch-rows"),
    path("renewals/batch/<uuid:key>/rows/<uuid:row>/open/", batch_deeds.open_in_form, name="batch-open"),
    path("renewals/batch/<uuid:key>/read/", batch_deeds.read, name="batch-read"),
    path("renewals/batch/<uuid:key>/ask/", batch_deeds.ask, name="batch-ask"),
    path("renewals/batch/<uuid:key>/issue/", batch_deeds.issue, name="batch-issue"),
    path("renewals/batch/<uuid:key>/steer/", batch_deeds.steer, name="batch-steer"),
    path("renewals/batch/<uuid:key>/letters/", batch_letters.letters, name="batch-letters"),
    path("renewals/batch/<uuid:key>/files/", batch_deeds.files, name="batch-files"),
    path("renewals/batch/<uuid:key>/file/", batch_deeds.file, name="batch-file"),
    path("renewals/batch/<uuid:key>/progress/<slug:kind>/", batch.progress, name="batch-progress"),
    path("approvals/", approval.approvals, name="approvals"),
    path("approvals/answer/", approval.answer_several, name="approvals-answer"),
    path("approvals/<uuid:key>/", approval.approval, name="approval"),
    path("approvals/<uuid:key>/answer/", approval.answer_approval, name="approval-answer"),
    path("approvals/<uuid:key>/withdraw/", approval.withdraw_approval, name="approval-withdraw"),
    path("approvals/<uuid:key>/issue/", approval.issue_approved, name="approval-issue"),
    path("approvals/<uuid:key>/pdf/", approval.approval_pdf, name="approval-pdf"),
    path("manage/approval/", approval.thresholds, name="approval-settings"),
    path("drafts/", drafts, name="drafts"),
    path("drafts/<uuid:key>/", form.draft, name="draft"),
    path("drafts/<uuid:key>/pdf/", saved.draft_pdf, name="draft-pdf"),
    path("drafts/<uuid:key>/discard/", saved.discard, name="discard"),
    path("confirmations/", asking.confirmations, name="confirmations"),
    path("confirmations/new/", asking.ask, name="confirm"),
    path("confirmations/<uuid:key>/", asking.confirmation, name="confirmation"),
    path("confirmations/<uuid:key>/quote/", asking.quote, name="confirmation-quote"),
    path("confirmations/<uuid:key>/withdraw/", asking.withdraw, name="confirmation-withdraw"),
    path("manage/confirmations/", asking.settings_page, name="confirmation-settings"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<str:token>/renewals.ics", calendar.calendar_feed, name="calendar-feed"),
    path("manage/reminders/", reminders.rhythm, name="rhythm"),
    path("manage/standing-lines/", standing_lines.standing_lines, name="standing-lines"),
    path("manage/chat/", chat.chat, name="chat"),
    path("manage/chat/<slug:channel>/try/", chat.try_chat, name="chat-try"),
    path("customers/<int:pk>/reminders/", reminders.quiet, name="quiet"),
    path("price-changes/<int:pk>/", price_changes.price_change, name="price-change"),
    path("price-changes/<int:pk>/letters/", price_changes.price_letters, name="price-letters"),
    path("c/<str:token>/", answering.asked, name="answer"),
    path("data-checks/", data_checks, name="checks"),
    path("carry-out/", carrying_out.carry_out_many, name="carry-out-many"),
    path("quotes/<uuid:key>/carry-out/", carrying_out.carry_out, name="carry-out"),
    path("quotes/<uuid:key>/carry-out/<int:pk>/undo/", carrying_out.undo, name="undo-carry-out"),
    path("license-ids/<str:code>/move/", transfers.move, name="move-license-id"),
    path("customers/<int:pk>/merge/", transfers.merge, name="merge-customer"),
    path("customers/<int:pk>/reseller/", transfers.change_reseller, name="change-reseller"),
    path("quotes/<uuid:key>/revise/", revisions.revise, name="revise"),
    path("quotes/<uuid:key>/duplicate/", revisions.duplicate, name="duplicate"),
    path("quotes/<uuid:key>/golden/", golden.keep_golden, name="keep-golden"),
]
