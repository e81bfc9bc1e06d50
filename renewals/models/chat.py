"""A reseller's chat rooms."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from licensing.models import Reseller


class ChatSettings(models.Model):
    """Which notices a reseller's chat rooms get. Without a row, and without an address, none."""

    reseller = models.OneToOneField(
        Reseller, on_delete=models.CASCADE, primary_key=True, related_name="+", verbose_name=_("reseller")
    )
    sealed_teams = models.BinaryField(_("webhook address of Teams"), null=True)
    sealed_slack = models.BinaryField(_("webhook address of Slack"), null=True)
    """Whoever has such an address can post: sealed, and never shown again in whole."""
    tells_answers = models.BooleanField(_("answers of quantity confirmations"), default=True)
    tells_wishes = models.BooleanField(_("wishes to order"), default=True)
    tells_digest = models.BooleanField(_("digest of the morning"), default=True)
    tells_bounces = models.BooleanField(_("letters that came back"), default=True)
    tells_approvals = models.BooleanField(_("requests for approval and their answers"), default=True)
    with_prices = models.BooleanField(_("with prices"), default=False)

    class Meta:
        verbose_name = _("chat notices of a reseller")
        verbose_name_plural = _("chat notices of resellers")

    def __str__(self) -> str:
        return f"{self.reseller_id}"
