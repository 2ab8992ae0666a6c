"""The database itself lets nobody change a version, an opinion, or what a closed seat, step or round was."""

from __future__ import annotations

from django.db import migrations

from core.append_only import fixed, guarded


class Migration(migrations.Migration):
    """Guards on the tables of reviews."""

    dependencies = (("workflow", "0009_reviews"),)
    operations = (
        guarded("workflow_version", "version_fixed", "workflow_refuse_version", "a version is never changed"),
        guarded("workflow_opinion", "opinion_fixed", "workflow_refuse_opinion", "an opinion is never changed"),
        fixed(
            "workflow_seat",
            "seat_fixed",
            "workflow_refuse_seat",
            "a seat that was taken is never changed",
            columns=("step_id", "user_id", "role", "origin", "reason", "source_id", "after_id", "outcome", "closed_at"),
            when="OLD.outcome <> ''",
        ),
        fixed(
            "workflow_step",
            "step_fixed",
            "workflow_refuse_step",
            "a step that is over is never changed",
            columns=("round_id", "position", "code", "stage", "mode", "needed", "outcome", "opened_at", "closed_at"),
            when="OLD.outcome NOT IN ('coming', 'open')",
        ),
        fixed(
            "workflow_round",
            "round_fixed",
            "workflow_refuse_round",
            "a round that has ended is never changed",
            columns=("record_id", "number", "version_id", "outcome", "started_at", "ended_at"),
            when="OLD.outcome <> ''",
        ),
    )
