"""Which holdings each quote renews or discontinues, and for which days; of the quotes that are there, as they say."""

from datetime import date, timedelta
from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


def fill(apps: Any, schema_editor: Any) -> None:
    part_model = apps.get_model("quotes", "QuotePart")
    quoted = apps.get_model("quotes", "QuotedHolding")
    rows = part_model.objects.select_related("quote").prefetch_related("lines").order_by("pk")
    for part in rows.iterator(chunk_size=200):
        quoted.objects.bulk_create(_of_part(quoted, part))


def _of_part(quoted: Any, part: Any) -> list[Any]:
    """Renewal lines stand in the order in which the holdings were asked for."""
    asked = [one for one in part.quote.asked.get("parts", ()) if one["license_id"] == part.license_code]
    if not asked:
        return []
    chosen = [row for row in asked[0]["holdings"] if row["renewal_quantity"] is not None]
    lines = iter(sorted((row for row in part.lines.all() if row.kind != "addition"), key=lambda row: row.position))
    found = []
    for row in chosen:
        begins = date.fromisoformat(row["support_expires_on"]) + timedelta(days=1)
        line = next(lines, None) if row["renewal_quantity"] else None
        until = line.term_until if line else None
        if row["renewal_quantity"] and line is None:
            continue
        found.append(
            quoted(quote=part.quote, part=part, holding=row["holding"], term_from=begins, term_until=until)
        )
    return found


class Migration(migrations.Migration):
    dependencies = [("quotes", "0002_triggers")]

    operations = [
        migrations.CreateModel(
            name="QuotedHolding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("holding", models.BigIntegerField(db_index=True, verbose_name="holding")),
                ("term_from", models.DateField(verbose_name="term from")),
                ("term_until", models.DateField(null=True, verbose_name="term until")),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="quotes.quotepart",
                        verbose_name="license ID of a quote",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="quotes.quote",
                        verbose_name="quote",
                    ),
                ),
            ],
            options={
                "verbose_name": "quoted holding",
                "verbose_name_plural": "quoted holdings",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(name="quoted_holding_once", fields=["quote", "holding"]),
                    models.CheckConstraint(
                        name="quoted_holding_term_in_order",
                        condition=Q(term_until__isnull=True) | Q(term_from__lte=F("term_until")),
                    ),
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
