import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("foundation", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="started by",
            ),
        ),
        migrations.AddField(
            model_name="batchitem",
            name="batch",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="foundation.batch",
                verbose_name="background work",
            ),
        ),
        migrations.AddIndex(
            model_name="chatmessage",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "sending"])),
                fields=["next_attempt_at"],
                name="chat_unsettled",
            ),
        ),
        migrations.AddIndex(
            model_name="chatmessage",
            index=models.Index(fields=["about", "-id"], name="chat_about"),
        ),
        migrations.AddConstraint(
            model_name="chatmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["queued", "sending"]),
                        ("sealed_address__isnull", False),
                        ("sealed_text__isnull", False),
                        ("settled_at", None),
                    ),
                    models.Q(
                        models.Q(("state__in", ["queued", "sending"]), _negated=True),
                        ("sealed_address", None),
                        ("sealed_text", None),
                        ("settled_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="chat_sealed_while_waiting",
                violation_error_message="A chat notice that is settled keeps neither address nor text.",
            ),
        ),
        migrations.AddField(
            model_name="outgoingmail",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="created by",
            ),
        ),
        migrations.AddField(
            model_name="mailnotice",
            name="mail",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to="foundation.outgoingmail",
                verbose_name="outgoing e-mail",
            ),
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "running"])),
                fields=["leased_until"],
                name="batch_unfinished",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["waiting", "running"]), ("finished_at__isnull", False), _connector="OR"
                ),
                name="batch_finished_has_moment",
                violation_error_message="Finished work has a moment at which it finished.",
            ),
        ),
        migrations.AddConstraint(
            model_name="batchitem",
            constraint=models.UniqueConstraint(
                fields=("batch", "position"),
                name="batch_item_once",
                violation_error_message="This item is done already.",
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "sending"])),
                fields=["next_attempt_at"],
                name="mail_unsettled",
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(fields=["about"], name="mail_about"),
        ),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(
                condition=models.Q(
                    ("state", "failed"),
                    models.Q(("sealed_text__isnull", False), ("attachment__isnull", False), _connector="OR"),
                ),
                fields=["settled_at"],
                name="mail_text_kept",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoingmail",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["queued", "sending", "sent", "failed", "cancelled"])),
                name="mail_state_known",
                violation_error_message="Choose one of the states.",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoingmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["queued", "sending"]),
                        ("next_attempt_at__isnull", False),
                        ("settled_at__isnull", True),
                    ),
                    models.Q(
                        models.Q(("state__in", ["queued", "sending"]), _negated=True),
                        ("next_attempt_at__isnull", True),
                        ("settled_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="mail_waits_or_is_settled",
                violation_error_message="An e-mail either waits for its next attempt or is settled.",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoingmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["queued", "sending"]), ("sealed_text__isnull", False)),
                    ("state", "failed"),
                    models.Q(
                        ("attachment__isnull", True),
                        ("sealed_text__isnull", True),
                        ("state__in", ["sent", "cancelled"]),
                    ),
                    _connector="OR",
                ),
                name="mail_text_while_waiting",
                violation_error_message="An e-mail that was sent keeps no text.",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoingmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "failed"), _negated=True),
                    models.Q(("error", ""), _negated=True),
                    _connector="OR",
                ),
                name="mail_failed_says_why",
                violation_error_message="An e-mail that was not delivered says why.",
            ),
        ),
    ]
