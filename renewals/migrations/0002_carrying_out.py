"""What became of the holdings after an order."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("quotes", "0005_carried_out"),
        ("renewals", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CarryingOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "certificate_number",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="certificate number"),
                ),
                ("certificate_on", models.DateField(null=True, verbose_name="certificate day")),
                ("before", models.JSONField(verbose_name="before")),
                ("after", models.JSONField(verbose_name="after")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="undone at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carryings_out",
                        to="quotes.quotepart",
                        verbose_name="license ID of a quote",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="undone by",
                    ),
                ),
            ],
            options={
                "verbose_name": "carrying out",
                "verbose_name_plural": "carryings out",
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(undone_at__isnull=True),
                        fields=("part",),
                        name="carried_out_once",
                        violation_error_message="This license ID of the quote was carried out already.",
                    ),
                    models.CheckConstraint(
                        condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                        | Q(undone_at__isnull=False, undone_by__isnull=False),
                        name="carrying_out_undone_by_somebody",
                    ),
                ],
            },
        ),
    ]
