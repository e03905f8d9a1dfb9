"""Where an article was written: until it is published it belongs to the writers of that place."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="area",
            field=models.CharField(
                blank=True, default="", editable=False, max_length=12, verbose_name="area code"
            ),
        ),
    ]
