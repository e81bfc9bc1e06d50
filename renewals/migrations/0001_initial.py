import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("foundation", "0001_initial"),
        ("licensing", "0001_initial"),
        ("pricing", "0001_initial"),
        ("quotes", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImpactRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("price_list_name", models.CharField(max_length=100, verbose_name="name of the price list")),
                (
                    "compared_with_name",
                    models.CharField(blank=True, max_length=100, verbose_name="name of the list compared with"),
                ),
                ("fingerprint", models.CharField(max_length=64, verbose_name="fingerprint")),
                ("priced_on", models.DateField(verbose_name="priced as of")),
                ("on", models.DateField(verbose_name="calculated on")),
                ("days", models.PositiveSmallIntegerField(verbose_name="days ahead")),
                ("chunks", models.JSONField(default=list, verbose_name="chunks")),
                ("totals", models.JSONField(default=dict, verbose_name="totals")),
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="foundation.batch",
                        verbose_name="background work",
                    ),
                ),
                (
                    "compared_with",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="pricing.pricelist",
                        verbose_name="compared with",
                    ),
                ),
                (
                    "price_list",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="impact_runs",
                        to="pricing.pricelist",
                        verbose_name="price list",
                    ),
                ),
            ],
            options={
                "verbose_name": "impact of a price list",
                "verbose_name_plural": "impacts of price lists",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ImpactFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.BinaryField(verbose_name="workbook")),
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="file",
                        to="renewals.impactrun",
                        verbose_name="impact",
                    ),
                ),
            ],
            options={
                "verbose_name": "workbook of an impact",
                "verbose_name_plural": "workbooks of impacts",
            },
        ),
        migrations.CreateModel(
            name="ImpactRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("renewal", "coming renewal"), ("quote", "open quote")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("reseller_name", models.CharField(max_length=200, verbose_name="name of the reseller")),
                ("customer_name", models.CharField(max_length=200, verbose_name="customer")),
                ("license_codes", models.TextField(verbose_name="license IDs")),
                ("quote_number", models.CharField(blank=True, max_length=20, verbose_name="quote number")),
                ("day", models.DateField(verbose_name="day")),
                ("products", models.TextField(verbose_name="products")),
                ("old_amount", models.BigIntegerField(null=True, verbose_name="before")),
                ("new_amount", models.BigIntegerField(null=True, verbose_name="after")),
                ("difference", models.BigIntegerField(null=True, verbose_name="difference")),
                (
                    "percent",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, null=True, verbose_name="difference in percent"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("same", "same price"),
                            ("dearer", "dearer"),
                            ("cheaper", "cheaper"),
                            ("newly_refused", "refused only with the draft"),
                            ("no_longer_refused", "no longer refused"),
                            ("refused", "refused with both"),
                        ],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                ("has_rank_change", models.BooleanField(verbose_name="rank changes")),
                ("lines", models.JSONField(verbose_name="lines")),
                ("problems", models.JSONField(default=list, verbose_name="refusals and warnings")),
                (
                    "licenseid",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="licensing.licenseid",
                        verbose_name="license ID",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="quotes.quote",
                        verbose_name="quote",
                    ),
                ),
                (
                    "reseller",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="licensing.reseller",
                        verbose_name="reseller",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="renewals.impactrun",
                        verbose_name="impact",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of an impact",
                "verbose_name_plural": "rows of impacts",
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["run", "kind", "difference"], name="impact_row_by_difference")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("difference__isnull", True),
                            models.Q(("new_amount__isnull", False), ("old_amount__isnull", False)),
                            _connector="OR",
                        ),
                        name="impact_row_difference_of_both",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "renewal")),
                        fields=("run", "licenseid"),
                        name="impact_row_renewal_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "quote")), fields=("run", "quote"), name="impact_row_quote_once"
                    ),
                ],
            },
        ),
    ]
