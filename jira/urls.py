"""Where JIRA finds us."""

from __future__ import annotations

from django.urls import path

from jira.webhook import webhook

app_name = "jira"
urlpatterns = [path("jira/", webhook, name="webhook")]
