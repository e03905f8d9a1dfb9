"""Articles written before they had a place take that of the seat their author wrote from."""

from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    seats = apps.get_model("accounts", "Membership").objects.filter(role__in=["social_worker", "supervisor"])
    articles = apps.get_model("knowledge", "Article").objects
    for article in articles.filter(area=""):
        seat = seats.filter(user_id=article.author_id).order_by("pk").first()
        if seat is not None:
            articles.filter(pk=article.pk).update(area=seat.prefix)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("knowledge", "0002_article_area")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
