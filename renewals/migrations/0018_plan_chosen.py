"""A stage of its own for renewals of which the customer has chosen a plan; the database notes choices."""

from django.db import migrations, models

from foundation.integrity import make_triggers

MARK_CHOSEN = """
INSERT INTO renewals_deskmark (licenseid, reseller)
SELECT DISTINCT quotes_comparedlicenseid.licenseid_id, licensing_customer.reseller_id
FROM quotes_comparisonstatus
JOIN quotes_comparedlicenseid ON quotes_comparedlicenseid.comparison_id = quotes_comparisonstatus.comparison_id
JOIN licensing_licenseid ON licensing_licenseid.id = quotes_comparedlicenseid.licenseid_id
JOIN licensing_customer ON licensing_customer.id = licensing_licenseid.customer_id
WHERE quotes_comparisonstatus.chosen_id IS NOT NULL
"""
"""What was chosen before comes to its stage at the next refresh."""
ONE_LATER = "UPDATE renewals_deskrow SET stage_place = stage_place + 1 WHERE stage_place >= 3"
ONE_EARLIER = "UPDATE renewals_deskrow SET stage_place = stage_place - 1 WHERE stage_place > 3"


class Migration(migrations.Migration):
    dependencies = [
        ("quotes", "0014_acknowledgements_checked"),
        ("renewals", "0017_desk_by_change"),
    ]

    operations = [
        migrations.AlterField(
            model_name='deskrow',
            name='stage',
            field=models.CharField(choices=[('open', 'not begun'), ('asked', 'quantities asked'), ('answered', 'quantities answered'), ('chosen', 'plan chosen'), ('drafted', 'draft'), ('quoted', 'quoted'), ('sent', 'sent'), ('seen', 'seen'), ('wished', 'order wished'), ('ordered', 'ordered'), ('done', 'carried out'), ('lost', 'lost'), ('declined', 'not renewed'), ('lapsed', 'lapsed')], max_length=10),
        ),
        migrations.AlterField(
            model_name='deskrow',
            name='step',
            field=models.CharField(choices=[('quote', 'Make a quote'), ('wait-answer', 'Wait for the quantities'), ('quote-answered', 'Quote what was answered'), ('issue-chosen', 'Issue the chosen plan'), ('finish-draft', 'Issue the draft'), ('send', 'Send the quote'), ('ask-again', 'Ask how it stands'), ('quote-again', 'Quote anew'), ('record-order', 'Record the order'), ('record-loss', 'Record the loss'), ('carry-out', 'Carry out the order'), ('follow-up', 'Follow up'), ('nothing', 'Nothing more')], max_length=20),
        ),
        migrations.RunSQL(ONE_LATER, ONE_EARLIER),
        migrations.RunSQL(MARK_CHOSEN, migrations.RunSQL.noop),
        make_triggers("renewals"),
    ]
