"""The address of a link to a decision: the token, and nothing about whom or what it is for."""

from __future__ import annotations

from django.urls import re_path

from core.tokens import PATTERN
from decisions import views

app_name = "decisions"
urlpatterns = [re_path(rf"^(?P<token>{PATTERN})/$", views.decide, name="decide")]
