from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0008_assessment_policies_answered"),
    ]

    operations = [
        migrations.AddField(
            model_name="need",
            name="assess_by",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
