"""A reseller's own texts for each kind of letter."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quotes", "0005_long_lists")]

    operations = [
        migrations.RemoveConstraint(model_name="lettertemplate", name="letter_template_one_per_language"),
        migrations.AddField(
            model_name="lettertemplate",
            name="kind",
            field=models.CharField(default="quote", max_length=20, verbose_name="kind"),
        ),
        migrations.AddConstraint(
            model_name="lettertemplate",
            constraint=models.UniqueConstraint(
                fields=("reseller", "kind", "language"),
                name="letter_template_one_of_a_kind",
                violation_error_message="This reseller has a text of this kind in this language already.",
            ),
        ),
    ]
