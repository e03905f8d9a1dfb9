from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0004_waiting_settled_consents_without_undo"),
    ]

    operations = [
        migrations.AddField(
            model_name="assessment",
            name="ranking",
            field=models.JSONField(blank=True, default=list, verbose_name="needs in order"),
        ),
    ]
