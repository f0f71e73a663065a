"""Ship the taxonomy: adds the categories that are not there, changes none."""

from django.db import migrations

from troubleshooting.categories import load


def add_categories(apps, schema_editor):
    load(apps.get_model("troubleshooting", "Category"))


class Migration(migrations.Migration):
    dependencies = [("troubleshooting", "0001_initial")]
    operations = [migrations.RunPython(add_categories, migrations.RunPython.noop)]
