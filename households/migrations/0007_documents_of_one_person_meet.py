"""A disability certificate is looked up by its holder's resident number, like every other document of the person."""

from typing import Any

from django.db import migrations

from common.crypto import blind_indexes


def look_up_by_holder(apps: Any, _editor: Any) -> None:
    """Two living rows of one person stay apart as they are; whoever corrects one of them is told so."""
    members = apps.get_model("households", "Member").objects
    for member in members.filter(id_kind="disability_certificate", id_index__isnull=False):
        newest, *older = blind_indexes("resident_id", member.id_number)
        twins = members.filter(live=True, id_index__in=[newest, *older]).exclude(pk=member.pk)
        if not (member.live and twins.exists()):
            members.filter(pk=member.pk).update(id_index=newest)


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0006_rows_of_imports_have_a_name"),
    ]

    operations = [migrations.RunPython(look_up_by_holder, migrations.RunPython.noop)]
