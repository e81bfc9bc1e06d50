"""What changes by itself is found by its day first: the worker asks for all resellers at once, every few seconds."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("renewals", "0016_approval_rates"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="deskrow", name="desk_by_change"),
        migrations.AddIndex(
            model_name="deskrow",
            index=models.Index(
                condition=models.Q(("alters_on__isnull", False)),
                fields=["alters_on", "reseller"],
                name="desk_by_change",
            ),
        ),
    ]
