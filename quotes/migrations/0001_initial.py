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
        ("foundation", "0002_people"),
        ("licensing", "0001_initial"),
        ("pricing", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                    models.Index(fields=["reseller", "-issued_at"], name="quote_by_reseller"),
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
                    )
                ],
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
                    "quote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="quotes.quote",
                        verbose_name="quote",
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
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                        fields=("reseller", "language"),
                        name="letter_template_one_per_language",
                        violation_error_message="This reseller has a text in this language already.",
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
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
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
                "verbose_name": "status of a quote",
                "verbose_name_plural": "statuses of quotes",
                "indexes": [models.Index(fields=["reseller", "state"], name="quote_status_by_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "superseded"), _negated=True),
                        fields=("reseller", "month", "sequence"),
                        name="quote_one_active_revision",
                        violation_error_message="Only one revision of a number can be the one that counts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["issued", "superseded", "withdrawn", "ordered", "lost"])),
                        name="quote_status_state_known",
                        violation_error_message="Choose one of the states.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True)),
                            models.Q(("answer__in", ["order", "decline"]), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="quote_status_answer_known",
                        violation_error_message="An answer needs the moment at which it came.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["withdrawn", "lost"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="quote_status_reason_given",
                        violation_error_message="Say why.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("carried_out", 0), ("state", "ordered"), _connector="OR"),
                        name="quote_status_carried_out_when_ordered",
                        violation_error_message="Only what was ordered is carried out.",
                    ),
                ],
            },
        ),
    ]
