"""Links by which somebody without a log-in sees one quote, or one comparison."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from licensing.models import User

from .comparisons import Comparison
from .records import Quote

Shared = Quote | Comparison
"""What a link opens."""


class ShareLink(models.Model):
    """One link to one revision, or to one comparison. Only the hash of its token is kept: who reads the database cannot
    open the page.
    """

    quote = models.ForeignKey(
        Quote, on_delete=models.PROTECT, null=True, related_name="share_links", verbose_name=_("quote")
    )
    """None where it opens a comparison."""
    comparison = models.ForeignKey(
        Comparison, on_delete=models.PROTECT, null=True, related_name="share_links", verbose_name=_("comparison")
    )
    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True, editable=False)
    """SHA-256, hexadecimal, of the token in the address."""
    recipient = models.CharField(_("for whom"), max_length=200, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("created by"))
    created_at = models.DateTimeField(_("created at"))
    expires_on = models.DateField(_("expires on"))
    """The last day on which it opens, until its end in Japan."""
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    max_downloads = models.PositiveIntegerField(_("downloads allowed"), null=True)
    """None: as many as anybody likes."""
    downloads = models.PositiveIntegerField(_("downloads"), default=0)

    class Meta:
        verbose_name = _("share link")
        verbose_name_plural = _("share links")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="share_link_downloads_within_limit",
                condition=Q(max_downloads__isnull=True) | Q(downloads__lte=F("max_downloads")),
                violation_error_message=_("This link's downloads are used up."),
            ),
            models.CheckConstraint(
                name="share_link_to_one",
                condition=Q(quote__isnull=False, comparison__isnull=True)
                | Q(quote__isnull=True, comparison__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quote_id or self.comparison_id} {self.recipient}"

    @property
    def shared(self) -> Shared:
        """What it opens."""
        shared = self.quote or self.comparison
        if shared is None:
            raise ValueError("a link to nothing")
        return shared

    def is_open(self, on: date) -> bool:
        """Whether it opens on a day in Japan."""
        return self.revoked_at is None and on <= self.expires_on
