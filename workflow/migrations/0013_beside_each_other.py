"""Deadlines that run beside each other under one timer, told apart by what of the record each is about."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Those that run already are about the whole of their record."""

    dependencies = (("workflow", "0012_grounds"),)
    operations = (
        migrations.RemoveConstraint(model_name="deadline", name="one_open_deadline_a_timer"),
        migrations.AddField(
            model_name="deadline",
            name="subject",
            field=models.CharField(blank=True, default="", max_length=40, verbose_name="of what"),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("record", "timer", "subject"),
                name="one_open_deadline_a_subject",
            ),
        ),
    )
