"""Calendar feeds: by an address that only its owner knows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from licensing.models import User


class CalendarFeed(models.Model):
    """Somebody's feed. Only the hash of its token is kept; a new one takes the place of the old at once."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="+", verbose_name=_("user")
    )
    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return str(self.user_id)
