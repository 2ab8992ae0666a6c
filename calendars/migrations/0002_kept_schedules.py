"""Schedules are kept for what runs by them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptSchedule",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("content", models.JSONField()),
                ("kept_at", models.DateTimeField()),
                (
                    "calendar",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="kept",
                        to="calendars.workcalendar",
                        verbose_name="calendar",
                    ),
                ),
            ],
            options={
                "verbose_name": "kept schedule",
                "verbose_name_plural": "kept schedules",
            },
        ),
    ]
