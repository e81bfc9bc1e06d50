"""What is wanted and not issued yet. It may change, and be deleted."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.text.search import SearchKeyField
from licensing.models import Customer, LicenseID, User
from quotes.models.comparisons import Alternative
from quotes.models.records import Quote


class QuoteDraft(models.Model):
    """What a member of staff has typed and saved. It has no number and no promise; it re-prices when opened."""

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    """Becomes the key of the quote that is issued from it."""
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="quote_drafts", verbose_name=_("customer")
    )
    license_ids = models.ManyToManyField(
        LicenseID, through="QuoteDraftPart", related_name="quote_drafts", verbose_name=_("license IDs")
    )
    """All that stand in its form, also those that are left out of the quote again."""
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("created by"))
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("saved by"))
    saved_at = models.DateTimeField(_("saved at"))
    asked = models.JSONField(_("what is wanted"))
    """`renewals.asked.Asked`, as its `to_json` writes it."""
    as_typed = models.JSONField(_("as it was typed"), default=dict, blank=True)
    """By the form's field: texts that say something else than `asked`, or nothing yet. Only the form reads it."""
    own_costs = models.JSONField(_("costs of own lines"), default=list, blank=True, editable=False)
    """`[[description, yen or null]]`: what those who see margins said of its free lines (R23). Nobody else sees it, and
    nothing but `renewals/calculation/own_costs.py` reads it.
    """
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    priced_on = models.DateField(_("priced on"), null=True)
    priced_total = models.BigIntegerField(_("total when saved"), null=True)
    """Yen, tax included; None where the draft could not be priced."""
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    """How many times it was saved: whoever saves must have seen the last one."""
    saved_from = models.CharField(_("saved from"), max_length=40, blank=True, default="", editable=False)
    """The open page that saved it last; empty where none is known. A page need not have seen its own last saving."""
    is_self_saved = models.BooleanField(_("saved by itself"), default=False, editable=False)
    """Whether nobody has asked for it to be saved yet: such a draft goes by itself once it says nothing."""
    basis = models.ForeignKey(
        Quote, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("made from")
    )
    """The quote that was revised or duplicated; None where the draft was begun anew."""
    alternative = models.ForeignKey(
        Alternative, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("alternative")
    )
    """Of a comparison, from which it was made."""
    is_revision = models.BooleanField(_("revision"), default=False)
    """Whether it is issued as the next revision of its basis, under the same number."""
    search_key = SearchKeyField(sources=("subject",))

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-saved_at"]
        constraints = [
            models.CheckConstraint(
                name="quote_draft_total_with_day",
                condition=Q(priced_total__isnull=True) | Q(priced_on__isnull=False, priced_total__gte=0),
                violation_error_message=_("A draft's total needs the day on which it was calculated."),
            ),
            models.CheckConstraint(
                name="quote_draft_revision_of_something",
                condition=Q(is_revision=False) | Q(basis__isnull=False),
                violation_error_message=_("A revision needs the quote that it revises."),
            ),
            models.UniqueConstraint(
                name="quote_draft_one_revision",
                fields=["basis"],
                condition=Q(is_revision=True),
                violation_error_message=_("There is a draft of this quote's revision already."),
            ),
        ]

    def __str__(self) -> str:
        return self.subject or str(self.key)


class QuoteDraftPart(models.Model):
    """A license ID that stands in a draft's form."""

    draft = models.ForeignKey(
        QuoteDraft, on_delete=models.CASCADE, related_name="parts", db_index=False, verbose_name=_("draft")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    licenseid = models.ForeignKey(LicenseID, on_delete=models.PROTECT, related_name="+", verbose_name=_("license ID"))

    class Meta:
        verbose_name = _("license ID of a draft")
        verbose_name_plural = _("license IDs of drafts")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="quote_draft_part_once", fields=["draft", "licenseid"]),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.licenseid_id}"
