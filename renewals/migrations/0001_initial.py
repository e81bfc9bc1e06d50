import django.db.models.deletion
import foundation.text.search
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("foundation", "0002_people"),
        ("licensing", "0001_initial"),
        ("pricing", "0001_initial"),
        ("quotes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
            name="QuoteDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="key")),
                ("saved_at", models.DateTimeField(verbose_name="saved at")),
                ("asked", models.JSONField(verbose_name="what is wanted")),
                ("as_typed", models.JSONField(blank=True, default=dict, verbose_name="as it was typed")),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="subject")),
                ("priced_on", models.DateField(null=True, verbose_name="priced on")),
                ("priced_total", models.BigIntegerField(null=True, verbose_name="total when saved")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "saved_from",
                    models.CharField(blank=True, default="", editable=False, max_length=40, verbose_name="saved from"),
                ),
                ("is_self_saved", models.BooleanField(default=False, editable=False, verbose_name="saved by itself")),
                ("is_revision", models.BooleanField(default=False, verbose_name="revision")),
                ("search_key", foundation.text.search.SearchKeyField(sources=("subject",))),
                (
                    "basis",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="quotes.quote",
                        verbose_name="made from",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quote_drafts",
                        to="licensing.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="saved by",
                    ),
                ),
            ],
            options={
                "verbose_name": "draft",
                "verbose_name_plural": "drafts",
                "ordering": ["-saved_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("priced_total__isnull", True),
                            models.Q(("priced_on__isnull", False), ("priced_total__gte", 0)),
                            _connector="OR",
                        ),
                        name="quote_draft_total_with_day",
                        violation_error_message="A draft's total needs the day on which it was calculated.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_revision", False), ("basis__isnull", False), _connector="OR"),
                        name="quote_draft_revision_of_something",
                        violation_error_message="A revision needs the quote that it revises.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_revision", True)),
                        fields=("basis",),
                        name="quote_draft_one_revision",
                        violation_error_message="There is a draft of this quote's revision already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuoteDraftPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="renewals.quotedraft",
                        verbose_name="draft",
                    ),
                ),
                (
                    "licenseid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.licenseid",
                        verbose_name="license ID",
                    ),
                ),
            ],
            options={
                "verbose_name": "license ID of a draft",
                "verbose_name_plural": "license IDs of drafts",
                "ordering": ["position"],
                "constraints": [models.UniqueConstraint(fields=("draft", "licenseid"), name="quote_draft_part_once")],
            },
        ),
        migrations.AddField(
            model_name="quotedraft",
            name="license_ids",
            field=models.ManyToManyField(
                related_name="quote_drafts",
                through="renewals.QuoteDraftPart",
                to="licensing.licenseid",
                verbose_name="license IDs",
            ),
        ),
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
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("part",),
                        name="carried_out_once",
                        violation_error_message="This license ID of the quote was carried out already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="carrying_out_undone_by_somebody",
                    ),
                ],
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
