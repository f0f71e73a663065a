"""Ship the category of a library system that does not answer: adds none that a manager removed, changes none."""

from django.db import migrations

from troubleshooting.categories import load


def add_categories(apps, schema_editor):
    load(apps.get_model("troubleshooting", "Category"), only=["library_system"])


class Migration(migrations.Migration):
    dependencies = [("troubleshooting", "0003_move")]
    operations = [migrations.RunPython(add_categories, migrations.RunPython.noop)]
