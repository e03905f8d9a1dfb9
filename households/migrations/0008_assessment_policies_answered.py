from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0007_documents_of_one_person_meet"),
    ]

    operations = [
        migrations.AddField(
            model_name="assessment",
            name="no_policy_enjoyed",
            field=models.BooleanField(default=False, verbose_name="no policy enjoyed"),
        ),
        migrations.AddField(
            model_name="assessment",
            name="no_policy_missing",
            field=models.BooleanField(default=False, verbose_name="no policy missed"),
        ),
    ]
