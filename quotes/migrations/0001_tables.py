import django.db.models.deletion
import django.db.models.expressions
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
    ]

    operations = [
        migrations.CreateModel(
            name="Comparison",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(editable=False, unique=True, verbose_name="key")),
                ("made_by_name", models.CharField(max_length=100, verbose_name="made by")),
                ("month", models.CharField(max_length=4, verbose_name="month")),
                ("sequence", models.PositiveIntegerField(verbose_name="number in the month")),
                ("number", models.CharField(max_length=20, verbose_name="number")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("made_on", models.DateField(verbose_name="day")),
                ("valid_until", models.DateField(verbose_name="prices hold until")),
                ("retain_until", models.DateField(verbose_name="kept until")),
                ("customer_name", models.CharField(max_length=200, verbose_name="customer")),
                ("license_codes", models.TextField(verbose_name="license IDs")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("is_sample", models.BooleanField(verbose_name="sample prices")),
                ("document", models.JSONField(verbose_name="the document")),
                ("content", models.BinaryField(verbose_name="PDF")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "search_key",
                    foundation.text.search.SearchKeyField(
                        sources=("number", "customer_name", "license_codes", "subject")
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comparisons",
                        to="licensing.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
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
                        related_name="comparisons",
                        to="licensing.reseller",
                        verbose_name="reseller",
                    ),
                ),
            ],
            options={
                "verbose_name": "comparison",
                "verbose_name_plural": "comparisons",
                "ordering": ["-made_at", "-pk"],
                "indexes": [
                    models.Index(fields=["reseller", "-made_at", "-id"], name="comparison_in_order"),
                    models.Index(fields=["customer", "-made_at"], name="comparison_by_customer"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reseller", "month", "sequence"),
                        name="comparison_number_unique",
                        violation_error_message="This number has been given already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_until__gte", models.F("made_on"))),
                        name="comparison_valid_from_its_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retain_until__gte", models.F("valid_until"))),
                        name="comparison_kept_while_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256", ""), _negated=True), name="comparison_has_hash"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EventChain",
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
                ("last_position", models.PositiveBigIntegerField(default=0, verbose_name="last position")),
                ("last_hash", models.CharField(blank=True, default="", max_length=64, verbose_name="last hash")),
            ],
            options={
                "verbose_name": "event log",
                "verbose_name_plural": "event logs",
            },
        ),
        migrations.CreateModel(
            name="Quote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(editable=False, unique=True, verbose_name="key")),
                ("month", models.CharField(max_length=4, verbose_name="month")),
                ("sequence", models.PositiveIntegerField(verbose_name="number in the month")),
                ("revision", models.PositiveSmallIntegerField(default=0, verbose_name="revision")),
                ("number", models.CharField(max_length=20, verbose_name="number")),
                (
                    "check_code",
                    models.CharField(editable=False, max_length=12, null=True, unique=True, verbose_name="check code"),
                ),
                ("issued_at", models.DateTimeField(verbose_name="issued at")),
                ("issued_on", models.DateField(verbose_name="issue day")),
                ("valid_until", models.DateField(verbose_name="valid until")),
                ("retain_until", models.DateField(verbose_name="kept until")),
                ("customer_name", models.CharField(max_length=200, verbose_name="customer")),
                ("license_codes", models.TextField(verbose_name="license IDs")),
                ("issued_by_name", models.CharField(max_length=100, verbose_name="issued by")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("is_sample", models.BooleanField(verbose_name="sample prices")),
                ("subtotal", models.BigIntegerField(verbose_name="subtotal")),
                ("tax", models.BigIntegerField(verbose_name="tax")),
                ("total", models.BigIntegerField(verbose_name="total")),
                ("asked", models.JSONField(verbose_name="what was wanted")),
                ("document", models.JSONField(verbose_name="the document")),
                ("acknowledged", models.JSONField(verbose_name="warnings read")),
                ("trace", models.JSONField(verbose_name="calculation")),
                (
                    "search_key",
                    foundation.text.search.SearchKeyField(
                        sources=("number", "customer_name", "license_codes", "subject")
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotes",
                        to="licensing.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="issued by",
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
                        related_name="quotes",
                        to="licensing.reseller",
                        verbose_name="reseller",
                    ),
                ),
                (
                    "revises",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revised_by",
                        to="quotes.quote",
                        verbose_name="revises",
                    ),
                ),
            ],
            options={
                "verbose_name": "quote",
                "verbose_name_plural": "quotes",
                "ordering": ["-issued_at", "-pk"],
                "indexes": [
                    models.Index(fields=["reseller", "-issued_at", "-id"], name="quote_in_order"),
                    models.Index(fields=["reseller", "-issued_on", "-issued_at", "-id"], name="quote_by_day_in_order"),
                    models.Index(fields=["reseller", "valid_until"], name="quote_by_validity"),
                    models.Index(fields=["reseller", "issued_by_name"], name="quote_by_issuer"),
                    models.Index(fields=["reseller", "issued_on", "total"], name="quote_by_day"),
                    models.Index(fields=["reseller", "total"], name="quote_by_total"),
                    models.Index(fields=["customer", "issued_on"], name="quote_by_customer"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reseller", "month", "sequence", "revision"),
                        name="quote_number_unique",
                        violation_error_message="This quote number has been given already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "total",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("subtotal"), "+", models.F("tax")
                                ),
                            )
                        ),
                        name="quote_total_is_sum",
                        violation_error_message="The total must be the subtotal and the tax.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subtotal__gte", 0), ("tax__gte", 0)),
                        name="quote_amounts_not_negative",
                        violation_error_message="A quote's amounts are never negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_until__gte", models.F("issued_on"))),
                        name="quote_valid_from_issue",
                        violation_error_message="A quote is valid at least on its issue day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retain_until__gte", models.F("valid_until"))),
                        name="quote_retained_while_valid",
                        violation_error_message="A quote is kept at least as long as it is valid.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revises__isnull", True), ("revision", 0)),
                            models.Q(("revises__isnull", False), ("revision__gte", 1)),
                            _connector="OR",
                        ),
                        name="quote_first_revises_nothing",
                        violation_error_message="Every revision but the first revises the one before it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComparedLicenseID",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("license_code", models.CharField(max_length=40, verbose_name="code of the license ID")),
                (
                    "licenseid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="compared",
                        to="licensing.licenseid",
                        verbose_name="license ID",
                    ),
                ),
                (
                    "comparison",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="license_ids",
                        to="quotes.comparison",
                        verbose_name="comparison",
                    ),
                ),
            ],
            options={
                "verbose_name": "license ID of a comparison",
                "verbose_name_plural": "license IDs of comparisons",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("comparison", "position"), name="compared_license_id_position"),
                    models.UniqueConstraint(fields=("comparison", "licenseid"), name="compared_license_id_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Alternative",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("label", models.CharField(blank=True, default="", max_length=30, verbose_name="short label")),
                ("asked", models.JSONField(verbose_name="what was wanted")),
                ("subtotal", models.BigIntegerField(verbose_name="subtotal")),
                ("tax", models.BigIntegerField(verbose_name="tax")),
                ("total", models.BigIntegerField(verbose_name="total")),
                (
                    "comparison",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alternatives",
                        to="quotes.comparison",
                        verbose_name="comparison",
                    ),
                ),
            ],
            options={
                "verbose_name": "alternative",
                "verbose_name_plural": "alternatives",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("comparison", "position"), name="alternative_position_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 1), ("position__lte", 6)),
                        name="alternative_position_counts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "total",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("subtotal"), "+", models.F("tax")
                                ),
                            )
                        ),
                        name="alternative_total_is_sum",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subtotal__gte", 0), ("tax__gte", 0)),
                        name="alternative_amounts_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComparisonNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.CharField(max_length=4, verbose_name="month")),
                ("last", models.PositiveIntegerField(default=0, verbose_name="last number")),
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
                "verbose_name": "comparison number",
                "verbose_name_plural": "comparison numbers",
                "constraints": [
                    models.UniqueConstraint(fields=("reseller", "month"), name="comparison_number_one_per_month")
                ],
            },
        ),
        migrations.CreateModel(
            name="FieldOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("table", "own table"), ("entry", "entry sheet")],
                        max_length=10,
                        verbose_name="purpose",
                    ),
                ),
                ("columns", models.JSONField(verbose_name="columns")),
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
                "verbose_name": "choice of fields",
                "verbose_name_plural": "choices of fields",
                "constraints": [
                    models.UniqueConstraint(fields=("reseller", "purpose"), name="field_order_one_for_a_purpose"),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["table", "entry"])), name="field_order_purpose_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(default="quote", max_length=20, verbose_name="kind")),
                (
                    "language",
                    models.CharField(
                        choices=[("ja", "Japanese"), ("en", "English")], max_length=2, verbose_name="language"
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        max_length=200,
                        validators=[foundation.text.validators.validate_one_line],
                        verbose_name="subject",
                    ),
                ),
                ("body", models.TextField(max_length=5000, verbose_name="text")),
                ("saved_at", models.DateTimeField(verbose_name="saved at")),
                (
                    "reseller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letter_templates",
                        to="licensing.reseller",
                        verbose_name="reseller",
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
                "verbose_name": "e-mail template",
                "verbose_name_plural": "e-mail templates",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reseller", "kind", "language"),
                        name="letter_template_one_of_a_kind",
                        violation_error_message="This reseller has a text of this kind in this language already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["ja", "en"])),
                        name="letter_template_language_known",
                        violation_error_message="Choose Japanese or English.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("subject", ""), _negated=True), models.Q(("body", ""), _negated=True)
                        ),
                        name="letter_template_not_empty",
                        violation_error_message="Enter subject and text.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuoteOrigin",
            fields=[
                (
                    "quote",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="origin",
                        serialize=False,
                        to="quotes.quote",
                        verbose_name="quote",
                    ),
                ),
                ("is_as_compared", models.BooleanField(verbose_name="as it was compared")),
            ],
            options={
                "verbose_name": "origin of a quote",
                "verbose_name_plural": "origins of quotes",
            },
        ),
        migrations.CreateModel(
            name="QuoteStatus",
            fields=[
                (
                    "quote",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="status",
                        serialize=False,
                        to="quotes.quote",
                        verbose_name="quote",
                    ),
                ),
                ("month", models.CharField(max_length=4, verbose_name="month")),
                ("sequence", models.PositiveIntegerField(verbose_name="number in the month")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("issued", "issued"),
                            ("superseded", "superseded"),
                            ("withdrawn", "withdrawn"),
                            ("ordered", "ordered"),
                            ("lost", "lost"),
                        ],
                        default="issued",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("ordered_on", models.DateField(null=True, verbose_name="order day")),
                (
                    "order_number",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="customer's order number"),
                ),
                ("order_key", foundation.text.search.SearchKeyField(sources=("order_number",))),
                ("carried_out", models.PositiveSmallIntegerField(default=0, verbose_name="license IDs carried out")),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("", "no answer"), ("order", "wishes to order"), ("decline", "declined")],
                        default="",
                        max_length=10,
                        verbose_name="customer's answer",
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered at")),
            ],
            options={
                "verbose_name": "status of a quote",
                "verbose_name_plural": "statuses of quotes",
            },
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
                        db_index=False,
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
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(editable=False, unique=True, verbose_name="key")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("number", models.CharField(max_length=30, verbose_name="number")),
                ("ordered_on", models.DateField(verbose_name="order day")),
                (
                    "order_number",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="customer's order number"),
                ),
                ("content", models.BinaryField(verbose_name="PDF")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "check_code",
                    models.CharField(editable=False, max_length=12, null=True, unique=True, verbose_name="check code"),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acknowledgements",
                        to="quotes.quote",
                        verbose_name="quote",
                    ),
                ),
            ],
            options={
                "verbose_name": "acknowledgement of an order",
                "verbose_name_plural": "acknowledgements of orders",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("quote", "position"), name="acknowledgement_position_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 1)), name="acknowledgement_position_counts"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256", ""), _negated=True), name="acknowledgement_has_hash"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuoteCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reseller", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("issued", "issued"),
                            ("superseded", "superseded"),
                            ("withdrawn", "withdrawn"),
                            ("ordered", "ordered"),
                            ("lost", "lost"),
                        ],
                        max_length=10,
                    ),
                ),
                ("valid_until", models.DateField(null=True)),
                ("quotes", models.IntegerField()),
                ("yen", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "count of quotes",
                "verbose_name_plural": "counts of quotes",
                "indexes": [models.Index(fields=["reseller", "state", "valid_until"], name="quote_count_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "issued"), ("valid_until__isnull", False)),
                            models.Q(models.Q(("state", "issued"), _negated=True), ("valid_until", None)),
                            _connector="OR",
                        ),
                        name="quote_count_of_a_day",
                        violation_error_message="A count of issued quotes has a day, others have none.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QuoteDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.BinaryField(verbose_name="PDF")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "quote",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pdf",
                        to="quotes.quote",
                        verbose_name="quote",
                    ),
                ),
            ],
            options={
                "verbose_name": "quote document",
                "verbose_name_plural": "quote documents",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256", ""), _negated=True), name="quote_document_has_hash"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QuoteNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.CharField(max_length=4, verbose_name="month")),
                ("last", models.PositiveIntegerField(default=0, verbose_name="last number")),
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
                "verbose_name": "quote number",
                "verbose_name_plural": "quote numbers",
                "constraints": [
                    models.UniqueConstraint(fields=("reseller", "month"), name="quote_number_one_per_month")
                ],
            },
        ),
        migrations.CreateModel(
            name="QuotePart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("license_code", models.CharField(max_length=40, verbose_name="code of the license ID")),
                ("years", models.PositiveSmallIntegerField(verbose_name="years")),
                ("is_reduced", models.BooleanField(verbose_name="reduced renewal")),
                ("subtotal", models.BigIntegerField(verbose_name="subtotal")),
                (
                    "licenseid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quote_parts",
                        to="licensing.licenseid",
                        verbose_name="license ID",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="quotes.quote",
                        verbose_name="quote",
                    ),
                ),
            ],
            options={
                "verbose_name": "license ID of a quote",
                "verbose_name_plural": "license IDs of quotes",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("quote", "position"), name="quote_part_position_unique"),
                    models.UniqueConstraint(fields=("quote", "licenseid"), name="quote_part_license_id_once"),
                    models.CheckConstraint(
                        condition=models.Q(("years__gte", 1), ("years__lte", 6)),
                        name="quote_part_years_range",
                        violation_error_message="The term must be 1 to 6 years (R1).",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subtotal__gte", 0)), name="quote_part_amount_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuoteMargin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[("quoted", "quoted"), ("ordered", "ordered"), ("carried_out", "carried out")],
                        max_length=12,
                        verbose_name="stage",
                    ),
                ),
                ("rates_on", models.DateField(verbose_name="day")),
                ("is_taken_back", models.BooleanField(default=False, verbose_name="taken back")),
                ("lines", models.JSONField(default=list, verbose_name="lines")),
                ("reduction", models.BigIntegerField(default=0, verbose_name="reduction")),
                ("subtotal", models.BigIntegerField(default=0, verbose_name="subtotal")),
                ("covered", models.BigIntegerField(default=0, verbose_name="of which with a cost rate")),
                ("cost", models.BigIntegerField(default=0, verbose_name="cost")),
                (
                    "uncovered_lines",
                    models.PositiveSmallIntegerField(default=0, verbose_name="lines without a cost rate"),
                ),
                ("salt", models.CharField(max_length=32, verbose_name="salt")),
                (
                    "quote",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="margins",
                        to="quotes.quote",
                        verbose_name="quote",
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
                    "part",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="quotes.quotepart",
                        verbose_name="license ID of a quote",
                    ),
                ),
            ],
            options={
                "verbose_name": "margin of a quote",
                "verbose_name_plural": "margins of quotes",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(fields=["reseller", "stage", "rates_on"], name="quote_margin_by_day"),
                    models.Index(fields=["quote", "stage", "part"], name="quote_margin_by_stage"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ["quoted", "ordered", "carried_out"])),
                        name="quote_margin_stage_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("part__isnull", False), ("stage", "carried_out")),
                            models.Q(("part__isnull", True), models.Q(("stage", "carried_out"), _negated=True)),
                            _connector="OR",
                        ),
                        name="quote_margin_part_when_carried_out",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cost__gte", 0), ("covered__gte", 0), ("reduction__gte", 0), ("subtotal__gte", 0)
                        ),
                        name="quote_margin_amounts_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("salt", ""), _negated=True),
                        name="quote_margin_salted",
                        violation_error_message="A margin needs its salt.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuoteLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("renewal", "renewal"),
                            ("reduced_renewal", "reduced renewal"),
                            ("addition", "addition"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("product_code", models.CharField(max_length=40, verbose_name="product code")),
                ("product_name", models.CharField(max_length=200, verbose_name="product name")),
                ("unit", models.CharField(max_length=40, verbose_name="unit")),
                ("held_quantity", models.PositiveIntegerField(null=True, verbose_name="held quantity")),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                ("rank", models.CharField(max_length=10, verbose_name="rank")),
                ("renewal_price", models.PositiveIntegerField(verbose_name="renewal price")),
                ("addition_price", models.PositiveIntegerField(null=True, verbose_name="addition price")),
                ("years", models.PositiveSmallIntegerField(verbose_name="years")),
                (
                    "discount_percent",
                    models.DecimalField(decimal_places=2, max_digits=5, null=True, verbose_name="discount in percent"),
                ),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                ("support_expires_on", models.DateField(null=True, verbose_name="support expiry")),
                ("term_from", models.DateField(verbose_name="term from")),
                ("term_until", models.DateField(verbose_name="term until")),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="quotes.quote",
                        verbose_name="quote",
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="quotes.quotepart",
                        verbose_name="license ID of a quote",
                    ),
                ),
            ],
            options={
                "verbose_name": "quote line",
                "verbose_name_plural": "quote lines",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("quote", "position"), name="quote_line_position_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 1)), name="quote_line_quantity_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="quote_line_amount_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("term_from__lte", models.F("term_until"))), name="quote_line_term_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["renewal", "reduced_renewal", "addition"])),
                        name="quote_line_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuotedHolding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("holding", models.BigIntegerField(db_index=True, verbose_name="holding")),
                ("term_from", models.DateField(verbose_name="term from")),
                ("term_until", models.DateField(null=True, verbose_name="term until")),
                (
                    "quote",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="quotes.quote",
                        verbose_name="quote",
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="quotes.quotepart",
                        verbose_name="license ID of a quote",
                    ),
                ),
            ],
            options={
                "verbose_name": "quoted holding",
                "verbose_name_plural": "quoted holdings",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("quote", "holding"), name="quoted_holding_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("term_until__isnull", True), ("term_from__lte", models.F("term_until")), _connector="OR"
                        ),
                        name="quoted_holding_term_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecordExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="key")),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("zip", "ZIP: the PDFs and an index"),
                            ("xlsx", "XLSX: the index"),
                            ("csv", "CSV: the index, UTF-8"),
                            ("cp932", "CSV: the index, Shift_JIS (cp932)"),
                        ],
                        max_length=10,
                        verbose_name="format",
                    ),
                ),
                ("criteria", models.JSONField(default=dict, verbose_name="searched for")),
                ("quote_count", models.PositiveIntegerField(verbose_name="quotes")),
                ("file_name", models.CharField(blank=True, max_length=100, verbose_name="file")),
                ("facts", models.JSONField(default=dict, verbose_name="result")),
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.batch",
                        verbose_name="background work",
                    ),
                ),
                (
                    "reseller",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.reseller",
                        verbose_name="reseller",
                    ),
                ),
            ],
            options={
                "verbose_name": "export of records",
                "verbose_name_plural": "exports of records",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ["zip", "xlsx", "csv", "cp932"])),
                        name="record_export_form_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShareLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "token_hash",
                    models.CharField(editable=False, max_length=64, unique=True, verbose_name="hash of the token"),
                ),
                ("recipient", models.CharField(blank=True, max_length=200, verbose_name="for whom")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("expires_on", models.DateField(verbose_name="expires on")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="revoked at")),
                ("max_downloads", models.PositiveIntegerField(null=True, verbose_name="downloads allowed")),
                ("downloads", models.PositiveIntegerField(default=0, verbose_name="downloads")),
                (
                    "comparison",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="share_links",
                        to="quotes.comparison",
                        verbose_name="comparison",
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
                    "quote",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="share_links",
                        to="quotes.quote",
                        verbose_name="quote",
                    ),
                ),
            ],
            options={
                "verbose_name": "share link",
                "verbose_name_plural": "share links",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("max_downloads__isnull", True),
                            ("downloads__lte", models.F("max_downloads")),
                            _connector="OR",
                        ),
                        name="share_link_downloads_within_limit",
                        violation_error_message="This link's downloads are used up.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("comparison__isnull", True), ("quote__isnull", False)),
                            models.Q(("comparison__isnull", False), ("quote__isnull", True)),
                            _connector="OR",
                        ),
                        name="share_link_to_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuoteLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mail",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="foundation.outgoingmail",
                        verbose_name="e-mail",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="quotes.quote",
                        verbose_name="quote",
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="quotes.sharelink",
                        verbose_name="share link",
                    ),
                ),
            ],
            options={
                "verbose_name": "quote in an e-mail",
                "verbose_name_plural": "quotes in e-mails",
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("mail", "quote"), name="quote_letter_once")],
            },
        ),
        migrations.CreateModel(
            name="QuoteEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("issued", "issued"),
                            ("superseded", "superseded by a revision"),
                            ("withdrawn", "withdrawn"),
                            ("ordered", "recorded as ordered"),
                            ("lost", "recorded as lost"),
                            ("order_file_kept", "file of the order kept"),
                            ("order_acknowledged", "acknowledgement of the order made"),
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
                            ("compared", "comparison made"),
                            ("chosen", "alternative chosen by the customer"),
                            ("quoted", "quote issued from the comparison"),
                            ("clock_confirmed", "clock confirmed by the operator"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("by_name", models.CharField(max_length=200, verbose_name="by")),
                ("ip", models.GenericIPAddressField(null=True, verbose_name="IP address")),
                ("user_agent", models.CharField(blank=True, default="", max_length=300, verbose_name="browser")),
                ("detail", models.JSONField(default=dict, verbose_name="details")),
                ("position", models.PositiveBigIntegerField(verbose_name="position")),
                ("previous_hash", models.CharField(blank=True, max_length=64, verbose_name="hash of the entry before")),
                ("hash", models.CharField(max_length=64, verbose_name="hash")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "comparison",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="quotes.comparison",
                        verbose_name="comparison",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="quotes.quote",
                        verbose_name="quote",
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
                    "link",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="quotes.sharelink",
                        verbose_name="share link",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("reseller", "position"), name="quote_event_position_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("position", 1), ("previous_hash", "")),
                            models.Q(("position__gt", 1), models.Q(("previous_hash", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="quote_event_first_follows_nothing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hash", ""), _negated=True), name="quote_event_has_hash"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("comparison__isnull", True), ("quote__isnull", False)),
                            models.Q(("comparison__isnull", False), ("quote__isnull", True)),
                            _connector="OR",
                        ),
                        name="quote_event_of_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComparisonStatus",
            fields=[
                (
                    "comparison",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="status",
                        serialize=False,
                        to="quotes.comparison",
                        verbose_name="comparison",
                    ),
                ),
                ("chosen_at", models.DateTimeField(null=True, verbose_name="chosen at")),
                ("chosen_by_name", models.CharField(blank=True, default="", max_length=200, verbose_name="chosen by")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="withdrawn at")),
                ("reason", models.CharField(blank=True, default="", max_length=500, verbose_name="reason")),
                (
                    "chosen",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="quotes.alternative",
                        verbose_name="chosen alternative",
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
                "verbose_name": "status of a comparison",
                "verbose_name_plural": "statuses of comparisons",
                "indexes": [
                    models.Index(
                        condition=models.Q(("chosen_at__isnull", False)),
                        fields=["reseller", "chosen_at"],
                        name="comparison_chosen",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("chosen__isnull", True), ("chosen_at__isnull", True), ("chosen_by_name", "")),
                            models.Q(("chosen__isnull", False), ("chosen_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="comparison_chosen_by_somebody",
                        violation_error_message="A choice needs the moment at which it came.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), ("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="comparison_withdrawn_with_reason",
                        violation_error_message="Say why.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="quoteorigin",
            name="alternative",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="origins",
                to="quotes.alternative",
                verbose_name="alternative",
            ),
        ),
        migrations.AddField(
            model_name="quotestatus",
            name="changed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="changed by",
            ),
        ),
        migrations.AddField(
            model_name="quotestatus",
            name="reseller",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="licensing.reseller",
                verbose_name="reseller",
            ),
        ),
        migrations.AddIndex(
            model_name="quotestatus",
            index=models.Index(fields=["reseller", "state"], name="quote_status_by_state"),
        ),
        migrations.AddIndex(
            model_name="quotestatus",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", False), ("state", "issued")),
                fields=["reseller", "answered_at"],
                name="quote_status_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotestatus",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "superseded"), _negated=True),
                fields=("reseller", "month", "sequence"),
                name="quote_one_active_revision",
                violation_error_message="Only one revision of a number can be the one that counts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotestatus",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["issued", "superseded", "withdrawn", "ordered", "lost"])),
                name="quote_status_state_known",
                violation_error_message="Choose one of the states.",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotestatus",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at__isnull", True)),
                    models.Q(("answer__in", ["order", "decline"]), ("answered_at__isnull", False)),
                    _connector="OR",
                ),
                name="quote_status_answer_known",
                violation_error_message="An answer needs the moment at which it came.",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotestatus",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["withdrawn", "lost"]), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="quote_status_reason_given",
                violation_error_message="Say why.",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotestatus",
            constraint=models.CheckConstraint(
                condition=models.Q(("carried_out", 0), ("state", "ordered"), _connector="OR"),
                name="quote_status_carried_out_when_ordered",
                violation_error_message="Only what was ordered is carried out.",
            ),
        ),
    ]
