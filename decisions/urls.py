"""The address of a link to a decision: the token, and nothing about whom or what it is for."""

from __future__ import annotations

from django.urls import path

from core import tokens  # noqa: F401 - what a token looks like in an address
from decisions import views

app_name = "decisions"
urlpatterns = [path("<token:token>/", views.decide, name="decide")]
