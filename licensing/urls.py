"""The start page, the customers, what managers look after, and invitations."""

from django.urls import path

from . import views
from .contacts import views as contacts
from .holdings import views as holdings
from .keeping import views as keeping
from .views import manage

urlpatterns = [
    path("customers/", views.customers, name="customers"),
    path("customers/<int:pk>/", views.customer, name="customer"),
    path("customers/<int:pk>/owner/", views.customer_owner, name="customer_owner"),
    path("customers/<int:pk>/contacts/new/", contacts.new_contact, name="contact_new"),
    path("contacts/<int:pk>/", contacts.contact, name="contact"),
    path("contacts/<int:pk>/remove/", contacts.remove_contact, name="contact_remove"),
    path("contacts/<int:pk>/restore/", contacts.restore_contact, name="contact_restore"),
    path("customers/<int:pk>/license-ids/new/", keeping.new_license_id, name="license_id_new"),
    path("license-ids/<str:code>/holdings/", keeping.holdings, name="holdings"),
    path("license-ids/<str:code>/correct/", keeping.license_id_code, name="license_id_code"),
    path("manage/people/", manage.people, name="manage_people"),
    path("manage/people/invite/", manage.invite_person, name="manage_invite"),
    path("manage/people/<int:pk>/", manage.person, name="manage_person"),
    path("manage/people/<int:pk>/deactivate/", manage.deactivate, name="manage_deactivate"),
    path("manage/people/<int:pk>/hand-over/", manage.hand_customers_over, name="manage_hand_over"),
    path("manage/people/<int:pk>/reactivate/", manage.reactivate, name="manage_reactivate"),
    path("manage/invitations/<int:pk>/renew/", manage.renew, name="manage_renew"),
    path("manage/invitations/<int:pk>/revoke/", manage.revoke, name="manage_revoke"),
    path("manage/customers/", manage.manage_customers, name="manage_customers"),
    path("manage/customers/new/", manage.new_customer, name="manage_new_customer"),
    path("manage/customers/<int:pk>/", manage.manage_customer, name="manage_customer"),
    path("manage/customers/<int:pk>/invite/", manage.invite_contact, name="manage_invite_contact"),
    path("manage/company/", manage.company, name="manage_company"),
    path("holdings/import/", holdings.import_list, name="held_list"),
    path("holdings/import/<uuid:key>/", holdings.imported, name="held_import"),
    path("holdings/import/<uuid:key>/columns/", holdings.columns, name="held_columns"),
    path("holdings/import/<uuid:key>/progress/", holdings.progress, name="held_progress"),
    path("holdings/import/<uuid:key>/undo/", holdings.undo, name="held_undo"),
    path("holdings/export.xlsx", holdings.export_held, {"form": "xlsx"}, name="held_export_xlsx"),
    path("holdings/export.csv", holdings.export_held, {"form": "csv"}, name="held_export_csv"),
    path("holdings/template.xlsx", holdings.template_held, {"form": "xlsx"}, name="held_template_xlsx"),
    path("holdings/template.csv", holdings.template_held, {"form": "csv"}, name="held_template_csv"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
]
