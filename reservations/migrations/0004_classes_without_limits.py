from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('reservations', '0003_rules_of_classes'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='deviceclass',
            name='device_class_ages_ordered',
        ),
        migrations.RemoveConstraint(
            model_name='deviceclass',
            name='device_class_session_sane',
        ),
        migrations.RemoveField(
            model_name='deviceclass',
            name='counts_toward_day',
        ),
        migrations.RemoveField(
            model_name='deviceclass',
            name='greatest_age',
        ),
        migrations.RemoveField(
            model_name='deviceclass',
            name='least_age',
        ),
        migrations.RemoveField(
            model_name='deviceclass',
            name='session_minutes',
        ),
        migrations.RemoveField(
            model_name='deviceclass',
            name='walk_up_only',
        ),
    ]
