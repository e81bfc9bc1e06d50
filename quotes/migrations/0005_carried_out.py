"""How much of an ordered quote was carried out, and the entries that tell of it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("quotes", "0004_order_details")]

    operations = [
        migrations.AddField(
            model_name="quotestatus",
            name="carried_out",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="license IDs carried out"),
        ),
        migrations.AddConstraint(
            model_name="quotestatus",
            constraint=models.CheckConstraint(
                name="quote_status_carried_out_when_ordered",
                condition=Q(carried_out=0) | Q(state="ordered"),
                violation_error_message="Only what was ordered is carried out.",
            ),
        ),
        migrations.AlterField(
            model_name="quoteevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("issued", "issued"),
                    ("superseded", "superseded by a revision"),
                    ("withdrawn", "withdrawn"),
                    ("ordered", "recorded as ordered"),
                    ("lost", "recorded as lost"),
                    ("carried_out", "holdings brought to what was ordered"),
                    ("carry_out_undone", "change of the holdings taken back"),
                    ("reopened", "outcome taken back"),
                    ("viewed", "seen by the customer"),
                    ("fetched", "fetched by a program"),
                    ("downloaded", "PDF downloaded"),
                    ("order_wished", "customer wishes to order"),
                    ("declined", "declined by the customer"),
                    ("link_made", "share link made"),
                    ("link_revoked", "share link revoked"),
                    ("mail_queued", "e-mail queued"),
                    ("mail_sent", "e-mail sent"),
                    ("mail_failed", "e-mail not delivered"),
                    ("clock_confirmed", "clock confirmed by the operator"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
    ]
