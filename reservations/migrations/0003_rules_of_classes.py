from django.db import migrations

SAME = ('walk_up_only', 'session_minutes', 'counts_toward_day', 'least_age', 'greatest_age')
PLAIN = (False, None, True, 0, 130)


def move_to_policies(apps, schema_editor):
    """What a class of devices said of itself is now said of it by each policy."""
    rule = apps.get_model('reservations', 'ClassRule')
    policies = list(apps.get_model('reservations', 'Policy').objects.all())
    for kind in apps.get_model('reservations', 'DeviceClass').objects.filter(bookable=True):
        said = {name: getattr(kind, name) for name in SAME}
        if tuple(said.values()) != PLAIN:
            rule.objects.bulk_create(rule(policy=policy, device_class=kind, **said) for policy in policies)


class Migration(migrations.Migration):

    dependencies = [
        ('reservations', '0002_rules_and_line'),
    ]

    operations = [
        migrations.RunPython(move_to_policies, migrations.RunPython.noop),
    ]
