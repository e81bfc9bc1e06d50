import datetime
import django.core.validators
import django.db.models.deletion
import foundation.text.validators
import pricing.models.golden
import simple_history.models
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("foundation", "0001_tables"),
        ("licensing", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="GoldenCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        help_text="What it guards, for example “120 and 30 together, 3 years”.",
                        max_length=100,
                        unique=True,
                        verbose_name="name",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="internal note")),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Only active cases are checked when a price list is published.",
                        verbose_name="active",
                    ),
                ),
                (
                    "asked",
                    models.JSONField(validators=[pricing.models.golden.check_asked], verbose_name="what is asked"),
                ),
                ("expected", models.JSONField(verbose_name="expected result")),
                ("expected_from", models.CharField(max_length=100, verbose_name="price list")),
                (
                    "vendor_amount",
                    models.PositiveBigIntegerField(
                        blank=True,
                        help_text="Typed by hand, in yen, tax excluded: the case fails where the subtotal differs from it.",
                        null=True,
                        verbose_name="amount the vendor states",
                    ),
                ),
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
            ],
            options={
                "verbose_name": "golden case",
                "verbose_name_plural": "golden cases",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="golden_case_name_not_empty",
                        violation_error_message="Enter the name of the case.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GoldenAcceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("price_list_name", models.CharField(max_length=100, verbose_name="name of the price list")),
                ("expected", models.JSONField(verbose_name="expected result")),
                ("found", models.JSONField(verbose_name="result")),
                ("reason", models.TextField(verbose_name="reason")),
                ("by_name", models.CharField(max_length=100, verbose_name="name")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptances",
                        to="pricing.goldencase",
                        verbose_name="golden case",
                    ),
                ),
            ],
            options={
                "verbose_name": "accepted difference",
                "verbose_name_plural": "accepted differences",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="GoldenChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("published_at", models.DateTimeField(verbose_name="published at")),
                (
                    "acceptance",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="pricing.goldenacceptance",
                        verbose_name="accepted difference",
                    ),
                ),
            ],
            options={
                "verbose_name": "changed expectation",
                "verbose_name_plural": "changed expectations",
                "ordering": ["published_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("acceptance", "published_at"),
                        name="golden_change_once",
                        violation_error_message="This change is noted already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalCostRate",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_user_name", models.CharField(blank=True, max_length=100, verbose_name="changed by")),
                (
                    "percent",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("1")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="cost rate",
                    ),
                ),
                (
                    "effective_on",
                    models.DateField(help_text="The first day of this rate, Japan time.", verbose_name="effective on"),
                ),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="licensing.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="licensing.programme",
                        verbose_name="programme",
                    ),
                ),
                (
                    "reseller",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="licensing.reseller",
                        verbose_name="reseller",
                    ),
                ),
            ],
            options={
                "verbose_name": "change",
                "verbose_name_plural": "changes",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="PriceImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="key")),
                ("file_name", models.CharField(max_length=255, verbose_name="file name")),
                ("content", models.BinaryField(verbose_name="file")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("size", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("name", models.CharField(max_length=100, verbose_name="name of the new draft")),
                ("effective_on", models.DateField(verbose_name="effective on")),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded at")),
                (
                    "new_products",
                    models.JSONField(
                        default=dict,
                        help_text="Products and programmes that the portal does not know; they are made on confirmation.",
                        verbose_name="new products",
                    ),
                ),
                ("is_sample", models.BooleanField(default=False, verbose_name="sample prices")),
                ("error_count", models.PositiveIntegerField(default=0, verbose_name="errors")),
                ("row_count", models.PositiveIntegerField(default=0, verbose_name="rows")),
                (
                    "summary",
                    models.JSONField(
                        default=dict,
                        help_text="How much there is, and what the linter will ask about it, by code.",
                        verbose_name="summary",
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed at")),
                (
                    "check_batch",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.batch",
                        verbose_name="check",
                    ),
                ),
                (
                    "confirm_batch",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.batch",
                        verbose_name="confirmation",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "uploaded price file",
                "verbose_name_plural": "uploaded price files",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ImportProblem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_error", models.BooleanField(default=True, verbose_name="error")),
                (
                    "row",
                    models.PositiveIntegerField(
                        help_text="As spreadsheet programs show it; 0: the whole file.", verbose_name="row"
                    ),
                ),
                ("column", models.CharField(blank=True, max_length=200, verbose_name="column")),
                ("value", models.CharField(blank=True, max_length=200, verbose_name="value")),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "price_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="problems",
                        to="pricing.priceimport",
                        verbose_name="uploaded price file",
                    ),
                ),
            ],
            options={
                "verbose_name": "problem of a price file",
                "verbose_name_plural": "problems of price files",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ImportedTable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("product_code", models.CharField(max_length=40, verbose_name="product code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("added", "added"),
                            ("removed", "removed"),
                            ("changed", "changed"),
                            ("ended", "not sold any more"),
                            ("same", "unchanged"),
                        ],
                        max_length=10,
                        verbose_name="difference",
                    ),
                ),
                ("old", models.JSONField(null=True, verbose_name="before")),
                ("new", models.JSONField(null=True, verbose_name="after")),
                (
                    "largest_percent",
                    models.DecimalField(
                        decimal_places=1, default=0, max_digits=12, verbose_name="largest change of a price in percent"
                    ),
                ),
                (
                    "price_import",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tables",
                        to="pricing.priceimport",
                        verbose_name="uploaded price file",
                    ),
                ),
            ],
            options={
                "verbose_name": "product in a price file",
                "verbose_name_plural": "products in price files",
                "ordering": ["product_code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("price_import", "product_code"),
                        name="imported_table_once",
                        violation_error_message="The product is in this file already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("old__isnull", False), ("new__isnull", False), _connector="OR"),
                        name="imported_table_something",
                        violation_error_message="The product has prices neither before nor after.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PriceList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        help_text="As quotes cite it, for example 2026年10月版.",
                        max_length=100,
                        unique=True,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="name",
                    ),
                ),
                (
                    "name_en",
                    models.CharField(
                        blank=True,
                        help_text="For pages and quotes in English, for example October 2026. Without it the name itself stands there.",
                        max_length=100,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="name (English)",
                    ),
                ),
                (
                    "effective_on",
                    models.DateField(
                        help_text="The first day, Japan time, on which quotes use this list. It holds until the next list's day.",
                        verbose_name="effective on",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="published at"),
                ),
                (
                    "is_sample",
                    models.BooleanField(
                        default=False,
                        help_text="Fictitious prices for trying the portal: every page and every PDF says so.",
                        verbose_name="sample prices",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="internal note")),
                ("withdrawn_on", models.DateField(blank=True, editable=False, null=True, verbose_name="withdrawn on")),
                (
                    "based_on",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        help_text="The list that this one is compared with.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pricing.pricelist",
                        verbose_name="based on",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
            ],
            options={
                "verbose_name": "price list",
                "verbose_name_plural": "price lists",
                "ordering": ["-effective_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("published_at__isnull", False)),
                        fields=("effective_on",),
                        name="price_list_one_published_per_day",
                        violation_error_message="Another published price list takes effect on this day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effective_on__gte", datetime.date(2000, 1, 1)),
                            ("effective_on__lte", datetime.date(2099, 12, 31)),
                        ),
                        name="price_list_day_sensible",
                        violation_error_message="The day must lie between 2000 and 2099. Look for a typo.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="priceimport",
            name="based_on",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="pricing.pricelist",
                verbose_name="based on",
            ),
        ),
        migrations.AddField(
            model_name="priceimport",
            name="draft",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="pricing.pricelist",
                verbose_name="draft made from it",
            ),
        ),
        migrations.AddField(
            model_name="goldenacceptance",
            name="price_list",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="golden_acceptances",
                to="pricing.pricelist",
                verbose_name="price list",
            ),
        ),
        migrations.CreateModel(
            name="EndOfSale",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "since_on",
                    models.DateField(
                        help_text="The first day on which the product is not sold.", verbose_name="not sold since"
                    ),
                ),
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
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        help_text="What takes its place, if anything.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.product",
                        verbose_name="successor",
                    ),
                ),
                (
                    "price_list",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ended",
                        to="pricing.pricelist",
                        verbose_name="price list",
                    ),
                ),
            ],
            options={
                "verbose_name": "product not sold any more",
                "verbose_name_plural": "products not sold any more",
                "ordering": ["product__code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("price_list", "product"),
                        name="end_of_sale_one_per_product",
                        violation_error_message="This price list already says that the product is not sold any more.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("since_on__gte", datetime.date(2000, 1, 1)), ("since_on__lte", datetime.date(2099, 12, 31))
                        ),
                        name="end_of_sale_day_sensible",
                        violation_error_message="The day must lie between 2000 and 2099. Look for a typo.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("successor__isnull", True),
                            models.Q(("successor", models.F("product")), _negated=True),
                            _connector="OR",
                        ),
                        name="end_of_sale_other_successor",
                        violation_error_message="A product cannot be its own successor.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PriceListEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("price_list_name", models.CharField(max_length=100, verbose_name="name of the price list")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("created", "created"),
                            ("copied", "copied from another list"),
                            ("imported", "imported from a file"),
                            ("changed", "changed"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                            ("accepted", "difference accepted"),
                            ("deleted", "draft deleted"),
                            ("registered", "product or programme registered otherwise"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                ("by_name", models.CharField(max_length=100, verbose_name="name")),
                ("detail", models.JSONField(blank=True, default=dict, verbose_name="detail")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "price_list",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="pricing.pricelist",
                        verbose_name="price list",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a price list",
                "verbose_name_plural": "events of price lists",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PriceTable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "minimum_quantity",
                    models.PositiveIntegerField(
                        help_text="Fewer than this cannot be renewed (R8).",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="minimum at renewal",
                    ),
                ),
                (
                    "price_list",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tables",
                        to="pricing.pricelist",
                        verbose_name="price list",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "price table",
                "verbose_name_plural": "price tables",
                "ordering": ["product__code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("price_list", "product"),
                        name="price_table_one_per_product",
                        violation_error_message="This price list already has a table for the product.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minimum_quantity__gte", 1)),
                        name="price_table_minimum_positive",
                        violation_error_message="The minimum at renewal must be at least 1.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PriceRank",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rank",
                    models.CharField(
                        help_text="The rank's code, for example A.",
                        max_length=10,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="rank",
                    ),
                ),
                (
                    "from_quantity",
                    models.PositiveIntegerField(
                        help_text="The rank applies from this quantity until the next rank begins.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="from quantity",
                    ),
                ),
                (
                    "renewal_price",
                    models.PositiveIntegerField(
                        help_text="Yen per license per year, tax excluded.", verbose_name="renewal price"
                    ),
                ),
                (
                    "addition_price",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Yen per added license for its first year, tax excluded. Empty: the product cannot be added.",
                        null=True,
                        verbose_name="addition price",
                    ),
                ),
                (
                    "price_table",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ranks",
                        to="pricing.pricetable",
                        verbose_name="price table",
                    ),
                ),
            ],
            options={
                "verbose_name": "price rank",
                "verbose_name_plural": "price ranks",
                "ordering": ["from_quantity"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("price_table", "rank"),
                        name="price_rank_one_per_code",
                        violation_error_message="The table already has a rank with this code.",
                    ),
                    models.UniqueConstraint(
                        fields=("price_table", "from_quantity"),
                        name="price_rank_one_per_quantity",
                        violation_error_message="The table already has a rank from this quantity.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_quantity__gte", 1)),
                        name="price_rank_quantity_positive",
                        violation_error_message="A rank begins at 1 or more.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("renewal_price__lte", 99999999),
                            models.Q(
                                ("addition_price__isnull", True), ("addition_price__lte", 99999999), _connector="OR"
                            ),
                        ),
                        name="price_rank_prices_sensible",
                        violation_error_message="A unit price must be at most 99,999,999 yen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rank", ""), _negated=True),
                        name="price_rank_code_not_empty",
                        violation_error_message="Enter the rank's code.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MultiYearDiscount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "years",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(6),
                        ],
                        verbose_name="years",
                    ),
                ),
                (
                    "percent",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.01")),
                            django.core.validators.MaxValueValidator(Decimal("99.99")),
                        ],
                        verbose_name="discount in percent",
                    ),
                ),
                (
                    "price_table",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="multi_year_discounts",
                        to="pricing.pricetable",
                        verbose_name="price table",
                    ),
                ),
            ],
            options={
                "verbose_name": "multi-year discount",
                "verbose_name_plural": "multi-year discounts",
                "ordering": ["years"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("price_table", "years"),
                        name="multi_year_discount_one_per_years",
                        violation_error_message="The table already has a discount for this number of years.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("years__gte", 2), ("years__lte", 6)),
                        name="multi_year_discount_years_range",
                        violation_error_message="A multi-year discount is for 2 to 6 years.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gt", 0), ("percent__lt", 100)),
                        name="multi_year_discount_percent_range",
                        violation_error_message="The discount must be more than 0 and less than 100 percent.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "category",
                    models.CharField(
                        default="standard",
                        help_text="Products name the category they fall under.",
                        max_length=20,
                        verbose_name="tax category",
                    ),
                ),
                (
                    "percent",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(Decimal("99.99")),
                        ],
                        verbose_name="percent",
                    ),
                ),
                (
                    "effective_on",
                    models.DateField(help_text="The first day of this rate.", verbose_name="effective on"),
                ),
                ("withdrawn_on", models.DateField(blank=True, editable=False, null=True, verbose_name="withdrawn on")),
            ],
            options={
                "verbose_name": "tax rate",
                "verbose_name_plural": "tax rates",
                "ordering": ["category", "-effective_on"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_on__isnull", True)),
                        fields=("category", "effective_on"),
                        name="tax_rate_one_per_day",
                        violation_error_message="This tax category already has a rate from this day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 0), ("percent__lt", 100)),
                        name="tax_rate_percent_range",
                        violation_error_message="A tax rate is at least 0 and less than 100 percent.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_on__isnull", True),
                            ("withdrawn_on__lt", models.F("effective_on")),
                            _connector="OR",
                        ),
                        name="tax_rate_withdrawn_before_its_day",
                        violation_error_message="A tax rate can only be withdrawn before its first day.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CostRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "percent",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("1")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="cost rate",
                    ),
                ),
                (
                    "effective_on",
                    models.DateField(help_text="The first day of this rate, Japan time.", verbose_name="effective on"),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.programme",
                        verbose_name="programme",
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
                "verbose_name": "cost rate",
                "verbose_name_plural": "cost rates",
                "ordering": ["-effective_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("product__isnull", False), ("programme__isnull", True)),
                            models.Q(("product__isnull", True), ("programme__isnull", False)),
                            _connector="OR",
                        ),
                        name="cost_rate_of_one_thing",
                        violation_error_message="A cost rate is of a product or of a programme, one of the two.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", Decimal("1")), ("percent__lte", Decimal("100"))),
                        name="cost_rate_percent_range",
                        violation_error_message="A cost rate is 1 to 100 percent of the list price.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effective_on__gte", datetime.date(2000, 1, 1)),
                            ("effective_on__lte", datetime.date(2099, 12, 31)),
                        ),
                        name="cost_rate_day_sensible",
                        violation_error_message="The day must lie between 2000 and 2099. Look for a typo.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("product__isnull", False)),
                        fields=("reseller", "product", "effective_on"),
                        name="cost_rate_one_per_product_and_day",
                        violation_error_message="The product already has a cost rate from this day. Change that one.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("programme__isnull", False)),
                        fields=("reseller", "programme", "effective_on"),
                        name="cost_rate_one_per_programme_and_day",
                        violation_error_message="The programme already has a cost rate from this day. Change that one.",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="priceimport",
            index=models.Index(fields=["sha256"], name="price_import_by_content"),
        ),
        migrations.AddConstraint(
            model_name="goldenacceptance",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="golden_acceptance_has_reason",
                violation_error_message="Write why the difference is right.",
            ),
        ),
    ]
