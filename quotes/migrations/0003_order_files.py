"""Files of orders, which are records too; and customers' order numbers are found however they are written."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import foundation.text.search
from foundation.integrity import make_triggers
from foundation.text.search import search_key


def fill_keys(apps: Any, _schema_editor: Any) -> None:
    """As `SearchKeyField` writes them whenever a status is saved."""
    rows = apps.get_model("quotes", "QuoteStatus").objects.exclude(order_number="")
    for row in rows.only("order_number").iterator():
        rows.model.objects.filter(pk=row.pk).update(order_key=search_key(row.order_number))


class Migration(migrations.Migration):
    dependencies = [
        ("quotes", "0002_triggers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="quotestatus",
            name="order_key",
            field=foundation.text.search.SearchKeyField(sources=("order_number",)),
        ),
        migrations.AlterField(
            model_name="quoteevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("issued", "issued"),
                    ("superseded", "superseded by a revision"),
                    ("withdrawn", "withdrawn"),
                    ("ordered", "recorded as ordered"),
                    ("lost", "recorded as lost"),
                    ("order_file_kept", "file of the order kept"),
                    ("carried_out", "holdings brought to what was ordered"),
                    ("carry_out_undone", "change of the holdings taken back"),
                    ("reopened", "outcome taken back"),
                    ("viewed", "seen by the customer"),
                    ("fetched", "fetched by a program"),
                    ("downloaded", "PDF downloaded"),
                    ("order_wished", "customer wishes to order"),
                    ("declined", "declined by the customer"),
                    ("link_made", "share link made"),
                    ("link_revoked", "share link revoked"),
                    ("mail_queued", "e-mail queued"),
                    ("mail_sent", "e-mail sent"),
                    ("mail_failed", "e-mail not delivered"),
                    ("clock_confirmed", "clock confirmed by the operator"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.CreateModel(
            name="OrderFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(editable=False, unique=True, verbose_name="key")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("supersedes", models.PositiveSmallIntegerField(null=True, verbose_name="in the place of")),
                ("ordered_on", models.DateField(verbose_name="order day")),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                (
                    "media_type",
                    models.CharField(
                        choices=[("application/pdf", "PDF"), ("image/png", "PNG"), ("image/jpeg", "JPEG")],
                        max_length=20,
                        verbose_name="kind of file",
                    ),
                ),
                ("size", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("content", models.BinaryField(verbose_name="content")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("kept_at", models.DateTimeField(verbose_name="kept at")),
                (
                    "kept_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="kept by",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order_files",
                        to="quotes.quote",
                        verbose_name="quote",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of an order",
                "verbose_name_plural": "files of orders",
                "ordering": ["position"],
                "indexes": [models.Index(fields=["ordered_on"], name="order_file_by_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("quote", "position"), name="order_file_position_unique"),
                    models.UniqueConstraint(
                        fields=("quote", "supersedes"),
                        name="order_file_superseded_once",
                        violation_error_message="Another file has taken the place of this one already.",
                    ),
                    models.CheckConstraint(condition=models.Q(("position__gte", 1)), name="order_file_position_counts"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("supersedes__isnull", True),
                            models.Q(("supersedes__gte", 1), ("supersedes__lt", models.F("position"))),
                            _connector="OR",
                        ),
                        name="order_file_supersedes_an_earlier",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("media_type__in", ["application/pdf", "image/png", "image/jpeg"])),
                        name="order_file_kind_known",
                        violation_error_message="An order is kept as PDF, PNG or JPEG.",
                    ),
                    models.CheckConstraint(condition=models.Q(("size__gte", 1)), name="order_file_not_empty"),
                    models.CheckConstraint(
                        condition=models.Q(("sha256", ""), _negated=True), name="order_file_has_hash"
                    ),
                ],
            },
        ),
        migrations.RunPython(fill_keys, migrations.RunPython.noop),
        make_triggers("quotes"),
    ]
