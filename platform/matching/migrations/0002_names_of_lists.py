from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="confirmation",
            options={"verbose_name": "answer", "verbose_name_plural": "Waiting for an answer"},
        ),
        migrations.AlterModelOptions(
            name="override",
            options={
                "verbose_name": "question to a supervisor",
                "verbose_name_plural": "Waiting for a supervisor",
            },
        ),
        migrations.AlterModelOptions(
            name="pin",
            options={"verbose_name": "kept pair", "verbose_name_plural": "Kept for the next run"},
        ),
        migrations.AlterModelOptions(
            name="unmetreason",
            options={"verbose_name": "unmet need", "verbose_name_plural": "Needs without help yet"},
        ),
    ]
