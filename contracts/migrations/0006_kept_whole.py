"""What is frozen of a contract's parties and products, and in how many originals it is made."""

from __future__ import annotations

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    """What was frozen so far stays: the names of the parties."""

    dependencies = (("contracts", "0005_parties"),)
    operations = (
        migrations.RenameField(model_name="contract", old_name="parties", new_name="frozen"),
        migrations.AlterField(
            model_name="contract",
            name="frozen",
            field=models.JSONField(
                blank=True, default=dict, editable=False, verbose_name="parties and products as submitted"
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="originals",
            field=models.PositiveSmallIntegerField(
                default=4,
                validators=[
                    django.core.validators.MinValueValidator(2),
                    django.core.validators.MaxValueValidator(8),
                ],
                verbose_name="number of originals",
            ),
        ),
    )
