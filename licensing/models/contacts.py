"""The people of a customer whom one writes to, with or without a log-in."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.integrity.history import History, KeptQuerySet
from foundation.text.language import LANGUAGES
from foundation.text.search import SearchKeyField
from foundation.text.validators import validate_printable

from .customers import Customer

PURPOSES = {
    "for_quotes": pgettext_lazy("what a contact is for", "quotes"),
    "for_technical": pgettext_lazy("what a contact is for", "technical questions"),
    "for_billing": pgettext_lazy("what a contact is for", "billing"),
}
"""By column of `Contact`, what a contact may be for."""


class Contact(models.Model):
    """Somebody at a customer: a quote may be addressed to them, and letters and links go there.

    Whether they log in, their e-mail address says: the customer's users are found by it. Whoever is removed is only
    marked as gone, for quotes and their history name them.
    """

    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        limit_choices_to={"merged_into": None},
        related_name="contacts",
        verbose_name=_("customer"),
    )
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=100, validators=[validate_printable])
    kana = models.CharField(
        _("name in kana"), max_length=100, blank=True, help_text=_("For searching and sorting; not printed.")
    )
    department = models.CharField(
        _("department"),
        max_length=200,
        blank=True,
        help_text=_("Printed above the name on quotes to this contact."),
        validators=[validate_printable],
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True, validators=[validate_printable])
    language = models.CharField(
        pgettext_lazy("of a contact", "language"), max_length=2, choices=LANGUAGES, default="ja"
    )
    for_quotes = models.BooleanField(PURPOSES["for_quotes"], default=True)
    for_technical = models.BooleanField(PURPOSES["for_technical"], default=False)
    for_billing = models.BooleanField(PURPOSES["for_billing"], default=False)
    is_gone = models.BooleanField(pgettext_lazy("of a contact", "removed"), default=False)
    search_key = SearchKeyField(sources=("name", "kana", "email"))

    objects = KeptQuerySet.as_manager()
    history: Any = History(without=["search_key"], asked_by=["customer"])

    class Meta:
        verbose_name = pgettext_lazy("of a customer", "contact")
        verbose_name_plural = pgettext_lazy("of a customer", "contacts")
        ordering = ["kana", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="contact_name_not_empty",
                condition=~Q(name=""),
                violation_error_message=_("Enter the contact's name."),
            ),
            models.CheckConstraint(
                name="contact_language_known",
                condition=Q(language__in=["ja", "en"]),
                violation_error_message=_("Choose Japanese or English as the contact's language."),
            ),
            models.UniqueConstraint(
                name="contact_once_per_customer",
                fields=["customer", "name", "department", "email"],
                condition=Q(is_gone=False),
                violation_error_message=_(
                    "This customer has a contact of this name, department and e-mail address already."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name
