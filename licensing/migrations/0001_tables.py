import datetime
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import foundation.text.search
import foundation.text.validators
import licensing.models.people
import licensing.models.validators
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("foundation", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomerCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reseller", models.BigIntegerField(db_index=True)),
                ("customers", models.IntegerField()),
            ],
            options={
                "verbose_name": "count of customers",
                "verbose_name_plural": "counts of customers",
            },
        ),
        migrations.CreateModel(
            name="HistoricalProgramme",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_user_name", models.CharField(blank=True, max_length=100, verbose_name="changed by")),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                (
                    "name",
                    models.CharField(
                        max_length=100, validators=[foundation.text.validators.validate_printable], verbose_name="name"
                    ),
                ),
                (
                    "name_en",
                    models.CharField(
                        blank=True,
                        max_length=100,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="name (English)",
                    ),
                ),
                (
                    "rank_basis",
                    models.CharField(
                        choices=[
                            ("own_quantity", "each product by its own quantity (R5)"),
                            ("largest_product", "all its products by the largest product's quantity (R6)"),
                        ],
                        default="own_quantity",
                        help_text="By the largest product: the one with the largest quantity in a license ID decides the rank of all products of the programme.",
                        max_length=20,
                        verbose_name="how ranks are decided",
                    ),
                ),
                (
                    "most_years",
                    models.PositiveSmallIntegerField(
                        default=6,
                        help_text="The longest term for which its products can be renewed, 1 to 6 years (R1).",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(6),
                        ],
                        verbose_name="most years",
                    ),
                ),
                (
                    "late_renewal_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="How many days after the support expiry a renewal is still possible; after them it is refused (R13). 0: not at all. Empty: no last day is known, and a late renewal only warns.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(3650)],
                        verbose_name="late renewals, in days",
                    ),
                ),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
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
            name="HistoricalReseller",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_user_name", models.CharField(blank=True, max_length=100, verbose_name="changed by")),
                (
                    "code",
                    models.SlugField(
                        db_index=False,
                        help_text="Short name in Latin letters; never shown to customers.",
                        max_length=40,
                        verbose_name="code",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="The formal name, as it is to be printed on quotes.",
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="company name",
                    ),
                ),
                (
                    "name_en",
                    models.CharField(
                        blank=True,
                        help_text="For quotes in English. Without it they show the Japanese name.",
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="company name (English)",
                    ),
                ),
                (
                    "postal_code",
                    models.CharField(
                        blank=True,
                        max_length=8,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9]{3}-[0-9]{4}\\Z", "Write the postal code as 123-4567."
                            )
                        ],
                        verbose_name="postal code",
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        blank=True,
                        max_length=300,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="address",
                    ),
                ),
                (
                    "address_en",
                    models.CharField(
                        blank=True,
                        help_text="For quotes in English, with “Japan”. Without it they show the Japanese address.",
                        max_length=300,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="address (English)",
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        max_length=30,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="telephone",
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True,
                        max_length=254,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="e-mail",
                    ),
                ),
                (
                    "registration_number",
                    models.CharField(
                        blank=True,
                        help_text="T and 13 digits; the check digit is verified. Printed on quotes if set.",
                        max_length=14,
                        validators=[licensing.models.validators.validate_registration_number],
                        verbose_name="qualified-invoice number",
                    ),
                ),
                (
                    "seal",
                    models.TextField(
                        blank=True,
                        help_text="The company’s seal (角印): a PNG with a transparent background, or a JPEG. Without it, quotes say 押印省略 (seal omitted).",
                        max_length=100,
                        validators=[
                            django.core.validators.FileExtensionValidator(["png", "jpg", "jpeg", "svg"]),
                            licensing.models.validators.validate_image,
                        ],
                        verbose_name="seal image",
                    ),
                ),
                (
                    "logo",
                    models.TextField(
                        blank=True,
                        max_length=100,
                        validators=[
                            django.core.validators.FileExtensionValidator(["png", "jpg", "jpeg", "svg"]),
                            licensing.models.validators.validate_image,
                        ],
                        verbose_name="logo",
                    ),
                ),
                (
                    "delivery",
                    models.CharField(
                        blank=True,
                        help_text="When and how it is delivered, as printed on quotes.",
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="delivery",
                    ),
                ),
                (
                    "delivery_en",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="delivery (English)",
                    ),
                ),
                (
                    "payment_terms",
                    models.CharField(
                        blank=True,
                        help_text="As printed on quotes.",
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="payment terms",
                    ),
                ),
                (
                    "payment_terms_en",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="payment terms (English)",
                    ),
                ),
                (
                    "remarks",
                    models.TextField(
                        blank=True,
                        help_text="Under the remarks of each quote, below the note to the customer.",
                        max_length=1000,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="remarks",
                    ),
                ),
                (
                    "remarks_en",
                    models.TextField(
                        blank=True,
                        max_length=1000,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="remarks (English)",
                    ),
                ),
                (
                    "bank_name",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="bank",
                    ),
                ),
                (
                    "bank_branch",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="branch",
                    ),
                ),
                (
                    "bank_account_kind",
                    models.CharField(
                        choices=[("ordinary", "ordinary account"), ("current", "current account")],
                        default="ordinary",
                        max_length=8,
                        verbose_name="kind of account",
                    ),
                ),
                (
                    "bank_account_number",
                    models.CharField(
                        blank=True,
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9]{4,7}\\Z", "Write the account number in 4 to 7 digits."
                            )
                        ],
                        verbose_name="account number",
                    ),
                ),
                (
                    "bank_account_holder",
                    models.CharField(
                        blank=True,
                        help_text="As the bank writes it, for example アオバミホンシステム（カ.",
                        max_length=60,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="account holder (kana)",
                    ),
                ),
                (
                    "bank_name_en",
                    models.CharField(
                        blank=True,
                        help_text="On quotes in English, for example Sample Bank. Empty: as above.",
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[ -~]*\\Z", "Write it in English letters, for example Sample Bank."
                            )
                        ],
                        verbose_name="bank (English)",
                    ),
                ),
                (
                    "bank_branch_en",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[ -~]*\\Z", "Write it in English letters, for example Sample Bank."
                            )
                        ],
                        verbose_name="branch (English)",
                    ),
                ),
                (
                    "bank_account_holder_en",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[ -~]*\\Z", "Write it in English letters, for example Sample Bank."
                            )
                        ],
                        verbose_name="account holder (English)",
                    ),
                ),
                (
                    "prints_bank_account",
                    models.BooleanField(
                        default=False,
                        help_text="Quotes issued from now on say to which account customers pay.",
                        verbose_name="bank account on quotes",
                    ),
                ),
                (
                    "validity_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="A quote is valid for this many days after its issue, unless something ends it earlier (R15).",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="validity in days",
                    ),
                ),
                (
                    "tax_rounding",
                    models.CharField(
                        choices=[("down", "down"), ("half_up", "half up"), ("up", "up")],
                        default="down",
                        help_text="How a fraction of a yen of tax is rounded, once per quote and tax rate (R14).",
                        max_length=8,
                        verbose_name="rounding of tax",
                    ),
                ),
                (
                    "shows_list_prices",
                    models.BooleanField(
                        default=True,
                        help_text="A quote below the list shows list prices and reductions; else net prices only, and no calculation page (R20).",
                        verbose_name="list prices beside offered prices",
                    ),
                ),
                (
                    "customers_see_quotes",
                    models.CharField(
                        choices=[("sent", "when it was sent or shared"), ("issued", "as soon as it is issued")],
                        default="sent",
                        help_text="Sent or shared: by e-mail from the portal, or by a share link. A quote that went out as a PDF only stays unseen until then.",
                        max_length=8,
                        verbose_name="customers with a log-in see a quote",
                    ),
                ),
                (
                    "holdings_kept_by",
                    models.CharField(
                        choices=[
                            ("nobody", "nobody: portal admins only"),
                            ("managers", "managers"),
                            ("staff", "managers and staff"),
                        ],
                        default="managers",
                        help_text="Who of the reseller adds license IDs, and enters and corrects what they hold.",
                        max_length=8,
                        verbose_name="license IDs and holdings are kept by",
                    ),
                ),
                (
                    "approval_reduction",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Of the list subtotal, the whole reduction (R20). Empty: never asked for.",
                        max_digits=5,
                        null=True,
                        verbose_name="reduction above which a quote needs approval, in percent",
                    ),
                ),
                (
                    "approval_amount",
                    models.BigIntegerField(
                        blank=True,
                        help_text="The total with tax. Empty: never asked for.",
                        null=True,
                        verbose_name="amount above which a quote needs approval, in yen",
                    ),
                ),
                (
                    "approval_line_margin",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Of what the line is offered at, by the cost rates of the day. Empty: never asked for.",
                        max_digits=5,
                        null=True,
                        verbose_name="margin of a line below which a quote needs approval, in percent",
                    ),
                ),
                (
                    "approval_quote_margin",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Of what is offered, as far as it has cost rates. Empty: never asked for.",
                        max_digits=5,
                        null=True,
                        verbose_name="margin of the quote below which it needs approval, in percent",
                    ),
                ),
                (
                    "approval_unrated",
                    models.BooleanField(
                        default=False,
                        help_text="Nobody can say what is left of it, and nothing is guessed.",
                        verbose_name="a line without a cost rate needs approval",
                    ),
                ),
                (
                    "requires_mfa",
                    models.BooleanField(
                        default=False,
                        help_text="Staff and managers must set up an authenticator app or a passkey before they can go on. Portal admins and price admins must anyway.",
                        verbose_name="requires a second factor",
                    ),
                ),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
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
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9][A-Za-z0-9._-]*\\Z",
                                "Use Latin letters, digits, hyphens, dots and underscores only.",
                            )
                        ],
                        verbose_name="product code",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="product name",
                    ),
                ),
                (
                    "name_en",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="product name (English)",
                    ),
                ),
                (
                    "segment",
                    models.CharField(
                        blank=True,
                        help_text="For whom the product is: 一般, 官公庁, 教育 … Quoting it to a customer of another segment warns; empty or 一般 is for everybody (R19).",
                        max_length=40,
                        verbose_name="segment",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        default="本",
                        help_text="What is counted, as on quotes.",
                        max_length=40,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="unit",
                    ),
                ),
                (
                    "unit_en",
                    models.CharField(
                        blank=True,
                        max_length=40,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="unit (English)",
                    ),
                ),
                (
                    "is_multi_year_discountable",
                    models.BooleanField(
                        default=False,
                        help_text="Renewing for several years gives no advantage, except for a product with this mark (R10).",
                        verbose_name="may have a multi-year discount",
                    ),
                ),
                (
                    "tax_category",
                    models.CharField(
                        default="standard",
                        help_text="Which of the tax rates applies to the product.",
                        max_length=20,
                        verbose_name="tax category",
                    ),
                ),
                ("search_key", foundation.text.search.SearchKeyField(sources=("code", "name", "name_en"))),
            ],
            options={
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        error_messages={"unique": "A user with this e-mail address exists already."},
                        max_length=254,
                        unique=True,
                        verbose_name="e-mail",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Printed on quotes as the person in charge.",
                        max_length=100,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="name",
                    ),
                ),
                (
                    "name_en",
                    models.CharField(
                        blank=True,
                        help_text="For quotes in English, for example Yoko Aoki. Without it they show the name above.",
                        max_length=100,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="name in Latin letters",
                    ),
                ),
                (
                    "department",
                    models.CharField(
                        blank=True,
                        help_text="Printed on quotes before the name of the person in charge.",
                        max_length=60,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="own department",
                    ),
                ),
                (
                    "department_en",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="own department (English)",
                    ),
                ),
                (
                    "job_title",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="job title",
                    ),
                ),
                (
                    "job_title_en",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="job title (English)",
                    ),
                ),
                (
                    "direct_phone",
                    models.CharField(
                        blank=True,
                        help_text="Printed on quotes beside the person in charge.",
                        max_length=30,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="direct telephone",
                    ),
                ),
                (
                    "printed_email",
                    models.EmailField(
                        blank=True,
                        help_text="Printed on quotes beside the person in charge. Log-ins go by the other address.",
                        max_length=254,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="e-mail as printed",
                    ),
                ),
                (
                    "mail_signature",
                    models.TextField(
                        blank=True,
                        help_text="Stands where a letter has {signature}, which ends the portal’s own texts.",
                        max_length=1000,
                        verbose_name="signature of e-mails",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("staff", "reseller staff"),
                            ("manager", "reseller manager"),
                            ("customer", "customer contact"),
                            ("price_admin", "price admin"),
                            ("admin", "portal admin"),
                        ],
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                (
                    "may_see_margins",
                    models.BooleanField(
                        default=False,
                        help_text="For staff: cost rates, and what is left of each quote after them. Managers always see them, customers never.",
                        verbose_name="sees cost and margin",
                    ),
                ),
                (
                    "approves",
                    models.BooleanField(
                        default=False,
                        help_text="Of colleagues, where the reseller’s thresholds ask for it; never of their own.",
                        verbose_name="may approve quotes",
                    ),
                ),
                (
                    "approves_amount",
                    models.BigIntegerField(
                        blank=True,
                        help_text="The total with tax. Empty: any amount.",
                        null=True,
                        verbose_name="approves up to, in yen",
                    ),
                ),
                (
                    "approves_reduction",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Of the list subtotal. Empty: any reduction.",
                        max_digits=5,
                        null=True,
                        verbose_name="approves reductions up to, in percent",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True, help_text="Without this mark nobody can log in.", verbose_name="active"
                    ),
                ),
                ("joined_at", models.DateTimeField(auto_now_add=True, verbose_name="joined at")),
                ("search_key", foundation.text.search.SearchKeyField(sources=("name", "name_en", "email"))),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "ordering": ["email"],
            },
            managers=[
                ("objects", licensing.models.people.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        help_text="The formal name, with 株式会社 written out.",
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="company name",
                    ),
                ),
                (
                    "kana",
                    models.CharField(
                        blank=True,
                        help_text="For searching and sorting; not printed.",
                        max_length=200,
                        verbose_name="name in kana",
                    ),
                ),
                (
                    "department",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="department",
                    ),
                ),
                (
                    "person",
                    models.CharField(
                        blank=True,
                        help_text="With a person, the quote adds 様 to the name; without one, 御中 to the company.",
                        max_length=100,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="contact person",
                    ),
                ),
                (
                    "postal_code",
                    models.CharField(
                        blank=True,
                        max_length=8,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9]{3}-[0-9]{4}\\Z", "Write the postal code as 123-4567."
                            )
                        ],
                        verbose_name="postal code",
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        blank=True,
                        max_length=300,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="address",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("ja", "Japanese"), ("en", "English")],
                        default="ja",
                        max_length=2,
                        verbose_name="language of quotes",
                    ),
                ),
                (
                    "segment",
                    models.CharField(
                        blank=True,
                        help_text="官公庁, 教育 or 一般. Quoting products that are made for another segment gives a warning (R19).",
                        max_length=40,
                        verbose_name="customer segment",
                    ),
                ),
                ("search_key", foundation.text.search.SearchKeyField(sources=("name", "kana"))),
                ("contact_key", foundation.text.search.SearchKeyField(sources=("person",))),
                (
                    "merged_into",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="licensing.customer",
                        verbose_name="merged into",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who of the reseller looks after the customer and its renewals.",
                        limit_choices_to={"role__in": ("staff", "manager")},
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_customers",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
                "ordering": ["kana", "name", "pk"],
            },
        ),
        migrations.AddField(
            model_name="user",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                help_text="For customer contacts only.",
                limit_choices_to={"merged_into": None},
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="users",
                to="licensing.customer",
                verbose_name="customer",
            ),
        ),
        migrations.CreateModel(
            name="HeldImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="key")),
                (
                    "file_name",
                    models.CharField(
                        blank=True, help_text="Empty: pasted rows.", max_length=255, verbose_name="file name"
                    ),
                ),
                ("content", models.BinaryField(verbose_name="file")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "sheet",
                    models.PositiveIntegerField(
                        help_text="Its position, where somebody chose one.", null=True, verbose_name="sheet"
                    ),
                ),
                (
                    "fields",
                    models.JSONField(default=dict, help_text="By column, what it holds.", verbose_name="columns"),
                ),
                ("is_whole", models.BooleanField(default=False, verbose_name="the list is complete")),
                (
                    "answers",
                    models.JSONField(
                        default=dict, help_text="Customers and products that were chosen.", verbose_name="answers"
                    ),
                ),
                ("questions", models.JSONField(default=list, verbose_name="questions")),
                ("counts", models.JSONField(default=dict, verbose_name="counts")),
                ("error_count", models.PositiveIntegerField(default=0, verbose_name="errors")),
                ("wrong_rows", models.PositiveIntegerField(default=0, verbose_name="wrong rows")),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded at")),
                ("removes_gone", models.BooleanField(default=False, verbose_name="removes what is gone")),
                ("written_at", models.DateTimeField(null=True, verbose_name="written at")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="undone at")),
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
                    "undo_batch",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.batch",
                        verbose_name="undoing",
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
                "verbose_name": "imported list",
                "verbose_name_plural": "imported lists",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="HeldProblem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_error", models.BooleanField(default=True, verbose_name="error")),
                (
                    "is_ended",
                    models.BooleanField(
                        default=False, help_text="By the state in the list.", verbose_name="not held any more"
                    ),
                ),
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
                    "held_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="problems",
                        to="licensing.heldimport",
                        verbose_name="imported list",
                    ),
                ),
            ],
            options={
                "verbose_name": "problem of an imported list",
                "verbose_name_plural": "problems of imported lists",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalContact",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_user_name", models.CharField(blank=True, max_length=100, verbose_name="changed by")),
                (
                    "name",
                    models.CharField(
                        max_length=100, validators=[foundation.text.validators.validate_printable], verbose_name="name"
                    ),
                ),
                (
                    "kana",
                    models.CharField(
                        blank=True,
                        help_text="For searching and sorting; not printed.",
                        max_length=100,
                        verbose_name="name in kana",
                    ),
                ),
                (
                    "department",
                    models.CharField(
                        blank=True,
                        help_text="Printed above the name on quotes to this contact.",
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="department",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        max_length=30,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="telephone",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("ja", "Japanese"), ("en", "English")],
                        default="ja",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("for_quotes", models.BooleanField(default=True, verbose_name="quotes")),
                ("for_technical", models.BooleanField(default=False, verbose_name="technical questions")),
                ("for_billing", models.BooleanField(default=False, verbose_name="billing")),
                ("is_gone", models.BooleanField(default=False, verbose_name="removed")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        limit_choices_to={"merged_into": None},
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="licensing.customer",
                        verbose_name="customer",
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
            name="HistoricalLicenseID",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_user_name", models.CharField(blank=True, max_length=100, verbose_name="changed by")),
                (
                    "code",
                    models.CharField(
                        error_messages={"unique": "This license ID is registered already."},
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9][A-Za-z0-9._-]*\\Z",
                                "Use Latin letters, digits, hyphens, dots and underscores only.",
                            )
                        ],
                        verbose_name="license ID",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="For staff only; never printed.", verbose_name="internal note"
                    ),
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
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        limit_choices_to={"merged_into": None},
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="licensing.customer",
                        verbose_name="customer",
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
            name="LicenseID",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        error_messages={"unique": "This license ID is registered already."},
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9][A-Za-z0-9._-]*\\Z",
                                "Use Latin letters, digits, hyphens, dots and underscores only.",
                            )
                        ],
                        verbose_name="license ID",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="For staff only; never printed.", verbose_name="internal note"
                    ),
                ),
                ("search_key", foundation.text.search.SearchKeyField(sources=("code",))),
                (
                    "customer",
                    models.ForeignKey(
                        limit_choices_to={"merged_into": None},
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="license_ids",
                        to="licensing.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "license ID",
                "verbose_name_plural": "license IDs",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code", ""), _negated=True),
                        name="license_id_code_not_empty",
                        violation_error_message="Enter the license ID.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Holding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "quantity",
                    models.PositiveIntegerField(
                        help_text="How many licenses are held now.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="held quantity",
                    ),
                ),
                (
                    "support_expires_on",
                    models.DateField(
                        help_text="The last day of support; it still counts.", verbose_name="support expiry"
                    ),
                ),
                (
                    "licenseid",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holdings",
                        to="licensing.licenseid",
                        verbose_name="license ID",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="licensing.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "holding",
                "verbose_name_plural": "holdings",
                "ordering": ["support_expires_on", "product__code", "pk"],
                "indexes": [models.Index(fields=["support_expires_on"], name="holding_by_expiry")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 1)),
                        name="holding_quantity_positive",
                        violation_error_message="The held quantity must be at least 1. Delete the holding if it ended.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__lte", 9999999)),
                        name="holding_quantity_sensible",
                        violation_error_message="The held quantity must be at most 9,999,999.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("support_expires_on__gte", datetime.date(2000, 1, 1)),
                            ("support_expires_on__lte", datetime.date(2099, 12, 31)),
                        ),
                        name="holding_expiry_sensible",
                        violation_error_message="The support expiry must lie between 2000 and 2099. Look for a typo.",
                    ),
                    models.UniqueConstraint(
                        fields=("licenseid", "product", "support_expires_on"),
                        name="holding_once_per_expiry",
                        violation_error_message="This license ID already has a holding of the product with this expiry. Change its quantity.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalHolding",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_user_name", models.CharField(blank=True, max_length=100, verbose_name="changed by")),
                (
                    "quantity",
                    models.PositiveIntegerField(
                        help_text="How many licenses are held now.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="held quantity",
                    ),
                ),
                (
                    "support_expires_on",
                    models.DateField(
                        help_text="The last day of support; it still counts.", verbose_name="support expiry"
                    ),
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
                    "licenseid",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="licensing.licenseid",
                        verbose_name="license ID",
                    ),
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
            name="HeldChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("customer", "customer"),
                            ("contact", "contact"),
                            ("license_id", "license ID"),
                            ("holding", "holding"),
                        ],
                        max_length=10,
                        verbose_name="of what",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("new", "new"), ("changed", "changed"), ("gone", "gone")],
                        max_length=10,
                        verbose_name="change",
                    ),
                ),
                ("row", models.PositiveIntegerField(default=0, verbose_name="row")),
                ("customer_name", models.CharField(max_length=200, verbose_name="company name")),
                ("code", models.CharField(blank=True, max_length=40, verbose_name="license ID")),
                ("old", models.JSONField(null=True, verbose_name="before")),
                ("new", models.JSONField(null=True, verbose_name="after")),
                ("object_pk", models.BigIntegerField(null=True, verbose_name="row number")),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="licensing.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "held_import",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="licensing.heldimport",
                        verbose_name="imported list",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="licensing.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "change by an imported list",
                "verbose_name_plural": "changes by imported lists",
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["held_import", "id"], name="held_change_of_import")],
            },
        ),
        migrations.CreateModel(
            name="FormerCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        error_messages={"unique": "This is a former code of a product already."},
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9][A-Za-z0-9._-]*\\Z",
                                "Use Latin letters, digits, hyphens, dots and underscores only.",
                            )
                        ],
                        verbose_name="former code",
                    ),
                ),
                ("search_key", foundation.text.search.SearchKeyField(sources=("code",))),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_codes",
                        to="licensing.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "former code",
                "verbose_name_plural": "former codes",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code", ""), _negated=True),
                        name="former_code_not_empty",
                        violation_error_message="Enter the former code.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Programme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                (
                    "name",
                    models.CharField(
                        max_length=100, validators=[foundation.text.validators.validate_printable], verbose_name="name"
                    ),
                ),
                (
                    "name_en",
                    models.CharField(
                        blank=True,
                        max_length=100,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="name (English)",
                    ),
                ),
                (
                    "rank_basis",
                    models.CharField(
                        choices=[
                            ("own_quantity", "each product by its own quantity (R5)"),
                            ("largest_product", "all its products by the largest product's quantity (R6)"),
                        ],
                        default="own_quantity",
                        help_text="By the largest product: the one with the largest quantity in a license ID decides the rank of all products of the programme.",
                        max_length=20,
                        verbose_name="how ranks are decided",
                    ),
                ),
                (
                    "most_years",
                    models.PositiveSmallIntegerField(
                        default=6,
                        help_text="The longest term for which its products can be renewed, 1 to 6 years (R1).",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(6),
                        ],
                        verbose_name="most years",
                    ),
                ),
                (
                    "late_renewal_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="How many days after the support expiry a renewal is still possible; after them it is refused (R13). 0: not at all. Empty: no last day is known, and a late renewal only warns.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(3650)],
                        verbose_name="late renewals, in days",
                    ),
                ),
            ],
            options={
                "verbose_name": "programme",
                "verbose_name_plural": "programmes",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rank_basis__in", ["own_quantity", "largest_product"])),
                        name="programme_rank_basis_known",
                        violation_error_message="Choose how the programme's ranks are decided.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("most_years__gte", 1), ("most_years__lte", 6)),
                        name="programme_most_years_in_range",
                        violation_error_message="The most years must be 1 to 6.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("late_renewal_days__isnull", True), ("late_renewal_days__lte", 3650), _connector="OR"
                        ),
                        name="programme_late_renewal_days_sensible",
                        violation_error_message="Late renewals must be at most 3,650 days. Look for a typo.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="product",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="products",
                to="licensing.programme",
                verbose_name="programme",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalProduct",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_user_name", models.CharField(blank=True, max_length=100, verbose_name="changed by")),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9][A-Za-z0-9._-]*\\Z",
                                "Use Latin letters, digits, hyphens, dots and underscores only.",
                            )
                        ],
                        verbose_name="product code",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="product name",
                    ),
                ),
                (
                    "name_en",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="product name (English)",
                    ),
                ),
                (
                    "segment",
                    models.CharField(
                        blank=True,
                        help_text="For whom the product is: 一般, 官公庁, 教育 … Quoting it to a customer of another segment warns; empty or 一般 is for everybody (R19).",
                        max_length=40,
                        verbose_name="segment",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        default="本",
                        help_text="What is counted, as on quotes.",
                        max_length=40,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="unit",
                    ),
                ),
                (
                    "unit_en",
                    models.CharField(
                        blank=True,
                        max_length=40,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="unit (English)",
                    ),
                ),
                (
                    "is_multi_year_discountable",
                    models.BooleanField(
                        default=False,
                        help_text="Renewing for several years gives no advantage, except for a product with this mark (R10).",
                        verbose_name="may have a multi-year discount",
                    ),
                ),
                (
                    "tax_category",
                    models.CharField(
                        default="standard",
                        help_text="Which of the tax rates applies to the product.",
                        max_length=20,
                        verbose_name="tax category",
                    ),
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
            name="Reseller",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.SlugField(
                        help_text="Short name in Latin letters; never shown to customers.",
                        max_length=40,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="The formal name, as it is to be printed on quotes.",
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="company name",
                    ),
                ),
                (
                    "name_en",
                    models.CharField(
                        blank=True,
                        help_text="For quotes in English. Without it they show the Japanese name.",
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="company name (English)",
                    ),
                ),
                (
                    "postal_code",
                    models.CharField(
                        blank=True,
                        max_length=8,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9]{3}-[0-9]{4}\\Z", "Write the postal code as 123-4567."
                            )
                        ],
                        verbose_name="postal code",
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        blank=True,
                        max_length=300,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="address",
                    ),
                ),
                (
                    "address_en",
                    models.CharField(
                        blank=True,
                        help_text="For quotes in English, with “Japan”. Without it they show the Japanese address.",
                        max_length=300,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="address (English)",
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        max_length=30,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="telephone",
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True,
                        max_length=254,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="e-mail",
                    ),
                ),
                (
                    "registration_number",
                    models.CharField(
                        blank=True,
                        help_text="T and 13 digits; the check digit is verified. Printed on quotes if set.",
                        max_length=14,
                        validators=[licensing.models.validators.validate_registration_number],
                        verbose_name="qualified-invoice number",
                    ),
                ),
                (
                    "seal",
                    models.FileField(
                        blank=True,
                        help_text="The company’s seal (角印): a PNG with a transparent background, or a JPEG. Without it, quotes say 押印省略 (seal omitted).",
                        upload_to="resellers/",
                        validators=[
                            django.core.validators.FileExtensionValidator(["png", "jpg", "jpeg", "svg"]),
                            licensing.models.validators.validate_image,
                        ],
                        verbose_name="seal image",
                    ),
                ),
                (
                    "logo",
                    models.FileField(
                        blank=True,
                        upload_to="resellers/",
                        validators=[
                            django.core.validators.FileExtensionValidator(["png", "jpg", "jpeg", "svg"]),
                            licensing.models.validators.validate_image,
                        ],
                        verbose_name="logo",
                    ),
                ),
                (
                    "delivery",
                    models.CharField(
                        blank=True,
                        help_text="When and how it is delivered, as printed on quotes.",
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="delivery",
                    ),
                ),
                (
                    "delivery_en",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="delivery (English)",
                    ),
                ),
                (
                    "payment_terms",
                    models.CharField(
                        blank=True,
                        help_text="As printed on quotes.",
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="payment terms",
                    ),
                ),
                (
                    "payment_terms_en",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="payment terms (English)",
                    ),
                ),
                (
                    "remarks",
                    models.TextField(
                        blank=True,
                        help_text="Under the remarks of each quote, below the note to the customer.",
                        max_length=1000,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="remarks",
                    ),
                ),
                (
                    "remarks_en",
                    models.TextField(
                        blank=True,
                        max_length=1000,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="remarks (English)",
                    ),
                ),
                (
                    "bank_name",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="bank",
                    ),
                ),
                (
                    "bank_branch",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="branch",
                    ),
                ),
                (
                    "bank_account_kind",
                    models.CharField(
                        choices=[("ordinary", "ordinary account"), ("current", "current account")],
                        default="ordinary",
                        max_length=8,
                        verbose_name="kind of account",
                    ),
                ),
                (
                    "bank_account_number",
                    models.CharField(
                        blank=True,
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9]{4,7}\\Z", "Write the account number in 4 to 7 digits."
                            )
                        ],
                        verbose_name="account number",
                    ),
                ),
                (
                    "bank_account_holder",
                    models.CharField(
                        blank=True,
                        help_text="As the bank writes it, for example アオバミホンシステム（カ.",
                        max_length=60,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="account holder (kana)",
                    ),
                ),
                (
                    "bank_name_en",
                    models.CharField(
                        blank=True,
                        help_text="On quotes in English, for example Sample Bank. Empty: as above.",
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[ -~]*\\Z", "Write it in English letters, for example Sample Bank."
                            )
                        ],
                        verbose_name="bank (English)",
                    ),
                ),
                (
                    "bank_branch_en",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[ -~]*\\Z", "Write it in English letters, for example Sample Bank."
                            )
                        ],
                        verbose_name="branch (English)",
                    ),
                ),
                (
                    "bank_account_holder_en",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[ -~]*\\Z", "Write it in English letters, for example Sample Bank."
                            )
                        ],
                        verbose_name="account holder (English)",
                    ),
                ),
                (
                    "prints_bank_account",
                    models.BooleanField(
                        default=False,
                        help_text="Quotes issued from now on say to which account customers pay.",
                        verbose_name="bank account on quotes",
                    ),
                ),
                (
                    "validity_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="A quote is valid for this many days after its issue, unless something ends it earlier (R15).",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="validity in days",
                    ),
                ),
                (
                    "tax_rounding",
                    models.CharField(
                        choices=[("down", "down"), ("half_up", "half up"), ("up", "up")],
                        default="down",
                        help_text="How a fraction of a yen of tax is rounded, once per quote and tax rate (R14).",
                        max_length=8,
                        verbose_name="rounding of tax",
                    ),
                ),
                (
                    "shows_list_prices",
                    models.BooleanField(
                        default=True,
                        help_text="A quote below the list shows list prices and reductions; else net prices only, and no calculation page (R20).",
                        verbose_name="list prices beside offered prices",
                    ),
                ),
                (
                    "customers_see_quotes",
                    models.CharField(
                        choices=[("sent", "when it was sent or shared"), ("issued", "as soon as it is issued")],
                        default="sent",
                        help_text="Sent or shared: by e-mail from the portal, or by a share link. A quote that went out as a PDF only stays unseen until then.",
                        max_length=8,
                        verbose_name="customers with a log-in see a quote",
                    ),
                ),
                (
                    "holdings_kept_by",
                    models.CharField(
                        choices=[
                            ("nobody", "nobody: portal admins only"),
                            ("managers", "managers"),
                            ("staff", "managers and staff"),
                        ],
                        default="managers",
                        help_text="Who of the reseller adds license IDs, and enters and corrects what they hold.",
                        max_length=8,
                        verbose_name="license IDs and holdings are kept by",
                    ),
                ),
                (
                    "approval_reduction",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Of the list subtotal, the whole reduction (R20). Empty: never asked for.",
                        max_digits=5,
                        null=True,
                        verbose_name="reduction above which a quote needs approval, in percent",
                    ),
                ),
                (
                    "approval_amount",
                    models.BigIntegerField(
                        blank=True,
                        help_text="The total with tax. Empty: never asked for.",
                        null=True,
                        verbose_name="amount above which a quote needs approval, in yen",
                    ),
                ),
                (
                    "approval_line_margin",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Of what the line is offered at, by the cost rates of the day. Empty: never asked for.",
                        max_digits=5,
                        null=True,
                        verbose_name="margin of a line below which a quote needs approval, in percent",
                    ),
                ),
                (
                    "approval_quote_margin",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Of what is offered, as far as it has cost rates. Empty: never asked for.",
                        max_digits=5,
                        null=True,
                        verbose_name="margin of the quote below which it needs approval, in percent",
                    ),
                ),
                (
                    "approval_unrated",
                    models.BooleanField(
                        default=False,
                        help_text="Nobody can say what is left of it, and nothing is guessed.",
                        verbose_name="a line without a cost rate needs approval",
                    ),
                ),
                (
                    "requires_mfa",
                    models.BooleanField(
                        default=False,
                        help_text="Staff and managers must set up an authenticator app or a passkey before they can go on. Portal admins and price admins must anyway.",
                        verbose_name="requires a second factor",
                    ),
                ),
            ],
            options={
                "verbose_name": "reseller",
                "verbose_name_plural": "resellers",
                "ordering": ["name", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("validity_days__gte", 1), ("validity_days__lte", 365)),
                        name="reseller_validity_days_range",
                        violation_error_message="The validity must be between 1 and 365 days.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tax_rounding__in", ["down", "half_up", "up"])),
                        name="reseller_tax_rounding_known",
                        violation_error_message="Choose how tax is rounded: down, half up or up.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("customers_see_quotes__in", ["sent", "issued"])),
                        name="reseller_customers_see_known",
                        violation_error_message="Choose from when customers see a quote: once sent, or once issued.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("holdings_kept_by__in", ["nobody", "managers", "staff"])),
                        name="reseller_holdings_kept_by_known",
                        violation_error_message="Choose who keeps license IDs and holdings.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("bank_account_kind__in", ["ordinary", "current"])),
                        name="reseller_bank_account_kind_known",
                        violation_error_message="Choose the kind of account.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("prints_bank_account", False),
                            models.Q(
                                ("bank_name", ""),
                                ("bank_branch", ""),
                                ("bank_account_number", ""),
                                ("bank_account_holder", ""),
                                _connector="OR",
                                _negated=True,
                            ),
                            _connector="OR",
                        ),
                        name="reseller_printed_account_is_whole",
                        violation_error_message="Enter bank, branch, number and holder of the account that quotes are to show.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bank_account_holder_en", ""), ("bank_branch_en", ""), ("bank_name_en", "")),
                            models.Q(
                                ("bank_name_en", ""),
                                ("bank_branch_en", ""),
                                ("bank_account_holder_en", ""),
                                _connector="OR",
                                _negated=True,
                            ),
                            _connector="OR",
                        ),
                        name="reseller_english_account_is_whole",
                        violation_error_message="Enter bank, branch and holder in English letters, all three or none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approval_reduction__isnull", True),
                            models.Q(("approval_reduction__gte", 0), ("approval_reduction__lte", 100)),
                            _connector="OR",
                        ),
                        name="reseller_approval_reduction_range",
                        violation_error_message="Enter 0 to 100 percent, or leave it empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approval_line_margin__isnull", True),
                            models.Q(("approval_line_margin__gte", 0), ("approval_line_margin__lte", 100)),
                            _connector="OR",
                        ),
                        name="reseller_approval_line_margin_range",
                        violation_error_message="Enter 0 to 100 percent, or leave it empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approval_quote_margin__isnull", True),
                            models.Q(("approval_quote_margin__gte", 0), ("approval_quote_margin__lte", 100)),
                            _connector="OR",
                        ),
                        name="reseller_approval_quote_margin_range",
                        violation_error_message="Enter 0 to 100 percent, or leave it empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approval_amount__isnull", True),
                            models.Q(("approval_amount__gte", 0), ("approval_amount__lte", 10000000000000)),
                            _connector="OR",
                        ),
                        name="reseller_approval_amount_range",
                        violation_error_message="Enter ¥0 or more, or leave it empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="reseller_name_not_empty",
                        violation_error_message="Enter the reseller's company name.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                (
                    "name",
                    models.CharField(
                        max_length=100, validators=[foundation.text.validators.validate_printable], verbose_name="name"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("staff", "reseller staff"),
                            ("manager", "reseller manager"),
                            ("customer", "customer contact"),
                            ("price_admin", "price admin"),
                            ("admin", "portal admin"),
                        ],
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("ja", "Japanese"), ("en", "English")],
                        default="ja",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False, verbose_name="invited at")),
                ("expires_at", models.DateTimeField(editable=False, verbose_name="link valid until")),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("accepted_at", models.DateTimeField(editable=False, null=True, verbose_name="accepted at")),
                ("revoked_at", models.DateTimeField(editable=False, null=True, verbose_name="revoked at")),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        limit_choices_to={"merged_into": None},
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="licensing.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invited by",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="invitation",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "reseller",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.reseller",
                        verbose_name="reseller",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("customer__isnull", True),
                                ("reseller__isnull", False),
                                ("role__in", ["staff", "manager"]),
                            ),
                            models.Q(("customer__isnull", False), ("reseller__isnull", True), ("role", "customer")),
                            models.Q(
                                ("customer__isnull", True),
                                ("reseller__isnull", True),
                                ("role__in", ["price_admin", "admin"]),
                            ),
                            _connector="OR",
                        ),
                        name="invitation_role_fits_company",
                        violation_error_message="Reseller staff and managers belong to one reseller, customer contacts to one customer, price admins and portal admins to neither.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email", django.db.models.functions.text.Lower("email")),
                            models.Q(("email", ""), _negated=True),
                        ),
                        name="invitation_email_is_lower_case",
                        violation_error_message="Enter the e-mail address in small letters.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="invitation_expires_after_it_began",
                        violation_error_message="An invitation must be valid for some time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at__isnull", True), ("user__isnull", True)),
                            models.Q(("accepted_at__isnull", False), ("revoked_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="invitation_accepted_or_revoked",
                        violation_error_message="An accepted invitation cannot be revoked, one revoked has no user.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("accepted_at__isnull", True), ("reseller__isnull", False), ("revoked_at__isnull", True)
                        ),
                        fields=("email", "reseller"),
                        name="invitation_open_once_per_reseller",
                        violation_error_message="This address has an open invitation already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("accepted_at__isnull", True), ("customer__isnull", False), ("revoked_at__isnull", True)
                        ),
                        fields=("email", "customer"),
                        name="invitation_open_once_per_customer",
                        violation_error_message="This address has an open invitation already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("accepted_at__isnull", True),
                            ("customer__isnull", True),
                            ("reseller__isnull", True),
                            ("revoked_at__isnull", True),
                        ),
                        fields=("email",),
                        name="invitation_open_once_to_the_portal",
                        violation_error_message="This address has an open invitation already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalUser",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("history_user_name", models.CharField(blank=True, max_length=100, verbose_name="changed by")),
                (
                    "email",
                    models.EmailField(
                        error_messages={"unique": "A user with this e-mail address exists already."},
                        max_length=254,
                        verbose_name="e-mail",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Printed on quotes as the person in charge.",
                        max_length=100,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="name",
                    ),
                ),
                (
                    "name_en",
                    models.CharField(
                        blank=True,
                        help_text="For quotes in English, for example Yoko Aoki. Without it they show the name above.",
                        max_length=100,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="name in Latin letters",
                    ),
                ),
                (
                    "department",
                    models.CharField(
                        blank=True,
                        help_text="Printed on quotes before the name of the person in charge.",
                        max_length=60,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="own department",
                    ),
                ),
                (
                    "department_en",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="own department (English)",
                    ),
                ),
                (
                    "job_title",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="job title",
                    ),
                ),
                (
                    "job_title_en",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="job title (English)",
                    ),
                ),
                (
                    "direct_phone",
                    models.CharField(
                        blank=True,
                        help_text="Printed on quotes beside the person in charge.",
                        max_length=30,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="direct telephone",
                    ),
                ),
                (
                    "printed_email",
                    models.EmailField(
                        blank=True,
                        help_text="Printed on quotes beside the person in charge. Log-ins go by the other address.",
                        max_length=254,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="e-mail as printed",
                    ),
                ),
                (
                    "mail_signature",
                    models.TextField(
                        blank=True,
                        help_text="Stands where a letter has {signature}, which ends the portal’s own texts.",
                        max_length=1000,
                        verbose_name="signature of e-mails",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("staff", "reseller staff"),
                            ("manager", "reseller manager"),
                            ("customer", "customer contact"),
                            ("price_admin", "price admin"),
                            ("admin", "portal admin"),
                        ],
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                (
                    "may_see_margins",
                    models.BooleanField(
                        default=False,
                        help_text="For staff: cost rates, and what is left of each quote after them. Managers always see them, customers never.",
                        verbose_name="sees cost and margin",
                    ),
                ),
                (
                    "approves",
                    models.BooleanField(
                        default=False,
                        help_text="Of colleagues, where the reseller’s thresholds ask for it; never of their own.",
                        verbose_name="may approve quotes",
                    ),
                ),
                (
                    "approves_amount",
                    models.BigIntegerField(
                        blank=True,
                        help_text="The total with tax. Empty: any amount.",
                        null=True,
                        verbose_name="approves up to, in yen",
                    ),
                ),
                (
                    "approves_reduction",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Of the list subtotal. Empty: any reduction.",
                        max_digits=5,
                        null=True,
                        verbose_name="approves reductions up to, in percent",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True, help_text="Without this mark nobody can log in.", verbose_name="active"
                    ),
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
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="For customer contacts only.",
                        limit_choices_to={"merged_into": None},
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="licensing.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "reseller",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="For staff and managers only: they see this reseller's customers and quotes, and no other's.",
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
            name="HistoricalCustomer",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_user_name", models.CharField(blank=True, max_length=100, verbose_name="changed by")),
                (
                    "name",
                    models.CharField(
                        help_text="The formal name, with 株式会社 written out.",
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="company name",
                    ),
                ),
                (
                    "kana",
                    models.CharField(
                        blank=True,
                        help_text="For searching and sorting; not printed.",
                        max_length=200,
                        verbose_name="name in kana",
                    ),
                ),
                (
                    "department",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="department",
                    ),
                ),
                (
                    "person",
                    models.CharField(
                        blank=True,
                        help_text="With a person, the quote adds 様 to the name; without one, 御中 to the company.",
                        max_length=100,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="contact person",
                    ),
                ),
                (
                    "postal_code",
                    models.CharField(
                        blank=True,
                        max_length=8,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9]{3}-[0-9]{4}\\Z", "Write the postal code as 123-4567."
                            )
                        ],
                        verbose_name="postal code",
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        blank=True,
                        max_length=300,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="address",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("ja", "Japanese"), ("en", "English")],
                        default="ja",
                        max_length=2,
                        verbose_name="language of quotes",
                    ),
                ),
                (
                    "segment",
                    models.CharField(
                        blank=True,
                        help_text="官公庁, 教育 or 一般. Quoting products that are made for another segment gives a warning (R19).",
                        max_length=40,
                        verbose_name="customer segment",
                    ),
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
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="licensing.customer",
                        verbose_name="merged into",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="Who of the reseller looks after the customer and its renewals.",
                        limit_choices_to={"role__in": ("staff", "manager")},
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
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
            name="HeldLayout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("names_key", models.CharField(max_length=64, verbose_name="row of names")),
                ("fields", models.JSONField(default=dict, verbose_name="columns")),
                (
                    "reseller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="licensing.reseller",
                        verbose_name="reseller",
                    ),
                ),
            ],
            options={
                "verbose_name": "known layout of lists",
                "verbose_name_plural": "known layouts of lists",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reseller", "names_key"),
                        name="held_layout_once",
                        violation_error_message="This layout is known already.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="heldimport",
            name="reseller",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="licensing.reseller",
                verbose_name="reseller",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="reseller",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="customers",
                to="licensing.reseller",
                verbose_name="reseller",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="reseller",
            field=models.ForeignKey(
                blank=True,
                help_text="For staff and managers only: they see this reseller's customers and quotes, and no other's.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="users",
                to="licensing.reseller",
                verbose_name="reseller",
            ),
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        max_length=100, validators=[foundation.text.validators.validate_printable], verbose_name="name"
                    ),
                ),
                (
                    "kana",
                    models.CharField(
                        blank=True,
                        help_text="For searching and sorting; not printed.",
                        max_length=100,
                        verbose_name="name in kana",
                    ),
                ),
                (
                    "department",
                    models.CharField(
                        blank=True,
                        help_text="Printed above the name on quotes to this contact.",
                        max_length=200,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="department",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        max_length=30,
                        validators=[foundation.text.validators.validate_printable],
                        verbose_name="telephone",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("ja", "Japanese"), ("en", "English")],
                        default="ja",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("for_quotes", models.BooleanField(default=True, verbose_name="quotes")),
                ("for_technical", models.BooleanField(default=False, verbose_name="technical questions")),
                ("for_billing", models.BooleanField(default=False, verbose_name="billing")),
                ("is_gone", models.BooleanField(default=False, verbose_name="removed")),
                ("search_key", foundation.text.search.SearchKeyField(sources=("name", "kana", "email"))),
                (
                    "customer",
                    models.ForeignKey(
                        limit_choices_to={"merged_into": None},
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="licensing.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "ordering": ["kana", "name", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="contact_name_not_empty",
                        violation_error_message="Enter the contact's name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["ja", "en"])),
                        name="contact_language_known",
                        violation_error_message="Choose Japanese or English as the contact's language.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_gone", False)),
                        fields=("customer", "name", "department", "email"),
                        name="contact_once_per_customer",
                        violation_error_message="This customer has a contact of this name, department and e-mail address already.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("code", ""), _negated=True),
                name="product_code_not_empty",
                violation_error_message="Enter the product code.",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("merged_into", None)),
                fields=["reseller", "kana", "name", "id"],
                name="customer_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="customer_name_not_empty",
                violation_error_message="Enter the customer's company name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True),
                    models.Q(("merged_into", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="customer_not_merged_into_itself",
                violation_error_message="A customer is not merged into itself.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["ja", "en"])),
                name="customer_language_known",
                violation_error_message="Choose Japanese or English as the language of quotes.",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("customer__isnull", True), ("reseller__isnull", False), ("role__in", ["staff", "manager"])
                    ),
                    models.Q(("customer__isnull", False), ("reseller__isnull", True), ("role", "customer")),
                    models.Q(
                        ("customer__isnull", True), ("reseller__isnull", True), ("role__in", ["price_admin", "admin"])
                    ),
                    _connector="OR",
                ),
                name="user_role_fits_company",
                violation_error_message="Reseller staff and managers belong to one reseller, customer contacts to one customer, price admins and portal admins to neither.",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("approves", False), ("role__in", ["staff", "manager"]), _connector="OR"),
                name="user_approves_for_reseller",
                violation_error_message="Only reseller staff and managers approve quotes.",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approves_amount__isnull", True),
                    models.Q(("approves_amount__gte", 0), ("approves_amount__lte", 10000000000000)),
                    _connector="OR",
                ),
                name="user_approves_amount_range",
                violation_error_message="Enter ¥0 or more, or leave it empty.",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approves_reduction__isnull", True),
                    models.Q(("approves_reduction__gte", 0), ("approves_reduction__lte", 100)),
                    _connector="OR",
                ),
                name="user_approves_reduction_range",
                violation_error_message="Enter 0 to 100 percent, or leave it empty.",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_superuser", False), ("role", "admin"), _connector="OR"),
                name="user_superuser_is_admin",
                violation_error_message="Only a portal admin may have every permission.",
            ),
        ),
    ]
