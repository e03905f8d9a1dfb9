from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("donors", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="feedbackdue",
            name="kind",
            field=models.CharField(
                choices=[
                    ("receipt", "Arrived"),
                    ("allocation", "Where it went"),
                    ("progress", "How it goes"),
                    ("final", "What came of it"),
                ],
                max_length=12,
                verbose_name="about",
            ),
        ),
        migrations.AlterField(
            model_name="pledge",
            name="binding",
            field=models.CharField(
                choices=[
                    ("intention", "A wish: it can be taken back"),
                    ("promise", "A public promise: it binds the donor"),
                    ("agreement", "A written agreement: it binds the donor"),
                ],
                default="intention",
                max_length=12,
                verbose_name="what it means",
            ),
        ),
    ]
