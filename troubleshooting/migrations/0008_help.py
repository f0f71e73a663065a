import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WHYS = [("passed", "passed on"), ("late", "nobody came in time"), ("call", "the desk has not come")]


class Migration(migrations.Migration):
    dependencies = [
        ("reservations", "0013_one_name_one_place"),
        ("troubleshooting", "0007_handover"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HelpAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0)),
                ("renewed_at", models.DateTimeField()),
                (
                    "device",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="reservations.device"
                    ),
                ),
                (
                    "renewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="handoff",
            name="why",
            field=models.CharField(choices=WHYS, default="passed", max_length=8),
        ),
        migrations.RemoveConstraint(model_name="handoff", name="handoff_why_known"),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.CheckConstraint(
                condition=models.Q(("why__in", ["passed", "late", "call"])), name="handoff_why_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.UniqueConstraint(
                condition=models.Q(("why", "call")), fields=("ticket", "to_tier"), name="handoff_rings_once_per_level"
            ),
        ),
    ]
