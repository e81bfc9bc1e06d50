"""The texts of e-mail that was given up are looked for every few seconds: among those, not among all that was ever sent."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("foundation", "0004_chat_notices"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(
                fields=["settled_at"],
                name="mail_text_kept",
                condition=Q(state="failed") & (Q(sealed_text__isnull=False) | Q(attachment__isnull=False)),
            ),
        ),
    ]
