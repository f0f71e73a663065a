"""Labels that differ in large and small letters alone get a number behind, then only one device of a branch has one."""

from collections.abc import Iterable
from typing import Any

import django.db.models.functions.text
from django.apps.registry import Apps
from django.db import migrations, models

MOST = 20  # letters of a label


def number_twins(apps: Apps, _schema: Any = None) -> None:
    """Put a number behind the labels of later devices that their branch has already, in whatever letters."""
    kept = list(apps.get_model("reservations", "Device").objects.filter(retired_on=None).order_by("pk"))
    taken = {(row.branch_id, row.label.lower()) for row in kept}
    had: set[tuple[int, str]] = set()
    for row in kept:
        if (row.branch_id, row.label.lower()) in had:
            row.label = next(each for each in _numbered(row.label) if (row.branch_id, each.lower()) not in taken)
            row.save(update_fields=["label"])
            taken.add((row.branch_id, row.label.lower()))
        had.add((row.branch_id, row.label.lower()))


def _numbered(label: str) -> Iterable[str]:
    return (f"{label[: MOST - len(str(number)) - 1]} {number}" for number in range(2, 10_000))


class Migration(migrations.Migration):

    dependencies = [
        ('reservations', '0013_one_name_one_place'),
    ]

    operations = [
        migrations.RunPython(number_twins, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='device',
            name='device_label_once_per_branch',
        ),
        migrations.AddConstraint(
            model_name='device',
            constraint=models.UniqueConstraint(models.F('branch'), django.db.models.functions.text.Lower('label'), condition=models.Q(('retired_on', None)), name='device_label_once_per_branch', violation_error_message='This branch has a device with this label. Choose another one.'),
        ),
    ]
