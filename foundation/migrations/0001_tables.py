import foundation.text.validators
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="key")),
                (
                    "task_path",
                    models.CharField(
                        help_text="The dotted name of the task that does it.", max_length=200, verbose_name="task"
                    ),
                ),
                ("parameters", models.JSONField(blank=True, default=dict, verbose_name="parameters")),
                (
                    "language",
                    models.CharField(help_text="Of the person who started it.", max_length=10, verbose_name="language"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("refused", "refused"),
                            ("cancelled", "cancelled"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="started at")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished at")),
                ("item_count", models.PositiveIntegerField(blank=True, null=True, verbose_name="items")),
                ("done_count", models.PositiveIntegerField(default=0, verbose_name="items done")),
                (
                    "doing",
                    models.CharField(
                        blank=True, help_text="A code that pages translate.", max_length=40, verbose_name="doing"
                    ),
                ),
                ("step_done", models.PositiveIntegerField(default=0, verbose_name="steps done")),
                ("step_count", models.PositiveIntegerField(default=0, verbose_name="steps")),
                ("result", models.JSONField(blank=True, default=dict, verbose_name="result")),
                (
                    "message",
                    models.TextField(
                        blank=True, help_text="Why it failed, for the person who started it.", verbose_name="message"
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("enqueued_at", models.DateTimeField(verbose_name="enqueued at")),
                ("task_id", models.CharField(blank=True, max_length=64, verbose_name="task result")),
                ("leased_by", models.CharField(blank=True, max_length=64, verbose_name="held by")),
                ("leased_until", models.DateTimeField(blank=True, null=True, verbose_name="held until")),
            ],
            options={
                "verbose_name": "background work",
                "verbose_name_plural": "background work",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="BatchItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                ("done_at", models.DateTimeField(verbose_name="done at")),
            ],
            options={
                "verbose_name": "item done",
                "verbose_name_plural": "items done",
            },
        ),
        migrations.CreateModel(
            name="ChatMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True, verbose_name="key")),
                ("about", models.CharField(max_length=100, verbose_name="about")),
                (
                    "channel",
                    models.CharField(
                        choices=[("teams", "Teams"), ("slack", "Slack")], max_length=10, verbose_name="chat"
                    ),
                ),
                ("sealed_address", models.BinaryField(null=True, verbose_name="address")),
                ("sealed_text", models.BinaryField(null=True, verbose_name="text")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("sending", "being posted"),
                            ("sent", "posted"),
                            ("failed", "not posted"),
                            ("nothing", "nothing to tell"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("next_attempt_at", models.DateTimeField(null=True, verbose_name="next attempt at")),
                ("leased_by", models.CharField(blank=True, max_length=64, verbose_name="held by")),
                ("leased_until", models.DateTimeField(null=True, verbose_name="held until")),
                ("handing_over_at", models.DateTimeField(null=True, verbose_name="handed over at")),
                (
                    "error",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                "not_allowed",
                                "This address is not allowed: it does not lead to a server on the internet.",
                            ),
                            ("no_connection", "The chat’s server was not reached."),
                            ("try_later", "The chat’s server asks to try later."),
                            ("refused", "The chat’s server refused the notice. Check the webhook’s address."),
                            (
                                "unclear",
                                "The connection broke, so nobody knows whether the notice arrived. It is not repeated.",
                            ),
                            ("unreadable", "The address cannot be read any more. Enter it again."),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="error",
                    ),
                ),
                ("status", models.PositiveSmallIntegerField(null=True, verbose_name="answer")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="settled at")),
            ],
            options={
                "verbose_name": "chat notice",
                "verbose_name_plural": "chat notices",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="MailNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                ("sender", models.CharField(blank=True, max_length=254, verbose_name="sender")),
                ("subject", models.CharField(blank=True, max_length=300, verbose_name="subject")),
                ("excerpt", models.TextField(blank=True, max_length=2000, verbose_name="excerpt")),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="fingerprint")),
            ],
            options={
                "verbose_name": "answer to an e-mail",
                "verbose_name_plural": "answers to e-mail",
                "ordering": ["-received_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="OutgoingMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True, verbose_name="key")),
                ("about", models.CharField(blank=True, max_length=100, verbose_name="about")),
                (
                    "to",
                    models.CharField(
                        max_length=254, validators=[foundation.text.validators.validate_address], verbose_name="to"
                    ),
                ),
                (
                    "to_name",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[foundation.text.validators.validate_one_line],
                        verbose_name="recipient's name",
                    ),
                ),
                (
                    "cc",
                    models.JSONField(
                        blank=True,
                        default=list,
                        validators=[foundation.text.validators.validate_addresses],
                        verbose_name="copies to",
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
                (
                    "subject",
                    models.CharField(
                        max_length=300,
                        validators=[foundation.text.validators.validate_one_line],
                        verbose_name="subject",
                    ),
                ),
                (
                    "sender_name",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[foundation.text.validators.validate_one_line],
                        verbose_name="sender's name",
                    ),
                ),
                (
                    "reply_to",
                    models.CharField(
                        blank=True,
                        max_length=254,
                        validators=[foundation.text.validators.validate_address],
                        verbose_name="reply to",
                    ),
                ),
                ("sealed_text", models.BinaryField(blank=True, null=True, verbose_name="text")),
                (
                    "attachment_name",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[foundation.text.validators.validate_one_line],
                        verbose_name="attachment",
                    ),
                ),
                ("attachment", models.BinaryField(blank=True, null=True, verbose_name="attachment")),
                ("entry", models.JSONField(blank=True, default=dict, verbose_name="what was typed")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("failed", "not delivered"),
                            ("cancelled", "not needed any more"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("next_attempt_at", models.DateTimeField(blank=True, null=True, verbose_name="next attempt at")),
                ("leased_by", models.CharField(blank=True, max_length=64, verbose_name="held by")),
                ("leased_until", models.DateTimeField(blank=True, null=True, verbose_name="held until")),
                ("handing_over_at", models.DateTimeField(blank=True, null=True, verbose_name="handed over at")),
                (
                    "error",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unknown_address", "unknown address"),
                            ("mailbox_full", "mailbox full"),
                            ("address_refused", "address refused"),
                            ("content_refused", "message refused"),
                            ("bounced", "came back"),
                            ("unclear", "not known whether it arrived"),
                            ("try_later", "server asks to try later"),
                            ("no_connection", "mail server not reached"),
                            ("log_in_refused", "mail server refuses the log-in"),
                            ("sender_refused", "mail server refuses the sender"),
                            ("unreadable", "text cannot be read any more"),
                            ("internal", "internal error"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="error",
                    ),
                ),
                ("error_address", models.CharField(blank=True, max_length=254, verbose_name="address concerned")),
                ("error_answer", models.CharField(blank=True, max_length=500, verbose_name="mail server's answer")),
                ("message_id", models.CharField(max_length=200, unique=True, verbose_name="message ID")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")),
            ],
            options={
                "verbose_name": "outgoing e-mail",
                "verbose_name_plural": "outgoing e-mail",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="WorkerBeat",
            fields=[
                (
                    "name",
                    models.CharField(
                        help_text="Its machine and process.",
                        max_length=100,
                        primary_key=True,
                        serialize=False,
                        verbose_name="worker",
                    ),
                ),
                ("version", models.CharField(max_length=40, verbose_name="version")),
                ("seen_at", models.DateTimeField(verbose_name="last seen at")),
            ],
            options={
                "verbose_name": "worker",
                "verbose_name_plural": "workers",
            },
        ),
    ]
