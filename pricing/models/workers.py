"""Which workers live."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkerBeat(models.Model):
    """A worker that does background work, and when it last said that it lives."""

    name = models.CharField(_("worker"), max_length=100, primary_key=True, help_text=_("Its machine and process."))
    version = models.CharField(_("version"), max_length=40)
    seen_at = models.DateTimeField(_("last seen at"))

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        return self.name
