"""Work that takes longer than a request: done item by item in the background, and taken up again where it stopped."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

UNFINISHED = Q(state__in=["waiting", "running"])


class Batch(models.Model):
    """One piece of work for the background.

    A worker holds it by a lease, which it prolongs while it works. When the worker dies, the lease ends, and another
    worker goes on with the items that are not done yet.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        REFUSED = "refused", _("refused")
        """What it was given cannot be used: nothing went wrong, and trying again would not help."""
        CANCELLED = "cancelled", _("cancelled")

    key = models.UUIDField(_("key"), unique=True, default=uuid.uuid4, editable=False)
    task_path = models.CharField(_("task"), max_length=200, help_text=_("The dotted name of the task that does it."))
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    language = models.CharField(_("language"), max_length=10, help_text=_("Of the person who started it."))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    created_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    item_count = models.PositiveIntegerField(_("items"), null=True, blank=True)
    done_count = models.PositiveIntegerField(_("items done"), default=0)
    doing = models.CharField(_("doing"), max_length=40, blank=True, help_text=_("A code that pages translate."))
    step_done = models.PositiveIntegerField(_("steps done"), default=0)
    step_count = models.PositiveIntegerField(_("steps"), default=0)
    result = models.JSONField(_("result"), default=dict, blank=True)
    message = models.TextField(_("message"), blank=True, help_text=_("Why it failed, for the person who started it."))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    enqueued_at = models.DateTimeField(_("enqueued at"))
    task_id = models.CharField(_("task result"), max_length=64, blank=True)
    leased_by = models.CharField(_("held by"), max_length=64, blank=True)
    leased_until = models.DateTimeField(_("held until"), null=True, blank=True)

    class Meta:
        verbose_name = _("background work")
        verbose_name_plural = _("background work")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["leased_until"], name="batch_unfinished", condition=UNFINISHED),
        ]
        constraints = [
            models.CheckConstraint(
                name="batch_finished_has_moment",
                condition=UNFINISHED | Q(finished_at__isnull=False),
                violation_error_message=_("Finished work has a moment at which it finished."),
            ),
        ]

    def __str__(self) -> str:
        return f"{capfirst(self._meta.verbose_name)} {self.pk}"

    @property
    def is_finished(self) -> bool:
        return self.state not in (self.State.WAITING, self.State.RUNNING)

    @property
    def percent(self) -> int:
        """How much is done, 0 to 100: whole items, and of the present item the steps that it tells."""
        if self.state == self.State.DONE:
            return 100
        if not self.item_count:
            return 0
        step = min(self.step_done / self.step_count, 1) if self.step_count else 0
        return min(99, int(100 * (self.done_count + step) / self.item_count))


class BatchItem(models.Model):
    """One item that is done. Written in one transaction with what doing it wrote, so that nothing is done twice."""

    batch = models.ForeignKey(
        Batch, on_delete=models.CASCADE, related_name="items", db_index=False, verbose_name=_("background work")
    )
    position = models.PositiveIntegerField(_("position"))
    done_at = models.DateTimeField(_("done at"))

    class Meta:
        verbose_name = _("item done")
        verbose_name_plural = _("items done")
        constraints = [
            models.UniqueConstraint(
                name="batch_item_once",
                fields=["batch", "position"],
                violation_error_message=_("This item is done already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.position}"


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
