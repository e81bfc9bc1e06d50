"""Customers: the companies who are quoted, and who looks after each."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.integrity.history import History, KeptQuerySet
from foundation.text.language import LANGUAGES
from foundation.text.search import SearchKeyField
from foundation.text.validators import validate_printable

from .resellers import POSTAL_CODE, Reseller
from .roles import RESELLER_ROLES


class Customer(models.Model):
    """A company that holds licenses and is quoted by one reseller."""

    reseller = models.ForeignKey(
        Reseller, on_delete=models.PROTECT, related_name="customers", verbose_name=_("reseller")
    )
    name = models.CharField(
        _("company name"),
        max_length=200,
        help_text=_("The formal name, with 株式会社 written out."),
        validators=[validate_printable],
    )
    kana = models.CharField(
        _("name in kana"), max_length=200, blank=True, help_text=_("For searching and sorting; not printed.")
    )
    department = models.CharField(_("department"), max_length=200, blank=True, validators=[validate_printable])
    person = models.CharField(
        _("contact person"),
        max_length=100,
        blank=True,
        help_text=_("With a person, the quote adds 様 to the name; without one, 御中 to the company."),
        validators=[validate_printable],
    )
    postal_code = models.CharField(_("postal code"), max_length=8, blank=True, validators=[POSTAL_CODE])
    address = models.CharField(_("address"), max_length=300, blank=True, validators=[validate_printable])
    language = models.CharField(_("language of quotes"), max_length=2, choices=LANGUAGES, default="ja")
    segment = models.CharField(
        _("customer segment"),
        max_length=40,
        blank=True,
        help_text=_("官公庁, 教育 or 一般. Quoting products that are made for another segment gives a warning (R19)."),
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    """The customer that it has become: then only what was issued to it hangs on it, and its names go on to be found."""
    owner = models.ForeignKey(
        "User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_customers",
        limit_choices_to={"role__in": RESELLER_ROLES},
        verbose_name=_("owner"),
        help_text=_("Who of the reseller looks after the customer and its renewals."),
    )
    """One of the same reseller's people, as the database holds (`.protection`). None: nobody yet."""
    search_key = SearchKeyField(sources=("name", "kana"))
    contact_key = SearchKeyField(sources=("person",))

    objects = KeptQuerySet.as_manager()
    history: Any = History(without=["search_key", "contact_key"])

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["kana", "name", "pk"]
        indexes = [
            models.Index(
                name="customer_in_order", fields=["reseller", "kana", "name", "id"], condition=Q(merged_into=None)
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="customer_name_not_empty",
                condition=~Q(name=""),
                violation_error_message=_("Enter the customer's company name."),
            ),
            models.CheckConstraint(
                name="customer_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
                violation_error_message=_("A customer is not merged into itself."),
            ),
            models.CheckConstraint(
                name="customer_language_known",
                condition=Q(language__in=["ja", "en"]),
                violation_error_message=_("Choose Japanese or English as the language of quotes."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def present_id(self) -> int:
        """The row number of the customer that it is now: its own, or that into which it was merged."""
        return self.merged_into_id or self.pk

    def clean(self) -> None:
        """The owner is one of the reseller's people."""
        if self.owner is not None and self.owner.reseller_id != self.reseller_id:
            text = _("%(name)s is not one of this reseller’s people. Choose one of them, or nobody.")
            raise ValidationError({"owner": ValidationError(text, "alien", {"name": self.owner})})
