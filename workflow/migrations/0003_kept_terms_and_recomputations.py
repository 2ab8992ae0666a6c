"""Deadlines keep their terms; recomputations and checks of the clocks are stored."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0002_kept_schedules"),
        ("workflow", "0002_timeline_is_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClockCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("examined", models.PositiveIntegerField(default=0, verbose_name="deadlines examined")),
                ("drifted", models.PositiveIntegerField(default=0, verbose_name="drifted")),
                ("waiting", models.PositiveIntegerField(default=0, verbose_name="under former rules")),
                ("samples", models.JSONField(default=list, verbose_name="for instance")),
            ],
            options={
                "verbose_name": "check of the clocks",
                "verbose_name_plural": "checks of the clocks",
                "ordering": ["-pk"],
                "get_latest_by": "pk",
            },
        ),
        migrations.AlterField(
            model_name="deadlinepolicy",
            name="version",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="version"),
        ),
        migrations.AlterField(
            model_name="historicaldeadlinepolicy",
            name="version",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="version"),
        ),
        migrations.AlterField(
            model_name="historicalpolicylevel",
            name="position",
            field=models.PositiveSmallIntegerField(editable=False, verbose_name="level"),
        ),
        migrations.AlterField(
            model_name="policylevel",
            name="position",
            field=models.PositiveSmallIntegerField(editable=False, verbose_name="level"),
        ),
        migrations.CreateModel(
            name="KeptTerms",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("rule", models.CharField(blank=True, max_length=10, verbose_name="rule")),
                ("minutes", models.PositiveIntegerField(verbose_name="time allowed (minutes)")),
                (
                    "clock",
                    models.CharField(
                        choices=[("elapsed", "24×7"), ("working", "working time")], max_length=8, verbose_name="clock"
                    ),
                ),
                (
                    "tightening",
                    models.CharField(
                        choices=[
                            ("from_start", "counted from the start"),
                            ("grace", "at the earliest the new time from now, never later than before"),
                        ],
                        max_length=12,
                    ),
                ),
                ("levels", models.JSONField(default=list)),
                ("kept_at", models.DateTimeField()),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="workflow.deadlinepolicy",
                        verbose_name="policy",
                    ),
                ),
                (
                    "schedule",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendars.keptschedule",
                    ),
                ),
            ],
            options={
                "verbose_name": "kept terms",
                "verbose_name_plural": "kept terms",
            },
        ),
        migrations.AddField(
            model_name="deadline",
            name="terms",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflow.keptterms",
            ),
        ),
        migrations.CreateModel(
            name="Recomputation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("timers", models.JSONField(default=list, verbose_name="deadlines")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("asked_at", models.DateTimeField(verbose_name="confirmed")),
                ("rules", models.CharField(max_length=64)),
                ("total", models.PositiveIntegerField(default=0, verbose_name="records to look at")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="records looked at")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="deadlines changed")),
                ("reached", models.BigIntegerField(default=0)),
                ("faults", models.JSONField(default=list, verbose_name="records that failed")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("running", "being done"),
                            ("done", "all done"),
                            ("overtaken", "stopped: the rules were changed again"),
                        ],
                        default="running",
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "recomputation",
                "verbose_name_plural": "recomputations",
                "ordering": ["-pk"],
            },
        ),
    ]
