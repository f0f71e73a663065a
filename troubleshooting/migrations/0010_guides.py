"""Guides take the place of first fixes: their tables, and the shipped ones for the categories that are there."""

import django.db.models.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from helpdesk import clock
from troubleshooting.guides.loading import load


def add_guides(apps, schema_editor):
    names = ("Category", "GuideVersion", "GuideStep")
    load(*(apps.get_model("troubleshooting", name) for name in names), now=clock.now())


class Migration(migrations.Migration):

    dependencies = [
        ('reservations', '0013_one_name_one_place'),
        ('troubleshooting', '0009_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveField(
            model_name='category',
            name='first_fixes',
        ),
        migrations.AddField(
            model_name='category',
            name='is_offered',
            field=models.BooleanField(default=True, help_text='Untick it instead of deleting: its questions keep it, nobody is offered it any more.', verbose_name='offered for new questions'),
        ),
        migrations.CreateModel(
            name='GuideVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('made_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('is_live', models.BooleanField(default=False)),
                ('by_kind', models.CharField(max_length=8)),
                ('by_kiosk', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='reservations.kiosk')),
                ('by_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guides', to='troubleshooting.category')),
            ],
            options={
                'verbose_name': 'guide',
                'verbose_name_plural': 'guides',
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='GuideStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40, verbose_name='short name')),
                ('position', models.PositiveSmallIntegerField(verbose_name='order')),
                ('picture', models.SlugField(blank=True, max_length=40, verbose_name='picture')),
                ('patron', models.BooleanField(default=False, verbose_name='a patron may do it alone')),
                ('yes', models.SlugField(max_length=40, verbose_name='after Yes')),
                ('no', models.SlugField(max_length=40, verbose_name='after No')),
                ('texts', models.JSONField(default=dict, verbose_name='texts')),
                ('changes', models.PositiveIntegerField(default=0)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='troubleshooting.guideversion')),
            ],
            options={
                'verbose_name': 'step of a guide',
                'verbose_name_plural': 'steps of guides',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='GuideAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(max_length=8)),
                ('at', models.DateTimeField()),
                ('by_kind', models.CharField(max_length=8)),
                ('by_kiosk', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='reservations.kiosk')),
                ('by_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='troubleshooting.ticket')),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='troubleshooting.guidestep')),
            ],
            options={
                'ordering': ['at', 'pk'],
                'indexes': [models.Index(fields=['step', 'at'], include=('answer',), name='guide_answer_figures')],
                'constraints': [models.UniqueConstraint(fields=('ticket', 'step'), name='guide_answer_once'), models.CheckConstraint(condition=models.Q(('answer__in', ('yes', 'no', 'skipped'))), name='guide_answer_known'), models.CheckConstraint(condition=models.Q(('by_kind__in', ('staff', 'patron', 'client', 'system'))), name='guide_answer_actor_known')],
            },
        ),
        migrations.AddConstraint(
            model_name='guideversion',
            constraint=models.UniqueConstraint(fields=('category', 'number'), name='guide_version_number_once'),
        ),
        migrations.AddConstraint(
            model_name='guideversion',
            constraint=models.UniqueConstraint(condition=models.Q(('is_live', True)), fields=('category',), name='guide_version_one_live'),
        ),
        migrations.AddConstraint(
            model_name='guideversion',
            constraint=models.UniqueConstraint(condition=models.Q(('published_at', None)), fields=('category',), name='guide_version_one_draft'),
        ),
        migrations.AddConstraint(
            model_name='guideversion',
            constraint=models.CheckConstraint(condition=models.Q(('is_live', False), ('published_at__isnull', False), _connector='OR'), name='guide_version_live_is_published'),
        ),
        migrations.AddConstraint(
            model_name='guideversion',
            constraint=models.CheckConstraint(condition=models.Q(('by_kind__in', ('staff', 'patron', 'client', 'system'))), name='guide_version_actor_known'),
        ),
        migrations.AddConstraint(
            model_name='guidestep',
            constraint=models.UniqueConstraint(fields=('version', 'key'), name='guide_step_key_once'),
        ),
        migrations.AddConstraint(
            model_name='guidestep',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], fields=('version', 'position'), name='guide_step_position_once'),
        ),
        migrations.AddConstraint(
            model_name='guidestep',
            constraint=models.CheckConstraint(condition=models.Q(('key__in', ['', 'solved', 'desk', 'reference', 'it']), _negated=True), name='guide_step_key_is_no_end'),
        ),
        migrations.AddConstraint(
            model_name='guidestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('yes', ''), _negated=True), models.Q(('no', ''), _negated=True)), name='guide_step_leads_somewhere'),
        ),
        migrations.RunPython(add_guides, migrations.RunPython.noop),
    ]
