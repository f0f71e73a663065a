"""Names that looked the same get a number behind, then only one area and one paired screen of a branch has a name."""

from collections.abc import Iterable
from typing import Any

import django.db.models.functions.text
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models

import helpdesk.names


def number_twins(apps: Apps, _schema: Any = None) -> None:
    """Put a number behind the names of later areas and paired screens that their branch has already."""
    areas = apps.get_model("reservations", "Area").objects.order_by("pk")
    _number(areas, 60, str.lower)
    kiosks = apps.get_model("reservations", "Kiosk").objects.filter(revoked_at=None).order_by("pk")
    _number(kiosks, 40, str)


def _number(rows: Iterable[Any], most: int, same: Any) -> None:
    kept = list(rows)
    taken = {(row.branch_id, same(row.name)) for row in kept}
    had: set[tuple[int, str]] = set()
    for row in kept:
        key = (row.branch_id, same(row.name))
        if key in had:
            row.name = next(name for name in _numbered(row.name, most) if (row.branch_id, same(name)) not in taken)
            row.save(update_fields=["name"])
            taken.add((row.branch_id, same(row.name)))
        had.add(key)


def _numbered(name: str, most: int) -> Iterable[str]:
    """Yield the name with 2, 3 and so on behind, at most `most` characters long."""
    return (f"{name[: most - len(str(number)) - 1]} {number}" for number in range(2, 10_000))


class Migration(migrations.Migration):

    dependencies = [
        ('reservations', '0012_given_back_and_on_trust'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(number_twins, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='area',
            name='area_once_per_branch',
        ),
        migrations.AlterField(
            model_name='area',
            name='name',
            field=models.CharField(max_length=60, validators=[helpdesk.names.visible], verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='branch',
            name='name',
            field=models.CharField(max_length=60, unique=True, validators=[helpdesk.names.visible], verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='device',
            name='label',
            field=models.CharField(help_text="The number on the seat, or the machine's name.", max_length=20, validators=[helpdesk.names.visible], verbose_name='label'),
        ),
        migrations.AlterField(
            model_name='deviceclass',
            name='name',
            field=models.CharField(max_length=60, validators=[helpdesk.names.visible], verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='kiosk',
            name='name',
            field=models.CharField(max_length=40, validators=[helpdesk.names.visible], verbose_name='name'),
        ),
        migrations.AddConstraint(
            model_name='area',
            constraint=models.UniqueConstraint(models.F('branch'), django.db.models.functions.text.Lower('name'), name='area_once_per_branch', violation_error_message='This branch has an area with this name. Choose another name.'),
        ),
        migrations.AddConstraint(
            model_name='kiosk',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('branch', 'name'), name='kiosk_paired_once_per_name', violation_error_message='There is a kiosk of this name. Choose another name, or take its pairing back first.'),
        ),
    ]
