"""Files are kept as they are."""

from django.db import migrations

from foundation.integrity.files import keep_files_as_they_are


class Migration(migrations.Migration):
    dependencies = [("renewals", "0018_plan_chosen")]

    operations = [
        keep_files_as_they_are(
            ("renewals_chatsettings", "sealed_teams"),
            ("renewals_chatsettings", "sealed_slack"),
            ("renewals_impactfile", "content"),
        )
    ]
