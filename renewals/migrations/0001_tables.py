import django.db.models.deletion
import foundation.text.search
import foundation.text.validators
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("foundation", "0001_tables"),
        ("licensing", "0001_tables"),
        ("pricing", "0001_tables"),
        ("quotes", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "token_hash",
                    models.CharField(editable=False, max_length=64, unique=True, verbose_name="hash of the token"),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
            ],
            options={
                "verbose_name": "calendar feed",
                "verbose_name_plural": "calendar feeds",
            },
        ),
        migrations.CreateModel(
            name="ChatSettings",
            fields=[
                (
                    "reseller",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="licensing.reseller",
                        verbose_name="reseller",
                    ),
                ),
                ("sealed_teams", models.BinaryField(null=True, verbose_name="webhook address of Teams")),
                ("sealed_slack", models.BinaryField(null=True, verbose_name="webhook address of Slack")),
                ("tells_answers", models.BooleanField(default=True, verbose_name="answers of quantity confirmations")),
                ("tells_wishes", models.BooleanField(default=True, verbose_name="wishes to order")),
                ("tells_digest", models.BooleanField(default=True, verbose_name="digest of the morning")),
                ("tells_bounces", models.BooleanField(default=True, verbose_name="letters that came back")),
                (
                    "tells_approvals",
                    models.BooleanField(default=True, verbose_name="requests for approval and their answers"),
                ),
                ("with_prices", models.BooleanField(default=False, verbose_name="with prices")),
            ],
            options={
                "verbose_name": "chat notices of a reseller",
                "verbose_name_plural": "chat notices of resellers",
            },
        ),
        migrations.CreateModel(
            name="DeskTable",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="desk_table",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("hidden", models.JSONField(default=list)),
                ("per_page", models.PositiveSmallIntegerField(default=50)),
            ],
            options={
                "verbose_name": "columns of the list of renewals",
                "verbose_name_plural": "columns of the list of renewals",
            },
        ),
        migrations.CreateModel(
            name="ConfirmationSettings",
            fields=[
                (
                    "reseller",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="licensing.reseller",
                        verbose_name="reseller",
                    ),
                ),
                (
                    "shows_prices",
                    models.BooleanField(
                        default=False,
                        help_text="As a rough figure, tax included. Without this mark customers see no price before the quote.",
                        verbose_name="show what a renewal as held costs",
                    ),
                ),
                ("days_open", models.PositiveSmallIntegerField(default=21, verbose_name="days for the answer")),
                (
                    "remind_after",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=7,
                        help_text="Once, where no answer has come.",
                        null=True,
                        verbose_name="remind after days",
                    ),
                ),
                (
                    "subject_ja",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[foundation.text.validators.validate_one_line],
                        verbose_name="subject",
                    ),
                ),
                ("body_ja", models.TextField(blank=True, max_length=5000, verbose_name="text")),
                (
                    "subject_en",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[foundation.text.validators.validate_one_line],
                        verbose_name="subject",
                    ),
                ),
                ("body_en", models.TextField(blank=True, max_length=5000, verbose_name="text")),
            ],
            options={
                "verbose_name": "settings of quantity confirmations",
                "verbose_name_plural": "settings of quantity confirmations",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("days_open__gte", 1), ("days_open__lte", 180)),
                        name="confirmation_days_in_bounds",
                        violation_error_message="Enter 1 to 180 days.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("remind_after__isnull", True),
                            models.Q(("remind_after__gte", 1), ("remind_after__lte", models.F("days_open"))),
                            _connector="OR",
                        ),
                        name="confirmation_reminder_in_bounds",
                        violation_error_message="Remind within the days for the answer.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeskCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reseller", models.BigIntegerField()),
                ("owner", models.BigIntegerField(null=True)),
                ("expires_on", models.DateField()),
                ("stage", models.CharField(max_length=10)),
                ("rows", models.IntegerField()),
                ("yen", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "count of renewals",
                "verbose_name_plural": "counts of renewals",
                "indexes": [models.Index(fields=["reseller", "expires_on"], name="desk_count_by_day")],
            },
        ),
        migrations.CreateModel(
            name="DeskMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("licenseid", models.BigIntegerField(null=True)),
                ("reseller", models.BigIntegerField(null=True)),
                ("expires_from", models.DateField(null=True)),
                ("product", models.BigIntegerField(null=True)),
                ("programme", models.BigIntegerField(null=True)),
            ],
            options={
                "verbose_name": "mark of a stale renewal",
                "verbose_name_plural": "marks of stale renewals",
                "indexes": [
                    models.Index(fields=["reseller", "id"], name="desk_mark_by_reseller"),
                    models.Index(fields=["licenseid"], name="desk_mark_by_license_id"),
                ],
            },
        ),
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
            name="QuantityConfirmation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="key")),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("to", models.CharField(max_length=254, verbose_name="to")),
                ("to_name", models.CharField(blank=True, max_length=100, verbose_name="recipient's name")),
                (
                    "language",
                    models.CharField(
                        choices=[("ja", "Japanese"), ("en", "English")],
                        default="ja",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("body", models.TextField(max_length=5000, verbose_name="text")),
                ("open_until", models.DateField(verbose_name="open until")),
                ("remind_on", models.DateField(null=True, verbose_name="remind on")),
                ("reminded_at", models.DateTimeField(null=True, verbose_name="reminded at")),
                ("with_prices", models.BooleanField(default=False, verbose_name="with prices")),
                (
                    "token_hash",
                    models.CharField(editable=False, max_length=64, unique=True, verbose_name="hash of the token"),
                ),
                (
                    "reminder_hash",
                    models.CharField(
                        max_length=64, null=True, unique=True, verbose_name="hash of the reminder's token"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="withdrawn at")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quantity_confirmations",
                        to="licensing.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="withdrawn by",
                    ),
                ),
            ],
            options={
                "verbose_name": "quantity confirmation",
                "verbose_name_plural": "quantity confirmations",
                "ordering": ["-asked_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("remind_on__isnull", False), ("reminded_at", None), ("withdrawn_at", None)),
                        fields=["remind_on"],
                        name="confirmation_to_remind",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("remind_on__isnull", True), ("remind_on__lte", models.F("open_until")), _connector="OR"
                        ),
                        name="confirmation_reminded_while_open",
                        violation_error_message="Remind on a day until which it can be answered.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="confirmation_withdrawn_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["ja", "en"])),
                        name="confirmation_language_known",
                        violation_error_message="Choose Japanese or English.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConfirmationPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                (
                    "licenseid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmation_parts",
                        to="licensing.licenseid",
                        verbose_name="license ID",
                    ),
                ),
                (
                    "confirmation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="renewals.quantityconfirmation",
                        verbose_name="quantity confirmation",
                    ),
                ),
            ],
            options={
                "verbose_name": "license ID of a quantity confirmation",
                "verbose_name_plural": "license IDs of quantity confirmations",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("confirmation", "licenseid"), name="confirmation_part_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ConfirmationAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("by_name", models.CharField(max_length=100, verbose_name="by")),
                ("ip", models.GenericIPAddressField(null=True, verbose_name="IP address")),
                ("user_agent", models.CharField(blank=True, default="", max_length=300, verbose_name="browser")),
                ("message", models.CharField(blank=True, default="", max_length=1000, verbose_name="message")),
                ("needed", models.JSONField(verbose_name="what is needed")),
                (
                    "confirmation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="renewals.quantityconfirmation",
                        verbose_name="quantity confirmation",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to a quantity confirmation",
                "verbose_name_plural": "answers to quantity confirmations",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="QuietCustomer",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="licensing.customer",
                        verbose_name="customer",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer without reminders",
                "verbose_name_plural": "customers without reminders",
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
                (
                    "own_costs",
                    models.JSONField(blank=True, default=list, editable=False, verbose_name="costs of own lines"),
                ),
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
                    "alternative",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="quotes.alternative",
                        verbose_name="alternative",
                    ),
                ),
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
                        db_index=False,
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
            name="QuoteDrift",
            fields=[
                (
                    "quote",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="quotes.quote",
                        verbose_name="quote",
                    ),
                ),
                ("looked_on", models.DateField(verbose_name="priced on")),
                ("last_change", models.BigIntegerField(default=0, verbose_name="last change of holdings")),
                ("total", models.BigIntegerField(null=True, verbose_name="total")),
                ("difference", models.BigIntegerField(null=True, verbose_name="difference")),
                (
                    "price_list",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="pricing.pricelist",
                        verbose_name="price list",
                    ),
                ),
            ],
            options={
                "verbose_name": "drift of a quote",
                "verbose_name_plural": "drifts of quotes",
                "indexes": [models.Index(fields=["looked_on", "last_change"], name="drift_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("difference__isnull", True), ("total__isnull", True)),
                            models.Q(("difference__isnull", False), ("total__isnull", False)),
                            _connector="OR",
                        ),
                        name="drift_difference_with_total",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QuoteRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="key")),
                ("created_at", models.DateTimeField(verbose_name="started at")),
                ("is_per_customer", models.BooleanField(default=False, verbose_name="one quote per customer")),
                ("years", models.PositiveSmallIntegerField(default=1, verbose_name="term")),
                ("note", models.TextField(blank=True, max_length=1000, verbose_name="note to the customer")),
                ("payment_terms", models.CharField(blank=True, max_length=200, verbose_name="payment terms")),
                ("delivery", models.CharField(blank=True, max_length=200, verbose_name="delivery")),
                ("remarks", models.TextField(blank=True, max_length=1000, verbose_name="remarks")),
                (
                    "valid_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="validity in days"),
                ),
                ("with_calculation", models.BooleanField(default=False, verbose_name="with the calculation")),
                ("as_confirmed", models.BooleanField(default=True, verbose_name="as the customer confirmed")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="started by",
                    ),
                ),
                (
                    "reseller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.reseller",
                        verbose_name="reseller",
                    ),
                ),
            ],
            options={
                "verbose_name": "batch of quotes",
                "verbose_name_plural": "batches of quotes",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="QuoteRunLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="key")),
                ("customer_name", models.CharField(max_length=200, verbose_name="customer")),
                ("to", models.EmailField(max_length=254, verbose_name="to")),
                ("to_name", models.CharField(blank=True, max_length=100, verbose_name="name")),
                ("language", models.CharField(max_length=2, verbose_name="language")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="renewals.quoterun",
                        verbose_name="batch of quotes",
                    ),
                ),
            ],
            options={
                "verbose_name": "letter of a batch of quotes",
                "verbose_name_plural": "letters of batches of quotes",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="QuoteRunWork",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("price", "pricing"),
                            ("issue", "issuing"),
                            ("send", "sending"),
                            ("files", "putting files together"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=40, verbose_name="file")),
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
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="works",
                        to="renewals.quoterun",
                        verbose_name="batch of quotes",
                    ),
                ),
            ],
            options={
                "verbose_name": "work for a batch of quotes",
                "verbose_name_plural": "work for batches of quotes",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="QuoteRunRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="key")),
                ("customer_name", models.CharField(max_length=200, verbose_name="customer")),
                ("license_ids", models.JSONField(verbose_name="license IDs")),
                ("license_codes", models.TextField(verbose_name="license IDs")),
                ("asked", models.JSONField(null=True, verbose_name="what is wanted")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "not priced yet"),
                            ("ready", "ready"),
                            ("look", "to be looked at"),
                            ("approval", "needs approval"),
                            ("refused", "refused"),
                            ("issued", "issued"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("is_left_out", models.BooleanField(default=False, verbose_name="left out")),
                ("total", models.BigIntegerField(null=True, verbose_name="total")),
                ("subtotal", models.BigIntegerField(editable=False, null=True, verbose_name="subtotal")),
                ("covered", models.BigIntegerField(editable=False, null=True, verbose_name="of which with a cost")),
                ("cost", models.BigIntegerField(editable=False, null=True, verbose_name="cost")),
                (
                    "uncovered_lines",
                    models.PositiveIntegerField(editable=False, null=True, verbose_name="lines without a cost"),
                ),
                ("price_list", models.CharField(blank=True, max_length=100, verbose_name="price list")),
                ("problems", models.JSONField(default=list, verbose_name="refusals and warnings")),
                ("read", models.JSONField(default=list, verbose_name="what was read")),
                ("unread", models.CharField(blank=True, max_length=1000, verbose_name="unread")),
                ("changed", models.JSONField(default=dict, verbose_name="changed since the review")),
                ("approval", models.JSONField(default=dict, verbose_name="approval")),
                ("draft_version", models.PositiveIntegerField(null=True, verbose_name="version of the draft")),
                (
                    "customer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="licensing.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="rows",
                        to="renewals.quoterunletter",
                        verbose_name="letter",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="renewals.quoterun",
                        verbose_name="batch of quotes",
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="rows",
                        to="renewals.quoterunwork",
                        verbose_name="issuing",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a batch of quotes",
                "verbose_name_plural": "rows of batches of quotes",
                "ordering": ["position"],
                "indexes": [models.Index(fields=["run", "state"], name="quote_run_row_by_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "position"), name="quote_run_row_position"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True),
                            models.Q(("asked__isnull", False), ("total__isnull", False)),
                            _connector="OR",
                        ),
                        name="quote_run_row_ready_is_priced",
                        violation_error_message="What is ready has an amount.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="quoterunletter",
            name="work",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="letters",
                to="renewals.quoterunwork",
                verbose_name="sending",
            ),
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("confirm", "quantity confirmation"),
                            ("silent", "quote without an answer"),
                            ("expiry", "support expiry"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("expires_on", models.DateField(verbose_name="support expiry")),
                ("quote_key", models.CharField(blank=True, default="", max_length=36, verbose_name="quote")),
                ("sent_on", models.DateField(verbose_name="sent on")),
                ("mail_key", models.CharField(max_length=200, verbose_name="e-mail")),
                (
                    "licenseid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="licensing.licenseid",
                        verbose_name="license ID",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "indexes": [models.Index(fields=["mail_key"], name="reminder_by_mail")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "licenseid", "expires_on", "quote_key"), name="reminded_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReminderSettings",
            fields=[
                (
                    "reseller",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="licensing.reseller",
                        verbose_name="reseller",
                    ),
                ),
                ("sends_digest", models.BooleanField(default=True, verbose_name="digest every morning")),
                (
                    "confirm_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="days before the expiry: quantities"
                    ),
                ),
                (
                    "silent_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="days before the validity ends"
                    ),
                ),
                (
                    "expiry_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="days before the expiry"),
                ),
                ("first_hour", models.PositiveSmallIntegerField(default=9, verbose_name="from hour")),
                ("last_hour", models.PositiveSmallIntegerField(default=18, verbose_name="until hour")),
                (
                    "silent_subject_ja",
                    models.CharField(
                        blank=True, max_length=200, validators=[foundation.text.validators.validate_one_line]
                    ),
                ),
                ("silent_body_ja", models.TextField(blank=True, max_length=5000)),
                (
                    "silent_subject_en",
                    models.CharField(
                        blank=True, max_length=200, validators=[foundation.text.validators.validate_one_line]
                    ),
                ),
                ("silent_body_en", models.TextField(blank=True, max_length=5000)),
                (
                    "expiry_subject_ja",
                    models.CharField(
                        blank=True, max_length=200, validators=[foundation.text.validators.validate_one_line]
                    ),
                ),
                ("expiry_body_ja", models.TextField(blank=True, max_length=5000)),
                (
                    "expiry_subject_en",
                    models.CharField(
                        blank=True, max_length=200, validators=[foundation.text.validators.validate_one_line]
                    ),
                ),
                ("expiry_body_en", models.TextField(blank=True, max_length=5000)),
            ],
            options={
                "verbose_name": "rhythm of reminders",
                "verbose_name_plural": "rhythms of reminders",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first_hour__lt", models.F("last_hour")), ("last_hour__lte", 24)),
                        name="reminder_hours_in_order",
                        violation_error_message="The first hour comes before the last.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StandingLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "description",
                    models.CharField(
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="description",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="unit",
                    ),
                ),
                ("price", models.BigIntegerField(verbose_name="unit price")),
                ("tax_category", models.CharField(max_length=20, verbose_name="tax category")),
                ("unit_cost", models.BigIntegerField(blank=True, null=True, verbose_name="cost")),
                (
                    "reseller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.reseller",
                        verbose_name="reseller",
                    ),
                ),
            ],
            options={
                "verbose_name": "standing line",
                "verbose_name_plural": "standing lines",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reseller", "description"),
                        name="standing_line_once",
                        violation_error_message="Each description stands once.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("price__gte", 0)),
                        name="standing_line_price_not_negative",
                        violation_error_message="A line costs ¥0 or more.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit_cost__isnull", True), ("unit_cost__gte", 0), _connector="OR"),
                        name="standing_line_cost_not_negative",
                        violation_error_message="A cost is ¥0 or more.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("description", ""), _negated=True),
                        name="standing_line_described",
                        violation_error_message="Enter what is charged.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(editable=False, verbose_name="key")),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                ("customer_name", models.CharField(max_length=200, verbose_name="customer")),
                ("license_codes", models.TextField(verbose_name="license IDs")),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="subject")),
                ("asked", models.JSONField(verbose_name="what is wanted")),
                ("document", models.JSONField(verbose_name="the document")),
                ("revises", models.CharField(blank=True, max_length=20, verbose_name="revises")),
                ("content_hash", models.CharField(max_length=64, verbose_name="hash")),
                ("list_subtotal", models.BigIntegerField(verbose_name="list subtotal")),
                ("given_away", models.BigIntegerField(verbose_name="whole reduction")),
                ("subtotal", models.BigIntegerField(verbose_name="subtotal")),
                ("tax", models.BigIntegerField(verbose_name="tax")),
                ("total", models.BigIntegerField(verbose_name="total")),
                ("passed", models.JSONField(verbose_name="thresholds passed")),
                ("rates", models.JSONField(default=dict, verbose_name="cost rates")),
                ("read", models.JSONField(default=list, verbose_name="warnings read")),
                ("draft_version", models.PositiveIntegerField(null=True, verbose_name="version of the draft")),
                ("message", models.TextField(blank=True, max_length=1000, verbose_name="message")),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting for approval"),
                            ("approved", "approved"),
                            ("sent_back", "sent back"),
                            ("withdrawn", "request withdrawn"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="answered at")),
                ("words", models.TextField(blank=True, max_length=1000, verbose_name="words of the answer")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="withdrawn at")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last changed by",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="drafted by",
                    ),
                ),
                (
                    "price_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pricing.pricelist",
                        verbose_name="price list",
                    ),
                ),
                (
                    "reseller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.reseller",
                        verbose_name="reseller",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="withdrawn by",
                    ),
                ),
            ],
            options={
                "verbose_name": "request for approval",
                "verbose_name_plural": "requests for approval",
                "ordering": ["-asked_at", "-pk"],
                "indexes": [models.Index(fields=["reseller", "state"], name="approval_by_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("key", "round"), name="approval_round_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")), fields=("key",), name="approval_one_waiting"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(
                                models.Q(("decided_by", models.F("asked_by")), _negated=True),
                                models.Q(
                                    ("drafted_by__isnull", True),
                                    models.Q(("decided_by", models.F("drafted_by")), _negated=True),
                                    _connector="OR",
                                ),
                                models.Q(
                                    ("changed_by__isnull", True),
                                    models.Q(("decided_by", models.F("changed_by")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="approval_by_another",
                        violation_error_message="Nobody approves what they themselves asked for, drafted or changed last.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state__in", ["approved", "sent_back"]),
                            ),
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("state__in", ["waiting", "withdrawn"]),
                            ),
                            _connector="OR",
                        ),
                        name="approval_answered_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "withdrawn"), ("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)
                            ),
                            models.Q(
                                models.Q(("state", "withdrawn"), _negated=True),
                                ("withdrawn_at__isnull", True),
                                ("withdrawn_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="approval_withdrawn_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent_back"), _negated=True),
                            models.Q(("words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="approval_sent_back_with_words",
                        violation_error_message="Say why it is sent back.",
                    ),
                ],
            },
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
            name="DeskEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("expires_on", models.DateField(verbose_name="support expiry")),
                ("follow_up_on", models.DateField(blank=True, null=True, verbose_name="follow-up day")),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="internal note",
                    ),
                ),
                (
                    "declined_reason",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="reason why it is not renewed",
                    ),
                ),
                ("declined_at", models.DateTimeField(blank=True, null=True, verbose_name="not renewed since")),
                ("entered_at", models.DateTimeField(verbose_name="entered at")),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "licenseid",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="desk_entries",
                        to="licensing.licenseid",
                        verbose_name="license ID",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry on a renewal",
                "verbose_name_plural": "entries on renewals",
                "constraints": [
                    models.UniqueConstraint(fields=("licenseid", "expires_on"), name="desk_entry_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("declined_at__isnull", True), ("declined_reason", "")),
                            models.Q(("declined_at__isnull", False), models.Q(("declined_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="desk_entry_declined_with_reason",
                        violation_error_message="Say why it is not renewed.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeskFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        max_length=60,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="name of the filter",
                    ),
                ),
                ("query", models.CharField(blank=True, max_length=1000)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="desk_filters",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "saved filter",
                "verbose_name_plural": "saved filters",
                "ordering": ["name", "pk"],
                "constraints": [models.UniqueConstraint(fields=("user", "name"), name="desk_filter_name_once")],
            },
        ),
        migrations.CreateModel(
            name="DeskRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("expires_on", models.DateField()),
                ("code", models.CharField(max_length=40)),
                ("customer_name", models.CharField(max_length=200)),
                ("customer_order", models.CharField(max_length=401)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("open", "not begun"),
                            ("asked", "quantities asked"),
                            ("answered", "quantities answered"),
                            ("chosen", "plan chosen"),
                            ("drafted", "draft"),
                            ("quoted", "quoted"),
                            ("sent", "sent"),
                            ("seen", "seen"),
                            ("wished", "order wished"),
                            ("ordered", "ordered"),
                            ("done", "carried out"),
                            ("lost", "lost"),
                            ("declined", "not renewed"),
                            ("lapsed", "lapsed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("stage_place", models.SmallIntegerField()),
                ("amount", models.BigIntegerField(null=True)),
                ("amount_problem", models.CharField(default="", max_length=40)),
                ("held", models.CharField(default="", max_length=200)),
                ("held_count", models.PositiveIntegerField()),
                ("programmes", models.CharField(max_length=300)),
                ("search_key", models.TextField(default="")),
                ("search_pairs", models.TextField(default="")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("quote", "Make a quote"),
                            ("wait-answer", "Wait for the quantities"),
                            ("quote-answered", "Quote what was answered"),
                            ("issue-chosen", "Issue the chosen plan"),
                            ("finish-draft", "Issue the draft"),
                            ("send", "Send the quote"),
                            ("ask-again", "Ask how it stands"),
                            ("quote-again", "Quote anew"),
                            ("record-order", "Record the order"),
                            ("record-loss", "Record the loss"),
                            ("carry-out", "Carry out the order"),
                            ("follow-up", "Follow up"),
                            ("nothing", "Nothing more"),
                        ],
                        max_length=20,
                    ),
                ),
                ("step_on", models.DateField(null=True)),
                ("moved_at", models.DateTimeField(null=True)),
                ("movement", models.CharField(default="", max_length=20)),
                ("quote_key", models.CharField(default="", max_length=36)),
                ("quote_number", models.CharField(default="", max_length=20)),
                ("draft_key", models.CharField(default="", max_length=36)),
                ("follow_up_on", models.DateField(null=True)),
                ("note", models.CharField(default="", max_length=500)),
                ("declined_reason", models.CharField(default="", max_length=500)),
                ("alters_on", models.DateField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="licensing.customer",
                    ),
                ),
                (
                    "licenseid",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="licensing.licenseid",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reseller",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="licensing.reseller",
                    ),
                ),
            ],
            options={
                "verbose_name": "renewal",
                "verbose_name_plural": "renewals",
                "indexes": [
                    models.Index(fields=["reseller", "expires_on", "id"], name="desk_by_expiry"),
                    models.Index(fields=["reseller", "owner", "expires_on", "id"], name="desk_by_owner"),
                    models.Index(fields=["reseller", "stage_place", "expires_on", "id"], name="desk_by_stage"),
                    models.Index(fields=["reseller", "amount", "id"], name="desk_by_amount"),
                    models.Index(fields=["reseller", "customer_order", "id"], name="desk_by_customer"),
                    models.Index(fields=["reseller", "code", "id"], name="desk_by_code"),
                    models.Index(fields=["reseller", "step_on", "id"], name="desk_by_step"),
                    models.Index(fields=["reseller", "moved_at", "id"], name="desk_by_movement"),
                    models.Index(
                        condition=models.Q(("alters_on__isnull", False)),
                        fields=["alters_on", "reseller"],
                        name="desk_by_change",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("licenseid", "expires_on"), name="desk_row_once")],
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("count", models.PositiveIntegerField(verbose_name="renewals told of")),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "morning digest",
                "verbose_name_plural": "morning digests",
                "constraints": [models.UniqueConstraint(fields=("user", "day"), name="digest_once_a_day")],
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
        migrations.CreateModel(
            name="PriceLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="key")),
                ("to", models.CharField(max_length=254, verbose_name="to")),
                ("to_name", models.CharField(blank=True, max_length=100, verbose_name="recipient's name")),
                (
                    "language",
                    models.CharField(
                        choices=[("ja", "Japanese"), ("en", "English")],
                        default="ja",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("queued_at", models.DateTimeField(null=True, verbose_name="queued at")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.batch",
                        verbose_name="background work",
                    ),
                ),
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "mail",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="foundation.outgoingmail",
                        verbose_name="e-mail",
                    ),
                ),
                (
                    "price_list",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="pricing.pricelist",
                        verbose_name="price list",
                    ),
                ),
            ],
            options={
                "verbose_name": "letter about a change of prices",
                "verbose_name_plural": "letters about changes of prices",
                "constraints": [models.UniqueConstraint(fields=("price_list", "customer"), name="price_letter_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="quotedraft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("priced_total__isnull", True),
                    models.Q(("priced_on__isnull", False), ("priced_total__gte", 0)),
                    _connector="OR",
                ),
                name="quote_draft_total_with_day",
                violation_error_message="A draft's total needs the day on which it was calculated.",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotedraft",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_revision", False), ("basis__isnull", False), _connector="OR"),
                name="quote_draft_revision_of_something",
                violation_error_message="A revision needs the quote that it revises.",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotedraft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_revision", True)),
                fields=("basis",),
                name="quote_draft_one_revision",
                violation_error_message="There is a draft of this quote's revision already.",
            ),
        ),
    ]
